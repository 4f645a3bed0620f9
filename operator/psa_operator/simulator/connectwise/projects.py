"""Project tickets: like service tickets, with a project and a phase, without what only service knows."""

from collections.abc import Collection
from itertools import pairwise
from random import Random
from typing import Final

from psa_operator.simulator.clock import seconds
from psa_operator.simulator.connectwise.models import PROJECT_TICKETS
from psa_operator.simulator.connectwise.tickets import Ticket, TicketMaker, ticket_info
from psa_operator.simulator.shelf import Record

_EACH: Final = 20  # one project ticket for so many service tickets
_PROJECTS: Final = ("Office move", "Mail migration", "New firewall", "Laptop refresh", "Backup to the cloud")
_PHASES: Final = ("Planning", "Execution", "Closing")


class ProjectTicket:
    """A project ticket as it was generated, around what it shares with a service ticket."""

    kind: Final = "projectTickets"
    __slots__ = (
        "base",
        "board",
        "company",
        "contact",
        "entered",
        "id",
        "owner",
        "place",
        "status",
        "summary",
        "updated",
    )

    def __init__(self, base: Ticket, place: int) -> None:
        self.base, self.place = base, place
        self.id, self.summary, self.board, self.status = base.id, base.summary, base.board, base.status
        self.company, self.contact, self.owner = base.company, base.contact, base.owner
        self.entered, self.updated = base.entered, base.updated

    def expand(self) -> Record:
        return as_project(self.base.expand(), self.place, self.base.common.site)

    def pick(self, _names: Collection[str]) -> Record:
        return self.expand()


def project_tickets(seed: int, maker: TicketMaker, service: list[Ticket], until: int) -> list[ProjectTicket]:
    """Tickets with ids that no service ticket has, since both kinds are counted together."""
    rng, made = Random(f"projects {seed}"), []
    free = [(one.id + 1, one.entered) for one, other in pairwise(service) if other.id > one.id + 1]
    for place, (number, entered) in enumerate(free[::_EACH]):
        base = maker.one(rng, number, seconds(entered), until)
        made.append(ProjectTicket(base, place))
    return made


def as_project(record: Record, place: int, site: str) -> Record:
    """A service ticket's record as a project ticket's."""
    name = _PROJECTS[place % len(_PROJECTS)]
    phase = place // len(_PROJECTS) % len(_PHASES)
    stamps = record["_info"]
    shared = {field: value for field, value in record.items() if field in PROJECT_TICKETS.fields}
    return shared | {
        "isIssueFlag": place % 9 == 0,
        "project": {"id": 40 + place % len(_PROJECTS) * 7, "name": name},
        "phase": {"id": 300 + place % len(_PROJECTS) * len(_PHASES) + phase, "name": _PHASES[phase]},
        "wbsCode": f"{phase + 1}.{place % 12 + 1}",
        "scheduleStartDate": None,
        "scheduleEndDate": None,
        "tasks": [],
        "_info": stamps | _hrefs(record["id"], stamps, site, "project"),
    }


def as_service(record: Record, blank: Record, site: str) -> Record:
    """A project ticket's record as a service ticket's; what projects do not know is as in a `blank` one."""
    shared = {field: value for field, value in record.items() if field in blank}
    return (
        blank | shared | {"_info": record["_info"] | _hrefs(record["id"], record["_info"], site, "service")}
    )


def _hrefs(number: int, stamps: Record, site: str, area: str) -> Record:
    made = ticket_info(number, stamps["lastUpdated"], stamps["updatedBy"], stamps["dateEntered"], site, area)
    return {name: value for name, value in made.items() if name.endswith("_href")}
