"""The MSP's customers: companies, and the people there who open tickets."""

from collections.abc import Collection
from random import Random
from typing import Any, Final

from psa_operator.simulator import words
from psa_operator.simulator.clock import stamp
from psa_operator.simulator.connectwise.refs import info, reference
from psa_operator.simulator.shelf import Record

_STATUS: Final = {"id": 1, "name": "Active", "_info": {}}
_EACH_DELETED: Final = 40
_UNEMPLOYED: Final = 0.01
_FORMER: Final = {"id": 7, "name": "Not-Active", "_info": {}}


class Contact:
    """A person at a company, whole on demand."""

    __slots__ = ("company", "email", "entered", "firstName", "id", "lastName", "updated")

    def __init__(self, number: int, company: Record | None, name: tuple[str, str], updated: str) -> None:
        self.id = number
        self.company = company
        self.firstName, self.lastName = name
        self.email = f"{name[0].lower()}.{number}@customer.example"
        self.entered = self.updated = updated

    def expand(self) -> Record:
        phone = f"813555{self.id % 10_000:04d}"
        return {
            "id": self.id,
            "firstName": self.firstName,
            "lastName": self.lastName,
            "company": self.company,
            "site": {"id": 28, "name": "Main"} if self.company else None,
            "title": None,
            "inactiveFlag": self.id % 23 == 0,
            "marriedFlag": False,
            "childrenFlag": False,
            "disablePortalLoginFlag": True,
            "unsubscribeFlag": False,
            "defaultPhoneType": "Direct",
            "defaultPhoneNbr": phone,
            "defaultBillingFlag": False,
            "defaultFlag": False,
            "communicationItems": [
                _communication(self.id * 2, "Email", self.email),
                _communication(self.id * 2 + 1, "Phone", phone),
            ],
            "types": [],
            "customFields": [],
            "_info": info(self.updated, "Admin1"),
        }

    def pick(self, _names: Collection[str]) -> Record:
        return self.expand()


def _communication(number: int, kind: str, value: str) -> Record:
    return {
        "id": number,
        "type": {"id": 1 if kind == "Email" else 2, "name": kind},
        "value": value,
        "defaultFlag": True,
        "communicationType": kind,
    }


def companies(rng: Random, count: int, until: int) -> list[Record]:
    """`count` companies, entered in the years before `until`; a few of them deleted in the vendor's way."""
    made: list[Record] = []
    number = 2_000
    for place in range(count):
        number += rng.randint(1, 5)
        made.append(_company(rng, number, place, stamp(until - rng.randint(1, 3 * 365 * 86_400))))
    return made


def _company(rng: Random, number: int, place: int, since: str) -> Record:
    name = words.company(rng, place + 1)
    deleted = (place + 1) % _EACH_DELETED == 0
    return {
        "id": number,
        "identifier": "".join(c for c in name if c.isalnum())[:24] + str(place),
        "name": name,
        "status": _FORMER if deleted else _STATUS,
        "addressLine1": f"{rng.randint(1, 900)} Main Street",
        "addressLine2": None,
        "city": rng.choice(words.TOWNS),
        "state": "FL",
        "zip": f"{rng.randint(10000, 99999)}",
        "country": {"id": 1, "name": "United States"},
        "phoneNumber": f"813555{place % 10_000:04d}",
        "faxNumber": None,
        "website": None,
        "territory": {"id": 2, "name": "Tampa Office"},
        "market": None,
        "accountNumber": None,
        "defaultContact": None,
        "annualRevenue": 0.0,
        "numberOfEmployees": rng.choice((None, rng.randint(3, 400))),
        "leadFlag": False,
        "unsubscribeFlag": False,
        "deletedFlag": deleted,
        "dateDeleted": since if deleted else None,
        "deletedBy": "Admin1" if deleted else None,
        "isVendorFlag": False,
        "types": [{"id": 1, "name": "Customer"}],
        "site": {"id": 28, "name": "Main"},
        "customFields": [],
        "_info": info(since, "Admin1"),
    }


def contacts(rng: Random, count: int, of: list[Record], until: int, site: str) -> list[Contact]:
    """`count` people spread over the companies; one in a hundred belongs to none."""
    employers: list[Any] = [reference("companies", company, site) for company in of]
    made: list[Contact] = []
    number = 5_000
    for _ in range(count):
        number += rng.randint(1, 4)
        employer = None if rng.random() < _UNEMPLOYED else rng.choice(employers)
        since = stamp(until - rng.randint(1, 3 * 365 * 86_400))
        made.append(Contact(number, employer, words.person(rng), since))
    return made
