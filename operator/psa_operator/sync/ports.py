"""What the engine needs of a PSA, from which it deletes nothing, and of the time.

`psa/` implements this and knows nothing of a store. It raises `psa_operator.errors`, nothing else.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Traffic
from psa_operator.sync.outgoing import Created, Edit, NewNote, NewTimeEntry
from psa_operator.sync.records import Record, Ticket
from psa_operator.sync.scope import ResolvedScope


class Clock(Protocol):
    """Our own time, as an argument."""

    def now(self) -> datetime:
        """The time, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment, that never go back."""


class Server(Struct, frozen=True):
    """Who answers: `identity` is what the PSA itself says of the company, `now` is the PSA's clock."""

    identity: str
    version: str
    time_zone: str
    now: datetime


class Access(StrEnum):
    GRANTED = "Granted"
    DENIED = "Denied"
    UNKNOWN = "Unknown"


class Permission(Struct, frozen=True):
    """Whether one area can be read; a time-out is Unknown, not Denied."""

    area: str
    access: Access
    detail: str = ""


class Query(Struct, frozen=True):
    """Which records of one entity: conditions are joined by `and`, ids are in (after, upto].

    `companies` are those whose tickets are meant, a hundred at most, and `ids` name records, ten at most;
    none named is no limit.
    """

    scope: ResolvedScope | None = None
    changed_since: datetime | None = None
    after: int = 0
    upto: int | None = None
    companies: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()


EVERYTHING = Query()


class Refused(Struct, frozen=True):
    """A record that does not fit, with what it was; `ticket_id` is known where a ticket's were asked for."""

    id: int
    field: str
    reason: str
    raw: str
    ticket_id: int | None = None


class Page(Struct, frozen=True):
    """Some records of one entity, in the order of their ids.

    `names` are those of the parents that they refer to, by id. `resources` are the identifiers of the members
    assigned to each ticket, owner included. `repaired` counts records freed of NUL characters. `last_id` is
    where the next page goes on. `whole_for` are tickets of which the page has all records of the entity.
    """

    entity: Entity
    records: Sequence[Record]
    refused: Sequence[Refused] = ()
    names: Mapping[Entity, Mapping[int, str]] = {}
    resources: Mapping[int, tuple[str, ...]] = {}
    repaired: int = 0
    last_id: int = 0
    whole_for: Sequence[int] = ()


class Source(Protocol):
    """One PSA account, in which nothing can be deleted."""

    @property
    def waited(self) -> float:
        """Seconds spent waiting for the PSA since the start, over all requests."""

    @property
    def waiting_for(self) -> str | None:
        """What all requests wait for right now, for people: "42 s for the PSA's rate limit"."""

    @property
    def requests(self) -> int:
        """Requests sent since the start, those that failed included."""

    @property
    def traffic(self) -> Traffic:
        """The same in detail; it goes on counting."""

    @property
    def requests_per_minute(self) -> int:
        """How many requests the budget allows."""

    async def server(self) -> Server:
        """Ask who answers."""

    async def now(self) -> datetime:
        """The PSA's clock."""

    async def probe(self, left_out: Collection[Entity] = ()) -> list[Permission]:
        """Try each area that a run reads which leaves these kinds of records out."""

    def do_without(self, areas: Collection[str]) -> None:
        """Ask no more for records in these areas that are of a kind with others, such as project tickets."""

    async def count(self, entity: Entity, query: Query = EVERYTHING) -> int:
        """The PSA's own count; `query.scope` is applied as far as the PSA can, in `walk` and `ids` alike."""

    def expresses(self, query: Query) -> bool:
        """Whether the PSA can apply the whole of `query.scope`, so that its count of tickets can be ours."""

    async def largest_id(self, entity: Entity) -> int:
        """The largest id there is, 0 if none."""

    def walk(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[Page]:
        """Read all records that match, by a key that does not move; statuses and types of all boards."""

    def ids(self, entity: Entity, query: Query = EVERYTHING) -> AsyncIterator[list[int]]:
        """List the ids that match, without the records."""

    async def fetch(self, entity: Entity, ids: Sequence[int]) -> Page:
        """Read the named records; the page lacks those that the PSA does not have."""

    def of_tickets(self, entity: Entity, tickets: Sequence[int]) -> AsyncGenerator[Page]:
        """Read all notes or time entries of the named tickets; those that are gone are on no page."""

    async def requests_for_notes(self, tickets: int) -> int:
        """Find out how many requests the notes of so many tickets take."""

    async def is_gone(self, entity: Entity, record_id: int) -> bool:
        """Whether the PSA says with certainty that there is no such record."""

    async def change(self, ticket_id: int, edit: Edit) -> Ticket:
        """Write the given fields of one ticket, as often as asked with the same end.

        Returns what the PSA says that the ticket is then.

        This and the two below raise WriteRefusedError where the PSA does not take the values, or is certain
        that it has no such ticket, and PermissionDeniedError where the account may not write.
        """

    async def add_note(self, note: NewNote) -> Created:
        """Write a new note, asked for once: after a TransientError nobody knows whether it was made."""

    async def add_time_entry(self, entry: NewTimeEntry) -> Created:
        """Write a new time entry, asked for once: after a TransientError nobody knows whether it was made."""
