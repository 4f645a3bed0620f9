"""What the portal's users changed, in the words in which ConnectWise takes it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from psa_operator.psa.connectwise.connection import Connection
from psa_operator.psa.http import Answer, Repeat
from psa_operator.psa.records import Identified
from psa_operator.sync.outgoing import Created, Edit, NewNote, NewTimeEntry

T = TypeVar("T")
_ADD_TIME = "Time & Expense > Time Entry: Add Level All"
_REFERENCES = {
    "status_id": "status",
    "type_id": "type",
    "priority_id": "priority",
    "contact_id": "contact",
    "owner_id": "owner",
}
_VALUES = {
    "summary": "summary",
    "severity": "severity",
    "impact": "impact",
    "budget_hours": "budgetHours",
    "required_at": "requiredDate",
}


class Kind(Struct, frozen=True):
    """A kind of tickets: where they are, what time is charged to, and the right to edit them."""

    path: str
    charge: str
    right: str


SERVICE = Kind("service/tickets", "ServiceTicket", "Service Desk > Service Tickets: Edit Level All")
PROJECT = Kind("project/tickets", "ProjectTicket", "Project > Project Tickets: Edit Level All")


class _Operation(Struct):
    """One step of what ConnectWise calls JSON Patch: the path is a field's name."""

    path: str
    value: object
    op: str = "replace"


class _Note(Identified, rename="camel"):
    created_by: str | None = None


class _TimeEntry(Identified, rename="camel"):
    entered_by: str | None = None


async def change(
    connection: Connection, kind: Kind, ticket_id: int, edit: Edit, read: Callable[[Answer], T]
) -> T:
    """Write the given fields of one ticket, and no others; the answer is the ticket as it is then."""
    operations = list(_operations(edit))
    path = f"{kind.path}/{ticket_id}"
    return await connection.write("PATCH", path, operations, read, right=kind.right, repeat=Repeat.ALWAYS)


async def add_note(connection: Connection, kind: Kind, note: NewNote) -> Created:
    """Write a note, of which nobody is told by mail."""

    def created(answer: Answer) -> Created:
        made = answer.decode(_Note)
        return Created(made.id, made.created_by or None)

    body = {
        "text": note.text,
        "detailDescriptionFlag": note.discussion,
        "internalAnalysisFlag": note.internal,
        "resolutionFlag": note.resolution,
        "processNotifications": False,
    }
    path = f"{kind.path}/{note.ticket_id}/notes"
    return await connection.write("POST", path, body, created, right=kind.right, repeat=Repeat.IF_UNSENT)


async def add_time_entry(connection: Connection, kind: Kind, entry: NewTimeEntry) -> Created:
    """Write time spent, of which nobody is told by mail and no note is made."""

    def created(answer: Answer) -> Created:
        made = answer.decode(_TimeEntry)
        return Created(made.id, made.entered_by or None)

    return await connection.write(
        "POST", "time/entries", _time(kind, entry), created, right=_ADD_TIME, repeat=Repeat.IF_UNSENT
    )


def _operations(edit: Edit) -> Iterator[_Operation]:
    # The vendor ignores what is written below a reference, so that all of it is replaced.
    for name, value in msgspec.structs.asdict(edit).items():
        if value is msgspec.UNSET:
            continue
        if name in _REFERENCES:
            yield _Operation(_REFERENCES[name], None if value is None else {"id": value})
        else:
            yield _Operation(_VALUES[name], _stamp(value) if isinstance(value, datetime) else value)


def _time(kind: Kind, entry: NewTimeEntry) -> dict[str, object]:
    given: dict[str, object] = {
        "member": {"id": entry.member_id} if entry.member_id else None,
        "timeEnd": _stamp(entry.ended_at) if entry.ended_at else None,
        "actualHours": None if entry.ended_at else entry.hours,
        "billableOption": entry.billable,
        "notes": entry.notes,
        "internalNotes": entry.internal_notes,
    }
    return {
        "chargeToId": entry.ticket_id,
        "chargeToType": kind.charge,
        "timeStart": _stamp(entry.started_at),
        "addToDetailDescriptionFlag": False,
        "addToInternalAnalysisFlag": False,
        "addToResolutionFlag": False,
        "emailResourceFlag": False,
        "emailContactFlag": False,
        "emailCcFlag": False,
    } | {name: value for name, value in given.items() if value is not None}


def _stamp(moment: datetime) -> str:
    """ConnectWise refuses fractions of a second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
