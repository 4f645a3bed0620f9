"""A reader of the live tables, as a portal is one: psql in a process of its own, which counts and counts."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from psa_operator.devcluster.processes import Daemon, DevclusterError, Sandbox

COUNTING = "SELECT count(*) FROM psa.visible_ticket\n\\watch 0.02\n"


@dataclass
class Readings:
    """Every count that was seen, once the reader has stopped."""

    counts: list[int] = field(default_factory=list)

    @property
    def smallest(self) -> int:
        return min(self.counts)

    @property
    def largest(self) -> int:
        return max(self.counts)


@asynccontextmanager
async def counting(sandbox: Sandbox, psql: Path, dsn: str) -> AsyncIterator[Readings]:
    """Count the tickets that readers see, all the time, until the context ends."""
    script = sandbox.folder / "count.sql"
    script.write_text(COUNTING)
    daemon = sandbox.start("reader", [psql, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", script, dsn])
    readings = Readings()
    yield readings
    await sandbox.stop(daemon, signal.SIGTERM)
    readings.counts = _counts(daemon)


def _counts(daemon: Daemon) -> list[int]:
    lines = daemon.log.read_text().split()
    counts = [int(line) for line in lines if line.isdecimal()]
    if not counts:
        raise DevclusterError(f"the reader of the database saw nothing:\n{daemon.last_words()}")
    return counts
