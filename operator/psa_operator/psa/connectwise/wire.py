"""ConnectWise's records as they come, as far as we read them; names are the vendor's, in snake case."""

from typing import Any

from msgspec import Struct, field

from psa_operator.psa.records import Id, Identified, Int8


class Ref(Struct, gc=False):
    """A reference to another record."""

    id: Int8 | None = None
    name: str | None = None
    identifier: str | None = None


class Info(Struct, rename="camel", gc=False):
    """Who and when; a role may be refused it."""

    last_updated: str | None = None
    date_entered: str | None = None


class Wire(Identified, rename="camel", kw_only=True, gc=False):
    """What every record has."""

    info: Info | None = field(default=None, name="_info")


class Board(Wire, kw_only=True, gc=False):
    name: str
    inactive_flag: bool | None = None
    project_flag: bool | None = None


class Status(Wire, kw_only=True, gc=False):
    name: str
    board: Ref | None = None
    sort_order: Int8 | None = None
    closed_status: bool | None = None
    inactive: bool | None = None


class Type(Wire, kw_only=True, gc=False):
    name: str
    board: Ref | None = None
    category: str | None = None
    inactive_flag: bool | None = None


class OfBoard(Wire, kw_only=True, gc=False):
    """A subtype or an item."""

    name: str
    board: Ref | None = None
    inactive_flag: bool | None = None


class Source(Wire, kw_only=True, gc=False):
    name: str


class Location(Wire, kw_only=True, gc=False):
    name: str
    where: str | None = None


class Priority(Wire, kw_only=True, gc=False):
    name: str
    color: str | None = None
    sort_order: Int8 | None = None


class Member(Wire, kw_only=True, gc=False):
    identifier: str
    first_name: str | None = None
    last_name: str | None = None
    primary_email: str | None = None
    office_email: str | None = None
    inactive_flag: bool | None = None


class UserDefinedField(Wire, kw_only=True, gc=False):
    caption: str
    field_type_identifier: str | None = None
    entry_type_identifier: str | None = None
    screen_id: str | None = None


class CompanyStatus(Wire, kw_only=True, gc=False):
    name: str
    inactive_flag: bool | None = None


class CompanyType(Wire, kw_only=True, gc=False):
    name: str


class Company(Wire, kw_only=True, gc=False):
    name: str
    identifier: str | None = None
    status: Ref | None = None
    phone_number: str | None = None
    website: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: Ref | None = None
    deleted_flag: bool | None = None
    types: list[Ref] | None = None


class CommunicationItem(Struct, rename="camel", gc=False):
    value: str | None = None
    communication_type: str | None = None
    default_flag: bool | None = None


class Contact(Wire, kw_only=True, gc=False):
    first_name: str | None = None
    last_name: str | None = None
    company: Ref | None = None
    title: str | None = None
    default_phone_nbr: str | None = None
    communication_items: list[CommunicationItem] | None = None
    inactive_flag: bool | None = None


class CustomFieldValue(Struct, gc=False):
    caption: str | None = None
    value: Any = None


class Ticket(Wire, kw_only=True, gc=False):
    summary: str | None = None
    board: Ref | None = None
    status: Ref | None = None
    type: Ref | None = None
    sub_type: Ref | None = None
    item: Ref | None = None
    service_location: Ref | None = None
    priority: Ref | None = None
    company: Ref | None = None
    contact: Ref | None = None
    owner: Ref | None = None
    source: Ref | None = None
    severity: str | None = None
    impact: str | None = None
    closed_flag: bool | None = None
    closed_date: str | None = None
    parent_ticket_id: Int8 | None = None
    budget_hours: float | None = None
    actual_hours: float | None = None
    required_date: str | None = None
    resources: str | None = None
    project: Ref | None = None
    phase: Ref | None = None
    custom_fields: list[CustomFieldValue] | None = None


class Note(Wire, kw_only=True, gc=False):
    ticket_id: Id
    text: str | None = None
    detail_description_flag: bool | None = None
    internal_analysis_flag: bool | None = None
    resolution_flag: bool | None = None
    member: Ref | None = None
    contact: Ref | None = None
    date_created: str | None = None
    created_by: str | None = None


class TimeEntry(Wire, kw_only=True, gc=False):
    charge_to_id: Id
    member: Ref | None = None
    work_type: Ref | None = None
    work_role: Ref | None = None
    time_start: str | None = None
    time_end: str | None = None
    actual_hours: float | None = None
    billable_option: str | None = None
    status: str | None = None
    notes: str | None = None
    internal_notes: str | None = None
    entered_by: str | None = None
    date_entered: str | None = None
