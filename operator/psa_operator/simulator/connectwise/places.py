"""Which list a path leads to."""

from typing import Final

from psa_operator.simulator.connectwise.answers import no_endpoint, not_found
from psa_operator.simulator.connectwise.disturbed import hides
from psa_operator.simulator.connectwise.lists import Listed
from psa_operator.simulator.connectwise.models import ALL_NOTES, NOTES, SCHEMAS
from psa_operator.simulator.connectwise.msp import Msp
from psa_operator.simulator.connectwise.notes import all_notes
from psa_operator.simulator.connectwise.refs import reference
from psa_operator.simulator.faults import Fault
from psa_operator.simulator.shelf import Shelf, whole

_ENTITIES: Final = {
    tuple(schema.path.split("/")): entity for entity, schema in SCHEMAS.items() if "{" not in schema.path
}
_OF_BOARDS: Final = {
    schema.path.rpartition("/")[2]: entity
    for entity, schema in SCHEMAS.items()
    if schema.path.startswith("service/boards/{board}/")
}
_OF_TICKETS: Final = ("notes", "allNotes")
_TICKETS: Final = {"service": "tickets", "project": "projectTickets"}


def find(msp: Msp, parts: list[str], hidden: list[Fault]) -> tuple[Listed, list[str]]:
    """The list that a path begins with, and what follows it."""
    match parts:
        case ["service", "boards", number, children, *rest] if number.isdigit() and children in _OF_BOARDS:
            entity, board = _OF_BOARDS[children], int(number)
            if msp.shelves["boards"].true(board) is None:
                raise not_found(f"Board {board} not found")
            return Listed(entity, SCHEMAS[entity], msp.shelves[entity], board=board), rest
        case [area, "tickets", number, children, *rest] if (
            area in _TICKETS and number.isdigit() and children in _OF_TICKETS
        ):
            return _of_ticket(msp, _TICKETS[area], int(number), children, hidden), rest
    for length in (3, 2):
        entity = _ENTITIES.get(tuple(parts[:length]), "")
        if entity:
            return Listed(entity, SCHEMAS[entity], msp.shelves[entity]), parts[length:]
    raise no_endpoint()


def _of_ticket(msp: Msp, kind: str, number: int, children: str, hidden: list[Fault]) -> Listed:
    row = msp.shelves[kind].true(number)
    if row is None or hides(kind, [fault for fault in hidden if fault.details])(row):
        raise not_found(f"Ticket {number} not found")
    notes = msp.notes.of(number)
    if children == "notes":
        return Listed("notes", NOTES, notes, ticket=number)
    shown = map(whole, map(notes.shown, notes.ids))
    entries = map(whole, msp.shelves["timeEntries"].family(number))
    rows = all_notes(reference(kind, whole(row), msp.site), shown, entries)
    return Listed("allNotes", ALL_NOTES, Shelf(rows), ticket=number)
