"""What `delta` and the stage come to, in numbers, counted from the tables."""

from collections.abc import Mapping
from typing import Any

from psycopg import sql

from psa_operator.store import live
from psa_operator.store.connection import Connection
from psa_operator.store.delta import in_scope, wanted
from psa_operator.store.staging import LISTED, Extent, Staging
from psa_operator.store.tables import OF_TICKETS, TABLES, TECHNICIAN, TICKET, Table
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Counts, Difference
from psa_operator.sync.scope import TICKET_OUT_OF_SCOPE

_SAMPLES = 10
_MANY_TICKETS = 10
_ACTION = {"c": "created", "u": "updated", "d": "deleted", "l": "deleted"}

_ACTIONS = "SELECT entity, action::text, count(*) FROM delta GROUP BY entity, action"
_LEFT_BEHIND = "SELECT reason, count(*) FROM delta WHERE action = 'o' GROUP BY reason ORDER BY reason"
_REFUSED = "SELECT entity, count(*) FROM refused WHERE run = %(run)s GROUP BY entity"
# A stub for a record that was refused is created, but what was fetched is the refused record.
_FETCHED = sql.SQL("""
SELECT count(*) FILTER (WHERE origin IS NULL OR refused.psa_id IS NULL),
       count(*) FILTER (WHERE origin = 'stub' AND refused.psa_id IS NOT NULL)
  FROM {staged} AS new
  LEFT JOIN refused ON refused.run = new.run AND refused.entity = {entity} AND refused.psa_id = new.psa_id
 WHERE origin IS DISTINCT FROM 'live' AND ({in_scope} OR {has_live})
""")
_LISTED_HERE = sql.SQL("""
SELECT count(*) FROM (SELECT DISTINCT psa_id FROM {listed} AS listed WHERE entity = {entity}) AS new
 WHERE {has_live}
""")
_HAS_LIVE = sql.SQL("""
EXISTS (SELECT FROM {live} AS live WHERE live.integration_id = %(integration)s AND live.psa_id = new.psa_id)
""")
_PAIRS = sql.SQL("SELECT count(*) FROM ({wanted}) AS pairs")
_DROPPED = sql.SQL("""
SELECT out_of_scope, count(*) FROM {staged} AS new
 WHERE out_of_scope IS NOT NULL AND NOT {has_live}
 GROUP BY out_of_scope
""")
_WITHOUT_TICKET = sql.SQL("""
SELECT count(*) FROM {staged} AS new WHERE origin IS NULL AND NOT {of_visible} AND NOT {has_live}
""")
_TICKETS_AFTER = sql.SQL("""
SELECT (SELECT count(*) FROM ticket WHERE integration_id = %(integration)s AND out_of_scope IS NULL)
       + count(*) FILTER (WHERE delta.action IN ('c', 'u') AND new.out_of_scope IS NULL)
       - count(*) FILTER (WHERE delta.action IN ('u', 'd', 'l', 'o')
                            AND live.psa_id IS NOT NULL AND live.out_of_scope IS NULL)
  FROM delta
  LEFT JOIN {staged} AS new ON new.psa_id = delta.psa_id
  LEFT JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
 WHERE delta.entity = {code}
""")
_ABSENT_AFTER = """
SELECT count(*) FROM refused
 WHERE run = %(run)s AND entity = 'tickets'
   AND NOT EXISTS (SELECT FROM ticket WHERE integration_id = %(integration)s AND psa_id = refused.psa_id)
"""
_CHOSEN = """
SELECT known.entity, known.action, chosen.psa_id
  FROM unnest(%(entities)s::smallint[], %(actions)s::text[]) AS known (entity, action),
       LATERAL (SELECT psa_id FROM delta
                 WHERE delta.entity = known.entity AND delta.action = known.action::"char"
                 ORDER BY psa_id LIMIT %(samples)s) AS chosen
 ORDER BY known.entity, chosen.psa_id
"""
_EMPTIED = sql.SQL("""
WITH had AS (SELECT {column} AS id
               FROM ticket AS live
              WHERE integration_id = %(integration)s AND out_of_scope IS NULL AND {column} IS NOT NULL
                AND NOT EXISTS (SELECT FROM delta WHERE delta.entity = {ticket}
                                   AND delta.psa_id = live.psa_id AND delta.action = 'l')
              GROUP BY {column} HAVING count(*) > %(many)s),
     kept AS (SELECT {column} AS id FROM {staged} AS staged WHERE out_of_scope IS NULL
              UNION
              SELECT {column} AS id
                FROM ticket AS live
               WHERE integration_id = %(integration)s AND out_of_scope IS NULL
                 AND NOT EXISTS (SELECT FROM delta WHERE delta.entity = {ticket}
                                    AND delta.psa_id = live.psa_id AND delta.action IN ('u', 'd', 'l')))
SELECT parent.psa_id, parent.name
  FROM had JOIN {parent} AS parent ON parent.integration_id = %(integration)s AND parent.psa_id = had.id
 WHERE NOT EXISTS (SELECT FROM kept WHERE kept.id = had.id)
 ORDER BY parent.name
""")
# What is changed and is on an emptied board now will be on another one.
_MOVED = sql.SQL("""
SELECT count(*)
  FROM delta JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
 WHERE delta.entity = {ticket} AND delta.action = 'u' AND live.out_of_scope IS NULL
   AND (live.board_id = ANY (%(board)s) OR live.company_id = ANY (%(company)s))
""")


