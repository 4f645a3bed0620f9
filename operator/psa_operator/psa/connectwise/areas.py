"""Where each entity is in ConnectWise, what of it we read, and which right that takes."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from psa_operator.psa.connectwise import convert, wire
from psa_operator.psa.records import Shape
from psa_operator.sync.entities import Entity


class Area(Struct, frozen=True):
    """One list of the API. `right` is what a security role calls it; `{board}` stands for a board's id.

    `only` is a condition on all records that are ours to read. `bundled` is what a bundle calls it.
    """

    path: str
    fields: str
    right: str
    shape: Shape[Any]
    only: str = ""
    bundled: str = ""

    @property
    def per_board(self) -> bool:
        """Whether each board has a list of its own."""
        return "{board}" in self.path


_STATUS_FIELDS = "id,name,board/id,board/name,sortOrder,closedStatus,inactive,_info"
_OF_BOARD_FIELDS = "id,name,board/id,board/name,inactiveFlag,_info"
_COMPANY_FIELDS = (
    "id,identifier,name,status/id,status/name,phoneNumber,website,addressLine1,addressLine2,city,state,zip,"
    "country/name,deletedFlag,types,_info"
)
_CONTACT_FIELDS = (
    "id,firstName,lastName,company/id,company/name,title,defaultPhoneNbr,communicationItems,"
    "inactiveFlag,_info"
)
_ANY_TICKET_FIELDS = (
    "id,summary,board/id,board/name,status/id,status/name,type/id,type/name,subType/id,subType/name,item/id,"
    "item/name,source/id,source/name,serviceLocation/id,serviceLocation/name,priority/id,priority/name,"
    "company/id,company/name,contact/id,contact/name,owner/id,owner/identifier,owner/name,closedFlag,"
    "closedDate,budgetHours,actualHours,requiredDate,resources,customFields,_info"
)
_TICKET_FIELDS = f"{_ANY_TICKET_FIELDS},severity,impact,parentTicketId"
_PROJECT_TICKET_FIELDS = f"{_ANY_TICKET_FIELDS},project/name,phase/name"
_NOTE_FIELDS = (
    "id,ticketId,text,detailDescriptionFlag,internalAnalysisFlag,resolutionFlag,member/id,member/identifier,"
    "member/name,contact/id,contact/name,dateCreated,createdBy,_info"
)
_TIME_ENTRY_FIELDS = (
    "id,chargeToId,member/id,member/identifier,member/name,workType/name,workRole/name,timeStart,timeEnd,"
    "actualHours,billableOption,status,notes,internalNotes,enteredBy,dateEntered,_info"
)
_SERVICE_TICKETS = "Service Desk > Service Tickets: Inquire All"
_PROJECT_TICKETS = "Project > Project Tickets: Inquire All"
_TIME_ENTRIES = "Time & Expense > Time Entry: Inquire All"
_TABLES = "System > Table Setup: Inquire All"

AREAS: dict[Entity, Area] = {
    Entity.BOARDS: Area(
        "service/boards", "id,name,inactiveFlag,projectFlag,_info", _TABLES, Shape(wire.Board, convert.board)
    ),
    Entity.STATUSES: Area(
        "service/boards/{board}/statuses", _STATUS_FIELDS, _TABLES, Shape(wire.Status, convert.status)
    ),
    Entity.TYPES: Area(
        "service/boards/{board}/types",
        "id,name,board/id,board/name,category,inactiveFlag,_info",
        _TABLES,
        Shape(wire.Type, convert.ticket_type),
    ),
    Entity.SUBTYPES: Area(
        "service/boards/{board}/subtypes", _OF_BOARD_FIELDS, _TABLES, Shape(wire.OfBoard, convert.subtype)
    ),
    Entity.ITEMS: Area(
        "service/boards/{board}/items", _OF_BOARD_FIELDS, _TABLES, Shape(wire.OfBoard, convert.item)
    ),
    Entity.SOURCES: Area(
        "service/sources", "id,name,_info", _TABLES, Shape(wire.Source, convert.ticket_source)
    ),
    Entity.LOCATIONS: Area(
        "service/locations", "id,name,where,_info", _TABLES, Shape(wire.Location, convert.location)
    ),
    Entity.PRIORITIES: Area(
        "service/priorities", "id,name,color,sortOrder,_info", _TABLES, Shape(wire.Priority, convert.priority)
    ),
    Entity.MEMBERS: Area(
        "system/members",
        "id,identifier,firstName,lastName,primaryEmail,officeEmail,inactiveFlag,_info",
        "System > Member Maintenance: Inquire All",
        Shape(wire.Member, convert.member),
    ),
    Entity.CUSTOM_FIELDS: Area(
        "system/userDefinedFields",
        "id,caption,fieldTypeIdentifier,entryTypeIdentifier,screenId,_info",
        _TABLES,
        Shape(wire.UserDefinedField, convert.custom_field),
    ),
    Entity.COMPANY_STATUSES: Area(
        "company/companies/statuses",
        "id,name,inactiveFlag,_info",
        _TABLES,
        Shape(wire.CompanyStatus, convert.company_status),
    ),
    Entity.COMPANY_TYPES: Area(
        "company/companies/types", "id,name,_info", _TABLES, Shape(wire.CompanyType, convert.company_type)
    ),
    Entity.COMPANIES: Area(
        "company/companies",
        _COMPANY_FIELDS,
        "Companies > Company Maintenance: Inquire All",
        Shape(wire.Company, convert.company),
    ),
    Entity.CONTACTS: Area(
        "company/contacts",
        _CONTACT_FIELDS,
        "Companies > Contacts: Inquire All",
        Shape(wire.Contact, convert.contact),
    ),
    Entity.TICKETS: Area(
        "service/tickets",
        _TICKET_FIELDS,
        _SERVICE_TICKETS,
        Shape(wire.Ticket, convert.ticket),
    ),
    Entity.NOTES: Area(
        "service/tickets/{ticket}/notes",
        _NOTE_FIELDS,
        _SERVICE_TICKETS,
        Shape(wire.Note, convert.note),
        bundled="ticketNote",
    ),
    Entity.TIME_ENTRIES: Area(
        "time/entries",
        _TIME_ENTRY_FIELDS,
        _TIME_ENTRIES,
        Shape(wire.TimeEntry, convert.time_entry),
        only='chargeToType="ServiceTicket"',
    ),
}

_ON_TICKETS = 'chargeToType in ("ServiceTicket","ProjectTicket")'
OF_SERVICE = AREAS | {Entity.TIME_ENTRIES: replace(AREAS[Entity.TIME_ENTRIES], only=_ON_TICKETS)}
"""The same where project tickets are wanted as well: time entries have one list for both."""

OF_PROJECTS = AREAS | {
    Entity.TICKETS: Area(
        "project/tickets",
        _PROJECT_TICKET_FIELDS,
        _PROJECT_TICKETS,
        Shape(wire.Ticket, convert.project_ticket),
    ),
    Entity.NOTES: Area(
        "project/tickets/{ticket}/notes",
        _NOTE_FIELDS,
        _PROJECT_TICKETS,
        Shape(wire.Note, convert.note),
        bundled="projectTicketNote",
    ),
}
"""Where project tickets and their notes are."""
