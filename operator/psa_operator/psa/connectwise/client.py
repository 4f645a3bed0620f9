"""Records of one ConnectWise company, as the engine asks for them."""

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Collection,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import suppress
from datetime import datetime, tzinfo
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from psa_operator.errors import UnavailableError
from psa_operator.psa.concurrently import concurrently, flowing
from psa_operator.psa.connectwise.areas import AREAS, Area
from psa_operator.psa.connectwise.bundles import Bundles
from psa_operator.psa.connectwise.conditions import conditions, expresses, id_lists
from psa_operator.psa.connectwise.connection import INFO, INFO_RIGHT, Connection, NotFoundError
from psa_operator.psa.connectwise.listing import Listing, pages
from psa_operator.psa.connectwise.permissions import probe
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Batch, Identified, Rows
from psa_operator.sync.ports import EVERYTHING, Page, Permission, Query, Refused, Server
from psa_operator.sync.records import Entity, Record


class _SystemInfo(Struct, rename="camel"):
    version: str
    server_time_zone: str | None = None


class _Count(Struct):
    count: int


class ConnectWise:
    """A `Source`. It has no call that writes."""

    def __init__(
        self,
        connection: Connection,
        zone: tzinfo,
        page_size: int = 1000,
        areas: Mapping[Entity, Area] = AREAS,
    ) -> None:
        self._connection = connection
        self._zone = zone
        self._page_size = page_size
        self._areas = areas
        self._bundles = Bundles(connection, areas[Entity.NOTES].bundled, areas[Entity.NOTES], page_size)

    @property
    def waited(self) -> float:
        """Seconds spent waiting, over all requests."""
        return self._connection.http.waited

    @property
    def requests(self) -> int:
        """Requests sent so far, tries that failed included."""
        return self._connection.http.requests

    @property
    def requests_per_minute(self) -> int:
        """How many requests the budget allows."""
        return self._connection.http.budget.per_minute

    @property
    def waiting_for(self) -> str | None:
        """What all requests wait for right now."""
        return self._connection.http.budget.waiting_for

    async def server(self) -> Server:
        """Ask who answers; the identity is the login company as the site says it, whose name may change."""
        company = await self._connection.company()
        info, now = await self._connection.get(
            INFO, lambda answer: (answer.decode(_SystemInfo), _date(answer)), right=INFO_RIGHT
        )
        return Server(company.company_id.casefold(), info.version, info.server_time_zone or "", now)

    async def now(self) -> datetime:
        """Read the PSA's clock, anew."""
        return await self._connection.get(INFO, _date, right=INFO_RIGHT)

    async def probe(self, left_out: Collection[Entity] = ()) -> list[Permission]:
        """Try each area that a run reads which leaves these kinds of records out."""
        return await probe(self._connection, left_out)

    async def count(self, entity: Entity, query: Query = EVERYTHING) -> int:
        """Ask for the PSA's own count, under the conditions of `walk` and `ids`."""
        area = self._areas[entity]
        where = self._where(entity, query)
        paths = await self._paths(area)
        return sum(await concurrently(self._count(path, area.right, where) for path in paths))

    def expresses(self, query: Query) -> bool:
        """Whether a list and count of tickets need no more filtering by the scope."""
        return expresses(query)

    async def largest_id(self, entity: Entity) -> int:
        """Ask for the last record in the order of ids."""
        area = self._areas[entity]
        query: dict[str, str | int] = {"orderBy": "id desc", "pageSize": 1, "fields": "id"}
        found = await concurrently(
            self._connection.get(path, _bare_ids, right=area.right, query=query)
            for path in await self._paths(area)
        )
        return max((record_id for page in found for record_id in page.rows), default=0)

    async def walk(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[Page]:
        """Read all records that match; statuses and types a page for each board."""
        area = self._areas[entity]
        where = self._where(entity, query)
        if area.per_board:
            paths = await self._paths(area)
            for batches in await concurrently(self._whole(area, path, where) for path in paths):
                yield _page(entity, batches)
            return
        async for batch in self._batches(area, area.path, where, query.after):
            yield _page(entity, [batch])
            del batch  # Memory: it must not wait here for the next one.

    async def ids(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[list[int]]:
        """List the ids that match."""
        area, where = self._areas[entity], self._where(entity, query)
        for path in await self._paths(area):
            listing = Listing(path, area.right, "id", where, query.after, self._page_size)
            with suppress(NotFoundError):  # the board is gone, and its children with it
                async for page in pages(self._connection, listing, _bare_ids):
                    yield list(page.rows)

    async def fetch(self, entity: Entity, ids: Sequence[int]) -> Page:
        """Read the named records, as many in one question as its URL holds."""
        area = self._areas[entity]
        wanted = sorted(set(ids))
        if area.per_board:
            questions = [self._whole(area, path) for path in await self._paths(area)]
        else:
            questions = [self._whole(area, area.path, where) for where, _ in id_lists(wanted)]
        found = _page(entity, chain.from_iterable(await concurrently(questions)))
        return _only(found, frozenset(wanted)) if area.per_board else found

    async def of_tickets(self, entity: Entity, tickets: Sequence[int]) -> AsyncGenerator[Page]:
        """Read all notes by bundles or one by one; time entries by lists that name their tickets."""
        if tickets and entity is Entity.NOTES:
            await self._bundles.probe(tickets[0])
            questions = self._notes(tickets)
        else:
            questions = (self._time_entries(*each) for each in id_lists(tickets, "chargeToId"))
        async for page in flowing(questions, self._connection.http.budget.concurrency):
            yield page
            del page  # Memory: it must not wait here for the next one.

    async def requests_for_notes(self, tickets: int) -> int:
        """Try whether the server takes bundles, and count by their size."""
        if newest := await self.largest_id(Entity.TICKETS):
            await self._bundles.probe(newest)
        return -(-tickets // self._bundles.size)

    async def is_gone(self, entity: Entity, record_id: int) -> bool:
        """Whether a record's own path and its list agree that it is not there."""
        area = self._areas[entity]
        if area.per_board:
            return record_id not in {each async for some in self.ids(entity) for each in some}
        try:
            await self._connection.get(
                f"{area.path}/{record_id}",
                _ignore,
                right=area.right,
                names_record=True,
                query={"fields": "id"},
            )
        except NotFoundError:
            # A cloud host also answers 404 to keys that were just revoked; its list would not.
            return await self._count(area.path, area.right, f"id={record_id}") == 0
        return False

    def _notes(self, tickets: Sequence[int]) -> Iterator[Coroutine[None, None, Page]]:
        done = 0
        while done < len(tickets):
            some = tickets[done : done + self._bundles.size]
            done += len(some)
            yield self._page_of_notes(some)

    async def _page_of_notes(self, tickets: Sequence[int]) -> Page:
        found = await self._notes_of(tickets)
        return replace(_page(Entity.NOTES, chain.from_iterable(found.values())), whole_for=tuple(found))

    async def _notes_of(self, tickets: Sequence[int]) -> dict[int, list[Batch]]:
        """The notes by ticket; one that is gone is missing."""
        parts = await self._bundles.ask(tickets) if len(tickets) > 1 else {}
        if len(tickets) > 1 and not parts:
            half = len(tickets) // 2
            return await self._notes_of(tickets[:half]) | await self._notes_of(tickets[half:])
        found: dict[int, list[Batch]] = {}
        for ticket in tickets:
            if ticket in parts and parts[ticket] is None:
                continue
            batches = self._whole_part(parts.get(ticket)) or await self._notes_alone(ticket)
            if batches is not None:
                found[ticket] = [_belonging(batch, ticket) for batch in batches]
        return found

    def _whole_part(self, answer: Answer | None) -> list[Batch] | None:
        """What a bundle brought of one ticket, if that is all."""
        if answer is None:
            return None
        batch = self._areas[Entity.NOTES].shape.read(answer, self._zone)
        return [batch] if len(batch.rows) < self._page_size else None

    async def _notes_alone(self, ticket: int) -> list[Batch] | None:
        area = self._areas[Entity.NOTES]
        try:
            return [batch async for batch in self._batches(area, area.path.format(ticket=ticket), "", 0)]
        except NotFoundError:
            return None

    async def _time_entries(self, where: str, tickets: Sequence[int]) -> Page:
        """All of the named tickets', as many as the PSA counts: their lack would delete others."""
        area = self._areas[Entity.TIME_ENTRIES]
        where = f"{area.only} and {where}"
        found = _page(Entity.TIME_ENTRIES, await self._whole(area, area.path, where))
        counted = await self._count(area.path, area.right, where)
        if counted > len(found.records) + len(found.refused):
            raise UnavailableError(
                f"The PSA counts {counted:,} time entries of {len(tickets):,} tickets but listed "
                f"{len(found.records) + len(found.refused):,}"
            )
        return replace(found, whole_for=tuple(tickets))

    async def _paths(self, area: Area) -> list[str]:
        if not area.per_board:
            return [area.path]
        boards = [board async for some in self.ids(Entity.BOARDS) for board in some]
        return [area.path.format(board=board) for board in boards]

    async def _count(self, path: str, right: str, where: str) -> int:
        try:
            return await self._connection.get(
                f"{path}/count",
                lambda answer: answer.decode(_Count).count,
                right=right,
                names_record="/boards/" in path,
                query={"conditions": where} if where else None,
            )
        except NotFoundError:  # the board is gone, and its children with it
            return 0

    async def _whole(self, area: Area, path: str, where: str = "") -> list[Batch]:
        try:
            return [batch async for batch in self._batches(area, path, where, 0)]
        except NotFoundError:  # the board or ticket is gone, and its children with it
            return []

    def _where(self, entity: Entity, query: Query) -> str:
        return " and ".join(each for each in (self._areas[entity].only, conditions(entity, query)) if each)

    def _batches(self, area: Area, path: str, where: str, after: int) -> AsyncIterator[Batch]:
        def read(answer: Answer) -> Batch:
            return area.shape.read(answer, self._zone)

        listing = Listing(path, area.right, area.fields, where, after, self._page_size)
        return pages(self._connection, listing, read)


def _belonging(batch: Batch, ticket: int) -> Batch:
    """What a ticket's own list has is the ticket's, whatever it says, and so is what does not fit."""
    batch.rows = {each: replace(row, ticket_id=ticket) for each, row in batch.rows.items()}
    return batch


def _page(entity: Entity, batches: Iterable[Batch]) -> Page:
    rows: dict[int, Record | Refused] = {}
    names: dict[Entity, dict[int, str]] = {}
    resources: dict[int, tuple[str, ...]] = {}
    repaired = 0
    for batch in batches:
        rows |= batch.rows
        for parent, known in batch.parents.names().items():
            names.setdefault(parent, {}).update(known)
        resources |= batch.resources
        repaired += batch.repaired
    records = [row for row in rows.values() if not isinstance(row, Refused)]
    refused = [row for row in rows.values() if isinstance(row, Refused)]
    return Page(entity, records, refused, names, resources, repaired, max(rows, default=0))


def _only(page: Page, wanted: frozenset[int]) -> Page:
    return replace(
        page,
        records=[each for each in page.records if getattr(each, "id", None) in wanted],
        refused=[each for each in page.refused if each.id in wanted],
    )


def _bare_ids(answer: Answer) -> Rows[None]:
    return Rows(dict.fromkeys(row.id for row in answer.decode(list[Identified])))


def _ignore(answer: Answer) -> None:
    answer.decode(Identified)


def _date(answer: Answer) -> datetime:
    if answer.date is None:
        raise answer.garbled("it has no Date header, and no other clock than the PSA's will do")
    return answer.date
