"""The kinds of records, how each is read, and which refer to which."""

from enum import StrEnum


class Entity(StrEnum):
    """The kinds of records, in the order in which parents come before children."""

    BOARDS = "boards"
    STATUSES = "statuses"
    TYPES = "types"
    SUBTYPES = "subtypes"
    ITEMS = "items"
    SOURCES = "sources"
    LOCATIONS = "locations"
    PRIORITIES = "priorities"
    MEMBERS = "members"
    CUSTOM_FIELDS = "customFields"
    COMPANY_STATUSES = "companyStatuses"
    COMPANY_TYPES = "companyTypes"
    COMPANIES = "companies"
    CONTACTS = "contacts"
    TICKETS = "tickets"
    TECHNICIANS = "technicians"
    NOTES = "notes"
    TIME_ENTRIES = "timeEntries"


REFERENCE = (
    Entity.BOARDS,
    Entity.STATUSES,
    Entity.TYPES,
    Entity.SUBTYPES,
    Entity.ITEMS,
    Entity.SOURCES,
    Entity.LOCATIONS,
    Entity.PRIORITIES,
    Entity.MEMBERS,
    Entity.CUSTOM_FIELDS,
    Entity.COMPANY_STATUSES,
    Entity.COMPANY_TYPES,
)
"""Small lists that are read whole."""

LARGE = (Entity.COMPANIES, Entity.CONTACTS, Entity.TICKETS, Entity.TIME_ENTRIES)
"""Lists that are walked in pages, and by change in Quick runs."""

PROJECT_TICKETS = "projectTickets"
"""An area of the PSA with tickets of its own, which are of the same kind to us."""

OF_A_TICKET = (Entity.NOTES, Entity.TIME_ENTRIES)
"""What belongs to one ticket and goes with it; all of one ticket is read at once."""

PARENTS: dict[Entity, dict[str, Entity]] = {
    Entity.STATUSES: {"board_id": Entity.BOARDS},
    Entity.TYPES: {"board_id": Entity.BOARDS},
    Entity.SUBTYPES: {"board_id": Entity.BOARDS},
    Entity.ITEMS: {"board_id": Entity.BOARDS},
    Entity.COMPANIES: {"status_id": Entity.COMPANY_STATUSES},
    Entity.CONTACTS: {"company_id": Entity.COMPANIES},
    Entity.TICKETS: {
        "board_id": Entity.BOARDS,
        "status_id": Entity.STATUSES,
        "type_id": Entity.TYPES,
        "subtype_id": Entity.SUBTYPES,
        "item_id": Entity.ITEMS,
        "source_id": Entity.SOURCES,
        "location_id": Entity.LOCATIONS,
        "priority_id": Entity.PRIORITIES,
        "company_id": Entity.COMPANIES,
        "contact_id": Entity.CONTACTS,
        "owner_id": Entity.MEMBERS,
    },
    Entity.TECHNICIANS: {"ticket_id": Entity.TICKETS, "member_id": Entity.MEMBERS},
    Entity.NOTES: {
        "ticket_id": Entity.TICKETS,
        "member_id": Entity.MEMBERS,
        "contact_id": Entity.CONTACTS,
    },
    Entity.TIME_ENTRIES: {"ticket_id": Entity.TICKETS, "member_id": Entity.MEMBERS},
}
"""Which column of which entity refers to which other: the foreign keys of the live tables."""
