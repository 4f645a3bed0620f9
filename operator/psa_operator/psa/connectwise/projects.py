"""Service tickets and project tickets as one list: they share ids, and a ticket may become the other."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing
from datetime import datetime, tzinfo

from msgspec.structs import replace

from psa_operator.errors import UnavailableError
from psa_operator.psa.connectwise.areas import OF_PROJECTS, OF_SERVICE
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.psa.connectwise.connection import Connection
from psa_operator.psa.connectwise.permissions import try_area
from psa_operator.psa.connectwise.writes import PROJECT
from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.outcome import Traffic
from psa_operator.sync.outgoing import Created, Edit, NewNote, NewTimeEntry
from psa_operator.sync.ports import EVERYTHING, Page, Permission, Query, Refused, Server
from psa_operator.sync.records import Record, Technician, Ticket


class WithProjects:
    """A `Source` that has both kinds of tickets. It has no call that deletes."""

    def __init__(self, connection: Connection, zone: tzinfo, page_size: int = 1000) -> None:
        self._connection = connection
        self._service = ConnectWise(connection, zone, page_size, OF_SERVICE)
        self._projects = ConnectWise(connection, zone, page_size, OF_PROJECTS, PROJECT)
        self._both: tuple[ConnectWise, ...] = (self._service, self._projects)

    @property
    def waited(self) -> float:
        """Seconds spent waiting, over all requests."""
        return self._service.waited

    @property
    def requests(self) -> int:
        """Requests sent so far, tries that failed included."""
        return self._service.requests

    @property
    def traffic(self) -> Traffic:
        """The same in detail; it goes on counting."""
        return self._service.traffic

    @property
    def requests_per_minute(self) -> int:
        """How many requests the budget allows."""
        return self._service.requests_per_minute

    @property
    def waiting_for(self) -> str | None:
        """What all requests wait for right now."""
        return self._service.waiting_for

    async def server(self) -> Server:
        """Ask who answers."""
        return await self._service.server()

    async def now(self) -> datetime:
        """Read the PSA's clock, anew."""
        return await self._service.now()

    def expresses(self, query: Query) -> bool:
        """Whether a list and count of tickets need no more filtering by the scope."""
        return self._projects in self._both and self._service.expresses(query)

    def do_without(self, areas: Collection[str]) -> None:
        """Ask no more for project tickets, if these are among the areas."""
        if PROJECT_TICKETS in areas:
            self._both = (self._service,)

    async def probe(self, left_out: Collection[Entity] = ()) -> list[Permission]:
        """Try each area that a run reads which leaves these kinds of records out."""
        of_projects = try_area(self._connection, PROJECT_TICKETS, OF_PROJECTS[Entity.TICKETS])
        return [*await self._service.probe(left_out), await of_projects]

    async def count(self, entity: Entity, query: Query = EVERYTHING) -> int:
        """Ask for the PSA's own counts."""
        return sum(await asyncio.gather(*(each.count(entity, query) for each in self._having(entity))))

    async def largest_id(self, entity: Entity) -> int:
        """Ask for the last records in the order of ids."""
        return max(await asyncio.gather(*(each.largest_id(entity) for each in self._having(entity))))

    async def walk(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[Page]:
        """Read all records that match, in the order of ids."""
        async for page in _merged([each.walk(entity, query) for each in self._having(entity)]):
            yield page
            del page  # Memory: it must not wait here for the next one.

    async def ids(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[list[int]]:
        """List the ids that match."""
        for each in self._having(entity):
            async for some in each.ids(entity, query):
                yield some

    async def fetch(self, entity: Entity, ids: Sequence[int]) -> Page:
        """Read the named records."""
        return _joined(await asyncio.gather(*(each.fetch(entity, ids) for each in self._having(entity))))

    async def of_tickets(self, entity: Entity, tickets: Sequence[int]) -> AsyncGenerator[Page]:
        """Read notes as those of service tickets first: which of the tickets are projects' is not known."""
        left = dict.fromkeys(tickets)
        for source in self._both if entity is Entity.NOTES else (self._service,):
            async with aclosing(source.of_tickets(entity, list(left))) as found:
                async for page in found:
                    for ticket in page.whole_for:
                        left.pop(ticket, None)
                    yield page
                    del page  # Memory: as above.

    async def requests_for_notes(self, tickets: int) -> int:
        """Count those of both kinds, for project tickets are asked for twice."""
        asked = await self._service.requests_for_notes(tickets)
        if self._projects not in self._both:
            return asked
        of_projects = min(tickets, await self._projects.count(Entity.TICKETS))
        return asked + (await self._projects.requests_for_notes(of_projects) if of_projects else 0)

    async def is_gone(self, entity: Entity, record_id: int) -> bool:
        """Whether neither list has it: one that may not be read might."""
        if entity is Entity.TICKETS and self._projects not in self._both:
            return False
        return all([await each.is_gone(entity, record_id) for each in self._having(entity)])

    async def change(self, ticket_id: int, edit: Edit) -> Ticket:
        """Write the given fields of one ticket; the answer says what it is then."""
        return await (await self._with(ticket_id)).change(ticket_id, edit)

    async def add_note(self, note: NewNote) -> Created:
        """Write a note of one ticket."""
        return await (await self._with(note.ticket_id)).add_note(note)

    async def add_time_entry(self, entry: NewTimeEntry) -> Created:
        """Write time spent on one ticket."""
        return await (await self._with(entry.ticket_id)).add_time_entry(entry)

    async def _with(self, ticket_id: int) -> ConnectWise:
        """Where the ticket is now: a ticket may become one of the other kind."""
        last = self._both[-1]
        found = await last.fetch(Entity.TICKETS, [ticket_id])
        if found.records or found.refused:
            return last
        if last is self._service:
            raise UnavailableError(f"#{ticket_id} may be a project ticket, and these may not be read now")
        return self._service

    def _having(self, entity: Entity) -> Sequence[ConnectWise]:
        return self._both if entity is Entity.TICKETS else (self._service,)


async def _merged(walks: Sequence[AsyncIterator[Page]]) -> AsyncIterator[Page]:
    """Pages of several walks as one walk: each goes as far as all of them have been read."""
    ahead: dict[AsyncIterator[Page], Page | None] = dict.fromkeys(walks)
    while ahead:
        for walk in [each for each, page in ahead.items() if page is None]:
            ahead[walk] = await anext(walk, None)
            if ahead[walk] is None:
                del ahead[walk]
        read = {walk: page for walk, page in ahead.items() if page is not None}
        if not read:
            return
        upto = min(page.last_id for page in read.values())
        yield _joined([_upto(page, upto) for page in read.values()])
        for walk, page in read.items():
            ahead[walk] = _beyond(page, upto)


def _upto(page: Page, last: int) -> Page:
    records = [each for each in page.records if _id(each) <= last]
    return replace(
        page, records=records, refused=[each for each in page.refused if each.id <= last], last_id=last
    )


def _beyond(page: Page, last: int) -> Page | None:
    if page.last_id <= last:
        return None
    records = [each for each in page.records if _id(each) > last]
    return replace(
        page, records=records, refused=[each for each in page.refused if each.id > last], repaired=0
    )


def _joined(pages: Sequence[Page]) -> Page:
    first, *others = pages
    if not others:
        return first
    names: dict[Entity, dict[int, str]] = {}
    for page in pages:
        for entity, known in page.names.items():
            names.setdefault(entity, {}).update(known)
    return replace(
        first,
        records=sorted((each for page in pages for each in page.records), key=_id),
        refused=sorted((each for page in pages for each in page.refused), key=_id),
        names=names,
        resources={ticket: each for page in pages for ticket, each in page.resources.items()},
        repaired=sum(page.repaired for page in pages),
        last_id=max(page.last_id for page in pages),
    )


def _id(record: Record | Refused) -> int:
    return record.ticket_id if isinstance(record, Technician) else record.id
