"""Where the staged rows of one run are, and how much of each entity they hold.

A Full run has tables of its own, all others share theirs, and so does one of a few named tickets.
"""

from collections.abc import Iterable, Mapping
from enum import Enum, auto

from msgspec import Struct
from psycopg import sql

from psa_operator.errors import StageLostError
from psa_operator.store.connection import Connection, stage_schema
from psa_operator.store.tables import STAGED, TICKET
from psa_operator.sync.entities import LARGE, OF_A_TICKET, PARENTS, REFERENCE, Entity
from psa_operator.sync.spec import Database, Mode, Selection

LISTED = "listed"
_NAMES = (*(table.name for table in STAGED), LISTED)
_REMEMBERED = ("segment", "refused", "parent_name", "ticket_read", "stage")
"""Tables that all runs share, in either mode."""

_OPENED = "SELECT 1 FROM stage WHERE run = %s AND epoch = %s::uuid"
_CREATE = sql.SQL("CREATE UNLOGGED TABLE {table} (LIKE {shape} INCLUDING COMPRESSION)")
_DROP = sql.SQL("DROP TABLE IF EXISTS {table}")
_CLEAR = sql.SQL("DELETE FROM {table} WHERE run = %s")


_ROWS = sql.SQL("(SELECT * FROM {table} WHERE run = {run})")
# What the portal has changed and the PSA does not have is laid over what the PSA says.
_OVERLAID = sql.SQL("""
(SELECT * FROM {table} AS plain
  WHERE run = {run} AND NOT EXISTS (SELECT FROM local_value WHERE local_value.psa_id = plain.psa_id)
 UNION ALL
 SELECT laid.* FROM {table} AS plain
   JOIN local_value ON local_value.psa_id = plain.psa_id
  CROSS JOIN LATERAL jsonb_populate_record(plain, local_value.unsent
      || CASE WHEN {before} THEN local_value.sent ELSE '{{}}' END) AS laid
  WHERE plain.run = {run})
""")


_BEFORE = sql.SQL("""
(plain.updated_at < local_value.there_at
 OR (plain.updated_at = local_value.there_at AND to_jsonb(plain) @> local_value.base))
""")


class Extent(Enum):
    """How much of an entity a stage holds, which says what its lack of a live row means."""

    NOTHING = auto()
    """The run has nothing to do with it."""
    CHANGES = auto()
    """Some records; what it lacks has not changed."""
    ALL = auto()
    """All records; what it lacks is gone."""
    NAMED = auto()
    """All records of the named ids; what it lacks of these is gone, and nothing else has changed."""
    IDS = auto()
    """All ids, in the list, and no records; what it lacks is gone, and of the rest nothing is known."""
    FORMER = auto()
    """Nothing: what was there before the run that is undone is in the history."""


_EXTENTS: Mapping[Mode, Mapping[Entity, Extent]] = {
    Mode.QUICK: dict.fromkeys(Entity, Extent.CHANGES),
    # Notes are read a ticket at a time: a stage says of which tickets it has all.
    Mode.FULL: dict.fromkeys(Entity, Extent.ALL) | {Entity.NOTES: Extent.CHANGES},
    Mode.REFERENCE_DATA: dict.fromkeys(REFERENCE, Extent.ALL),
    Mode.PRUNE: dict.fromkeys((*LARGE, Entity.TECHNICIANS), Extent.IDS) | {Entity.NOTES: Extent.CHANGES},
    Mode.ROLLBACK: dict.fromkeys(Entity, Extent.FORMER),
}


_EVERYTHING = Selection()


def _extents(mode: Mode, only: Selection) -> Mapping[Entity, Extent]:
    if only.ticket_ids:
        extent = Extent.NAMED if mode is Mode.FULL else Extent.CHANGES
        chosen = dict.fromkeys((Entity.TICKETS, Entity.TECHNICIANS), extent)
        chosen |= dict.fromkeys(OF_A_TICKET, Extent.CHANGES)
    else:
        chosen = {entity: extent for entity, extent in _EXTENTS[mode].items() if only.includes(entity)}
    # What the chosen records refer to is brought where it is not known yet.
    return dict.fromkeys(_ancestors(chosen), Extent.CHANGES) | chosen if only.limited else chosen


