"""Staged rows made from the records of a page, for COPY and for merging."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict, astuple

from psa_operator.sync.ports import Page
from psa_operator.sync.records import Record, Technician, Ticket


def arrays(technicians: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """The members of each ticket, as PostgreSQL writes an array."""
    return {ticket_id: f"{{{','.join(map(str, members))}}}" for ticket_id, members in technicians.items()}


def tuples(
    run: int, page: Page, technicians: Mapping[int, str], out_of_scope: Mapping[int, str]
) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of the staged columns."""
    for record in page.records:
        if isinstance(record, Ticket):
            extra = (out_of_scope.get(record.id), technicians.get(record.id))
            yield (run, *astuple(record), *extra)
        else:
            yield (run, *astuple(record))


def document(page: Page, technicians: Mapping[int, str], out_of_scope: Mapping[int, str]) -> str:
    """Rows as one JSON document, in the order of ids, each id once: the newest record."""
    newest: dict[int, Record] = {}
    for record in page.records:
        if isinstance(record, Technician):
            continue
        known = newest.get(record.id)
        if known is None or not _older(record, known):
            newest[record.id] = record
    rows = [_fields(newest[each], technicians, out_of_scope) for each in sorted(newest)]
    return msgspec.json.encode(rows).decode()


def _older(record: Record, than: Record) -> bool:
    stamp, other = getattr(record, "updated_at", None), getattr(than, "updated_at", None)
    return other is not None and (stamp is None or stamp < other)


def _fields(
    record: Record, technicians: Mapping[int, str], out_of_scope: Mapping[int, str]
) -> dict[str, Any]:
    fields = asdict(record)
    fields["psa_id"] = fields.pop("id")
    if isinstance(record, Ticket):
        written = record.custom_fields
        fields["custom_fields"] = None if written is None else msgspec.Raw(written)
        fields["out_of_scope"] = out_of_scope.get(record.id)
        fields["technicians"] = technicians.get(record.id)
    return fields
