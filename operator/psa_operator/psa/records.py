"""From a page of a PSA's JSON to our records: fast where all is well, record by record where it is not."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Raw, Struct

from psa_operator.errors import ConfigurationError, RecordError
from psa_operator.psa.http import Answer
from psa_operator.sync.ports import Refused
from psa_operator.sync.records import Entity, Record

Int8 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Id = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class Identified(Struct):
    """As much of a record as every record must have."""

    id: Id


V = TypeVar("V")
W = TypeVar("W", bound=Identified)


class Rows(Generic[V]):
    """What one page of a list holds, by id, in the PSA's order."""

    def __init__(self, rows: dict[int, V]) -> None:
        self.rows = rows


class Batch(Rows[Record | Refused]):
    """One page of records, and what was learnt on the way. `zone` is that of stamps which carry none."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__({})
        self.zone = zone
        self.names: dict[tuple[Entity, int], str] = {}
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
        # PostgreSQL stores no NUL, and JSON lets it in by its escape only.
        if b"\\u0000" not in answer.content:
            try:
                return self._read_at_once(answer, zone)
            except (msgspec.MsgspecError, ValueError, RecursionError, RecordError):
                pass
        return self._read_one_by_one(answer, zone)

    def _read_at_once(self, answer: Answer, zone: tzinfo) -> Batch:
        batch = Batch(zone)
        convert = self._convert
        batch.rows = {wire.id: convert(wire, batch) for wire in self._many.decode(answer.content)}
        return batch

    def _read_one_by_one(self, answer: Answer, zone: tzinfo) -> Batch:
        batch = Batch(zone)
        whole = answer._replace(content=_without_lone_surrogates(answer.content))
        for raw in whole.decode(list[Raw]):
            text = without_nul(bytes(raw))
            batch.repaired += text != bytes(raw)
            record_id = answer._replace(content=text).decode(Identified).id
            try:
                batch.rows[record_id] = self._convert(self._one.decode(text), batch)
            except (msgspec.MsgspecError, ValueError, RecursionError, RecordError) as error:
                batch.rows[record_id] = _refused(record_id, text, error)
        return batch


def _refused(record_id: int, text: bytes, error: Exception) -> Refused:
    reason, _, place = str(error).partition(" - at `$.")
    field = error.field if isinstance(error, RecordError) else place.rstrip("`")
    return Refused(record_id, field, reason, text.decode(errors="replace"))


_ESCAPE = re.compile(
    rb"(?P<keep>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"  # a whole pair
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\x00|\xed[\xa0-\xbf][\x80-\xbf])"
    rb"|(?P<nul>\\u0000)"
    rb"|\\."
)


def _without_lone_surrogates(page: bytes) -> bytes:
    """Turn what no JSON parser takes into an escaped NUL, which is found and counted later."""
    return _ESCAPE.sub(lambda escape: rb"\u0000" if escape["lone"] else escape[0], page)


def without_nul(record: bytes) -> bytes:
    """Take escaped NUL characters out of a record; an escaped backslash before `u0000` is none."""
    if b"\\u0000" not in record:
        return record
    return _ESCAPE.sub(lambda escape: b"" if escape["nul"] else escape[0], record)


def zone_of(name: str) -> tzinfo:
    """Find the time zone of stamps that carry none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ConfigurationError(
            f'spec.timeZone is "{name}", which is no known time zone; write an IANA name such as'
            ' "America/New_York"',
            reason="UnknownTimeZone",
        ) from error
