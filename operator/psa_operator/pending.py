"""`psa-operator pending`: the complete list of what the PSA lacks, for people, spreadsheets and programs."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from psa_operator.store import UnsentValue

_UNLIMITED = 10_000


def as_csv(values: Sequence[UnsentValue]) -> str:
    """A line for each value, in UTF-8; an empty cell is no value."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(UnsentValue.__struct_fields__)
    for each in values:
        writer.writerow(msgspec.to_builtins(cell) for cell in msgspec.structs.astuple(each))
    return written.getvalue()


def as_json(values: Sequence[UnsentValue]) -> str:
    return f"{msgspec.json.format(msgspec.json.encode(values), indent=2).decode()}\n"


def as_table(values: Sequence[UnsentValue]) -> str:
    """For people: the same columns but for the number of the change; long values are not cut."""
    shown = Table(box=None, pad_edge=False)
    columns = [each for each in UnsentValue.__struct_fields__ if each != "id"]
    for column in columns:
        shown.add_column(column.upper().replace("_", " "))
    for each in values:
        shown.add_row(*(_cell(getattr(each, column)) for column in columns))
    written = io.StringIO()
    Console(file=written, width=_UNLIMITED, markup=False, emoji=False, highlight=False).print(shown)
    lines = (line.rstrip() for line in written.getvalue().splitlines())
    return "".join(f"{line}\n" for line in lines) if values else "The PSA has every change.\n"


WRITERS: Mapping[str, Callable[[Sequence[UnsentValue]], str]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
}


def _cell(value: object) -> str:
    """On one line, without what could steer a terminal."""
    words = "" if value is None else " ".join(str(value).split())
    return "".join(each for each in words if each.isprintable())