def _ancestors(entities: Iterable[Entity]) -> set[Entity]:
    parents = {parent for entity in entities for parent in PARENTS.get(entity, {}).values()}
    return parents | _ancestors(parents) if parents else parents


class Staging(Struct, frozen=True):
    """The names of one run's staged tables; `epoch` tells this stage from one that was begun again.

    If it is `overlaid`, its tickets are read with the values that `local_value` has for them. What is
    `denied` was not read, so nothing follows from its lack.
    """

    schema: str
    mode: Mode
    run: int
    epoch: str = ""
    only: Selection = _EVERYTHING
    overlaid: bool = False
    denied: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        database: Database,
        mode: Mode,
        run: int,
        epoch: str = "",
        only: Selection = _EVERYTHING,
        denied: frozenset[str] = frozenset(),
    ) -> "Staging":
        return cls(stage_schema(database), mode, run, epoch, only, denied=denied)

    @property
    def own(self) -> bool:
        """Whether the run has tables of its own."""
        return self.mode is Mode.FULL and not self.only.ticket_ids

    def extent(self, entity: Entity) -> Extent:
        """How much of an entity the stage holds."""
        extent = _extents(self.mode, self.only).get(entity, Extent.NOTHING)
        return Extent.CHANGES if entity in self.denied and extent is not Extent.NOTHING else extent

    def exact(self, entity: Entity) -> bool:
        """Whether live rows become just what is staged, be it older than they are, or nothing."""
        return self.extent(entity) in {Extent.ALL, Extent.NAMED}

    def among(self, entity: Entity, column: str = "psa_id") -> sql.Composable:
        """Condition: the ids of an entity that the run is limited to."""
        if entity is not Entity.TICKETS or not self.only.ticket_ids:
            return sql.SQL("true")
        name = sql.Identifier(*column.split("."))
        return sql.SQL("{} = ANY ({}::bigint[])").format(name, sql.Literal(list(self.only.ticket_ids)))

    def whole(self, entity: Entity) -> bool:
        """Whether the stage holds all records of an entity, so that what it lacks is gone."""
        return self.extent(entity) is Extent.ALL

    def table(self, name: str) -> sql.Identifier:
        """A staged table, to write to; its rows carry `run`."""
        return sql.Identifier(self.schema, f"full_{name}_{self.run}" if self.own else f"quick_{name}")

    def rows(self, name: str) -> sql.Composed:
        """The staged rows of this run, to read from."""
        shape = _OVERLAID if self.overlaid and name == TICKET.name else _ROWS
        return shape.format(table=self.table(name), run=sql.Literal(self.run), before=_BEFORE)

    async def require(self, connection: Connection) -> None:
        """Raise StageLostError unless the stage is the one that was opened."""
        if await (await connection.execute(_OPENED, (self.run, self.epoch))).fetchone() is None:
            raise StageLostError(
                "PostgreSQL emptied the staged rows in a crash or failover; nothing was published, and they "
                "are read again"
            )

    async def create(self, connection: Connection) -> None:
        """Make the tables of a Full run."""
        for name in _NAMES if self.own else ():
            shape = sql.Identifier(self.schema, f"quick_{name}")
            await connection.execute(_CREATE.format(table=self.table(name), shape=shape))


async def forget(connection: Connection, database: Database, run: int) -> None:
    """Drop everything that a run has staged, in whatever mode."""
    own, shared = (Staging.of(database, mode, run) for mode in (Mode.FULL, Mode.QUICK))
    for name in _NAMES:
        await connection.execute(_DROP.format(table=own.table(name)))
        await connection.execute(_CLEAR.format(table=shared.table(name)), (run,))
    for name in _REMEMBERED:
        table = sql.Identifier(shared.schema, name)
        await connection.execute(_CLEAR.format(table=table), (run,))
