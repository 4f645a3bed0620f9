"""The rows that a run replaces, kept so that it can be undone."""

from datetime import datetime, timedelta
from typing import Any

from psycopg import sql

from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.tables import TABLES, same_row
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Mode

REVERSIBLE = frozenset({Mode.FULL, Mode.REFERENCE_DATA, Mode.PRUNE})
"""Modes that may take rows away; what a Quick run replaces is older than what the PSA has."""

_FIRST_LOAD = "SELECT NOT EXISTS (SELECT FROM mark WHERE integration_id = %s AND entity = %s)"
_BASELINE = "UPDATE run SET baseline = true WHERE id = %(run_id)s"
_CHANGES_ANYTHING = "SELECT EXISTS (SELECT FROM delta)"
_KEEP = sql.SQL("""
INSERT INTO row_history (run, entity, psa_id, member_id, action, former)
SELECT %(run)s, {entity}, delta.psa_id, delta.member_id,
       CASE WHEN delta.action = 'c' THEN 'c' WHEN delta.action IN ('d', 'l') THEN 'd' ELSE 'u' END::"char",
       CASE WHEN delta.action <> 'c' THEN to_jsonb(live) END
  FROM delta LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND {same}
 WHERE delta.entity = {code}
""")
_UNTIL = """
UPDATE run
   SET rollback_until = now() + %(window)s,
       marks_before = (SELECT coalesce(jsonb_agg(to_jsonb(mark)), '[]') FROM mark
                        WHERE integration_id = %(integration)s),
       full_config_before = (SELECT last_full_config FROM integration WHERE id = %(integration)s)
 WHERE id = %(run_id)s
RETURNING rollback_until
"""


async def first_load(connection: Connection, integration: int) -> bool:
    """Whether no run has brought all tickets yet; of some tickets or of the settings there may be rows."""
    found = await connection.execute(_FIRST_LOAD, (integration, Entity.TICKETS))
    return await found.fetchone() == (True,)


async def note_baseline(connection: Connection, claim: Claim) -> None:
    """Remember that nothing from before is kept, instead of every row that is new."""
    await connection.execute(_BASELINE, {"run_id": claim.run_id})


async def keep(connection: Connection, claim: Claim, mode: Mode, window: timedelta) -> datetime | None:
    """Keep what `delta` is about to replace, its rows being locked; until when, None if nothing is kept."""
    if mode not in REVERSIBLE or not window:
        return None
    if await (await connection.execute(_CHANGES_ANYTHING)).fetchone() != (True,):
        return None
    values: dict[str, Any] = {"integration": claim.integration, "run": claim.run, "run_id": claim.run_id}
    for table in TABLES.values():
        statement = _KEEP.format(
            entity=sql.Literal(table.entity),
            live=sql.Identifier(table.name),
            same=same_row(table, "delta"),
            code=sql.Literal(table.code),
        )
        await connection.execute(statement, values)
    row = await (await connection.execute(_UNTIL, values | {"window": window})).fetchone()
    return row[0] if row else None
