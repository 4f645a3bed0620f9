"""Undoing a run: which live rows still are as it wrote them, and can become what they were before."""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs
from psycopg import sql

from psa_operator.errors import RollbackError
from psa_operator.store import delta, live
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.summary import by_action, samples_of_delta
from psa_operator.store.tables import CHILDREN, OF_TICKETS, TABLES, TECHNICIAN, TICKET, Table, same_row
from psa_operator.sync.entities import PARENTS
from psa_operator.sync.outcome import Counts, Difference

_UNDONE = """
SELECT undone.id, undone.number, undone.started_at, undone.finished_at
  FROM run AS undone JOIN run AS own ON own.rollback_of = undone.id
 WHERE own.number = %s
"""
# The clock and not the begin of the transaction: the sweeper may have forgotten the rows since.
_HOLD = """
SELECT FROM run
 WHERE number = %s AND marks_before IS NOT NULL AND rollback_until > clock_timestamp()
   AND rolled_back_by IS NULL
   FOR NO KEY UPDATE
"""
# The former row has the values that were sent before the run began.
_STILL_ITS_OWN = sql.SQL("""
INSERT INTO delta (entity, psa_id, member_id, action)
SELECT {code}, kept.psa_id, kept.member_id, CASE kept.action WHEN 'c' THEN 'd' WHEN 'd' THEN 'c' ELSE 'u' END
  FROM row_history AS kept
  LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND {same}
 WHERE kept.run = %(number)s AND kept.entity = {entity}
   AND CASE kept.action WHEN 'd' THEN live.integration_id IS NULL
                        ELSE live.changed_by_run = %(id)s END
   AND NOT ({ticket_name} = {entity}
            AND EXISTS (SELECT FROM local_value
                         WHERE psa_id = kept.psa_id AND (unsent <> '{{}}' OR sent_at > %(began)s)))
""")
# A ticket that was changed since keeps the people who are assigned now.
_KEEP_ASSIGNED = sql.SQL("""
DELETE FROM delta USING ticket AS live
 WHERE delta.entity = {code} AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
   AND NOT EXISTS (SELECT FROM delta AS own WHERE own.entity = {ticket} AND own.psa_id = live.psa_id)
   AND (live.changed_at > %(published)s
        OR EXISTS (SELECT FROM row_history AS kept
                    WHERE kept.run = %(number)s AND kept.entity = {ticket_name}
                      AND kept.psa_id = live.psa_id))
""")
# And its notes and time entries.
_KEEP_OF_TICKET = sql.SQL("""
DELETE FROM delta
 USING (SELECT kept.psa_id, coalesce(now.ticket_id, (kept.former ->> 'ticket_id')::bigint) AS ticket_id
          FROM row_history AS kept
          LEFT JOIN {live} AS now ON now.integration_id = %(integration)s AND now.psa_id = kept.psa_id
         WHERE kept.run = %(number)s AND kept.entity = {entity}) AS own
  JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = own.ticket_id
 WHERE delta.entity = {code} AND delta.psa_id = own.psa_id
   AND NOT EXISTS (SELECT FROM delta AS ticket WHERE ticket.entity = {ticket} AND ticket.psa_id = live.psa_id)
   AND (live.changed_at > %(published)s
        OR EXISTS (SELECT FROM row_history AS kept
                    WHERE kept.run = %(number)s AND kept.entity = {ticket_name}
                      AND kept.psa_id = live.psa_id))
""")
_LACKS_PARENT = sql.SQL("""
DELETE FROM delta USING row_history AS kept
 WHERE delta.entity = {code} AND delta.action IN ('c', 'u')
   AND kept.run = %(number)s AND kept.entity = {entity}
   AND kept.psa_id = delta.psa_id AND kept.member_id IS NOT DISTINCT FROM delta.member_id
   AND kept.former ->> {column} IS NOT NULL
   AND NOT EXISTS (SELECT FROM {parent} AS live
                    WHERE live.integration_id = %(integration)s
                      AND live.psa_id = (kept.former ->> {column})::bigint)
   AND NOT EXISTS (SELECT FROM delta AS returned
                    WHERE returned.entity = {parent_code} AND returned.action = 'c'
                      AND returned.psa_id = (kept.former ->> {column})::bigint)
""")
_CHANGED_SINCE = sql.SQL("""
(NOT EXISTS (SELECT FROM delta
              WHERE delta.entity = {code} AND delta.psa_id = kept.psa_id
                AND delta.member_id IS NOT DISTINCT FROM kept.member_id)
 AND (kept.action <> 'c'
      OR EXISTS (SELECT FROM {live} AS live WHERE live.integration_id = %(integration)s AND {same})))
""")
_NOTE_KEPT = sql.SQL("""
UPDATE row_history AS kept SET kept = true
 WHERE kept.run = %(number)s AND kept.entity = {entity} AND {changed_since}
""")
_COUNT = sql.SQL("""
SELECT count(*) FILTER (WHERE had), count(*) FILTER (WHERE had AND changed_since),
       count(*) FILTER (WHERE changed_since),
       (array_agg(DISTINCT psa_id) FILTER (WHERE changed_since))[:%(samples)s]
  FROM (SELECT kept.psa_id, kept.former IS NOT NULL AS had, {changed_since} AS changed_since
          FROM row_history AS kept WHERE kept.run = %(number)s AND kept.entity = {entity}) AS kept
""")
_SAMPLES = 20


