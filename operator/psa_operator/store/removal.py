"""Removing what one integration has brought, when its object goes and is to take the rows with it."""

from psycopg import sql

from psa_operator.errors import PendingLocalChangesError
from psa_operator.store import local, sweep
from psa_operator.store.connection import Connection, connect
from psa_operator.store.tables import TABLES
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Database

_HAS_TABLES = "SELECT to_regclass('integration') IS NOT NULL"
_INTEGRATION = "SELECT id FROM integration WHERE key = %s FOR UPDATE"
# A worker that is still there is fenced off.
_END_RUNS = """
UPDATE run SET attempt = attempt + 1, active = false, phase = 'Cancelled', finished_at = now(),
       end_reason = 'IntegrationDeleted', end_message = 'The PSAIntegration was deleted with all of its rows'
 WHERE integration_id = %s AND finished_at IS NULL
"""
_FORGET_HISTORY = """
DELETE FROM row_history USING run WHERE run.number = row_history.run AND run.integration_id = %s
"""
_NOT_TO_BE_UNDONE = """
UPDATE run SET marks_before = NULL WHERE integration_id = %s AND marks_before IS NOT NULL
"""
_FORGET_SETTINGS = "UPDATE integration SET last_full_config = NULL WHERE id = %s"
_DELETE = sql.SQL("DELETE FROM {} WHERE integration_id = %s")
BESIDE = (
    "local_change", "outbox_note", "outbox_time_entry", "private_note", "ticket_tag",
    "mark", "quarantine", "change_log", "list_change",
)  # fmt: skip
"""Tables of what was not read from the PSA; triggers note in the last one that lists go."""


async def remove_rows(database: Database, key: str) -> int:
    """Delete all rows of an integration at once; returns how many tickets there were.

    Only the history of its runs stays, with who asked for them and why. Raises PendingLocalChangesError, and
    deletes nothing, as long as the portal has changed something that the PSA does not have.
    """
    async with connect(database) as connection, connection.transaction():
        (has_tables,) = await (await connection.execute(_HAS_TABLES)).fetchone() or (False,)
        if not has_tables:
            return 0
        found = await (await connection.execute(_INTEGRATION, (key,))).fetchone()
        if found is None:
            return 0
        removed = await _remove(connection, found[0])
        # Here and not by the sweep of a later run: there may be none in this database.
        await sweep.drop_all(connection, database, found[0])
        return removed


async def _remove(connection: Connection, integration: int) -> int:
    for statement in (_END_RUNS, _FORGET_HISTORY, _NOT_TO_BE_UNDONE, _FORGET_SETTINGS):
        await connection.execute(statement, (integration,))
    deleted = {
        entity: await _delete(connection, table.name, integration)
        for entity, table in reversed(TABLES.items())
    }
    # Asked once nobody can edit a ticket any more.
    if unsent := (await local.pending(connection, integration)).count:
        raise PendingLocalChangesError(
            f"{unsent:,} changes of the portal were not sent to the PSA yet and would be lost, so no row was "
            "deleted"
        )
    for name in BESIDE:
        await _delete(connection, name, integration)
    return deleted[Entity.TICKETS]


async def _delete(connection: Connection, table: str, integration: int) -> int:
    return (await connection.execute(_DELETE.format(sql.Identifier(table)), (integration,))).rowcount
