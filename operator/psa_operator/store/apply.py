"""Carrying out `delta` on the live tables, and what belongs to the same commit."""

from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg import sql

from psa_operator.errors import LiveRowsLockedError
from psa_operator.store import local
from psa_operator.store.children import whole_for
from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import OF_TICKETS, STAGED, TECHNICIAN, TICKET, Table, identifiers
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark

# In the order of ids, as everybody should, and no stronger than needed: a foreign key of the portal's
# own tables does not wait for an update.
_LOCK = sql.SQL("""
SELECT count(*)
  FROM (SELECT FROM {live} AS live JOIN delta ON delta.entity = {code} AND delta.psa_id = live.psa_id
         WHERE live.integration_id = %(integration)s AND delta.action IN {actions}
         ORDER BY live.psa_id FOR {strength} OF live) AS locked
""")
_LOCK_TECHNICIANS = sql.SQL("""
SELECT count(*)
  FROM (SELECT FROM ticket_technician AS live
          JOIN delta ON (delta.psa_id, delta.member_id) = (live.ticket_id, live.member_id)
         WHERE live.integration_id = %(integration)s AND delta.entity = {code} AND delta.action IN ('d', 'l')
         ORDER BY live.ticket_id, live.member_id FOR UPDATE OF live) AS locked
""")
_INSERT = sql.SQL("""
INSERT INTO {live} (integration_id, {columns}, changed_by_run, changed_at)
SELECT %(integration)s, {incoming}, %(run_id)s, now()
  FROM {staged} AS new JOIN delta USING (psa_id)
 WHERE delta.entity = {code} AND delta.action = 'c'
 ORDER BY new.psa_id
""")
_UPDATE = sql.SQL("""
UPDATE {live} AS live
   SET ({columns}, stale, changed_by_run, changed_at) = ROW ({incoming}, false, %(run_id)s::uuid, now())
  FROM {staged} AS new JOIN delta USING (psa_id)
 WHERE delta.entity = {code} AND delta.action = 'u'
   AND live.integration_id = %(integration)s AND live.psa_id = new.psa_id
""")
_STALE = sql.SQL("""
UPDATE {live} AS live SET stale = true, changed_by_run = %(run_id)s, changed_at = now()
  FROM delta
 WHERE delta.entity = {code} AND delta.action = 'q'
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
""")
_HIDE = """
UPDATE ticket AS live SET out_of_scope = delta.reason, changed_by_run = %(run_id)s, changed_at = now()
  FROM delta
 WHERE delta.entity = %(code)s AND delta.action = 'o'
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
"""
_DELETE = sql.SQL("""
DELETE FROM {live} AS live USING delta
 WHERE delta.entity = {code} AND delta.action IN ('d', 'l')
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
""")
_INSERT_TECHNICIANS = sql.SQL("""
INSERT INTO ticket_technician (integration_id, ticket_id, member_id, changed_by_run, changed_at)
SELECT %(integration)s, psa_id, member_id, %(run_id)s, now()
  FROM delta WHERE entity = {code} AND action = 'c'
 ORDER BY psa_id, member_id
""")
_DELETE_TECHNICIANS = sql.SQL("""
DELETE FROM ticket_technician AS live USING delta
 WHERE delta.entity = {code} AND delta.action IN ('d', 'l') AND live.integration_id = %(integration)s
   AND (live.ticket_id, live.member_id) = (delta.psa_id, delta.member_id)
""")
_FITS_AGAIN = sql.SQL("""
DELETE FROM quarantine AS bad
 WHERE bad.integration_id = %(integration)s AND bad.entity = %(name)s
   AND NOT EXISTS (SELECT FROM refused
                    WHERE (refused.run, refused.entity, refused.psa_id) = (%(run)s, bad.entity, bad.psa_id))
   AND ({told} OR {of_whole}
        OR EXISTS (SELECT FROM {staged} AS good WHERE good.psa_id = bad.psa_id AND origin IS NULL)
        OR EXISTS (SELECT FROM delta WHERE entity = {code} AND psa_id = bad.psa_id AND action IN ('d', 'l')))
""")
_OF_WHOLE = sql.SQL("""
(bad.ticket_id IN (SELECT psa_id FROM ({whole}) AS whole)
 OR NOT EXISTS (SELECT FROM ticket
                 WHERE (ticket.integration_id, ticket.psa_id) = (bad.integration_id, bad.ticket_id)))
""")
_QUARANTINE = """
INSERT INTO quarantine AS bad
       (integration_id, entity, psa_id, ticket_id, field, reason, raw, run_id, first_seen_at, last_seen_at)
SELECT %(integration)s, entity, psa_id, ticket_id, field, reason, raw, %(run_id)s, now(), now()
  FROM refused WHERE run = %(run)s
ON CONFLICT (integration_id, entity, psa_id)
DO UPDATE SET field = excluded.field, reason = excluded.reason, raw = excluded.raw,
              ticket_id = excluded.ticket_id, run_id = excluded.run_id, last_seen_at = excluded.last_seen_at
"""
_MARK = """
INSERT INTO mark (integration_id, entity, watermark, covered_until)
VALUES (%(integration)s, %(entity)s, %(watermark)s, %(covered_until)s)
ON CONFLICT (integration_id, entity)
DO UPDATE SET watermark = excluded.watermark, covered_until = excluded.covered_until
"""
_FORGET_MARKS = "DELETE FROM mark WHERE integration_id = %(integration)s AND entity = ANY (%(entities)s)"
# Back under the settings of the last Full run, a run cannot know what was left out meanwhile.
_OTHER_CONFIG = """
UPDATE integration SET last_full_config = rtrim(last_full_config, '*') || '*'
 WHERE id = %(integration)s AND last_full_config <> %(config)s
"""
_FULL_CONFIG = "UPDATE integration SET last_full_config = %(config)s WHERE id = %(integration)s"
_SUCCEEDED = """
UPDATE run
   SET phase = 'Succeeded', end_reason = 'Succeeded', end_message = '', report = %(report)s,
       active = false, finished_at = now(), heartbeat_at = now()
 WHERE id = %(run_id)s
"""


