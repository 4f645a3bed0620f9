"""The runs of the demo side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

_COUNTS = ("fetched", "created", "updated", "unchanged", "deleted")


@dataclass(frozen=True)
class Run:
    """How one run ended, and the seconds from `kubectl apply` to its end."""

    name: str
    asked: str
    status: dict[str, Any]
    seconds: float

    @property
    def mode(self) -> str:
        """What was asked for, and what it became."""
        effective = self.status.get("effectiveMode", self.asked)
        return self.asked if effective == self.asked else f"{self.asked} → {effective}"


def results(runs: Sequence[Run]) -> Table:
    """Phase, counts and duration of each run."""
    table = Table(
        title="What became of the tickets", title_justify="left", box=SIMPLE_HEAD, padding=0, show_edge=False
    )
    for column in ("Run", "Mode", "Phase"):
        table.add_column(column, no_wrap=True)
    for column in (*(name.capitalize() for name in _COUNTS), "Seconds"):
        table.add_column(column, justify="right", no_wrap=True)
    for run in runs:
        counts = run.status.get("counts", {}).get("tickets", {})
        numbers = (f"{counts.get(name, 0):,}" for name in _COUNTS)
        table.add_row(run.name, run.mode, run.status.get("phase"), *numbers, f"{run.seconds:.1f}")
    return table
