"""Reference objects: the short form in which one record names another."""

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, Final, TypeVar

from psa_operator.simulator.shelf import Record

Item = TypeVar("Item")

# Which entity a field points to.
TARGETS: Final = {
    "board": "boards",
    "status": "statuses",
    "type": "types",
    "priority": "priorities",
    "company": "companies",
    "contact": "contacts",
    "owner": "members",
    "member": "members",
    "subType": "subTypes",
    "item": "items",
    "source": "sources",
    "serviceLocation": "serviceLocations",
}
_ELSEWHERE: Final = {("companies", "status"): "companyStatuses"}


def target(entity: str, field: str) -> str | None:
    """Which entity a field of a record points to; None for a field that is followed nowhere."""
    return _ELSEWHERE.get((entity, field)) or TARGETS.get(field)


def info(updated: str, by: str, entered: str | None = None, **hrefs: str) -> Record:
    """The `_info` block of a record."""
    return {
        "lastUpdated": updated,
        "updatedBy": by,
        "dateEntered": entered or updated,
        "enteredBy": by,
        **hrefs,
    }


def numbered(rng: Random, start: int, items: Iterable[Item]) -> Iterator[tuple[int, Item]]:
    """Each item with an id; ids have gaps, as after years of use."""
    number = start
    for item in items:
        number += rng.randint(1, 4)
        yield number, item


def reference(entity: str, record: Record, site: str) -> Record:
    """The short form of a record; the doubled slash in the address is the vendor's."""
    form: Record = {"id": record["id"]}
    if "identifier" in record:
        form["identifier"] = record["identifier"]
    form["summary" if "summary" in record else "name"] = _name(record)
    if "sortOrder" in record:
        form["sort"] = record["sortOrder"]
    field = _FIELDS[entity]
    return form | {"_info": {f"{field}_href": f"{site}/apis/3.0/{_path(entity, record)}/{record['id']}"}}


_FIELDS: Final = {entity: field for field, entity in TARGETS.items()} | {
    "tickets": "ticket",
    "projectTickets": "ticket",
    "companyStatuses": "status",
}
_PATHS: Final = {
    "tickets": "service/tickets",
    "projectTickets": "project/tickets",
    "boards": "service/boards",
    "priorities": "service/priorities",
    "sources": "service/sources",
    "serviceLocations": "service/locations",
    "companyStatuses": "company/companies/statuses",
    "companies": "company/companies",
    "contacts": "company/contacts",
    "members": "system/members",
}


def _name(record: Record) -> Any:
    if "firstName" in record:
        return f"{record['firstName']} {record['lastName']}"
    return record["summary"] if "summary" in record else record["name"]


def _path(entity: str, record: Record) -> str:
    if entity in ("statuses", "types", "subTypes", "items"):
        return f"service/boards/{record['board']['id']}/{entity.lower()}"
    return _PATHS[entity]
