"""Changes as the vendor takes them: JSON Patch of its own kind, creation, deletion."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from psa_operator.simulator.connectwise.answers import VendorError, bad_argument, invalid, not_found
from psa_operator.simulator.connectwise.models import NOTES, PROJECT_TICKETS, TICKETS, TIME_ENTRIES
from psa_operator.simulator.connectwise.msp import TICKETS as KINDS_OF_TICKETS
from psa_operator.simulator.connectwise.msp import Msp
from psa_operator.simulator.connectwise.refs import target
from psa_operator.simulator.connectwise.schema import Kind, Schema
from psa_operator.simulator.connectwise.times import CHARGED
from psa_operator.simulator.connectwise.values import date_literal
from psa_operator.simulator.shelf import Record, whole

# Taken when a ticket is made, never sent back: they steer the mails, or become its first notes.
_WRITE_ONLY: Final = frozenset(
    {"initialDescriptionFrom", "contactEmailLookup", "processNotifications", "skipCallback"}
)
_FIRST_NOTES: Final = {
    "initialDescription": "detailDescriptionFlag",
    "initialInternalAnalysis": "internalAnalysisFlag",
    "initialResolution": "resolutionFlag",
}
_TYPES: Final[dict[Kind, tuple[type, ...]]] = {
    "text": (str,),
    "date": (str,),
    "number": (int, float),
    "flag": (bool,),
    "reference": (dict,),
    "array": (list,),
}


@dataclass(frozen=True)
class Rules:
    """What may be written to one kind of record; `fixed` are fields that only the server sets."""

    resource: str
    schema: Schema
    required: tuple[str, ...]
    fixed: frozenset[str]
    summary: int | None = None


_OF_TICKETS: Final = frozenset({"id", "_info", "closedDate", "closedBy", "hasChildTicket"})
RULES: Final = {
    "tickets": Rules("ticket", TICKETS, ("summary", "company"), _OF_TICKETS, 100),
    "projectTickets": Rules("projectTicket", PROJECT_TICKETS, ("summary", "phase"), _OF_TICKETS, 100),
    "notes": Rules(
        "serviceNote",
        NOTES,
        ("text",),
        frozenset({"id", "_info", "ticketId", "dateCreated", "createdBy", "internalFlag", "externalFlag"}),
    ),
    "timeEntries": Rules(
        "timeEntry",
        TIME_ENTRIES,
        ("chargeToId", "timeStart"),
        frozenset({"id", "_info", "enteredBy", "dateEntered", "ticket", "status"}),
    ),
}


def patch(msp: Msp, entity: str, number: int, body: bytes) -> Record:
    """The record after a list of `{op, path, value}`; a path below a field is taken and changes nothing."""
    before = _existing(msp, entity, number)
    operations = _decoded(body)
    if not isinstance(operations, list) or not operations:
        raise bad_argument("The request body must be an array of patch operations.")
    values: Record = {}
    for operation in operations:
        name, value = _operation(operation)
        if "/" not in name:
            values[name] = value
    return msp.change(entity, number, _checked(msp, entity, values, before))


def create(msp: Msp, entity: str, body: bytes, ticket: int | None = None) -> Record:
    """The new record of a POST; a note belongs to the `ticket` in the path."""
    given = _decoded(body)
    if not isinstance(given, dict):
        raise bad_argument("The request body must be an object.")
    rules = RULES[entity]
    missing = [name for name in rules.required if not given.get(name)]
    if missing:
        problems = [("MissingRequiredField", name, f"The {name} field is required.") for name in missing]
        raise invalid(rules.resource, *problems)
    of_ticket = entity in KINDS_OF_TICKETS
    spared = {"id", "ticketId", *(_WRITE_ONLY if of_ticket else ()), *(_FIRST_NOTES if of_ticket else ())}
    values = _checked(msp, entity, {k: v for k, v in given.items() if k not in spared}, {})
    made = msp.create(entity, values | ({"ticketId": ticket} if ticket else {}))
    for name, flag in _FIRST_NOTES.items() if of_ticket else ():
        if given.get(name):
            msp.create("notes", {"ticketId": made["id"], "text": given[name], flag: True})
    return _existing(msp, entity, made["id"])


def delete(msp: Msp, entity: str, number: int) -> None:
    """Remove a record."""
    _existing(msp, entity, number)
    msp.delete(entity, number)


def _existing(msp: Msp, entity: str, number: int) -> Record:
    row = msp.keeper(entity).true(number)
    if row is None:
        raise not_found(f"{RULES[entity].schema.singular} {number} not found")
    return whole(row)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise bad_argument(f"The request body is not valid JSON: {error}") from error


def _operation(operation: Any) -> tuple[str, Any]:
    if not isinstance(operation, dict) or operation.get("op") not in ("add", "replace", "remove"):
        raise bad_argument("A patch operation needs op add, replace or remove.")
    if not isinstance(operation.get("path"), str):
        raise bad_argument("A patch operation needs a path.")
    value = None if operation["op"] == "remove" else operation.get("value")
    return operation["path"].removeprefix("/"), value


def _checked(msp: Msp, entity: str, values: Record, before: Record) -> Record:
    """The values as they are stored; raises what the vendor would answer."""
    rules, taken = RULES[entity], dict[str, Any]()
    for name, value in values.items():
        kind = rules.schema.fields.get(name)
        if kind is None or name in rules.fixed:
            raise invalid(rules.resource, ("InvalidField", name, f"{name} cannot be set."))
        if value is not None and (
            not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool))
        ):
            raise invalid(rules.resource, ("InvalidType", name, f"{name} has the wrong type."))
        taken[name] = _stored(msp, entity, name, value, before)
    if rules.summary and len(taken.get("summary") or "") > rules.summary:
        problem = f"summary must be at most {rules.summary} characters."
        raise invalid(rules.resource, ("MaxLength", "summary", problem))
    if entity == "timeEntries":
        return taken | _charged(msp, taken, before)
    return taken | (_status_on_board(msp, taken, before) if entity in KINDS_OF_TICKETS else {})


def _stored(msp: Msp, entity: str, name: str, value: Any, before: Record) -> Any:
    resource, meant = RULES[entity].resource, target(entity, name)
    if meant and isinstance(value, dict):
        found = msp.refer(meant, _identified(msp, meant, value))
        if found is None:
            raise invalid(resource, ("InvalidReference", name, f"{name} does not exist."))
        return found
    if name == "customFields":
        return _merged(before.get(name) or [], value or [])
    if name in ("timeStart", "timeEnd") and value is not None:
        return _moment(resource, name, value)
    return value


def _moment(resource: str, name: str, value: str) -> str:
    try:
        return date_literal(value)
    except VendorError:
        raise invalid(resource, ("InvalidType", name, f"{name} is not a date and time.")) from None


def _charged(msp: Msp, taken: Record, before: Record) -> Record:
    """Time is charged to a ticket that exists and is of the kind that is said, if any is.

    Hours that are given are those of an entry without end: of one that ends they follow from the times.
    """
    charge = before | taken
    kind = msp.kind_of_ticket(charge["chargeToId"])
    said = taken.get("chargeToType")
    if kind is None or (said is not None and CHARGED[kind] != said):
        raise invalid("timeEntry", ("InvalidReference", "chargeToId", "chargeToId does not exist."))
    endless = {"timeEnd": None} if "actualHours" in taken and "timeEnd" not in charge else {}
    return {"chargeToType": CHARGED[kind]} | endless


def _identified(msp: Msp, entity: str, value: Record) -> Any:
    """The id that a reference means, which may be given by identifier."""
    if "id" in value or "identifier" not in value:
        return value.get("id")
    shelf = msp.shelves[entity]
    rows = ((number, shelf.true(number)) for number in shelf.true_ids())
    wanted = value["identifier"]
    return next((number for number, row in rows if row and whole(row).get("identifier") == wanted), None)


def _merged(before: list[Record], given: list[Record]) -> list[Record]:
    """Custom fields by id; those that are not named keep their value."""
    values = {each.get("id"): each.get("value") for each in given if isinstance(each, dict)}
    return [each | ({"value": values[each["id"]]} if each["id"] in values else {}) for each in before]


def _status_on_board(msp: Msp, taken: Record, before: Record) -> Record:
    """The status for the board: the given one, if it is the board's; the default one of a new board."""
    board = taken.get("board") or before.get("board")
    if board is None or not (taken.get("board") or taken.get("status")):
        return {}
    shelf = msp.shelves["statuses"]
    of_board = [row for row in map(whole, map(shelf.shown, shelf.ids)) if row["board"]["id"] == board["id"]]
    status = taken.get("status")
    if status and all(row["id"] != status["id"] for row in of_board):
        raise invalid("ticket", ("InvalidReference", "status", "status does not belong to the board."))
    default = next((row["id"] for row in of_board if row["defaultFlag"]), None)
    return {"status": status or msp.refer("statuses", default)}
