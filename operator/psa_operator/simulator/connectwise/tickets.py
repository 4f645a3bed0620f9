"""Service tickets: a compact form in which hundreds of thousands fit in memory, whole on demand."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import Final

from psa_operator.simulator import words
from psa_operator.simulator.clock import stamp
from psa_operator.simulator.connectwise.custom_fields import CustomFields, draw
from psa_operator.simulator.connectwise.customers import Contact
from psa_operator.simulator.connectwise.kinds import Kinds
from psa_operator.simulator.connectwise.refs import info, reference
from psa_operator.simulator.connectwise.setup import Setup
from psa_operator.simulator.shelf import Record

_DAY: Final = 86_400
_YEARS: Final = 3 * 365 * _DAY
_CLOSED_OF_RECENT: Final = 0.3
_CLOSED_OF_OLD: Final = 0.93
_WITH_CONTACT: Final = 0.9
_MASS_UPDATED: Final = 0.02
_TECHNICIANS: Final = ((0, 1, 3), (2, 6, 2))
_AT_HAND: Final = frozenset(
    {
        "id",
        "summary",
        "board",
        "status",
        "type",
        "priority",
        "company",
        "contact",
        "owner",
        "resources",
        "closedFlag",
        "closedDate",
    }
)
_LEVELS: Final = ("Low", "Medium", "High")


@dataclass(frozen=True)
class Common:
    """What all tickets share."""

    custom_fields: CustomFields
    kinds: Kinds
    site: str


class Ticket:
    """A ticket as it was generated; attributes that bear a vendor's name hold what the record holds."""

    kind: Final = "tickets"
    __slots__ = (
        "board",
        "closedDate",
        "closedFlag",
        "common",
        "company",
        "contact",
        "entered",
        "id",
        "owner",
        "person",
        "priority",
        "resources",
        "status",
        "summary",
        "type",
        "updated",
    )

    id: int
    summary: str
    board: Record
    status: Record
    type: Record | None
    priority: Record
    company: Record | None
    contact: Record | None
    person: Contact | None
    owner: Record | None
    resources: str | None
    closedFlag: bool  # noqa: N815 - the vendor's name
    closedDate: str | None  # noqa: N815
    entered: str
    updated: str
    common: Common

    @property
    def _by(self) -> str:
        return self.resources.split(", ")[0] if self.resources else "Admin1"

    def expand(self) -> Record:
        return self.pick(("customFields", "_info"))

    def pick(self, names: Collection[str]) -> Record:
        if _AT_HAND.issuperset(names):
            return {name: getattr(self, name) for name in names}
        record = self._people() | self._work()
        if "customFields" in names:
            record["customFields"] = self.common.custom_fields.of(self.id)
        if "_info" in names:
            record["_info"] = ticket_info(self.id, self.updated, self._by, self.entered, self.common.site)
        return record

    def _people(self) -> Record:
        person, drawn = self.person, draw(self.id)
        subtype, item = self._sort(drawn // 7)
        kinds = self.common.kinds
        return {
            "id": self.id,
            "summary": self.summary,
            "recordType": "ServiceTicket",
            "board": self.board,
            "status": self.status,
            "company": self.company,
            "site": {"id": 28, "name": "Main"},
            "siteName": "Main",
            "addressLine1": None,
            "city": "Tampa",
            "stateIdentifier": "FL",
            "zip": "33880",
            "contact": self.contact,
            "contactName": f"{person.firstName} {person.lastName}" if person else None,
            "contactPhoneNumber": None,
            "contactEmailAddress": person.email if person else None,
            "type": self.type,
            "subType": subtype,
            "item": item,
            "team": {"id": 25, "name": "Service Team"},
            "owner": self.owner,
            "priority": self.priority,
            "serviceLocation": kinds.places[drawn // 11 % len(kinds.places)],
            "source": kinds.sources[drawn // 13 % len(kinds.sources)],
            "resources": self.resources,
        }

    def _sort(self, drawn: int) -> tuple[Record | None, Record | None]:
        """Subtype and item, as they go with the type; one in six has neither."""
        known = self.common.kinds.by_type[self.type["id"]] if self.type else ()
        return known[drawn // 6 % len(known)] if known and drawn % 6 else (None, None)

    def _work(self) -> Record:
        drawn = draw(self.id)
        return {
            "requiredDate": f"{self.entered[:10]}T00:00:00Z" if drawn % 3 == 0 else None,
            "budgetHours": drawn % 17 / 2 or None,
            "actualHours": drawn % 41 / 4 or None,
            "severity": _LEVELS[drawn % 3],
            "impact": _LEVELS[drawn // 3 % 3],
            "agreement": None,
            "externalXRef": None,
            "poNumber": None,
            "allowAllClientsPortalView": False,
            "customerUpdatedFlag": drawn % 19 == 0,
            "automaticEmailContactFlag": False,
            "automaticEmailResourceFlag": False,
            "automaticEmailCcFlag": False,
            "automaticEmailCc": None,
            "closedDate": self.closedDate,
            "closedBy": self._by if self.closedFlag else None,
            "closedFlag": self.closedFlag,
            "approved": True,
            "dateResolved": self.closedDate,
            "dateResplan": None,
            "dateResponded": self.entered if drawn % 2 else None,
            "isInSla": False,
            "parentTicketId": None,
            "hasChildTicket": False,
            "hasMergedChildTicketFlag": False,
            "mergedParentTicket": None,
            "billTime": "NoDefault",
            "billExpenses": "Billable",
            "billProducts": "Billable",
            "subBillingMethod": "ActualRates",
            "location": {"id": 2, "name": "Tampa Office"},
            "department": {"id": 10, "identifier": "Services", "name": "Professional Services"},
            "mobileGuid": f"c5882071-79ac-4149-9088-{drawn:012x}",
            "sla": {"id": 1, "name": "Standard SLA"},
            "slaStatus": "Resolved" if self.closedFlag else "Respond by Mon 03/03 4:00 PM UTC-05",
        }


def ticket_info(number: int, updated: str, by: str, entered: str, site: str, area: str = "service") -> Record:
    """A ticket's `_info`, with the addresses of what hangs on it."""
    path = f"{site}/apis/3.0"
    return info(
        updated,
        by,
        entered,
        notes_href=f"{path}/{area}/tickets/{number}/notes",
        timeentries_href=f"{path}/time/entries?conditions=chargeToId={number}",
    )


@dataclass(frozen=True)
class _Desk:
    """One board with what its tickets may have."""

    board: Record
    opened: list[Record]
    closed: list[Record]
    types: list[Record]


class TicketMaker:
    """Makes tickets of one MSP, the same for the same seed."""

    def __init__(self, rng: Random, setup: Setup, contacts: list[Contact], common: Common) -> None:
        self._rng, self._common = rng, common
        site = common.site
        self._desks = [_desk(board, setup, site) for board in setup.boards]
        self._priorities = [reference("priorities", each, site) for each in setup.priorities]
        active = [each for each in setup.members if not each["inactiveFlag"]]
        self._members = [reference("members", each, site) for each in active]
        self._callers = [each for each in contacts if each.company]
        self._contacts = {each.id: reference("contacts", each.expand(), site) for each in contacts}

    def make(self, count: int, until: int) -> list[Ticket]:
        """`count` tickets in the order of their age."""
        number, made = 10_000, []
        for place in range(count):
            number += self._rng.randint(1, 5)
            entered = until - _YEARS + int(_YEARS * (place + 0.5) / count)
            made.append(self.one(self._rng, number, entered, until))
        return made

    def one(self, rng: Random, number: int, entered: int, until: int) -> Ticket:
        """One ticket, by the lots that `rng` draws."""
        ticket = Ticket()
        desk = rng.choice(self._desks)
        recent = until - entered < 30 * _DAY
        closed = rng.random() < (_CLOSED_OF_RECENT if recent else _CLOSED_OF_OLD)
        caller = rng.choice(self._callers)
        people, weights = _TECHNICIANS
        workers = rng.sample(self._members, rng.choices(people, weights)[0])
        ticket.id, ticket.summary, ticket.common = number, words.summary(rng), self._common
        ticket.board, ticket.type = desk.board, rng.choice(desk.types)
        ticket.status = rng.choice(desk.closed if closed else desk.opened)
        ticket.priority, ticket.company = rng.choice(self._priorities), caller.company
        ticket.person = caller if rng.random() < _WITH_CONTACT else None
        ticket.contact = self._contacts[caller.id] if ticket.person else None
        ticket.owner = workers[0] if workers else None
        ticket.resources = ", ".join(worker["identifier"] for worker in workers) or None
        ticket.entered, ticket.updated = stamp(entered), stamp(_last_change(rng, entered, until))
        ticket.closedFlag, ticket.closedDate = closed, ticket.updated if closed else None
        return ticket


def _last_change(rng: Random, entered: int, until: int) -> int:
    """Days after it was entered; some were touched by a mass update in the same second."""
    if rng.random() < _MASS_UPDATED:
        return max(entered, until - 40 * _DAY)
    return min(until - 1, entered + int(rng.expovariate(1 / (9 * _DAY))))


def _desk(board: Record, setup: Setup, site: str) -> _Desk:
    statuses = [
        each for each in setup.statuses if each["board"]["id"] == board["id"] and not each["inactive"]
    ]
    return _Desk(
        reference("boards", board, site),
        [reference("statuses", each, site) for each in statuses if not each["closedStatus"]],
        [reference("statuses", each, site) for each in statuses if each["closedStatus"]],
        [reference("types", each, site) for each in setup.types if each["board"]["id"] == board["id"]],
    )
