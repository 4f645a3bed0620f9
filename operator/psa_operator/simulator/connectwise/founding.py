"""How an MSP comes to be: from a seed and a size, with years of history behind it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from psa_operator.simulator import words
from psa_operator.simulator.clock import Clock, stamp
from psa_operator.simulator.connectwise import customers
from psa_operator.simulator.connectwise.custom_fields import CustomFields
from psa_operator.simulator.connectwise.kinds import Kinds, kinds
from psa_operator.simulator.connectwise.msp import TICKETS, Msp
from psa_operator.simulator.connectwise.notebook import NoteBook
from psa_operator.simulator.connectwise.notes import NoteMaker
from psa_operator.simulator.connectwise.projects import ProjectTicket, project_tickets
from psa_operator.simulator.connectwise.refs import reference
from psa_operator.simulator.connectwise.setup import Setup, set_up
from psa_operator.simulator.connectwise.tickets import Common, Ticket, TicketMaker
from psa_operator.simulator.connectwise.times import TimeMaker
from psa_operator.simulator.shelf import Shelf, Shelves

_PROSE_LENGTH: Final = 48_000


@dataclass(frozen=True)
class Size:
    """How much there is of what tickets belong to, and, if that is not as people work, of what each has."""

    tickets: int
    companies: int
    contacts: int
    notes: int | None = None
    time_entries: int | None = None

    @classmethod
    def of(cls, tickets: int, companies: int | None, notes: int | None, time_entries: int | None) -> "Size":
        """Sizes as they go together at a real MSP."""
        contacts = max(10, tickets // 10)
        return cls(tickets, companies or max(5, tickets // 50), contacts, notes, time_entries)


def found(seed: int, size: Size, clock: Clock, site: str) -> Msp:
    """The MSP of this seed, with a history that ends last midnight."""
    rng = Random(seed)
    until = clock.last_midnight()
    since = stamp(until - 4 * 365 * 86_400)
    setup = set_up(rng, site, since)
    sorts = kinds(seed, setup, site, since)
    companies = customers.companies(rng, size.companies, until)
    contacts = customers.contacts(rng, size.contacts, companies, until, site)
    custom_fields = CustomFields(setup.custom_fields, words.prose(rng, _PROSE_LENGTH))
    maker = TicketMaker(rng, setup, contacts, Common(custom_fields, sorts, site))
    tickets = maker.make(size.tickets, until)
    projects = project_tickets(seed, maker, tickets, until)
    shelves = Shelves(_filled(setup, sorts) | {"companies": Shelf(companies), "contacts": Shelf(contacts)})
    shelves |= {"tickets": Shelf(tickets), "projectTickets": Shelf(projects)}
    members = [reference("members", each, site) for each in setup.members if not each["inactiveFlag"]]
    writer = NoteMaker(seed, members, size.notes)
    origins: dict[int, Ticket | ProjectTicket] = {each.id: each for each in tickets}
    origins |= {each.id: each for each in projects}
    notes = NoteBook(
        lambda number: writer.make(origins[number]) if number in origins else [],
        [shelves[kind] for kind in TICKETS],
        max(origins, default=0),
    )
    shelves.later["timeEntries"] = _work(
        TimeMaker(seed, members, writer, site, size.time_entries), origins, shelves
    )
    return Msp(shelves, notes, writer, clock, site, rng, custom_fields, maker.make(1, until)[0].expand())


def _filled(setup: Setup, sorts: Kinds) -> dict[str, Shelf]:
    records: dict[str, Iterable[Any]] = {
        "boards": setup.boards,
        "statuses": setup.statuses,
        "types": setup.types,
        "priorities": setup.priorities,
        "members": setup.members,
        "userDefinedFields": setup.custom_fields,
        **sorts.records,
    }
    return {entity: Shelf(rows) for entity, rows in records.items()}


def _work(
    maker: TimeMaker, origins: dict[int, Ticket | ProjectTicket], shelves: Shelves
) -> Callable[[], Shelf]:
    """How the shelf of time entries is filled, with those of the tickets that exist by then."""

    def existing() -> Iterator[Ticket | ProjectTicket]:
        for number in sorted(origins):
            if any(shelves[kind].true(number) is not None for kind in TICKETS):
                yield origins[number]

    def fill() -> Shelf:
        return Shelf(maker.make(existing()), family="chargeToId")

    return fill
