"""One simulated MSP: all its records, and the ways in which they change."""

import time
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from psa_operator.simulator.clock import Clock
from psa_operator.simulator.connectwise.custom_fields import CustomFields
from psa_operator.simulator.connectwise.notebook import NoteBook
from psa_operator.simulator.connectwise.notes import NoteMaker, new_note
from psa_operator.simulator.connectwise.projects import as_project, as_service
from psa_operator.simulator.connectwise.refs import info, reference, target
from psa_operator.simulator.connectwise.tickets import ticket_info
from psa_operator.simulator.connectwise.times import CHARGED, blank_entry, new_entry, with_hours
from psa_operator.simulator.shelf import Record, Shelf, Shelves, whole

_API_MEMBER: Final = "ApiMember"
# Where a record that hangs on a ticket names it.
_TICKET_OF: Final = {"notes": "ticketId", "timeEntries": "chargeToId"}
TICKETS: Final = ("tickets", "projectTickets")


@dataclass
class Msp:
    """The records by entity; a change is stamped at once and listed `visibility_delay` seconds later."""

    shelves: Shelves
    notes: NoteBook
    words: NoteMaker
    clock: Clock
    site: str
    rng: Random
    custom_fields: CustomFields
    any_ticket: Record
    visibility_delay: float = 0.0
    touching: frozenset[str] = frozenset()  # whose changes stamp the ticket that they hang on

    def keeper(self, entity: str) -> Shelf | NoteBook:
        """Where the records of an entity are kept."""
        return self.notes if entity == "notes" else self.shelves[entity]

    def kind_of_ticket(self, number: Any) -> str | None:
        """Whether a number is a service ticket's, a project ticket's, or nobody's."""
        return next((kind for kind in TICKETS if self.shelves[kind].true(number) is not None), None)

    def settle(self) -> None:
        """Let lists show what has become due."""
        now = time.monotonic()
        for shelf in self.shelves.values():
            shelf.settle(now)

    def create(self, entity: str, values: Record, by: str = _API_MEMBER) -> Record:
        """A new record with the given values over what a new one starts with."""
        number = int(values.get("id") or self._next_id(entity))
        blank = self._blank(entity, number, values, by)
        record = blank | self._referring(entity, values) | {"id": number}
        return self._keep(entity, self._consistent(entity, record, blank), by)

    def change(self, entity: str, number: int, values: Record, by: str = _API_MEMBER) -> Record:
        """The record with the given values, stamped now."""
        before = self._existing(entity, number)
        stamped = before["_info"] | {"lastUpdated": self.clock.stamp(), "updatedBy": by}
        stamped |= values.get("_info") or {}
        record = before | self._referring(entity, values) | {"_info": stamped}
        return self._keep(entity, self._consistent(entity, record, before), by)

    def delete(self, entity: str, number: int, by: str = _API_MEMBER) -> None:
        """Remove a record, and what hangs on it; nothing tells of it afterwards."""
        record = self._existing(entity, number)
        self.keeper(entity).drop(number, self._due())
        # Entries that nobody has asked for yet will be made without those of tickets that are gone.
        if entity in TICKETS and "timeEntries" in self.shelves:
            for row in self.shelves["timeEntries"].true_family(number):
                self.shelves["timeEntries"].drop(whole(row)["id"], self._due())
        self._touch_ticket(entity, record, by)

    def convert(self, number: int) -> Record:
        """Make a service ticket a project ticket, or the other way round; it keeps its id and its notes."""
        kind = self.kind_of_ticket(number) or "tickets"
        other = next(each for each in TICKETS if each != kind)
        before, now = self._existing(kind, number), self.clock.stamp()
        if kind == "tickets":
            record = as_project(before, number, self.site)
        else:
            record = as_service(before, self._blank_ticket(number, now), self.site)
        record["_info"] = record["_info"] | {"lastUpdated": now, "updatedBy": _API_MEMBER}
        self.shelves[kind].drop(number, self._due())
        for row in self.shelves["timeEntries"].true_family(number):
            charged = {"chargeToType": CHARGED[other]}
            self.shelves["timeEntries"].put(whole(row) | charged, self._due())
        return self._keep(other, record, _API_MEMBER)

    def refer(self, entity: str, number: Any) -> Record | None:
        """The short form of a record by its id, None if there is none."""
        row = self.shelves[entity].true(number) if isinstance(number, int) else None
        return reference(entity, whole(row), self.site) if row is not None else None

    def _next_id(self, entity: str) -> int:
        """An id that was never given; both kinds of tickets are counted together."""
        gap = self.rng.randint(1, 5)
        together = TICKETS if entity in TICKETS else (entity,)
        return max(self.keeper(each).next_id(gap) for each in together)

    def _due(self) -> float:
        return time.monotonic() + self.visibility_delay

    def _existing(self, entity: str, number: int) -> Record:
        row = self.keeper(entity).true(number)
        if row is None:
            raise KeyError(number)
        return whole(row)

    def _keep(self, entity: str, record: Record, by: str) -> Record:
        self.keeper(entity).put(record, self._due())
        self._touch_ticket(entity, record, by)
        self.settle()
        return record

    def _touch_ticket(self, entity: str, record: Record, by: str) -> None:
        """Stamp the ticket that the record hangs on, where the server is one that does so."""
        if entity in self.touching:
            number = record[_TICKET_OF[entity]]
            kind = self.kind_of_ticket(number)
            if kind is not None:
                self.change(kind, number, {}, by)

    def _referring(self, entity: str, values: Record) -> Record:
        """Bare references (`{"id": n}`) become what the vendor would send; all else stays as it is given."""
        full = dict(values)
        for name, given in values.items():
            meant = target(entity, name)
            if meant and isinstance(given, dict) and given.keys() == {"id"}:
                full[name] = self.refer(meant, given["id"]) or given
        return full

    def _consistent(self, entity: str, record: Record, before: Record) -> Record:
        """A ticket is closed when its status says so, from the moment it got that status."""
        if entity == "notes":
            private = record["internalAnalysisFlag"] is True
            return record | {"internalFlag": private, "externalFlag": not private}
        if entity == "timeEntries":
            return with_hours(record, before)
        if entity not in TICKETS or record["status"] == before["status"]:
            return record
        row = self.shelves["statuses"].true(record["status"]["id"]) if record["status"] else None
        closed = row is not None and bool(whole(row)["closedStatus"])
        moment, who = record["_info"]["lastUpdated"], record["_info"]["updatedBy"]
        return record | {
            "closedFlag": closed,
            "closedDate": moment if closed else None,
            "closedBy": who if closed else None,
        }

    def _blank(self, entity: str, number: int, values: Record, by: str) -> Record:
        """A new record like the first of its kind, with a name of its own."""
        now = self.clock.stamp()
        if entity == "tickets":
            return self._blank_ticket(number, now)
        if entity == "projectTickets":
            return as_project(self._blank_ticket(number, now), number, self.site)
        if entity in _TICKET_OF:
            return self._blank_on_ticket(entity, number, values.get(_TICKET_OF[entity]), by)
        shelf = self.shelves[entity]
        like = whole(shelf.shown(shelf.ids[0]))
        own = {name: f"{entity}-{number}" for name in ("name", "identifier") if name in like}
        return like | own | {"id": number, "_info": info(now, _API_MEMBER)}

    def _blank_on_ticket(self, entity: str, number: int, ticket: Any, by: str) -> Record:
        kind = self.kind_of_ticket(ticket)
        if kind is None:
            raise KeyError(ticket)
        if entity == "notes":
            return new_note(number, ticket, self.clock.stamp(), by)
        company = self._existing(kind, ticket)["company"]
        blank = blank_entry(number, kind, ticket, self.site) | {"company": company}
        return new_entry(blank, self.clock.stamp(), by)

    def _blank_ticket(self, number: int, now: str) -> Record:
        board = self.shelves["boards"].ids[0]
        status = next(
            row
            for row in map(whole, map(self.shelves["statuses"].shown, self.shelves["statuses"].ids))
            if row["board"]["id"] == board
        )
        empty = {name: False if isinstance(v, bool) else None for name, v in self.any_ticket.items()}
        return empty | {
            "id": number,
            "recordType": "ServiceTicket",
            "board": self.refer("boards", board),
            "status": reference("statuses", status, self.site),
            "priority": self.refer("priorities", self.shelves["priorities"].ids[0]),
            "summary": "New ticket",
            "severity": "Medium",
            "impact": "Medium",
            "company": self.refer("companies", self.shelves["companies"].ids[0]),
            "customFields": list(self.custom_fields.empty),
            "_info": ticket_info(number, now, _API_MEMBER, now, self.site),
        }
