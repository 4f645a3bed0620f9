"""Changes to tickets as the vendor takes them: JSON Patch of its own kind, and creation."""

from typing import Any, Final

import msgspec

from psa_operator.simulator.connectwise.answers import bad_argument, invalid, not_found
from psa_operator.simulator.connectwise.models import TICKETS
from psa_operator.simulator.connectwise.msp import Msp
from psa_operator.simulator.connectwise.refs import TARGETS
from psa_operator.simulator.connectwise.schema import Kind
from psa_operator.simulator.shelf import Record, whole

_SUMMARY_LENGTH: Final = 100
# Taken when a ticket is made, never sent back: they become its first note, or steer the mails.
_WRITE_ONLY: Final = frozenset(
    {
        "initialDescription",
        "initialInternalAnalysis",
        "initialResolution",
        "initialDescriptionFrom",
        "contactEmailLookup",
        "processNotifications",
        "skipCallback",
    }
)
_READ_ONLY: Final = frozenset({"id", "_info", "closedDate", "closedBy", "hasChildTicket"})
_TYPES: Final[dict[Kind, tuple[type, ...]]] = {
    "text": (str,),
    "date": (str,),
    "number": (int, float),
    "flag": (bool,),
    "reference": (dict,),
    "array": (list,),
}


def patch(msp: Msp, number: int, body: bytes) -> Record:
    """The ticket after a list of `{op, path, value}`; a path below a field is taken and changes nothing."""
    row = msp.shelves["tickets"].true(number)
    if row is None:
        raise not_found(f"Ticket {number} not found")
    operations = _decoded(body)
    if not isinstance(operations, list) or not operations:
        raise bad_argument("The request body must be an array of patch operations.")
    values: Record = {}
    for operation in operations:
        name, value = _operation(operation)
        if "/" not in name:
            values[name] = value
    return msp.change("tickets", number, _checked(msp, values, whole(row)))


def create(msp: Msp, body: bytes) -> Record:
    """The new ticket of a POST."""
    given = _decoded(body)
    if not isinstance(given, dict):
        raise bad_argument("The request body must be an object.")
    missing = [name for name in ("summary", "company") if not given.get(name)]
    if missing:
        problems = [("MissingRequiredField", name, f"The {name} field is required.") for name in missing]
        raise invalid("ticket", *problems)
    values = {name: value for name, value in given.items() if name not in _WRITE_ONLY | {"id"}}
    return msp.create("tickets", _checked(msp, values, {}))


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


def _checked(msp: Msp, values: Record, before: Record) -> Record:
    """The values as they are stored; raises what the vendor would answer."""
    taken: Record = {}
    for name, value in values.items():
        kind = TICKETS.fields.get(name)
        if kind is None or name in _READ_ONLY:
            raise invalid("ticket", ("InvalidField", name, f"{name} cannot be set."))
        if value is not None and (
            not isinstance(value, _TYPES[kind]) or (kind == "number" and isinstance(value, bool))
        ):
            raise invalid("ticket", ("InvalidType", name, f"{name} has the wrong type."))
        taken[name] = _stored(msp, name, value, before)
    if len(taken.get("summary") or "") > _SUMMARY_LENGTH:
        raise invalid("ticket", ("MaxLength", "summary", "summary must be at most 100 characters."))
    return taken | _status_on_board(msp, taken, before)


def _stored(msp: Msp, name: str, value: Any, before: Record) -> Any:
    if name in TARGETS and value is not None:
        found = msp.refer(TARGETS[name], _identified(msp, TARGETS[name], value))
        if found is None:
            raise invalid("ticket", ("InvalidReference", name, f"{name} does not exist."))
        return found
    if name == "customFields":
        return _merged(before.get(name) or [], value or [])
    return value


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
