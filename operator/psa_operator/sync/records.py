"""The records that a run moves: what a ticket and its surroundings are to us, whatever the PSA calls them.

Field order is column order in the staged and the live tables. Times are aware and in UTC.
"""

from datetime import datetime

from msgspec import Struct

from psa_operator.sync.entities import Entity


class Board(Struct, frozen=True, gc=False):
    id: int
    name: str
    inactive: bool = False
    project: bool = False
    updated_at: datetime | None = None


class Status(Struct, frozen=True, gc=False):
    """`mapped` is what the portal calls it, where the user says so."""

    id: int
    board_id: int | None
    name: str
    sort_order: int | None = None
    closed: bool = False
    inactive: bool = False
    updated_at: datetime | None = None
    mapped: str | None = None


class TicketType(Struct, frozen=True, gc=False):
    id: int
    board_id: int | None
    name: str
    category: str | None = None
    inactive: bool = False
    updated_at: datetime | None = None


class Subtype(Struct, frozen=True, gc=False):
    id: int
    board_id: int | None
    name: str
    inactive: bool = False
    updated_at: datetime | None = None


class Item(Struct, frozen=True, gc=False):
    id: int
    board_id: int | None
    name: str
    inactive: bool = False
    updated_at: datetime | None = None


class Source(Struct, frozen=True, gc=False):
    """By which way tickets come in: a phone call, an e-mail."""

    id: int
    name: str
    updated_at: datetime | None = None


class Location(Struct, frozen=True, gc=False):
    """Where the work of tickets is done; `place` is the PSA's own word for what kind of place it is."""

    id: int
    name: str
    place: str | None = None
    updated_at: datetime | None = None


class Priority(Struct, frozen=True, gc=False):
    """`mapped` is what the portal calls it, where the user says so."""

    id: int
    name: str
    color: str | None = None
    sort_order: int | None = None
    updated_at: datetime | None = None
    mapped: str | None = None


class Member(Struct, frozen=True, gc=False):
    id: int
    identifier: str
    name: str
    email: str | None = None
    inactive: bool = False
    updated_at: datetime | None = None


class CustomField(Struct, frozen=True, gc=False):
    """The definition of a custom field, not a value."""

    id: int
    caption: str
    field_type: str | None = None
    entry_type: str | None = None
    screen: str | None = None
    updated_at: datetime | None = None


class CompanyStatus(Struct, frozen=True, gc=False):
    id: int
    name: str
    inactive: bool = False
    updated_at: datetime | None = None


class CompanyType(Struct, frozen=True, gc=False):
    id: int
    name: str
    updated_at: datetime | None = None


class Company(Struct, frozen=True, gc=False):
    """`type_ids` are in their order; None if the PSA does not say."""

    id: int
    identifier: str | None
    name: str
    status: str | None = None
    phone: str | None = None
    website: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    deleted: bool = False
    updated_at: datetime | None = None
    status_id: int | None = None
    type_ids: list[int] | None = None


class Contact(Struct, frozen=True, gc=False):
    id: int
    company_id: int | None
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    inactive: bool = False
    updated_at: datetime | None = None


class Ticket(Struct, frozen=True, gc=False):
    """A ticket of the service desk, or of a `project`, which has no severity, impact or parent.

    `custom_fields` is a JSON object, caption to value, without empty values; None if there are none.
    """

    id: int
    summary: str
    board_id: int | None = None
    status_id: int | None = None
    type_id: int | None = None
    priority_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    severity: str | None = None
    impact: str | None = None
    source: str | None = None
    closed: bool = False
    parent_id: int | None = None
    budget_hours: float | None = None
    actual_hours: float | None = None
    required_at: datetime | None = None
    closed_at: datetime | None = None
    entered_at: datetime | None = None
    updated_at: datetime | None = None
    custom_fields: bytes | None = None
    subtype_id: int | None = None
    item_id: int | None = None
    source_id: int | None = None
    location_id: int | None = None
    project: bool = False
    project_name: str | None = None
    phase: str | None = None


class Technician(Struct, frozen=True, gc=False):
    """One member assigned to one ticket; has no id of its own."""

    ticket_id: int
    member_id: int


class Note(Struct, frozen=True, gc=False):
    """A note of a ticket, as ConnectWise keeps them apart: `discussion` is what customers read.

    A ticket's description is its first note that is `discussion`.
    """

    id: int
    ticket_id: int
    text: str
    discussion: bool = False
    internal: bool = False
    resolution: bool = False
    member_id: int | None = None
    contact_id: int | None = None
    author: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class TimeEntry(Struct, frozen=True, gc=False):
    """Work on a ticket; `notes` are for the customer, `internal_notes` are not."""

    id: int
    ticket_id: int
    member_id: int | None = None
    work_type: str | None = None
    work_role: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    hours: float | None = None
    billable: str | None = None
    status: str | None = None
    notes: str | None = None
    internal_notes: str | None = None
    entered_by: str | None = None
    entered_at: datetime | None = None
    updated_at: datetime | None = None


Record = (
    Board
    | Status
    | TicketType
    | Subtype
    | Item
    | Source
    | Location
    | Priority
    | Member
    | CustomField
    | CompanyStatus
    | CompanyType
    | Company
    | Contact
    | Ticket
    | Technician
    | Note
    | TimeEntry
)

RECORD_TYPE: dict[Entity, type[Record]] = {
    Entity.BOARDS: Board,
    Entity.STATUSES: Status,
    Entity.TYPES: TicketType,
    Entity.SUBTYPES: Subtype,
    Entity.ITEMS: Item,
    Entity.SOURCES: Source,
    Entity.LOCATIONS: Location,
    Entity.PRIORITIES: Priority,
    Entity.MEMBERS: Member,
    Entity.CUSTOM_FIELDS: CustomField,
    Entity.COMPANY_STATUSES: CompanyStatus,
    Entity.COMPANY_TYPES: CompanyType,
    Entity.COMPANIES: Company,
    Entity.CONTACTS: Contact,
    Entity.TICKETS: Ticket,
    Entity.TECHNICIANS: Technician,
    Entity.NOTES: Note,
    Entity.TIME_ENTRIES: TimeEntry,
}
