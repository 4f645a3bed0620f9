"""How the demo speaks: sentences, commands as one would type them, and what they really answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

_PLAIN_WIDTH = 110
_PROSE_WIDTH = 100


class Narrator:
    """Writes for a person: coloured and with a bar on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._chapters = 0
        self._beginning = True

    @classmethod
    def on_stdout(cls) -> "Narrator":
        console = Console(highlight=False)
        return cls(console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH))

    @property
    def live(self) -> bool:
        """Whether lines can be drawn over."""
        return self._console.is_terminal

    def chapter(self, title: str) -> None:
        self._chapters += 1
        self._console.print()
        self._console.print(Text(f"{self._chapters}. {title}", style="bold magenta"))
        self._beginning = True

    def say(self, text: str) -> None:
        """Prose, wrapped, a paragraph of its own."""
        if not self._beginning:
            self._console.print()
        self._beginning = False
        self._console.print(Text(text), width=min(self._console.width, _PROSE_WIDTH))

    def manifest(self, name: str, text: str) -> None:
        """A file as `cat` shows it, coloured where that is possible."""
        self.command(f"cat {name}")
        if self.live:
            syntax = Syntax(text.rstrip(), "yaml", theme="ansi_dark", background_color="default")
            self._console.print(Padding(syntax, (0, 2)))
        else:
            self.output(text)

    def command(self, line: str) -> None:
        """A command as one would type it."""
        self._console.print()
        self._beginning = False
        self._console.print(Text(f"$ {line}", style="bold cyan"), soft_wrap=True)

    def output(self, text: str) -> None:
        """What a command answered, as it stands."""
        for line in text.strip("\n").rstrip().splitlines():
            warning = line.startswith("Warning:")
            self._console.print(Text(f"  {line}", style="yellow" if warning else ""), soft_wrap=True)

    def table(self, table: Table) -> None:
        self._console.print()
        self._console.print(table)

    def end(self, text: str, *, well: bool) -> None:
        """The last word."""
        self._console.print()
        self._console.print(Text(text, style="bold green" if well else "bold red"), soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator["RunProgress"]:
        """Shows how far a run is until the context ends."""
        if not self.live:
            yield _Lines(self)
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description:<16}"),
            BarColumn(24),
            TaskProgressColumn(),
            TextColumn("{task.fields[detail]}"),
        )
        with Progress(*columns, console=self._console) as bar:
            yield _Bar(bar)


class RunProgress(Protocol):
    """Is told each status of a run."""

    def show(self, status: dict[str, Any]) -> None: ...


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("Pending", total=100, detail="")

    def show(self, status: dict[str, Any]) -> None:
        percent = status.get("progress", {}).get("percent", 0)
        phase = status.get("phase", "Pending")
        self._bar.update(self._task, completed=percent, description=phase, detail=_detail(status))


class _Lines:
    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator
        self._last = ""

    def show(self, status: dict[str, Any]) -> None:
        percent = status.get("progress", {}).get("percent", 0)
        line = f"{status.get('phase', 'Pending'):<16} {percent:>3} %  {_detail(status)}".rstrip()
        if line != self._last:
            self._narrator.output(line)
        self._last = line


def _detail(status: dict[str, Any]) -> str:
    """What the run is at, and how long it will take."""
    progress = status.get("progress", {})
    if "completionTime" in status or not progress.get("total"):
        return ""
    done = f"{progress.get('processed', 0):,} of {progress['total']:,} {progress.get('entity', '')}"
    eta = progress.get("etaSeconds")
    return f"{done}, about {eta} s left" if eta else done
