"""What a benchmark found: a table, the goals it was held against, and how it was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from psa_operator.api.markdown import table, with_section

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"


@dataclass(frozen=True)
class Goal:
    """One promise and what was measured of it."""

    promise: str
    measured: str
    met: bool

    @property
    def verdict(self) -> str:
        return "met" if self.met else "**not met**"


@dataclass(frozen=True)
class Section:
    """One benchmark's part of the document."""

    title: str
    how: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    goals: Sequence[Goal] = field(default=())

    def show(self, console: Console) -> None:
        """Print it for whoever waits at the terminal."""
        shown = Table(*self.columns, title=self.title, title_justify="left")
        for row in self.rows:
            shown.add_row(*row)
        console.print(shown)
        for goal in self.goals:
            colour = "green" if goal.met else "red"
            verdict = "met" if goal.met else "NOT MET"
            console.print(f"[{colour}]{verdict}[/] {goal.promise}: {goal.measured}")
        console.print(self.how, style="dim", end="\n\n")

    def as_markdown(self) -> str:
        """Write it as a section of the document."""
        lines = [f"## {self.title}", "", table(self.columns, self.rows), ""]
        if self.goals:
            goals = [(goal.promise, goal.measured, goal.verdict) for goal in self.goals]
            lines += [table(("goal", "measured", ""), goals), ""]
        return "\n".join([*lines, self.how])


def write(name: str, section: Section, document: Path = DOCUMENT) -> None:
    """Put the section between the document's marks of that name."""
    document.write_text(with_section(document.read_text(), name, section.as_markdown(), of=document))
