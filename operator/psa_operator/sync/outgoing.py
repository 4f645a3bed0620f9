"""What the portal's users changed and the PSA does not have yet: fields of tickets, notes, time entries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import UNSET, Struct, UnsetType

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import LocalOutcome


class Edit(Struct, frozen=True, omit_defaults=True):
    """New values for some fields of one ticket: what is unset stays as it is, None empties a field.

    These fields are the columns that a portal may write; ids are the PSA's.
    """

    summary: str | UnsetType = UNSET
    status_id: int | UnsetType | None = UNSET
    type_id: int | UnsetType | None = UNSET
    priority_id: int | UnsetType | None = UNSET
    contact_id: int | UnsetType | None = UNSET
    owner_id: int | UnsetType | None = UNSET
    severity: str | UnsetType | None = UNSET
    impact: str | UnsetType | None = UNSET
    budget_hours: float | UnsetType | None = UNSET
    required_at: datetime | UnsetType | None = UNSET


class NewNote(Struct, frozen=True):
    """A note that the PSA is to have; the flags are those of a `Note`."""

    ticket_id: int
    text: str
    discussion: bool = False
    internal: bool = False
    resolution: bool = False


class NewTimeEntry(Struct, frozen=True):
    """Time spent on a ticket that the PSA is to have; `hours` where there is no end."""

    ticket_id: int
    started_at: datetime
    member_id: int | None = None
    ended_at: datetime | None = None
    hours: float | None = None
    billable: str | None = None
    notes: str | None = None
    internal_notes: str | None = None


class Created(Struct, frozen=True):
    """What the PSA made of a new record: its id, and who it says has written it."""

    id: int
    author: str | None


class PendingChange(Struct, frozen=True):
    """One unsent change, for people: of which ticket, what ("status_id, summary", "note", "time entry").

    `state` is Unsent or Held; `message` says why it is not sent yet, if that was tried.
    """

    ticket_id: int
    what: str
    state: str
    changed_by: str
    changed_at: datetime
    message: str = ""


class Pending(Struct, frozen=True):
    """The unsent changes of one integration: how many, since when, how many are held, the first ten."""

    count: int = 0
    held: int = 0
    oldest: datetime | None = None
    first: Sequence[PendingChange] = ()


class LocalChange(Struct, frozen=True):
    """One unsent edit of a ticket: the values that the PSA had, and those that it is to have.

    `base_updated_at` is when the PSA had last changed the ticket. `resolution` is whose value stays where
    the PSA changed the same field, "Portal" or "PSA", once a person has decided.
    """

    id: int
    ticket_id: int
    base: Edit
    value: Edit
    base_updated_at: datetime | None
    resolution: str | None


class Letter(Struct, frozen=True):
    """A new note or time entry that waits to be sent; when that was first and last tried, by the PSA's clock.

    `author` is who the PSA says has written the last one that it took from us.
    """

    id: int
    entity: Entity
    record: NewNote | NewTimeEntry
    tried_at: datetime | None
    last_tried_at: datetime | None
    author: str | None


class Settled(Struct, frozen=True):
    """What became of one change that was not sent: Held or Refused, why, and the PSA's values."""

    change_id: int
    state: str
    message: str
    theirs: Edit = Edit()


class Outgoing(Protocol):
    """What the store has for the PSA. Every write commits with the fence."""

    async def pending(self) -> Pending:
        """What the PSA does not have yet, for people."""

    async def changes(self, among: Collection[int] = ()) -> list[LocalChange]:
        """Unsent edits, of some tickets only if these are named; oldest first."""

    async def add_probe(self, ticket_id: int, there: Edit, back: Edit) -> tuple[LocalChange, LocalChange]:
        """Add a change and its undoing at once, so that a worker's death leaves neither alone."""

    async def letters(self, entity: Entity, among: Collection[int] = ()) -> list[Letter]:
        """Unsent notes or time entries, of some tickets only if these are named; oldest first."""

    async def check_fence(self) -> None:
        """Raise FencedError unless this attempt may still write to the PSA."""

    async def sent(self, changes: Collection[int], updated_at: datetime | None) -> None:
        """The PSA has these changes of one ticket; later ones of the same columns start from them."""

    async def settle(self, settled: Settled) -> None:
        """Write down why a change was not sent."""

    async def trying(self, letter: Letter, now: datetime) -> None:
        """Note that a letter is on its way, before it is."""

    async def taken(self, entity: Entity, ids: Collection[int]) -> set[int]:
        """Those of the PSA's records that other letters of ours have become."""

    async def delivered(self, letter: Letter, created: Created) -> None:
        """The PSA has it, as this record."""

    async def on_their_way(self) -> list[int]:
        """Tickets of which the PSA's word on something sent did not come back yet."""

    async def refused(self) -> list[tuple[int, str]]:
        """What the PSA refused in any attempt of this run: of which ticket, and why."""

    async def outcome(self) -> LocalOutcome:
        """What became of the unsent changes in all attempts of this run."""

    async def returned(self, letter: Letter, message: str) -> None:
        """The PSA does not take it."""
