"""The way of a page from the PSA into the stage: scope, technicians, watermarks, progress."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from itertools import chain

import msgspec

from psa_operator.sync.entities import Entity
from psa_operator.sync.job import Job
from psa_operator.sync.mapping import Mapper, warn_of_kept
from psa_operator.sync.ports import Page, Query, Source
from psa_operator.sync.records import Record, Technician, Ticket
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.storage import Segment, Stage

_IDS_AT_ONCE = 100
_IDS_IN_SCOPE_AT_ONCE = 10


class Intake:
    """Stages pages. `bulk` appends without comparing, until `stage.index` was called."""

    def __init__(self, job: Job, stage: Stage, scope: ResolvedScope, *, bulk: bool) -> None:
        self._job = job
        self._stage = stage
        self.scope = scope
        self._members: dict[str, int] | None = None
        self._refreshing = asyncio.Lock()
        self._refreshed = False
        self.bulk = bulk
        self._mapper = Mapper(job.spec.mappings, job.spec.scope.custom_fields)
        self._defined = False
        self.latest: dict[Entity, datetime] = {}
        self.brought: Counter[Entity] = Counter()
        self._unknown: set[str] = set()

    async def put(self, page: Page, segment: Segment | None = None) -> int:
        """Stage one page and, with a segment, move its checkpoint in the same transaction.

        Returns how many records were new or other than those staged before.
        """
        brought = len(page.records) + len(page.refused)
        page = await self._ours(await self._mapped(page))
        technicians, out_of_scope = await self._extras(page)
        if self.bulk and segment:
            await self._stage.append(page, segment, technicians=technicians, out_of_scope=out_of_scope)
            news = len(page.records)
        else:
            news = await self._stage.merge(page, segment, technicians=technicians, out_of_scope=out_of_scope)
        for refused in page.refused:
            self._job.refuse(page.entity, refused)
        self._note_latest(page)
        self.brought[page.entity] += brought
        # How many notes there will be is not known, of how many tickets is.
        done = len(page.whole_for) if page.entity is Entity.NOTES else brought
        self._job.tracker.advance(page.entity, brought, done)
        return news

    async def put_all(self, pages: AsyncIterator[Page]) -> int:
        """Stage every page of a walk; returns how many records were new or other than those staged before."""
        news = 0
        async for page in pages:
            news += await self.put(page)
        return news

    async def fetch(self, entity: Entity, ids: list[int]) -> set[int]:
        """Read and stage the named records; returns the ids that the PSA gave."""
        given: set[int] = set()
        async for page in named(self._job.source, entity, ids):
            await self.put(page)
            given |= ids_of(page)
        return given

    async def differing(self, page: Page) -> list[int]:
        """Ids of records on a page that are staged with other values, but the same time of change."""
        page = await self._mapped(page)
        technicians, out_of_scope = await self._extras(page)
        return await self._stage.differing(page, technicians=technicians, out_of_scope=out_of_scope)

    async def _mapped(self, page: Page) -> Page:
        if page.entity is Entity.TICKETS and self._job.spec.scope.custom_fields.renamed and not self._defined:
            staged = await self._stage.records(Entity.CUSTOM_FIELDS)
            defined = staged or await self._job.run.reference(Entity.CUSTOM_FIELDS)
            self._mapper = Mapper(self._job.spec.mappings, self._job.spec.scope.custom_fields, defined)
            self._defined = True
            warn_of_kept(self._job, self._mapper)
        return self._mapper.mapped(page)

    async def _ours(self, page: Page) -> Page:
        """The page without tickets that do not fit and are out of scope, which only the PSA can tell."""
        if page.entity is not Entity.TICKETS or not page.refused or not self.scope.steps():
            return page
        ids = [each.id for each in page.refused]
        visible = [each for each, kept in (await self._job.run.tickets(ids)).items() if not kept.out_of_scope]
        ours = {*visible, *await self._in_scope(ids)}
        if foreign := [each for each in ids if each not in ours]:
            await self._stage.discard(Entity.TICKETS, foreign)
        refused = [each for each in page.refused if each.id in ours]
        return msgspec.structs.replace(page, refused=refused)

    async def _in_scope(self, ids: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for start in range(0, len(ids), _IDS_IN_SCOPE_AT_ONCE):
            named = Query(scope=self.scope, ids=tuple(ids[start : start + _IDS_IN_SCOPE_AT_ONCE]))
            async for some in self._job.source.ids(Entity.TICKETS, named):
                found.update(some)
        return found

    async def _extras(self, page: Page) -> tuple[dict[int, list[int]], dict[int, str]]:
        if page.entity is not Entity.TICKETS:
            return {}, {}
        return await self._technicians(page), self._out_of_scope(page)

    def _out_of_scope(self, page: Page) -> dict[int, str]:
        return {
            record.id: reason
            for record in page.records
            if isinstance(record, Ticket) and (reason := self.scope.obstacle(record))
        }

    def _note_latest(self, page: Page) -> None:
        stamps = [record.updated_at for record in page.records if not isinstance(record, Technician)]
        known = [self.latest[page.entity]] if page.entity in self.latest else []
        if latest := max((stamp for stamp in [*stamps, *known] if stamp), default=None):
            self.latest[page.entity] = latest

    async def _technicians(self, page: Page) -> dict[int, list[int]]:
        if self._members is None:
            self._members = await self._stage.members()
        names = set(chain.from_iterable(page.resources.values()))
        if not {name.lower() for name in names} <= self._members.keys():
            await self._refresh_members()
        members = {name: self._members.get(name.lower()) for name in names}
        self._warn_of_unknown({name.lower() for name, member in members.items() if member is None})
        assigned = {
            ticket_id: {member for name in names if (member := members[name]) is not None}
            for ticket_id, names in page.resources.items()
        }
        return {ticket_id: sorted(each) for ticket_id, each in assigned.items() if each}

    def _warn_of_unknown(self, names: set[str]) -> None:
        for name in sorted(names - self._unknown):
            self._job.warn(
                "UnknownMember", None, f'"{name}" is assigned to tickets, but no member has that name'
            )
        self._unknown |= names

    async def _refresh_members(self) -> None:
        # A member may have been hired since the list was read; once is enough for one run.
        async with self._refreshing:
            if not self._refreshed:
                async for page in self._job.source.walk(Entity.MEMBERS, Query()):
                    await self.put(page, Segment(0, None, page.last_id) if self.bulk else None)
                self._members = await self._stage.members()
                self._refreshed = True


async def named(source: Source, entity: Entity, ids: Sequence[int]) -> AsyncIterator[Page]:
    """Read the named records, some at once; what the PSA does not have is missing."""
    for start in range(0, len(ids), _IDS_AT_ONCE):
        yield await source.fetch(entity, ids[start : start + _IDS_AT_ONCE])


def ids_of(page: Page) -> set[int]:
    """The ids of all records of a page, those that do not fit included."""
    return {_id(record) for record in page.records} | {each.id for each in page.refused}


def _id(record: Record) -> int:
    return record.ticket_id if isinstance(record, Technician) else record.id
