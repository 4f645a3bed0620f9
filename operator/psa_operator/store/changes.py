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
# Tickets that come into sight or go out of it, and are live before and after.
_TURNED = sql.SQL("""
SELECT delta.psa_id
  FROM delta
  JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
  LEFT JOIN {incoming} AS new ON new.psa_id = delta.psa_id
 WHERE delta.entity = {code}
   AND (delta.action = 'o'
        OR (delta.action = 'u' AND (live.out_of_scope IS NULL) <> (new.out_of_scope IS NULL)))
""")
_ALONG = sql.SQL("""
UNION ALL
SELECT {ids}, 'k'
  FROM {live} AS live JOIN turned ON turned.psa_id = live.ticket_id
 WHERE live.integration_id = %(integration)s
   AND NOT EXISTS (SELECT FROM delta WHERE delta.entity = {code} AND {same})
""")
_EMIT = sql.SQL("""
WITH turned AS MATERIALIZED ({turned}),
     change AS (SELECT psa_id, member_id, action FROM delta WHERE entity = {code} {along})
INSERT INTO change_log (integration_id, run_id, entity, psa_id, member_id, action, columns)
SELECT %(integration)s, %(run_id)s, {entity}, psa_id, member_id,
       CASE WHEN NOT was_shown THEN 'created' WHEN NOT is_shown THEN 'deleted' ELSE 'updated' END,
       CASE WHEN was_shown AND is_shown THEN columns END
  FROM (SELECT delta.psa_id, delta.member_id,
               delta.action <> 'c' AND {was_shown} AS was_shown,
               delta.action NOT IN ('d', 'l', 'o') AND {is_shown} AS is_shown,
               array_remove(ARRAY[{changed}]::text[], NULL) AS columns
          FROM change AS delta
          LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND {same}
          LEFT JOIN {incoming} AS new ON new.psa_id = delta.psa_id AND delta.member_id IS NULL
          LEFT JOIN turned ON turned.psa_id = {ticket}) AS seen
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
               AND ticket.psa_id = {ticket})
""")
_BELONGING = (*OF_TICKETS, TECHNICIAN)
# Before and after. Of what is out of scope, and of what belongs to it, readers see nothing.
_SHOWN_TICKET = (
    sql.SQL("live.out_of_scope IS NULL"),
    sql.SQL("CASE delta.action WHEN 'q' THEN live.out_of_scope ELSE new.out_of_scope END IS NULL"),
)

Incoming = Callable[[Table], sql.Composed]
"""Where the rows are that are about to be live, with `psa_id`, what is compared, and `stale`."""


def of_stage(staging: Staging) -> Incoming:
    """The staged rows."""
    return lambda table: _STAGED.format(rows=staging.rows(table.name))


async def emit(connection: Connection, claim: Claim, incoming: Incoming) -> None:
    """Log what `delta` is about to change, its rows being locked."""
    touched = {code async for (code,) in await connection.execute(_TOUCHED)}
    if TICKET.code in touched:
        touched |= {table.code for table in _BELONGING}
    for table in TABLES.values():
        if table.code in touched:
            await connection.execute(_emission(table, incoming), _values(claim))


async def emit_baseline(connection: Connection, claim: Claim) -> None:
    """Log the first load, or a run before it, all its rows as one event."""
    await connection.execute(_BASELINE, _values(claim))


def _emission(table: Table, incoming: Incoming) -> sql.Composed:
    was_shown, is_shown = _shown(table)
    return _EMIT.format(
        turned=_TURNED.format(code=sql.Literal(TICKET.code), incoming=incoming(TICKET)),
        along=_along(table),
        entity=sql.Literal(table.entity),
        code=sql.Literal(table.code),
        live=sql.Identifier(table.name),
        same=same_row(table, "delta"),
        incoming=_NONE if table is TECHNICIAN else incoming(table),
        ticket=_ticket_after(table),
        was_shown=was_shown,
        is_shown=is_shown,
        changed=sql.SQL("NULL") if table is TECHNICIAN else _changed(table),
    )


def _along(table: Table) -> sql.Composable:
    """What belongs to tickets that come into sight or go out of it, and is itself as it was."""
    if table not in _BELONGING:
        return sql.SQL("")
    ids = "live.ticket_id, live.member_id" if table is TECHNICIAN else "live.psa_id, NULL"
    return _ALONG.format(
        ids=sql.SQL(ids),
        live=sql.Identifier(table.name),
        code=sql.Literal(table.code),
        same=same_row(table, "delta"),
    )


def _shown(table: Table) -> tuple[sql.Composable, sql.Composable]:
    """Whether readers saw a row before, and whether they are going to."""
    if table is TICKET:
        return _SHOWN_TICKET
    if table not in _BELONGING:
        return _ALWAYS
    after = _OF_VISIBLE.format(ticket=_ticket_after(table))
    return _OF_VISIBLE.format(ticket=sql.SQL("live.ticket_id")), sql.SQL(
        "({} <> (turned.psa_id IS NOT NULL))"
    ).format(after)


def _ticket_after(table: Table) -> sql.Composable:
    """The ticket that a row is going to belong to."""
    if table is TECHNICIAN:
        return sql.SQL("delta.psa_id")
    return sql.SQL("coalesce(new.ticket_id, live.ticket_id)" if table in OF_TICKETS else "NULL")


def _changed(table: Table) -> sql.Composed:
    """The names of the columns that differ."""
    columns = [
        _CHANGED.format(column=sql.Identifier(column), name=sql.Literal(column)) for column in table.compared
    ]
    return sql.SQL(", ").join([*columns, _BECAME_STALE])


def _values(claim: Claim) -> dict[str, Any]:
    return {"integration": claim.integration, "run_id": claim.run_id}
