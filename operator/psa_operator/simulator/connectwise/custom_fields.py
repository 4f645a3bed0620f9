"""Custom fields of tickets: their definitions, and values of realistic spread."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, Final

from psa_operator.simulator.connectwise.refs import info, numbered
from psa_operator.simulator.shelf import Record

_TICKET_POD: Final = 1
_FIRST_DAY: Final = date(2024, 1, 1).toordinal()
_EMPTY_OF_TEN: Final = 6
_ENVIRONMENTS: Final = ("Production", "Staging", "Office", "Home")
# Caption, type, how it is entered, decimals.
_DEFINITIONS: Final = (
    ("Asset Tag", "Text", "EntryField", 0),
    ("Root Cause", "TextArea", "EntryField", 0),
    ("Story Points", "Number", "EntryField", 0),
    ("Quoted", "Currency", "EntryField", 2),
    ("Promised By", "Date", "Date", 0),
    ("VIP", "Checkbox", "Option", 0),
    ("Vendor Case", "Hyperlink", "EntryField", 0),
    ("Done", "Percent", "EntryField", 2),
    ("Environment", "Text", "List", 0),
    ("Device Address", "IPAddress", "EntryField", 0),
)


def definitions(rng: Random, since: str) -> list[Record]:
    """The records of `system/userDefinedFields`."""
    return [
        {
            "id": number,
            "podId": _TICKET_POD,
            "caption": caption,
            "sequenceNumber": place,
            "screenId": "ServiceTicket",
            "helpText": None,
            "fieldTypeIdentifier": kind,
            "numberDecimals": decimals,
            "entryTypeIdentifier": entry,
            "requiredFlag": False,
            "displayOnScreenFlag": True,
            "readOnlyFlag": False,
            "listViewFlag": False,
            "dateCreated": since,
            "options": _options() if entry == "List" else [],
            "_info": info(since, "System"),
        }
        for place, (number, (caption, kind, entry, decimals)) in enumerate(numbered(rng, 20, _DEFINITIONS))
    ]


def _options() -> list[Record]:
    return [
        {
            "id": 900 + order,
            "optionValue": value,
            "defaultFlag": False,
            "inactiveFlag": False,
            "sortOrder": order,
        }
        for order, value in enumerate(_ENVIRONMENTS)
    ]


class CustomFields:
    """The custom fields that every ticket carries."""

    def __init__(self, defined: list[Record], prose: str) -> None:
        self.empty = [_without_value(each) for each in defined]
        makers = _makers(prose)
        kinds = ["List" if each["options"] else each["fieldTypeIdentifier"] for each in defined]
        self._parts = [
            (field, draw(field["id"]) | 1, makers[kind])
            for field, kind in zip(self.empty, kinds, strict=True)
        ]

    def of(self, number: int) -> list[Record]:
        """Every defined field, null where this ticket has no value."""
        found = []
        base = draw(number)
        for field, factor, make in self._parts:
            drawn = base * factor >> 9 & 0xFFFFFFFF
            found.append(field if drawn % 10 < _EMPTY_OF_TEN else {**field, "value": make(drawn // 10)})
        return found


def draw(number: int) -> int:
    """A number that looks random and is always the same for one ticket."""
    mixed = number * 0x9E3779B1 & 0xFFFFFFFF
    mixed ^= mixed >> 15
    return (mixed * 0xC2B2AE35 & 0xFFFFFFFF) ^ (mixed >> 7)


def _without_value(definition: Record) -> Record:
    return {
        "id": definition["id"],
        "caption": definition["caption"],
        "type": definition["fieldTypeIdentifier"],
        "entryMethod": definition["entryTypeIdentifier"],
        "numberOfDecimals": definition["numberDecimals"],
        "value": None,
        "connectWiseId": f"udf-{definition['id']}",
    }


def _makers(prose: str) -> dict[str, Callable[[int], Any]]:
    """A value of each type from a drawn number."""
    return {
        "Text": lambda drawn: f"\u200eAT-{drawn % 100_000:05d}",
        "List": lambda drawn: _ENVIRONMENTS[drawn % len(_ENVIRONMENTS)],
        "TextArea": lambda drawn: _text(prose, drawn),
        "Number": lambda drawn: drawn % 21,
        "Currency": lambda drawn: drawn % 1_000_000 / 100,
        "Percent": lambda drawn: drawn % 10_001 / 100,
        "Date": lambda drawn: date.fromordinal(_FIRST_DAY + drawn % 1_000).isoformat() + "T00:00:00Z",
        "Checkbox": lambda drawn: drawn % 2 == 0,
        "Hyperlink": lambda drawn: f"https://vendor.example/case/{drawn % 10_000}?lang=en&view=all",
        "IPAddress": lambda drawn: f"10.{drawn % 200}.{drawn // 256 % 256}.{drawn // 65_536 % 256}",
    }


def _text(prose: str, drawn: int) -> str:
    """Mostly a paragraph, sometimes empty or a page, one in a hundred of 30 kB."""
    start = drawn // 100 % 10_000
    match drawn % 100:
        case 0:
            length = 30_000
        case 1 | 2 | 3 | 4 | 5 | 6 | 7:
            length = 2_000 + drawn % 2_000
        case 8 | 9 | 10 | 11 | 12 | 13:
            length = 0
        case _:
            length = 40 + drawn % 360
    return prose[start : start + length]
