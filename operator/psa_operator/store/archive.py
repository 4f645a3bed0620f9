"""What is live of one integration, to read: by a run, and by somebody who only asks."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from psa_operator.errors import IdentityChangedError
from psa_operator.store import live
from psa_operator.store.border import translated
from psa_operator.store.connection import Connection, connect
from psa_operator.sync.entities import Entity
from psa_operator.sync.records import Record
from psa_operator.sync.spec import Database
from psa_operator.sync.storage import Kept, Mark, Unfit

_INTEGRATION = "SELECT id FROM integration WHERE key = %s"
_IDENTITY = "SELECT provider, identity FROM integration WHERE id = %s"
_NONE = 0
"""The id of no integration: one that has had no run has no rows."""


class PostgresArchive:
    """The live rows of one integration; `reading` opens a transaction that cannot write."""

    def __init__(
        self, reading: Callable[[], AbstractAsyncContextManager[Connection]], key: str, integration: int
    ) -> None:
        self._reading = reading
        self._key = key
        self._integration = integration

    async def check_identity(self, provider: str, identity: str) -> None:
        async with self._reading() as connection:
            found = await connection.execute(_IDENTITY, (self._integration,))
            known = await found.fetchone() or (None, None)
        if known not in {(provider, identity), (None, None)}:
            was = " ".join(each or "" for each in known)
            raise IdentityChangedError(
                f"The rows of {self._key} came from {was}, but {provider} {identity} answers now; nothing "
                "was mixed. Correct the URL, or make a new integration with another key"
            )

    async def marks(self) -> dict[Entity, Mark]:
        async with self._reading() as connection:
            return await live.marks(connection, self._integration)

    async def reference(self, entity: Entity) -> list[Record]:
        async with self._reading() as connection:
            return await live.records(connection, self._integration, entity)

    async def tickets(self, ids: Collection[int]) -> dict[int, Kept]:
        async with self._reading() as connection:
            return await live.tickets(connection, self._integration, ids)

    async def unfit(self, ids: Collection[int]) -> dict[int, Unfit]:
        async with self._reading() as connection:
            return await live.unfit(connection, self._integration, ids)


@asynccontextmanager
async def open_archive(database: Database, key: str) -> AsyncIterator[PostgresArchive]:
    """Read the rows of an integration, whatever run is on. Raises ConfigurationError (NotMigrated)."""
    async with connect(database) as connection:

        @asynccontextmanager
        async def reading() -> AsyncIterator[Connection]:
            with translated():
                async with connection.transaction():
                    await connection.execute("SET TRANSACTION READ ONLY")
                    yield connection

        async with reading():
            row = await (await connection.execute(_INTEGRATION, (key,))).fetchone()
        yield PostgresArchive(reading, key, row[0] if row else _NONE)
