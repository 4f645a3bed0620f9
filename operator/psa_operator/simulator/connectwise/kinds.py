"""The tables by which an MSP sorts its work: subtypes, items, sources, places, kinds of companies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from psa_operator.simulator.connectwise.refs import info, numbered, reference
from psa_operator.simulator.connectwise.setup import Setup
from psa_operator.simulator.shelf import Record

# What each type of ticket is divided into; one name may serve several types.
_SUBTYPES: Final = {
    "Hardware": ("Printer", "Laptop", "Peripheral"),
    "Software": ("Office", "Line of business", "Update"),
    "Network": ("Wi-Fi", "VPN", "Internet"),
    "Email": ("Mailbox", "Spam", "Office"),
    "Security": ("Phishing", "Antivirus", "VPN"),
    "Request": ("New user", "Access", "Quote"),
    "Monitoring": ("Backup", "Disk", "Update"),
    "Onboarding": ("New user", "Laptop"),
}
_ITEMS: Final = ("Offline", "Slow", "Broken", "Question", "Old - do not use")
_SOURCES: Final = ("Email Connector", "Phone", "Portal", "Monitoring")
_LOCATIONS: Final = (("On-Site", "OnSite"), ("Remote", "Remote"), ("In-house", "InHouse"))
_COMPANY_STATUSES: Final = ((1, "Active", False), (3, "Credit Hold", False), (7, "Not-Active", True))
_COMPANY_TYPES: Final = ((1, "Customer"), (2, "Prospect"), (5, "Vendor"), (8, "Former customer"))
Sort = tuple[Record, Record | None]


@dataclass(frozen=True)
class Kinds:
    """The records of these tables by entity, and what of them a ticket may refer to."""

    records: Mapping[str, Sequence[Record]]
    by_type: Mapping[int, Sequence[Sort]]
    sources: Sequence[Record]
    places: Sequence[Record]


def kinds(seed: int, setup: Setup, site: str, since: str) -> Kinds:
    """These tables for boards that are set up already, last changed at `since`."""
    rng, stamps = Random(f"kinds {seed}"), info(since, "System")
    records: dict[str, list[Record]] = {"subTypes": [], "items": [], "associations": []}
    for place, board in enumerate(setup.boards):
        types = [each for each in setup.types if each["board"]["id"] == board["id"]]
        of_board = {"board": reference("boards", board, site), "_info": stamps}
        subtypes = _subtypes(rng, place, types, of_board)
        items = [
            {"id": number, "name": name, "inactiveFlag": name.startswith("Old"), **of_board}
            for number, name in numbered(rng, 2_000 + place * 40, _ITEMS)
        ]
        records["subTypes"] += subtypes
        records["items"] += items
        records["associations"] += _associations(rng, place, (types, subtypes, items), of_board, site)
    by_type: dict[int, list[Sort]] = {}
    for each in records["associations"]:
        by_type.setdefault(each["type"]["id"], []).append((each["subType"], each["item"]))
    tables = _of_tickets(stamps) | _of_companies(stamps)
    sources = [reference("sources", each, site) for each in tables["sources"]]
    places = [reference("serviceLocations", each, site) for each in tables["serviceLocations"]]
    return Kinds(records | tables, by_type, sources, places)


def _subtypes(rng: Random, place: int, types: list[Record], of_board: Record) -> list[Record]:
    names = dict.fromkeys(name for each in types for name in _SUBTYPES[each["name"]])
    return [
        {
            "id": number,
            "name": name,
            "inactiveFlag": False,
            "typeAssociationIds": [each["id"] for each in types if name in _SUBTYPES[each["name"]]],
            "addAllTypesFlag": False,
            "removeAllTypesFlag": False,
            **of_board,
        }
        for number, name in numbered(rng, 1_000 + place * 80, names)
    ]


def _associations(
    rng: Random, place: int, tables: tuple[list[Record], ...], of_board: Record, site: str
) -> list[Record]:
    """Which item goes with which subtype of which type; a subtype may go without any."""
    types, subtypes, items = tables
    active = [each for each in items if not each["inactiveFlag"]]
    triples = [
        (each, subtype, item)
        for each in types
        for subtype in subtypes
        if each["id"] in subtype["typeAssociationIds"]
        for item in (None, *rng.sample(active, 2))
    ]
    return [
        {
            "id": number,
            "type": reference("types", each, site),
            "subType": reference("subTypes", subtype, site),
            "item": reference("items", item, site) if item else None,
            **of_board,
        }
        for number, (each, subtype, item) in numbered(rng, 5_000 + place * 400, triples)
    ]


def _of_tickets(stamps: Record) -> dict[str, list[Record]]:
    return {
        "sources": [
            {"id": number, "name": name, "defaultFlag": name == "Phone", "_info": stamps}
            for number, name in enumerate(_SOURCES, 1)
        ],
        "serviceLocations": [
            {"id": number, "name": name, "where": where, "defaultFlag": number == 1, "_info": stamps}
            for number, (name, where) in enumerate(_LOCATIONS, 1)
        ],
    }


def _of_companies(stamps: Record) -> dict[str, list[Record]]:
    return {
        "companyStatuses": [
            {
                "id": number,
                "name": name,
                "defaultFlag": name == "Active",
                "inactiveFlag": gone,
                "notifyFlag": False,
                "disallowSavingFlag": False,
                "notificationMessage": None,
                "customNoteFlag": False,
                "cancelOpenTracksFlag": False,
                "track": None,
                "_info": stamps,
            }
            for number, name, gone in _COMPANY_STATUSES
        ],
        "companyTypes": [
            {
                "id": number,
                "name": name,
                "defaultFlag": name == "Customer",
                "vendorFlag": name == "Vendor",
                "serviceAlertFlag": False,
                "serviceAlertMessage": None,
                "_info": stamps,
            }
            for number, name in _COMPANY_TYPES
        ],
    }
