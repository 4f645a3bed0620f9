"""The tables that an MSP sets up once: boards with statuses and types, priorities, members, custom fields."""

from dataclasses import dataclass
from random import Random
from typing import Final

from psa_operator.simulator import words
from psa_operator.simulator.connectwise import custom_fields
from psa_operator.simulator.connectwise.refs import info, numbered, reference
from psa_operator.simulator.shelf import Record

_BOARDS: Final = (
    "Help Desk",
    "Managed Services",
    "Projects & Installs",
    "Alerts (RMM)",
    "Sales Requests",
    "NOC",
)
_FEWEST: Final = 4
# Name, closedStatus, inactive. All boards but the first have a "Completed" that closes in name only.
_STATUSES: Final = (
    ("New", False, False),
    ("Assigned", False, False),
    ("In Progress", False, False),
    ("Waiting on Client", False, False),
    ("Scheduled", False, False),
    ("Escalated", False, False),
    ("Old - do not use", False, True),
    ("Completed", False, False),
    (">Closed", True, False),
)
_TYPES: Final = (
    "Hardware",
    "Software",
    "Network",
    "Email",
    "Security",
    "Request",
    "Monitoring",
    "Onboarding",
)
_PRIORITIES: Final = (
    ("Priority 1 - Emergency Response", "Red", 1),
    ("Priority 2 - Quick Response", "Orange", 3),
    ("Priority 3 - Normal Response", "Yellow", 5),
    ("Priority 4 - Scheduled Maintenance", "Green", 7),
    ("Do Not Respond", "White", 9),
)
_MEMBERS: Final = (12, 40)
_EACH_INACTIVE: Final = 9


@dataclass(frozen=True)
class Setup:
    """The records of the small tables."""

    boards: list[Record]
    statuses: list[Record]
    types: list[Record]
    priorities: list[Record]
    members: list[Record]
    custom_fields: list[Record]


def set_up(rng: Random, site: str, since: str) -> Setup:
    """Everything that tickets refer to, last changed at `since`."""
    names = _BOARDS[: rng.randint(_FEWEST, len(_BOARDS))]
    boards = [_board(number, name, since) for number, name in numbered(rng, 11, names)]
    statuses: list[Record] = []
    types: list[Record] = []
    for place, board in enumerate(boards):
        of_board = {"board": reference("boards", board, site)}
        statuses += [each | of_board for each in _statuses(place, since)]
        named = numbered(rng, 600 + place * 50, _TYPES[: rng.randint(_FEWEST, len(_TYPES))])
        types += [_type(number, name, since) | of_board for number, name in named]
    return Setup(
        boards,
        statuses,
        types,
        _priorities(rng, since),
        _members(rng, since),
        custom_fields.definitions(rng, since),
    )


def _board(number: int, name: str, since: str) -> Record:
    return {
        "id": number,
        "name": name,
        "location": {"id": 2, "name": "Tampa Office"},
        "department": {"id": 10, "name": "Professional Services"},
        "inactiveFlag": False,
        "projectFlag": False,
        "billTime": "NoDefault",
        "billExpense": "Billable",
        "billProduct": "Billable",
        "_info": info(since, "System"),
    }


def _statuses(place: int, since: str) -> list[Record]:
    """The statuses of the board at this place."""
    made = []
    for order, (name, closed, inactive) in enumerate(_STATUSES):
        closes = closed or (name == "Completed" and place == 0)
        made.append(
            {
                "id": 300 + place * 40 + order * 3,
                "name": name,
                "sortOrder": order,
                "displayOnBoard": not closes,
                "inactive": inactive,
                "closedStatus": closes,
                "timeEntryNotAllowed": closes,
                "defaultFlag": order == 0,
                "escalationStatus": "Resolved" if closes else "NoEscalation",
                "_info": info(since, "System"),
            }
        )
    return made


def _type(number: int, name: str, since: str) -> Record:
    return {
        "id": number,
        "name": name,
        "category": "Reactive",
        "defaultFlag": name == "Hardware",
        "inactiveFlag": False,
        "requestForChangeFlag": False,
        "_info": info(since, "System"),
    }


def _priorities(rng: Random, since: str) -> list[Record]:
    return [
        {
            "id": number,
            "name": name,
            "color": color,
            "sortOrder": order,
            "level": None,
            "defaultFlag": "Normal" in name,
            "_info": info(since, "System"),
        }
        for number, (name, color, order) in numbered(rng, 4, _PRIORITIES)
    ]


def _members(rng: Random, since: str) -> list[Record]:
    """The technicians; every ninth has left."""
    places = range(rng.randint(*_MEMBERS))
    return [_member(rng, number, place, since) for number, place in numbered(rng, 140, places)]


def _member(rng: Random, number: int, place: int, since: str) -> Record:
    first, last = words.person(rng)
    identifier = "".join(c for c in f"{first[0]}{last}" if c.isascii() and c.isalnum())[:11] + str(place)
    inactive = (place + 1) % _EACH_INACTIVE == 0
    return {
        "id": number,
        "identifier": identifier,
        "firstName": first,
        "lastName": last,
        "licenseClass": "F",
        "title": "Technician",
        "officeEmail": f"{identifier.lower()}@msp.example",
        "defaultEmail": "Office",
        "primaryEmail": f"{identifier.lower()}@msp.example",
        "inactiveFlag": inactive,
        "inactiveDate": since if inactive else None,
        "hireDate": "2019-04-01T00:00:00Z",
        "adminFlag": place == 0,
        "securityRole": {"id": 63, "name": "Technician"},
        "hourlyRate": None,
        "customFields": [],
        "_info": info(since, "System"),
    }
