"""Staged rows made from the records of a page, for COPY and for merging."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict, astuple

from psa_operator.sync.ports import Page
from psa_operator.sync.records import Record, Technician, Ticket

_encode = msgspec.json.Encoder().encode
_PAIR, _ONE = b"\\\\", b"\0"
_CONTROL = {rb"\b": b"\b", rb"\f": b"\f", rb"\n": b"\n", rb"\r": b"\r", rb"\t": b"\t"}
_CODE = re.compile(rb"\\u00([01][0-9a-f])")


def arrays(technicians: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """The members of each ticket, as PostgreSQL writes an array."""
    return {ticket_id: f"{{{','.join(map(str, members))}}}" for ticket_id, members in technicians.items()}


def csv(run: int, page: Page, technicians: Mapping[int, str], out_of_scope: Mapping[int, str]) -> bytes:
    """Rows in the order of the staged columns, as COPY reads them: NULL is null, a backslash escapes.

    A list in JSON is a line of such CSV but for its brackets and its escaped control characters, and
    msgspec writes it in a fraction of the time that an adapter takes for each value.
    """
    lines = []
    for record in page.records:
        if isinstance(record, Ticket):
            *fields, custom = astuple(record)
            line = _line((run, *fields, out_of_scope.get(record.id), technicians.get(record.id)))
            lines.append(b"%b,%b" % (line, _quoted(custom)))
        else:
            lines.append(_line((run, *astuple(record))))
    return b"\n".join(lines)


def _line(values: tuple[Any, ...]) -> bytes:
    line = _encode(values)[1:-1]
    return _with_control_characters(line) if b"\\" in line else line


def _with_control_characters(text: bytes) -> bytes:
    """Write control characters as they are: CSV takes a backslash only before another one and quotes."""
    text = text.replace(_PAIR, _ONE)  # so that every backslash left begins an escape; JSON has no NUL
    for escape, character in _CONTROL.items():
        text = text.replace(escape, character)
    text = _CODE.sub(lambda found: bytes.fromhex(found[1].decode()), text)
    return text.replace(_ONE, _PAIR)


def _quoted(json: bytes | None) -> bytes:
    return b"null" if json is None else b'"%b"' % json.replace(b"\\", _PAIR).replace(b'"', b'\\"')


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
