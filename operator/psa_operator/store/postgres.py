"""The store in PostgreSQL: one database that holds the rows of many integrations."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from psa_operator.errors import PsaOperatorError
from psa_operator.store import local
from psa_operator.store.border import translated
from psa_operator.store.claim import Claim, claim
from psa_operator.store.connection import connect, pool
from psa_operator.store.run import PostgresRun
from psa_operator.store.schema import migrate
from psa_operator.store.sweep import sweep
from psa_operator.store.worker import Worker
from psa_operator.sync.spec import Database, RunSpec


@asynccontextmanager
async def open_store(database: Database) -> AsyncIterator["PostgresStore"]:
    """The store in this database, which is migrated first if that is needed."""
    await migrate(database)
    yield PostgresStore(database)


class PostgresStore:
    """Where runs are claimed; the database has to be migrated."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def claim(self, spec: RunSpec) -> AsyncIterator[PostgresRun]:
        """Begin the next attempt of a run. Raises AnotherRunActive as a TransientError."""
        claimed = await self._claim(spec)
        async with pool(self._database, claimed.application) as connections:
            yield PostgresRun(Worker(connections, spec, claimed))

    async def _claim(self, spec: RunSpec) -> Claim:
        async with connect(self._database) as connection:
            with translated():
                claimed = await claim(connection, spec)
                await local.record(connection, spec.integration_key, spec.write_back)
            # What others left behind costs only space: if it cannot be dropped now, a later claim will.
            with suppress(PsaOperatorError), translated():
                await sweep(connection, self._database)
        return claimed
