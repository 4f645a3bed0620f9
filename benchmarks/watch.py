"""What others see while a run works: how long a point read takes, and which phase the run says it is in."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle

import psycopg

_TICKET = "SELECT summary FROM psa.visible_ticket WHERE psa_id = %s"
_PHASE = "SELECT phase FROM psa.run WHERE id = %s AND finished_at IS NULL"
_PAUSE_SECONDS = 0.005
_LOOK_SECONDS = 0.1


@dataclass
class Seen:
    """Seconds: the longest point read, and how long each phase lasted."""

    longest_read: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)

    def share(self, phase: str) -> float:
        """A phase's part of the whole run."""
        return self.phases.get(phase, 0.0) / max(sum(self.phases.values()), _LOOK_SECONDS)


@asynccontextmanager
async def watching(dsn: str, run_id: str, ids: Sequence[int]) -> AsyncIterator[Seen]:
    """Read these tickets, one after the other, and the phase of a run."""
    seen = Seen()
    tasks = [asyncio.create_task(_read(dsn, ids, seen)), asyncio.create_task(_look(dsn, run_id, seen))]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    # One that failed has seen nothing, which would look like a good figure.
    for task in tasks:
        if not task.cancelled():
            raise RuntimeError("what watched the run ended early") from task.exception()


async def _read(dsn: str, ids: Sequence[int], seen: Seen) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        for psa_id in cycle(ids):
            began = time.monotonic()
            await connection.execute(_TICKET, (psa_id,))
            seen.longest_read = max(seen.longest_read, time.monotonic() - began)
            await asyncio.sleep(_PAUSE_SECONDS)


async def _look(dsn: str, run_id: str, seen: Seen) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while True:
            began = time.monotonic()
            row = await (await connection.execute(_PHASE, (run_id,))).fetchone()
            await asyncio.sleep(_LOOK_SECONDS)
            if row is not None:
                seen.phases[row[0]] = seen.phases.get(row[0], 0.0) + time.monotonic() - began
