"""What is known of an integration: its counts, marks, last runs, and what is to be done about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from psycopg import sql

from psa_operator.errors import ConfigurationError
from psa_operator.store import lists, live, local
from psa_operator.store.connection import Connection, connect
from psa_operator.store.lists import ListChange
from psa_operator.sync.entities import LARGE, PROJECT_TICKETS, Entity
from psa_operator.sync.outcome import Drift
from psa_operator.sync.outgoing import Pending
from psa_operator.sync.spec import Database, Mode

_INTEGRATION = "SELECT id, identity, last_full_config FROM integration WHERE key = %s"
_LAST = """
SELECT name, finished_at, report -> 'drift', report -> 'denied' FROM run
 WHERE integration_id = %s AND effective_mode = %s AND phase = 'Succeeded' AND NOT dry_run AND NOT limited
   AND rolled_back_by IS NULL
 ORDER BY finished_at DESC LIMIT 1
"""
_DENIED = """
SELECT report -> 'denied' FROM run
 WHERE integration_id = %s AND effective_mode IN ('Quick', 'Full') AND phase = 'Succeeded' AND NOT dry_run
   AND NOT limited
 ORDER BY finished_at DESC LIMIT 1
"""
_UNTIL = """
SELECT max(rollback_until) FROM run
 WHERE integration_id = %s AND marks_before IS NOT NULL AND rollback_until > now() AND rolled_back_by IS NULL
"""
_ROLLED_BACK = """
SELECT undone.name FROM run AS undone JOIN run AS own ON own.id = undone.rolled_back_by
 WHERE undone.integration_id = %s
   AND NOT EXISTS (SELECT FROM run AS later
                    WHERE later.integration_id = undone.integration_id AND later.phase = 'Succeeded'
                      AND later.effective_mode IN ('Full', undone.effective_mode)
                      AND NOT later.dry_run AND NOT later.limited AND later.rolled_back_by IS NULL
                      AND later.finished_at > own.finished_at)
 ORDER BY own.finished_at DESC LIMIT 1
"""
_REQUIRED = """
SELECT report ->> 'resync_required' FROM run
 WHERE integration_id = %s AND phase = 'Succeeded' AND NOT dry_run
   AND report ->> 'resync_required' IS NOT NULL
 ORDER BY finished_at DESC LIMIT 1
"""
_UNMAPPED = sql.SQL("""
SELECT named.name, count(*)
  FROM {table} AS named
  JOIN ticket ON (ticket.integration_id, ticket.{column}) = (named.integration_id, named.psa_id)
 WHERE named.integration_id = %(integration)s AND named.mapped IS NULL AND ticket.out_of_scope IS NULL
 GROUP BY named.name
 ORDER BY count(*) DESC, named.name
""")
_QUARANTINED = "SELECT count(*) FROM quarantine WHERE integration_id = %s"


class LastRun(Struct, frozen=True):
    """A run that succeeded without what was `denied`; `drift` is what a Full run mended, if it could know."""

    name: str
    ended_at: datetime
    drift: Drift | None = None
    denied: Sequence[str] = ()


class Facts(Struct, frozen=True):
    """`counts` has the tickets in scope; `covered_until` is about what the last run could read.

    `resync_required` is what the last run found to be different.

    `unmapped` has the names of statuses and priorities without a name of the portal, with the number of
    tickets, whether or not one was asked for. `names` are those that settings can use, by id, and
    `list_changes` what became of former ones. `rollback_until` is until when the last run that can be
    undone can be. `rolled_back` is the name of a run that was undone and not made good since. `pending`
    are the changes of the portal that the PSA does not have yet.
    """

    counts: Mapping[Entity, int] = {}
    covered_until: datetime | None = None
    last_quick: LastRun | None = None
    last_full: LastRun | None = None
    full_config_hash: str | None = None
    resync_required: str = ""
    quarantined: int = 0
    unmapped: Mapping[Entity, Mapping[str, int]] = {}
    identity: str | None = None
    rollback_until: datetime | None = None
    rolled_back: str = ""
    pending: Pending = Pending()
    names: Mapping[Entity, Mapping[int, str]] = {}
    list_changes: Sequence[ListChange] = ()


async def integration_facts(database: Database, integration_key: str) -> Facts:
    """Ask for everything at once; nothing is known of an integration that has had no run."""
    try:
        async with connect(database) as connection, connection.transaction():
            # Or the counts are from before a publication, and the run that made it is the last one.
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            row = await (await connection.execute(_INTEGRATION, (integration_key,))).fetchone()
            return await _facts(connection, *row) if row else Facts()
    except ConfigurationError as error:
        if error.reason == "NotMigrated":
            return Facts()
        raise


async def _facts(
    connection: Connection, integration: int, identity: str | None, last_full_config: str | None
) -> Facts:
    counts = await live.counts(connection, integration)
    counts[Entity.TICKETS] = await live.tickets_in_scope(connection, integration)
    marks = await live.marks(connection, integration)
    unread = await _unread(connection, integration)
    covered = [marks[entity].covered_until for entity in LARGE if entity in marks and entity not in unread]
    required = await (await connection.execute(_REQUIRED, (integration,))).fetchone()
    undone = await (await connection.execute(_ROLLED_BACK, (integration,))).fetchone()
    (until,) = await (await connection.execute(_UNTIL, (integration,))).fetchone() or (None,)
    (quarantined,) = await (await connection.execute(_QUARANTINED, (integration,))).fetchone() or (0,)
    return Facts(
        counts=counts,
        covered_until=min((each for each in covered if each), default=None),
        last_quick=await _last(connection, integration, Mode.QUICK),
        last_full=await _last(connection, integration, Mode.FULL),
        full_config_hash=last_full_config,
        resync_required=required[0] if required else "",
        quarantined=quarantined,
        unmapped=await _unmapped(connection, integration),
        identity=identity,
        rollback_until=until,
        rolled_back=undone[0] if undone else "",
        pending=await local.pending(connection, integration),
        names=await lists.names(connection, integration),
        list_changes=await lists.changes(connection, integration),
    )


async def _unmapped(connection: Connection, integration: int) -> dict[Entity, dict[str, int]]:
    found = {}
    for entity, table in ((Entity.STATUSES, "status"), (Entity.PRIORITIES, "priority")):
        query = _UNMAPPED.format(table=sql.Identifier(table), column=sql.Identifier(f"{table}_id"))
        rows = await connection.execute(query, {"integration": integration})
        found[entity] = {name: number async for name, number in rows}
    return {entity: names for entity, names in found.items() if names}


async def _last(connection: Connection, integration: int, mode: Mode) -> LastRun | None:
    row = await (await connection.execute(_LAST, (integration, mode))).fetchone()
    if row is None:
        return None
    name, ended_at, drift, denied = row
    return LastRun(name, ended_at, msgspec.json.decode(drift or b"null", type=Drift | None), _areas(denied))


async def _unread(connection: Connection, integration: int) -> set[str]:
    """Kinds of records of which the last run could not read all."""
    row = await (await connection.execute(_DENIED, (integration,))).fetchone()
    denied = set(_areas(row[0] if row else None))
    return denied | ({Entity.TICKETS} if PROJECT_TICKETS in denied else set())


def _areas(written: bytes | None) -> list[str]:
    return msgspec.json.decode(written or b"[]", type=list[str])
