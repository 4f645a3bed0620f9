"""What the plugin writes: tables and sentences for people, JSON and YAML for programs."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import typer

Output = Literal["json", "yaml"]
JsonOnly = Literal["json"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNLIMITED = 10_000
_NARROWEST = 20
_AGES = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))
_MANY = 2


def plain(text: object) -> str:
    """Text without control characters: what a ticket is called must not steer a terminal."""
    return _CONTROL.sub("", str(text))


def say(text: str) -> None:
    typer.echo(plain(text))


def remark(text: str) -> None:
    """What is not the answer goes to standard error, so that the answer can be piped."""
    typer.echo(plain(text), err=True)


def warn(warnings: Iterable[str]) -> None:
    """The API server's warnings, as kubectl shows them."""
    for each in warnings:
        remark(f"Warning: {each}")


def write(value: Any, output: Output) -> None:
    """A value for programs."""
    if output == "json":
        typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
    else:
        import yaml

        typer.echo(yaml.safe_dump(value, sort_keys=False, allow_unicode=True).rstrip())


def confirmed(question: str) -> bool:
    """Whether a person says yes; nobody at the other end does not."""
    typer.echo(f"{plain(question)} [y/N]: ", nl=False)
    return bool(sys.stdin) and sys.stdin.readline().strip().lower() in {"y", "yes"}


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as what they hold; on a terminal the last one takes what is left, and folds."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    shown_rows = [["" if cell is None else plain(cell) for cell in row] for row in rows]
    console = Console(width=_UNLIMITED, markup=False, emoji=False, highlight=False)
    if sys.stdout.isatty():
        # What is narrower than the columns but the last wraps lines: better than a name that is cut short.
        others = zip(*([*headers], *shown_rows), strict=True)
        needed = sum(max(map(cell_len, column)) + 2 for column in list(others)[:-1]) + _NARROWEST
        console.width = max(Console().width, needed)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers[:-1]:
        shown.add_column(header, no_wrap=True)
    shown.add_column(headers[-1], overflow="fold")
    for row in shown_rows:
        shown.add_row(*row)
    with console.capture() as captured:
        console.print(shown)
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the two largest units at most: 3d4h, 17m, 5s."""
    if moment is None:
        return ""
    left = max(now - moment, timedelta())
    parts: list[str] = []
    for unit, length in _AGES:
        number, left = divmod(left, length)
        if number or parts:
            parts.append(f"{number}{unit}" if number else "")
    if not parts:
        return f"{int(left.total_seconds())}s"
    return "".join(parts[:_MANY])
