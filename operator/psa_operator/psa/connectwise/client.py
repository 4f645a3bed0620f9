"""Records of one ConnectWise company, as the engine asks for them."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from itertools import chain
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from psa_operator.errors import UnavailableError, WriteRefusedError
from psa_operator.psa.connectwise import writes
from psa_operator.psa.connectwise.areas import AREAS, Area
from psa_operator.psa.connectwise.conditions import conditions, expresses, id_lists
from psa_operator.psa.connectwise.connection import INFO, INFO_RIGHT, Connection, NotFoundError
from psa_operator.psa.connectwise.listing import Listing, pages
from psa_operator.psa.connectwise.notes import Notes
from psa_operator.psa.connectwise.permissions import probe
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Batch, Identified, Rows, page_of
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Traffic
from psa_operator.sync.outgoing import Created, Edit, NewNote, NewTimeEntry
from psa_operator.sync.ports import EVERYTHING, Page, Permission, Query, Server
from psa_operator.sync.records import Ticket
from psa_operator.sync.tasks import concurrently, flowing

T = TypeVar("T")


class _SystemInfo(Struct, rename="camel"):
    version: str
    server_time_zone: str | None = None


class _Count(Struct):
    count: int


class ConnectWise:
    """A `Source`. It has no call that deletes."""

    def __init__(
        self,
        connection: Connection,
        zone: tzinfo,
        page_size: int = 1000,
        areas: Mapping[Entity, Area] = AREAS,
        kind: writes.Kind = writes.SERVICE,
    ) -> None:
        self._connection = connection
        self._zone = zone
        self._page_size = page_size
        self._areas = areas
        self._kind = kind
        self._notes = Notes(connection, areas[Entity.NOTES], zone, page_size)

    @property
    def waited(self) -> float:
        """Seconds spent waiting, over all requests."""
        return self._connection.http.waited

    @property
    def requests(self) -> int:
        """Requests sent so far, tries that failed included."""
        return self._connection.http.requests

    @property
    def traffic(self) -> Traffic:
        """The same in detail; it goes on counting."""
        return self._connection.http.traffic

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

    def do_without(self, areas: Collection[str]) -> None:
        """Nothing here is of a kind with others."""

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
                yield page_of(entity, batches)
            return
        async for batch in self._batches(area, area.path, where, query.after):
            yield page_of(entity, [batch])
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
        found = page_of(entity, chain.from_iterable(await concurrently(questions)))
        return _only(found, frozenset(wanted)) if area.per_board else found

    async def of_tickets(self, entity: Entity, tickets: Sequence[int]) -> AsyncGenerator[Page]:
        """Read all notes by bundles or one by one; time entries by lists that name their tickets."""
        if tickets and entity is Entity.NOTES:
            await self._notes.probe(tickets[0])
            questions = self._notes.questions(tickets)
        else:
            questions = (self._time_entries(*each) for each in id_lists(tickets, "chargeToId"))
        async for page in flowing(questions, self._connection.http.budget.concurrency):
            yield page
            del page  # Memory: it must not wait here for the next one.

    async def requests_for_notes(self, tickets: int) -> int:
        """Try whether the server takes bundles, and count by their size."""
        if newest := await self.largest_id(Entity.TICKETS):
            await self._notes.probe(newest)
        return self._notes.requests(tickets)

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

    async def change(self, ticket_id: int, edit: Edit) -> Ticket:
        """Write the given fields of one ticket; the answer says what it is then."""
        shape = self._areas[Entity.TICKETS].shape

        def read(answer: Answer) -> Ticket:
            batch = shape.read(answer._replace(content=b"[" + answer.content + b"]"), self._zone)
            ticket = batch.rows.get(ticket_id)
            if not isinstance(ticket, Ticket):
                raise answer.garbled(f"it is not ticket #{ticket_id}")
            return ticket

        written = writes.change(self._connection, self._kind, ticket_id, edit, read)
        return await self._to(ticket_id, written)

    async def add_note(self, note: NewNote) -> Created:
        """Write a note of one ticket."""
        return await self._to(note.ticket_id, writes.add_note(self._connection, self._kind, note))

    async def add_time_entry(self, entry: NewTimeEntry) -> Created:
        """Write time spent on one ticket."""
        return await self._to(entry.ticket_id, writes.add_time_entry(self._connection, self._kind, entry))

    async def _to(self, ticket_id: int, written: Awaitable[T]) -> T:
        try:
            return await written
        except NotFoundError as error:
            if await self.is_gone(Entity.TICKETS, ticket_id):
                raise WriteRefusedError(f"the PSA has no ticket #{ticket_id}") from error
            raise UnavailableError(f"{error}, but the PSA lists the ticket") from error

    async def _time_entries(self, where: str, tickets: Sequence[int]) -> Page:
        """All of the named tickets', as many as the PSA counts: their lack would delete others."""
        area = self._areas[Entity.TIME_ENTRIES]
        where = f"{area.only} and {where}"
        found = page_of(Entity.TIME_ENTRIES, await self._whole(area, area.path, where))
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
        except NotFoundError:  # the board is gone, and its children with it
            return []

    def _where(self, entity: Entity, query: Query) -> str:
        return " and ".join(each for each in (self._areas[entity].only, conditions(entity, query)) if each)

    def _batches(self, area: Area, path: str, where: str, after: int) -> AsyncIterator[Batch]:
        def read(answer: Answer) -> Batch:
            return area.shape.read(answer, self._zone)

        listing = Listing(path, area.right, area.fields, where, after, self._page_size)
        return pages(self._connection, listing, read)


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
