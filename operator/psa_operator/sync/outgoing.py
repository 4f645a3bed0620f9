"""What the portal's users changed and the PSA does not have yet: fields of tickets, notes, time entries."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


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
