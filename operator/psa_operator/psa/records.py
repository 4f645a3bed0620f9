"""From a page of a PSA's JSON to our records: fast where all is well, record by record where it is not."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Raw, Struct

from psa_operator.errors import ConfigurationError, RecordError
from psa_operator.psa.http import Answer
from psa_operator.psa.repair import NUL, escape_what_json_refuses, without_nul
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page, Refused
from psa_operator.sync.records import Record

Int8 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class Identified(Struct):
    """As much of a record as every record must have."""

    id: Id


V = TypeVar("V")
W = TypeVar("W", bound=Identified)


_MISFITS = (msgspec.MsgspecError, ValueError, RecursionError, RecordError)


class Rows(Generic[V]):
    """What one page of a list holds, by id, in the PSA's order."""

    def __init__(self, rows: dict[int, V]) -> None:
        self.rows = rows


class Parents:
    """The names by which records refer to their parents, by id."""

    def __init__(self) -> None:
        self.boards: dict[int, str] = {}
        self.statuses: dict[int, str] = {}
        self.types: dict[int, str] = {}
        self.subtypes: dict[int, str] = {}
        self.items: dict[int, str] = {}
        self.sources: dict[int, str] = {}
        self.locations: dict[int, str] = {}
        self.priorities: dict[int, str] = {}
        self.members: dict[int, str] = {}
        self.company_statuses: dict[int, str] = {}
        self.companies: dict[int, str] = {}
        self.contacts: dict[int, str] = {}

    def names(self) -> dict[Entity, dict[int, str]]:
        """All of them by entity."""
        return {Entity[kind.upper()]: names for kind, names in vars(self).items() if names}


class Batch(Rows[Record | Refused]):
    """One page of records, and what was learnt on the way. `zone` is that of stamps which carry none."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__({})
        self.zone = zone
        self.parents = Parents()
        self.resources: dict[int, tuple[str, ...]] = {}
        self.repaired = 0

    def stamp(self, text: str | None, field: str) -> datetime | None:
        """Read a stamp into UTC."""
        if not text:
            return None
        try:
            stamp = datetime.fromisoformat(text)
            if stamp.tzinfo is UTC:
                return stamp
            return (stamp if stamp.tzinfo else stamp.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise RecordError(f'"{text[:40]}" is no time', field=field) from error


class Shape(Generic[W]):
    """How one kind of record looks in the PSA, and what becomes of it."""

    def __init__(self, wire: type[W], convert: Callable[[W, Batch], Record]) -> None:
        self._convert = convert
        self._one = msgspec.json.Decoder(wire)
        self._many: msgspec.json.Decoder[list[W]] = msgspec.json.Decoder(list[wire])  # type: ignore[valid-type]

    def read(self, answer: Answer, zone: tzinfo) -> Batch:
        """Decode a page. Raises UnavailableError if it is no list of records, each with an id."""
        if NUL not in answer.content:
            try:
                return self._at_once(answer.content, zone)
            except _MISFITS:
                pass
        return self._one_by_one(answer, zone)

    def _at_once(self, page: bytes, zone: tzinfo) -> Batch:
        batch, convert = Batch(zone), self._convert
        batch.rows = {wire.id: convert(wire, batch) for wire in self._many.decode(page)}
        return batch

    def _one_by_one(self, answer: Answer, zone: tzinfo) -> Batch:
        batch = Batch(zone)
        for raw in _split(answer):
            sent = bytes(raw)
            text = without_nul(sent)
            batch.repaired += text is not sent
            try:
                wire = self._one.decode(text)
                batch.rows[wire.id] = self._convert(wire, batch)
            except _MISFITS as error:
                record_id = answer._replace(content=text).decode(Identified).id
                batch.rows[record_id] = _refused(record_id, text, error)
        return batch


def _split(answer: Answer) -> list[Raw]:
    try:
        return msgspec.json.decode(answer.content, type=list[Raw])
    except _MISFITS:
        return answer._replace(content=escape_what_json_refuses(answer.content)).decode(list[Raw])


def _refused(record_id: int, text: bytes, error: Exception) -> Refused:
    reason, _, place = str(error).partition(" - at `$.")
    field = error.field if isinstance(error, RecordError) else place.rstrip("`")
    return Refused(record_id, field, reason, text.decode(errors="replace"))


def page_of(entity: Entity, batches: Iterable[Batch]) -> Page:
    """What some batches hold together."""
    rows: dict[int, Record | Refused] = {}
    names: dict[Entity, dict[int, str]] = {}
    resources: dict[int, tuple[str, ...]] = {}
    repaired = 0
    for batch in batches:
        rows |= batch.rows
        for parent, known in batch.parents.names().items():
            names.setdefault(parent, {}).update(known)
        resources |= batch.resources
        repaired += batch.repaired
    records = [row for row in rows.values() if not isinstance(row, Refused)]
    refused = [row for row in rows.values() if isinstance(row, Refused)]
    return Page(entity, records, refused, names, resources, repaired, max(rows, default=0))


def zone_of(name: str) -> tzinfo:
    """Find the time zone of stamps that carry none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ConfigurationError(
            f'spec.timeZone "{name}" is no time zone that is known here; write an IANA name such as'
            ' "America/New_York"',
            reason="UnknownTimeZone",
        ) from error
