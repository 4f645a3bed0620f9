"""Where the staged rows of one run are: tables of its own for a Full run, shared ones for a Quick run."""

from msgspec import Struct
from psycopg import sql

from psa_operator.errors import StageLostError
from psa_operator.store.connection import Connection, stage_schema
from psa_operator.store.tables import STAGED
from psa_operator.sync.spec import Database, Mode

LISTED = "listed"
_NAMES = (*(table.name for table in STAGED), LISTED)
_REMEMBERED = ("segment", "refused", "parent_name", "stage")
"""Tables that all runs share, in either mode."""

_OPENED = "SELECT 1 FROM stage WHERE run = %s AND epoch = %s::uuid"
_CREATE = sql.SQL("CREATE UNLOGGED TABLE {table} (LIKE {shape} INCLUDING COMPRESSION)")
_DROP = sql.SQL("DROP TABLE IF EXISTS {table}")
_CLEAR = sql.SQL("DELETE FROM {table} WHERE run = %s")


class Staging(Struct, frozen=True):
    """The names of one run's staged tables; `epoch` tells this stage from one that was begun again."""

    schema: str
    mode: Mode
    run: int
    epoch: str = ""

    @classmethod
    def of(cls, database: Database, mode: Mode, run: int, epoch: str = "") -> "Staging":
        return cls(stage_schema(database), mode, run, epoch)

    @property
    def whole(self) -> bool:
        """Whether the stage holds all there is, so that what it lacks is gone."""
        return self.mode is Mode.FULL

    def table(self, name: str) -> sql.Identifier:
        """A staged table, to write to; its rows carry `run`."""
        return sql.Identifier(self.schema, f"full_{name}_{self.run}" if self.whole else f"quick_{name}")

    def rows(self, name: str) -> sql.Composed:
        """The staged rows of this run, to read from."""
        return sql.SQL("(SELECT * FROM {} WHERE run = {})").format(self.table(name), sql.Literal(self.run))

    async def require(self, connection: Connection) -> None:
        """Raise StageLostError unless the stage is the one that was opened."""
        if await (await connection.execute(_OPENED, (self.run, self.epoch))).fetchone() is None:
            raise StageLostError(
                "PostgreSQL emptied the staged rows in a crash or failover; nothing was published, and they "
                "are read again"
            )

    async def create(self, connection: Connection) -> None:
        """Make the tables of a Full run."""
        for name in _NAMES if self.whole else ():
            shape = sql.Identifier(self.schema, f"quick_{name}")
            await connection.execute(_CREATE.format(table=self.table(name), shape=shape))

    async def drop(self, connection: Connection) -> None:
        """Forget everything that is staged."""
        for name in _NAMES:
            statement = _DROP if self.whole else _CLEAR
            values = () if self.whole else (self.run,)
            await connection.execute(statement.format(table=self.table(name)), values)
        for name in _REMEMBERED:
            table = sql.Identifier(self.schema, name)
            await connection.execute(_CLEAR.format(table=table), (self.run,))
