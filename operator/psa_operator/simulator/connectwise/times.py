"""Time entries: a compact form, made when somebody first asks for any, whole on demand."""

from collections.abc import Collection, Iterable
from random import Random
from typing import Any, Final, Protocol

from psa_operator.simulator.clock import seconds, stamp
from psa_operator.simulator.connectwise.custom_fields import draw
from psa_operator.simulator.connectwise.notes import NoteMaker
from psa_operator.simulator.connectwise.refs import info
from psa_operator.simulator.shelf import Record

_FIRST_ID: Final = 30_000
_HOW_MANY: Final = (0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 7)
_QUARTER: Final = 900
_LONGEST: Final = 16
_EACH_CORRECTED: Final = 8
_UNBILLED: Final = 0.2
_INTERNAL: Final = 0.2
_WORK_TYPES: Final = ((3, "Regular"), (5, "After Hours"), (9, "Travel"), (10, "Warranty"))
_WORK_ROLES: Final = ((2, "Engineer"), (7, "Technician"), (8, "Consultant"))
_STATUSES: Final = ("Open", "PendingApproval", "ApprovedByTierOne", "ReadyToBill", "Billed")
_ADD_TO: Final = ("addToDetailDescriptionFlag", "addToInternalAnalysisFlag", "addToResolutionFlag")
CHARGED: Final = {"tickets": "ServiceTicket", "projectTickets": "ProjectTicket"}


class Subject(Protocol):
    """What a time entry must know of its ticket."""

    id: int
    owner: Record | None
    contact: Record | None
    company: Record | None
    entered: str
    updated: str

    @property
    def kind(self) -> str: ...


class TimeEntry:
    """Work on a ticket as it was generated."""

    __slots__ = ("entered", "id", "maker", "ticket", "updated")

    def __init__(self, number: int, ticket: Subject, maker: "TimeMaker", entered: str, updated: str) -> None:
        self.id, self.ticket, self.maker = number, ticket, maker
        self.entered, self.updated = entered, updated

    @property
    def chargeToId(self) -> int:  # noqa: N802 - the vendor's name
        return self.ticket.id

    @property
    def chargeToType(self) -> str:  # noqa: N802
        return CHARGED[self.ticket.kind]

    def expand(self) -> Record:
        return self.maker.whole(self)

    def pick(self, names: Collection[str]) -> Record:
        cheap = {"id": self.id, "chargeToId": self.chargeToId, "chargeToType": self.chargeToType}
        return cheap if cheap.keys() >= set(names) else self.expand()


class TimeMaker:
    """Writes down the work that was done when the world began, `each` ticket as often or as people do."""

    def __init__(
        self, seed: int, members: list[Record], writer: NoteMaker, site: str, each: int | None = None
    ) -> None:
        self._seed, self._members, self._writer, self._site = seed, members, writer, site
        self._each = each

    def make(self, tickets: Iterable[Subject]) -> list[TimeEntry]:
        """The entries of all tickets, in the order of the tickets."""
        number, made = _FIRST_ID, []
        for ticket in tickets:
            drawn = draw(ticket.id + self._seed)
            start, end = seconds(ticket.entered), seconds(ticket.updated)
            for place in range(_HOW_MANY[drawn % len(_HOW_MANY)] if self._each is None else self._each):
                number += 1 + (drawn >> place) % 4
                lot = draw(number)
                entered = stamp(start + (end - start) * (lot % 1_000) // 1_000)
                updated = ticket.updated if lot % _EACH_CORRECTED == 0 else entered
                made.append(TimeEntry(number, ticket, self, entered, updated))
        return made

    def whole(self, entry: TimeEntry) -> Record:
        """The record that follows from the compact form."""
        rng, ticket = Random(self._seed * 1_000_003 + entry.id), entry.ticket
        quarters = rng.randint(1, _LONGEST)
        member = ticket.owner or rng.choice(self._members)
        unbilled = rng.random() < _UNBILLED
        flag = rng.choices(_ADD_TO, (6, 3, 1))[0]
        return blank_entry(entry.id, ticket.kind, ticket.id, self._site) | {
            "company": ticket.company,
            "member": member,
            "workType": _short(rng.choice(_WORK_TYPES)),
            "workRole": _short(rng.choice(_WORK_ROLES)),
            "timeStart": stamp(seconds(entry.entered) - quarters * _QUARTER),
            "timeEnd": entry.entered,
            "actualHours": quarters / 4,
            "hoursBilled": 0.0 if unbilled else quarters / 4,
            "billableOption": "DoNotBill" if unbilled else "Billable",
            "notes": self._writer.text(rng),
            "internalNotes": self._writer.text(rng) if rng.random() < _INTERNAL else None,
            flag: True,
            "enteredBy": member["identifier"],
            "dateEntered": entry.entered,
            "hourlyRate": float(rng.choice((95, 120, 150))),
            "status": rng.choice(_STATUSES),
            "_info": info(entry.updated, member["identifier"], entry.entered),
        }


def _short(item: tuple[int, str]) -> Record:
    return {"id": item[0], "name": item[1]}


def blank_entry(number: int, kind: str, ticket: int, site: str) -> Record:
    """An entry without work."""
    area = "project" if kind == "projectTickets" else "service"
    href = f"{site}/apis/3.0/{area}/tickets/{ticket}"
    return {
        "id": number,
        "company": None,
        "companyType": "Client",
        "chargeToId": ticket,
        "chargeToType": CHARGED[kind],
        "member": None,
        "locationId": 2,
        "businessUnitId": 10,
        "location": {"id": 2, "name": "Tampa Office"},
        "department": {"id": 10, "identifier": "Services", "name": "Professional Services"},
        "workType": None,
        "workRole": None,
        "agreement": None,
        "timeStart": None,
        "timeEnd": None,
        "hoursDeduct": 0.0,
        "actualHours": None,
        "billableOption": "Billable",
        "notes": None,
        "internalNotes": None,
        **dict.fromkeys(_ADD_TO, False),
        "emailResourceFlag": False,
        "emailContactFlag": False,
        "emailCcFlag": False,
        "hoursBilled": None,
        "enteredBy": None,
        "dateEntered": None,
        "hourlyRate": None,
        "invoiceReady": 1,
        "status": "Open",
        "ticket": {"id": ticket, "_info": {"ticket_href": href}},
        "invoiceFlag": False,
        "customFields": [],
        "_info": None,
    }


def new_entry(blank: Record, now: str, by: str) -> Record:
    """An entry of a quarter of an hour that ends now."""
    return blank | {
        "timeStart": stamp(seconds(now) - _QUARTER),
        "timeEnd": now,
        "enteredBy": by,
        "dateEntered": now,
        "_info": info(now, by),
    }


def with_hours(record: Record, before: Record) -> Record:
    """The hours follow from the times, where both are given."""
    times: list[Any] = [record["timeStart"], record["timeEnd"]]
    if times == [before["timeStart"], before["timeEnd"]] and record["actualHours"] is not None:
        return record
    try:
        start, end = map(seconds, times)
    except (TypeError, ValueError):
        return record
    return record | {"actualHours": round((end - start) / 3_600, 2)}
