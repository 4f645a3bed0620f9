"""Dropping what nobody will need any more: staged rows of runs that are over, and old history."""

from typing import LiteralString

from psycopg import sql

from psa_operator.store.connection import Connection, stage_schema
from psa_operator.store.staging import forget
from psa_operator.sync.spec import Database

_STAGED: LiteralString = """
WITH staged (run) AS (
    SELECT run FROM stage
    UNION
    SELECT substring(relname FROM '[0-9]+$')::bigint
      FROM pg_class
     WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relkind = 'r' AND relname ~ '^full_.*_[0-9]+$'
)
SELECT run FROM staged
"""
# A run that nobody has heard of for so long may have lost its object while its database was away; if it goes
# on after all, it reads everything again.
_ABANDONED: LiteralString = (
    _STAGED
    + """
 WHERE NOT EXISTS (SELECT FROM run AS owner WHERE owner.number = staged.run AND owner.finished_at IS NULL
                      AND owner.heartbeat_at > now() - interval '30 days')
 ORDER BY run
"""
)
_OF_INTEGRATION: LiteralString = (
    _STAGED + " JOIN run AS owner ON owner.number = staged.run WHERE owner.integration_id = %s ORDER BY run"
)
# A Rollback that holds the row goes first.
_ENDED = """
UPDATE run SET marks_before = NULL WHERE rollback_until <= now() AND marks_before IS NOT NULL RETURNING number
"""
_FORGET_ROWS = "DELETE FROM row_history WHERE run = ANY (%s)"
_FORGET_CHANGES = "DELETE FROM change_log WHERE changed_at < now() - interval '30 days'"
# What the PSA refused, and what the user gave up, stays.
_FORGET_SENT = sql.SQL("DELETE FROM {} WHERE state = ANY (%s) AND settled_at < now() - interval '30 days'")
_SENT = {"local_change": ["Sent"], "outbox_note": ["Arrived"], "outbox_time_entry": ["Arrived"]}
_GIVE_WAY = "SET LOCAL lock_timeout = '2s'"


async def drop(connection: Connection, database: Database, run: int) -> None:
    """Drop what one run has staged."""
    await connection.execute(_GIVE_WAY)
    await forget(connection, database, run)


async def drop_all(connection: Connection, database: Database, integration: int) -> None:
    """Drop what the runs of an integration have staged; they have to be over."""
    rows = await connection.execute(_OF_INTEGRATION, (stage_schema(database), integration))
    for (run,) in await rows.fetchall():
        await drop(connection, database, run)


async def sweep(connection: Connection, database: Database) -> list[int]:
    """Drop what runs have staged that are over, or were left alone for long; returns their numbers."""
    rows = await connection.execute(_ABANDONED, (stage_schema(database),))
    runs = [run async for (run,) in rows]
    for run in runs:
        async with connection.transaction():
            await drop(connection, database, run)
    await forget_history(connection)
    return runs


async def forget_history(connection: Connection) -> None:
    """Forget what runs replaced that cannot be undone any more, and changes that everybody has seen."""
    async with connection.transaction():
        await connection.execute(_GIVE_WAY)
        ended = [run async for (run,) in await connection.execute(_ENDED)]
        if ended:
            await connection.execute(_FORGET_ROWS, (ended,))
        await connection.execute(_FORGET_CHANGES)
        for table, states in _SENT.items():
            await connection.execute(_FORGET_SENT.format(sql.Identifier(table)), (states,))
