"""What the parts of one attempt share: its connections, and the fence before every commit."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString

from psycopg_pool import AsyncConnectionPool

from psa_operator.errors import FencedError
from psa_operator.store.border import translated
from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.sync.spec import RunSpec

# The setting tells the trigger of live tickets that it is not the portal who writes.
_FENCE = """
SELECT set_config('psa.run', id::text, true)
  FROM run WHERE id = %s AND attempt = %s AND finished_at IS NULL FOR KEY SHARE
"""


class Worker:
    """One claimed attempt; `seconds` is the time that its statements took."""

    def __init__(self, pool: "AsyncConnectionPool[Connection]", spec: RunSpec, claim: Claim) -> None:
        self._pool = pool
        self.spec = spec
        self.claim = claim
        self.seconds = 0.0

    @asynccontextmanager
    async def reading(
        self, staging: Staging | None = None, workspace: LiteralString = ""
    ) -> AsyncIterator[Connection]:
        """One snapshot, which can write to nothing but the temporary `workspace`. Raises StageLostError."""
        async with self._connection() as connection, connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            if workspace:
                await connection.execute(workspace)
            await connection.execute("SET TRANSACTION READ ONLY")
            if staging:
                await staging.require(connection)
            yield connection

    @asynccontextmanager
    async def writing(self, staging: Staging | None = None) -> AsyncIterator[Connection]:
        """One transaction of the latest attempt, on its own stage. Raises FencedError, StageLostError."""
        async with self._connection() as connection, connection.transaction():
            fence = await connection.execute(_FENCE, (self.claim.run_id, self.claim.attempt))
            if await fence.fetchone() is None:
                raise FencedError(f"Run {self.spec.name} was ended, or a later attempt has taken it over")
            if staging:
                await staging.require(connection)
            yield connection

    @asynccontextmanager
    async def tidying(self) -> AsyncIterator[Connection]:
        """One transaction after the end of the run, when there is nothing left to fence off."""
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        began = time.monotonic()
        try:
            with translated():
                async with self._pool.connection() as connection:
                    yield connection
        finally:
            self.seconds += time.monotonic() - began
