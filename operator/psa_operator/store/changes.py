"""The change log: what readers of the live tables see change, each change once."""

from collections.abc import Callable
from typing import Any

from psycopg import sql

from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import OF_TICKETS, TABLES, TECHNICIAN, TICKET, Table, same_row

_TOUCHED = "SELECT DISTINCT entity FROM delta"
_BASELINE = """
INSERT INTO change_log (integration_id, run_id, action)
SELECT %(integration)s, %(run_id)s, 'baseline' WHERE EXISTS (SELECT FROM delta)
"""
_EMIT = sql.SQL("""
INSERT INTO change_log (integration_id, run_id, entity, psa_id, member_id, action, columns)
SELECT %(integration)s, %(run_id)s, {entity}, psa_id, member_id,
       CASE WHEN NOT was_shown THEN 'created' WHEN NOT is_shown THEN 'deleted' ELSE 'updated' END,
       CASE WHEN was_shown AND is_shown THEN columns END
  FROM (SELECT delta.psa_id, delta.member_id,
               delta.action <> 'c' AND {was_shown} AS was_shown,
               delta.action NOT IN ('d', 'l', 'o') AND {is_shown} AS is_shown,
               array_remove(ARRAY[{changed}]::text[], NULL) AS columns
          FROM delta
          LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND {same}
          LEFT JOIN {incoming} AS new ON new.psa_id = delta.psa_id AND delta.member_id IS NULL
         WHERE delta.entity = {code}) AS change
 WHERE was_shown <> is_shown OR (was_shown AND columns <> '{{}}')
 ORDER BY psa_id, member_id
""")
_CHANGED = sql.SQL(
    "CASE WHEN delta.action = 'u' AND live.{column} IS DISTINCT FROM new.{column} THEN {name} END"
)
_BECAME_STALE = sql.SQL(
    "CASE WHEN delta.action = 'q' OR (delta.action = 'u' AND live.stale <> new.stale) THEN 'stale' END"
)
_STAGED = sql.SQL("(SELECT staged.*, false AS stale FROM {rows} AS staged)")
_NONE = sql.SQL("(SELECT NULL::bigint AS psa_id)")

_ALWAYS = (sql.SQL("true"), sql.SQL("true"))
_OF_VISIBLE = sql.SQL("""
NOT EXISTS (SELECT FROM ticket
             WHERE ticket.integration_id = %(integration)s AND ticket.out_of_scope IS NOT NULL
               AND ticket.psa_id = coalesce(live.ticket_id, new.ticket_id))
""")
# Before and after. Of what is out of scope, and of what belongs to it, readers see nothing.
_SHOWN = {
    TICKET.entity: (
        sql.SQL("live.out_of_scope IS NULL"),
        sql.SQL("CASE delta.action WHEN 'q' THEN live.out_of_scope ELSE new.out_of_scope END IS NULL"),
    ),
    TECHNICIAN.entity: (
        sql.SQL("""
        NOT EXISTS (SELECT FROM ticket WHERE ticket.integration_id = %(integration)s
                       AND ticket.psa_id = delta.psa_id AND ticket.out_of_scope IS NOT NULL)
        """),
    )
    * 2,
    **{table.entity: (_OF_VISIBLE, _OF_VISIBLE) for table in OF_TICKETS},
}

Incoming = Callable[[Table], sql.Composed]
"""Where the rows are that are about to be live, with `psa_id`, what is compared, and `stale`."""


def of_stage(staging: Staging) -> Incoming:
    """The staged rows."""
    return lambda table: _STAGED.format(rows=staging.rows(table.name))


async def emit(connection: Connection, claim: Claim, incoming: Incoming) -> None:
    """Log what `delta` is about to change, its rows being locked."""
    touched = {code async for (code,) in await connection.execute(_TOUCHED)}
    for table in TABLES.values():
        if table.code in touched:
            await connection.execute(_emission(table, incoming), _values(claim))


async def emit_baseline(connection: Connection, claim: Claim) -> None:
    """Log the first load, or a run before it, all its rows as one event."""
    await connection.execute(_BASELINE, _values(claim))


def _emission(table: Table, incoming: Incoming) -> sql.Composed:
    was_shown, is_shown = _SHOWN.get(table.entity, _ALWAYS)
    return _EMIT.format(
        entity=sql.Literal(table.entity),
        code=sql.Literal(table.code),
        live=sql.Identifier(table.name),
        same=same_row(table, "delta"),
        incoming=_NONE if table is TECHNICIAN else incoming(table),
        was_shown=was_shown,
        is_shown=is_shown,
        changed=sql.SQL("NULL") if table is TECHNICIAN else _changed(table),
    )


def _changed(table: Table) -> sql.Composed:
    """The names of the columns that differ."""
    columns = [
        _CHANGED.format(column=sql.Identifier(column), name=sql.Literal(column)) for column in table.compared
    ]
    return sql.SQL(", ").join([*columns, _BECAME_STALE])


def _values(claim: Claim) -> dict[str, Any]:
    return {"integration": claim.integration, "run_id": claim.run_id}
