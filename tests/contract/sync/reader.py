"""Somebody who reads the live tables while a run is on, and is told how far it is."""

import asyncio
from dataclasses import dataclass, field

import psycopg

from psa_operator.sync.engine import Outcome
from psa_operator.sync.spec import RunSpec
from tests.world import World

_TABLES = (
    "ticket", "ticket_technician", "note", "time_entry", "company", "contact", "board", "status", "priority",
    "member",
)  # fmt: skip
_ALL = ", ".join(
    f"(SELECT string_agg(each::text, '|' ORDER BY each::text) FROM {table} AS each"
    " WHERE integration_id = own.id)"
    for table in _TABLES
)
_OWN = "(SELECT (SELECT id FROM integration WHERE key = %s) AS id)"
_LOOK = f"SELECT md5(concat_ws('#', {_ALL})) FROM {_OWN} AS own"
_SAYS = "SELECT attempt, progress ->> 'phase', (progress ->> 'percent')::int FROM run WHERE id = %s"
_PHASES = (
    "Preparing", "PushingLocalChanges", "Fetching", "CatchingUp", "Verifying", "Applying", "Succeeded",
)  # fmt: skip


@dataclass
class Reader:
    """What the live tables were like, whenever they were looked at, and what the run said of itself."""

    world: World
    seen: set[str] = field(default_factory=set)
    told: list[tuple[int, int, int]] = field(default_factory=list)

    async def watch(self, spec: RunSpec) -> Outcome:
        """Make an attempt, and look all the while: what was before, or what is after, and no third."""
        async with await psycopg.AsyncConnection.connect(
            self.world.dsn, autocommit=True, options="-c search_path=psa"
        ) as connection:
            before = await self._look(connection)
            attempt = asyncio.create_task(self.world.attempt(spec))
            while not attempt.done():
                self.seen.add(await self._look(connection))
                await self._listen(connection, spec.run_id)
                await asyncio.sleep(0.01)
            after = await self._look(connection)
        assert self.seen <= {before, after}
        assert self.told == sorted(self.told)
        assert all(percent < 100 for _, phase, percent in self.told if _PHASES[phase] != "Succeeded")
        return attempt.result()

    async def _look(self, connection: psycopg.AsyncConnection) -> str:
        (found,) = await (await connection.execute(_LOOK.encode(), (self.world.key,))).fetchone() or ("",)
        return str(found)

    async def _listen(self, connection: psycopg.AsyncConnection, run_id: str) -> None:
        row = await (await connection.execute(_SAYS, (run_id,))).fetchone()
        if row and row[1]:
            self.told.append((row[0], _PHASES.index(row[1]), row[2]))