TIME_ENTRY = TABLES[Entity.TIME_ENTRIES]

Counted = dict[Entity, Counts]


async def count(
    connection: Connection, staging: Staging, integration: int, repaired: Mapping[Entity, int]
) -> Counted:
    """Count what `delta` would do to the live tables, before it does."""
    values = {"integration": integration, "run": staging.run}
    return await _all_counts(connection, staging, values, repaired, await by_action(connection))


async def summarize(
    connection: Connection, staging: Staging, integration: int, repaired: Mapping[Entity, int]
) -> Difference:
    """Say of `delta` what the engine decides by."""
    values = {"integration": integration, "run": staging.run}
    actions = await by_action(connection)
    counts = await _all_counts(connection, staging, values, repaired, actions)
    before = await live.counts(connection, integration)
    before[Entity.TICKETS] = await live.tickets_in_scope(connection, integration)
    emptied, moved = await _emptied(connection, staging, values)
    return Difference(
        counts=counts,
        live=before,
        emptied=emptied,
        moved=moved,
        samples=await samples_of_delta(connection, actions),
        dropped=await _dropped(connection, staging, values),
        tickets_after=await _tickets_after(connection, staging, values),
        left_behind=dict(await (await connection.execute(_LEFT_BEHIND)).fetchall()),
        absent_after=await _number(connection, sql.SQL(_ABSENT_AFTER), values),
    )


async def _all_counts(
    connection: Connection,
    staging: Staging,
    values: dict[str, Any],
    repaired: Mapping[Entity, int],
    actions: Mapping[Entity, dict[str, int]],
) -> Counted:
    counts = {
        entity: await _counts(connection, staging, table, values, actions.get(entity, {}))
        for entity, table in TABLES.items()
        if staging.extent(entity) is not Extent.NOTHING
    }
    for entity, number in repaired.items():
        counts[entity].repaired = number
    return counts


async def by_action(connection: Connection) -> dict[Entity, dict[str, int]]:
    """How often each action is in `delta`."""
    entities = list(Entity)
    found: dict[Entity, dict[str, int]] = {}
    async for code, action, number in await connection.execute(_ACTIONS):
        found.setdefault(entities[code], {})[action] = number
    return found


async def _counts(
    connection: Connection, staging: Staging, table: Table, values: dict[str, Any], actions: dict[str, int]
) -> Counts:
    refused, stubs = 0, 0
    if table is TECHNICIAN:
        fetched = await _number(connection, _PAIRS.format(wanted=wanted(staging)), values)
    elif staging.extent(table.entity) is Extent.IDS:
        fetched = await _number(connection, _listed_here(staging, table), values)
    else:
        query = _FETCHED.format(
            staged=staging.rows(table.name),
            entity=sql.Literal(table.entity),
            in_scope=in_scope(staging, table),
            has_live=_has_live(table) if _has_hidden(staging, table) else sql.SQL("false"),
        )
        fetched, stubs = await (await connection.execute(query, values)).fetchone() or (0, 0)
        rows = await connection.execute(_REFUSED, values)
        refused = {entity: number async for entity, number in rows}.get(table.entity, 0)
    created, updated = actions.get("c", 0) - stubs, actions.get("u", 0)
    return Counts(
        fetched=fetched + refused,
        created=created,
        updated=updated,
        unchanged=fetched - created - updated,
        deleted=actions.get("d", 0) + actions.get("l", 0),
        unguarded=actions.get("l", 0),
        quarantined=refused,
    )