class Undone(Struct, frozen=True):
    """The run that is undone, as the statements name it."""

    integration: int
    id: str
    number: int
    began: datetime
    published: datetime


async def find(connection: Connection, staging: Staging, integration: int) -> Undone:
    """The run that this one undoes."""
    row = await (await connection.execute(_UNDONE, (staging.run,))).fetchone()
    if row is None:
        raise AssertionError("the run to undo is noted before it is looked for")
    return Undone(integration, *row)


async def hold(connection: Connection, undone: Undone) -> None:
    """Keep the sweeper from forgetting the run's rows. Raises RollbackError if it was quicker."""
    if await (await connection.execute(_HOLD, (undone.number,))).fetchone() is None:
        raise RollbackError(
            "The time in which the run could be undone just ended. Nothing was changed. A Full run brings "
            "what the PSA has",
            reason="RollbackWindowEnded",
        )


async def compute(connection: Connection, undone: Undone) -> None:
    """Fill `delta`, which has to be there and empty, with what the undone run has left as it wrote it."""
    values = _values(undone)
    for table in TABLES.values():
        await connection.execute(_of(table, _STILL_ITS_OWN), values)
    # Without it the planner takes a large delta for an empty one.
    await connection.execute("ANALYZE delta")
    for table in TABLES.values():
        for column, parent in PARENTS.get(table.entity, {}).items():
            await connection.execute(_lacks_parent(table, column, TABLES[parent]), values)
    await connection.execute(_of(TECHNICIAN, _KEEP_ASSIGNED), values)
    for table in OF_TICKETS:
        await connection.execute(_of(table, _KEEP_OF_TICKET), values)
    for table in reversed(TABLES.values()):
        for child, column in CHILDREN[table.entity]:
            await connection.execute(delta.keep_referred(table, child, column), values)


async def summarize(connection: Connection, undone: Undone) -> Difference:
    """Say of `delta` what the engine decides by; what was changed since counts as unchanged."""
    done, counts, kept = await by_action(connection), {}, {}
    for table in TABLES.values():
        query = _of(table, _COUNT)
        row = await (await connection.execute(query, _values(undone))).fetchone()
        had, left, newer, ids = row or (0, 0, 0, None)
        each = done.get(table.entity, {})
        if had or newer or each:
            counts[table.entity] = Counts(
                fetched=had,
                created=each.get("c", 0),
                updated=each.get("u", 0),
                unchanged=left,
                deleted=each.get("d", 0),
                kept_newer=newer,
            )
        if ids:
            kept[table.entity] = ids
    before = await live.counts(connection, undone.integration)
    before[TICKET.entity] = await live.tickets_in_scope(connection, undone.integration)
    found = await samples_of_delta(connection, done)
    return Difference(counts=counts, live=before, samples=found, kept_newer=kept)


async def note_kept(connection: Connection, undone: Undone) -> None:
    """Mark in the history what was changed since, so that all of it can be listed."""
    for table in TABLES.values():
        await connection.execute(_of(table, _NOTE_KEPT), _values(undone))


def _lacks_parent(table: Table, column: str, parent: Table) -> sql.Composed:
    return _LACKS_PARENT.format(
        code=sql.Literal(table.code),
        entity=sql.Literal(table.entity),
        column=sql.Literal(column),
        parent=sql.Identifier(parent.name),
        parent_code=sql.Literal(parent.code),
    )


def _of(table: Table, shape: sql.SQL) -> sql.Composed:
    """A statement about one table."""
    named = {
        "code": sql.Literal(table.code),
        "entity": sql.Literal(table.entity),
        "live": sql.Identifier(table.name),
    }
    since = _CHANGED_SINCE.format(same=same_row(table, "kept"), **named)
    return shape.format(
        same=same_row(table, "kept"),
        changed_since=since,
        ticket=sql.Literal(TICKET.code),
        ticket_name=sql.Literal(TICKET.entity),
        **named,
    )


def _values(undone: Undone) -> dict[str, Any]:
    return structs.asdict(undone) | {"samples": _SAMPLES}