async def lock(connection: Connection, integration: int) -> None:
    """Lock the live rows that `delta` names."""
    values = {"integration": integration}
    for table in STAGED:
        await _lock(connection, table, values)
    await _execute(connection, _LOCK_TECHNICIANS, TECHNICIAN, values)


async def apply(connection: Connection, staging: Staging, claim: Claim) -> None:
    """Insert and update parents first, then delete children first; the rows are locked."""
    values = {"integration": claim.integration, "run_id": claim.run_id}
    done = {"c": 0, "u": 0, "d": 0, "o": 0}
    for table in STAGED:
        done["c"] += await _write(connection, staging, _INSERT, table, values)
        done["u"] += await _write(connection, staging, _UPDATE, table, values)
        await _execute(connection, _STALE, table, values)
    done["o"] += (await connection.execute(_HIDE, values | {"code": TICKET.code})).rowcount
    done["d"] += await _execute(connection, _DELETE_TECHNICIANS, TECHNICIAN, values)
    done["c"] += await _execute(connection, _INSERT_TECHNICIANS, TECHNICIAN, values)
    for table in reversed(STAGED):
        done["d"] += await _execute(connection, _DELETE, table, values)
    await check(connection, done)


async def settle(
    connection: Connection, staging: Staging, worker: Worker, marks: Mapping[Entity, Mark], report: Report
) -> None:
    """Quarantine, marks, and the end of the run."""
    claim = worker.claim
    values: dict[str, Any] = {"integration": claim.integration, "run_id": claim.run_id, "run": claim.run}
    for table in STAGED:
        fits = _FITS_AGAIN.format(
            told=staging.among(table.entity, "bad.psa_id")
            if staging.exact(table.entity)
            else sql.SQL("false"),
            of_whole=_of_whole(staging, table),
            staged=staging.rows(table.name),
            code=sql.Literal(table.code),
        )
        await connection.execute(fits, values | {"name": table.entity})
    await connection.execute(_QUARANTINE, values)
    for entity, mark in marks.items():
        await connection.execute(_MARK, values | {"entity": entity} | msgspec.structs.asdict(mark))
    if not staging.only.limited:
        await _settle_settings(connection, staging, worker, values)
    await local.note_arrivals(connection, staging, claim)
    await local.discard(connection, staging, claim, worker.spec)
    if report.local:
        report.local = await local.outcome(connection, claim)
    written = msgspec.json.encode(report).decode()
    await connection.execute(_SUCCEEDED, values | {"report": written})


def _of_whole(staging: Staging, table: Table) -> sql.Composable:
    """What was not refused again, though all of its ticket's were read, is gone, as is what has no ticket."""
    if table not in OF_TICKETS:
        return sql.SQL("false")
    return _OF_WHOLE.format(whole=whole_for(staging, table))


async def _settle_settings(
    connection: Connection, staging: Staging, worker: Worker, values: dict[str, Any]
) -> None:
    left_out = sorted(worker.spec.scope.left_out)
    await connection.execute(_FORGET_MARKS, values | {"entities": left_out})
    config = values | {"config": worker.spec.config_hash}
    if staging.mode is Mode.FULL:
        await connection.execute(_FULL_CONFIG, config)
    elif staging.mode is Mode.QUICK:
        await connection.execute(_OTHER_CONFIG, config)


async def _lock(connection: Connection, table: Table, values: dict[str, Any]) -> None:
    for actions, strength in (("('u', 'q', 'o')", "NO KEY UPDATE"), ("('d', 'l')", "UPDATE")):
        statement = _LOCK.format(
            live=sql.Identifier(table.name),
            code=sql.Literal(table.code),
            actions=sql.SQL(actions),
            strength=sql.SQL(strength),
        )
        await connection.execute(statement, values)


async def _write(
    connection: Connection, staging: Staging, shape: sql.SQL, table: Table, values: dict[str, Any]
) -> int:
    columns = table.compared if shape is _UPDATE else ("psa_id", *table.compared)
    statement = shape.format(
        live=sql.Identifier(table.name),
        columns=identifiers(columns),
        incoming=identifiers(columns, "new"),
        staged=staging.rows(table.name),
        code=sql.Literal(table.code),
    )
    return (await connection.execute(statement, values)).rowcount


async def _execute(connection: Connection, shape: sql.SQL, table: Table, values: dict[str, Any]) -> int:
    statement = shape.format(live=sql.Identifier(table.name), code=sql.Literal(table.code))
    return (await connection.execute(statement, values)).rowcount


async def check(connection: Connection, done: Mapping[str, int]) -> None:
    """The counts that are reported are those of `delta`, so every row of it must have been there."""
    query = "SELECT replace(action::text, 'l', 'd'), count(*) FROM delta WHERE action <> 'q' GROUP BY 1"
    planned = {action: number async for action, number in await connection.execute(query)}
    if {action: number for action, number in done.items() if number} != planned:
        raise LiveRowsLockedError("Live rows were changed by others while they were being published")