def _has_hidden(staging: Staging, table: Table) -> bool:
    """Whether staged rows can be written that readers will not see."""
    return table not in OF_TICKETS and not staging.exact(table.entity)


async def _emptied(connection: Connection, staging: Staging, values: dict[str, Any]) -> tuple[list[str], int]:
    """Boards and companies that would have no ticket, and how many of theirs move."""
    names: list[str] = []
    ids: dict[str, list[int]] = {}
    if staging.extent(Entity.TICKETS) not in {Extent.ALL, Extent.NAMED, Extent.IDS}:
        return names, 0
    for parent, column in (("board", "board_id"), ("company", "company_id")):
        query = _EMPTIED.format(
            ticket=sql.Literal(TICKET.code),
            column=sql.Identifier(column),
            staged=staging.rows(TICKET.name),
            parent=sql.Identifier(parent),
        )
        rows = await (await connection.execute(query, values | {"many": _MANY_TICKETS})).fetchall()
        ids[parent] = [psa_id for psa_id, _ in rows]
        names += [f'{parent} "{name}"' for _, name in rows]
    moved = _MOVED.format(ticket=sql.Literal(TICKET.code))
    return names, await _number(connection, moved, values | ids) if names else 0


async def samples_of_delta(
    connection: Connection, actions: Mapping[Entity, Mapping[str, int]]
) -> dict[Entity, dict[str, list[int]]]:
    """A few ids by action, of those that are in `delta`."""
    entities = list(Entity)
    wanted_of = {TABLES[entity].code: each.keys() & _ACTION for entity, each in actions.items()}
    wanted_of.pop(TECHNICIAN.code, None)
    pairs = [(code, action) for code, each in wanted_of.items() for action in each]
    values = {
        "entities": [code for code, _ in pairs],
        "actions": [action for _, action in pairs],
        "samples": _SAMPLES,
    }
    samples: dict[Entity, dict[str, list[int]]] = {}
    async for code, action, psa_id in await connection.execute(_CHOSEN, values):
        samples.setdefault(entities[code], {}).setdefault(_ACTION[action], []).append(psa_id)
    return samples


async def _dropped(connection: Connection, staging: Staging, values: dict[str, Any]) -> dict[str, int]:
    query = _DROPPED.format(staged=staging.rows(TICKET.name), has_live=_has_live(TICKET))
    found = {reason: number async for reason, number in await connection.execute(query, values)}
    without_ticket = _WITHOUT_TICKET.format(
        staged=staging.rows(TIME_ENTRY.name),
        of_visible=in_scope(staging, TIME_ENTRY),
        has_live=_has_live(TIME_ENTRY),
    )
    entries = await _number(connection, without_ticket, values)
    return found | ({TICKET_OUT_OF_SCOPE: entries} if entries else {})


async def _tickets_after(connection: Connection, staging: Staging, values: dict[str, Any]) -> int:
    query = _TICKETS_AFTER.format(staged=staging.rows(TICKET.name), code=sql.Literal(TICKET.code))
    return await _number(connection, query, values)


async def _number(connection: Connection, query: sql.SQL | sql.Composed, values: dict[str, Any]) -> int:
    (number,) = await (await connection.execute(query, values)).fetchone() or (0,)
    return int(number)


def _has_live(table: Table) -> sql.Composed:
    return _HAS_LIVE.format(live=sql.Identifier(table.name))


def _listed_here(staging: Staging, table: Table) -> sql.Composed:
    return _LISTED_HERE.format(
        listed=staging.rows(LISTED), entity=sql.Literal(table.entity), has_live=_has_live(table)
    )
