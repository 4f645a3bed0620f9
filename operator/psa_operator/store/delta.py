"""Which live rows publishing would create, update, delete or mark stale: computed into a temporary table."""

from typing import Any, LiteralString

from psycopg import sql

from psa_operator.store import children, local
from psa_operator.store.connection import Connection
from psa_operator.store.staging import LISTED, Extent, Staging
from psa_operator.store.tables import CHILDREN, OF_TICKETS, STAGED, TECHNICIAN, TICKET, Table, identifiers
from psa_operator.sync.entities import PROJECT_TICKETS
from psa_operator.sync.scope import COMPANY_EXCLUDED, OUTSIDE_DATE_RANGE, ResolvedScope
from psa_operator.sync.spec import DateField

WORKSPACE: LiteralString = """
CREATE TEMPORARY TABLE IF NOT EXISTS delta (
    entity     smallint NOT NULL,
    psa_id     bigint NOT NULL,
    member_id  bigint,
    action     "char" NOT NULL,
    reason     text,
    UNIQUE NULLS NOT DISTINCT (entity, psa_id, member_id)
) ON COMMIT DELETE ROWS
"""
"""Actions: c create, u update, q mark as quarantined, d delete, l delete what is out of scope now
or belongs to a ticket that goes, o hide, for this reason, what left the scope without a change."""

# What was live before this run, and yet is stamped after its begin, has its stamp from a PSA's clock that was
# fast: the PSA's newer records would look older for as long.
_NEWER = sql.SQL("""
(coalesce(new.updated_at, '-infinity') >= coalesce(live.updated_at, '-infinity')
 OR (live.updated_at > (SELECT began FROM stage WHERE run = %(run)s)
     AND live.changed_at < (SELECT started_at FROM run WHERE number = %(run)s)))
""")
# A Full run compares every column and has no newer-than guard: damage by hand changes no time stamp.
_WHOLE = sql.SQL("""
INSERT INTO delta (entity, psa_id, action)
SELECT {code}, psa_id,
       CASE WHEN live.integration_id IS NULL THEN 'c' WHEN new.run IS NULL THEN 'd' ELSE 'u' END
  FROM (SELECT * FROM {live} WHERE integration_id = %(integration)s AND {among}) AS live
  FULL JOIN (SELECT * FROM {staged} AS new WHERE {in_scope}) AS new USING (psa_id)
 WHERE live.integration_id IS NULL OR new.run IS NULL
    OR (new.origin IS NULL AND (live.stale OR ({was}) IS DISTINCT FROM ({becomes})))
""")
_CHANGES = sql.SQL("""
INSERT INTO delta (entity, psa_id, action)
SELECT {code}, new.psa_id, CASE WHEN live.psa_id IS NULL THEN 'c' ELSE 'u' END
  FROM {staged} AS new
  LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND live.psa_id = new.psa_id
 WHERE (live.psa_id IS NULL AND {in_scope})
    OR (live.psa_id IS NOT NULL AND new.origin IS NULL AND {newer}
        AND (live.stale OR ({was}) IS DISTINCT FROM ({becomes})))
""")
_ABSENT = sql.SQL("""
INSERT INTO delta (entity, psa_id, action)
SELECT {code}, psa_id, 'd'
  FROM (SELECT psa_id FROM {live} AS live WHERE integration_id = %(integration)s
        EXCEPT
        SELECT psa_id FROM {listed} AS listed WHERE entity = {name}) AS gone
ON CONFLICT DO NOTHING
""")
_KEEP_QUARANTINED = """
DELETE FROM delta USING refused
 WHERE refused.run = %(run)s AND refused.entity = %(name)s
   AND delta.entity = %(code)s AND delta.psa_id = refused.psa_id AND delta.action = 'd'
"""
_MARK_QUARANTINED = sql.SQL("""
INSERT INTO delta (entity, psa_id, action)
SELECT %(code)s, live.psa_id, 'q'
  FROM refused JOIN {live} AS live ON live.integration_id = %(integration)s AND live.psa_id = refused.psa_id
 WHERE refused.run = %(run)s AND refused.entity = %(name)s AND NOT live.stale
ON CONFLICT DO NOTHING
""")
_OUTSIDE = sql.SQL("""
(%(dated)s AND (live.{stamp} >= coalesce(%(start)s, '-infinity'::timestamptz)
                AND live.{stamp} < coalesce(%(end)s, 'infinity'::timestamptz)) IS NOT TRUE)
""")
# Not what is stale: what the PSA has now may have another date or company.
_LEFT_BEHIND = sql.SQL("""
INSERT INTO delta (entity, psa_id, action, reason)
SELECT {code}, psa_id, 'o', CASE WHEN {outside} THEN {by_date} ELSE {by_company} END
  FROM ticket AS live
 WHERE integration_id = %(integration)s AND out_of_scope IS NULL AND NOT stale AND {among}
   AND ({outside} OR company_id = ANY (%(excluded_companies)s))
ON CONFLICT DO NOTHING
""")
_LEFT_SCOPE = sql.SQL("""
UPDATE delta SET action = 'l'
  FROM ticket AS live
 WHERE delta.entity = {code} AND delta.action = 'd'
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
   AND (live.out_of_scope IS NOT NULL
        OR EXISTS (SELECT FROM {staged} AS staged WHERE staged.psa_id = live.psa_id)
        OR (%(boards)s::bigint[] IS NOT NULL AND (live.board_id = ANY (%(boards)s)) IS NOT TRUE)
        OR live.board_id = ANY (%(excluded_boards)s)
        OR live.status_id = ANY (%(excluded_statuses)s)
        OR (live.closed AND NOT %(include_closed)s)
        OR live.company_id = ANY (%(excluded_companies)s)
        OR (live.project AND NOT %(project_tickets)s)
        OR {outside})
""")
# A ticket that is no longer listed may have become a project's, and those cannot be seen.
_KEEP_UNSEEN = """
DELETE FROM delta USING ticket AS live
 WHERE delta.entity = %(ticket)s
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
   AND (delta.action = 'd' OR (delta.action IN ('l', 'o') AND live.project))
"""
WANTED = sql.SQL("""
SELECT DISTINCT new.psa_id AS ticket_id, unnest(new.technicians::bigint[]) AS member_id
  FROM ({replaced}) AS new
""")
_REPLACED_BY_ALL = sql.SQL("""
SELECT psa_id, technicians FROM {staged} AS new WHERE origin IS NULL AND out_of_scope IS NULL
""")
_REPLACED_BY_NEWER = sql.SQL("""
SELECT new.psa_id, new.technicians
  FROM {staged} AS new
  LEFT JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = new.psa_id
 WHERE new.origin IS NULL
   AND CASE WHEN live.psa_id IS NULL THEN new.out_of_scope IS NULL
            ELSE {newer} END
""")
_TECHNICIANS = sql.SQL("""
WITH wanted AS ({wanted}),
     gone AS (SELECT psa_id, action FROM delta WHERE entity = {ticket} AND action IN ('d', 'l')),
     had AS (SELECT live.ticket_id, live.member_id, coalesce(gone.action, 'd') AS action
               FROM ticket_technician AS live LEFT JOIN gone ON gone.psa_id = live.ticket_id
              WHERE live.integration_id = %(integration)s
                AND (gone.psa_id IS NOT NULL
                     OR live.ticket_id IN (SELECT psa_id FROM ({replaced}) AS replaced)))
INSERT INTO delta (entity, psa_id, member_id, action)
SELECT {code}, ticket_id, member_id, coalesce(had.action, 'c')
  FROM wanted FULL JOIN had USING (ticket_id, member_id)
 WHERE wanted IS NULL OR had IS NULL
""")
_KEEP_REFERRED = sql.SQL("""
DELETE FROM delta AS parent
 WHERE parent.entity = {code} AND parent.action = 'd'
   AND EXISTS (SELECT FROM {child} AS live
                WHERE live.integration_id = %(integration)s AND live.{column} = parent.psa_id
                  AND NOT EXISTS (SELECT FROM delta
                                   WHERE delta.entity = {child_code} AND delta.psa_id = live.{key}
                                     AND delta.action IN ('u', 'd', 'l') {and_member}))
""")

_COMPARED = {Extent.ALL: _WHOLE, Extent.NAMED: _WHOLE, Extent.CHANGES: _CHANGES, Extent.IDS: _ABSENT}


async def compute(connection: Connection, staging: Staging, integration: int, scope: ResolvedScope) -> None:
    """Fill `delta`, which has to be there and empty."""
    values = {"integration": integration, "run": staging.run}
    for table in STAGED:
        if staging.extent(table.entity) is Extent.NOTHING or table in OF_TICKETS:
            continue
        await connection.execute(_compared(staging, table), values)
        named = values | {"name": table.entity, "code": table.code}
        await connection.execute(_KEEP_QUARANTINED, named)
        await connection.execute(_MARK_QUARANTINED.format(live=sql.Identifier(table.name)), named)
    if staging.extent(TICKET.entity) is Extent.CHANGES:
        await connection.execute(_left_behind(staging, scope), values | _conditions(scope))
    await local.keep_edited(connection)
    # Without it the planner takes a large delta for an empty one.
    await connection.execute("ANALYZE delta")
    await _judge_deletions(connection, staging, values, scope)
    await connection.execute(_technicians(staging), values)
    for table in OF_TICKETS:
        extent = staging.extent(table.entity)
        if extent is Extent.NOTHING:
            continue
        await connection.execute(children.comparison(staging, table, scope), values)
        if extent is Extent.IDS:  # after those that go with their ticket
            await connection.execute(_compared(staging, table), values)
        named = values | {"name": table.entity, "code": table.code}
        await connection.execute(_MARK_QUARANTINED.format(live=sql.Identifier(table.name)), named)
    for table in reversed(STAGED):
        for child, column in CHILDREN[table.entity]:
            if table is not TICKET:
                await connection.execute(keep_referred(table, child, column), values)
    await local.keep_named(connection)


async def _judge_deletions(
    connection: Connection, staging: Staging, values: dict[str, Any], scope: ResolvedScope
) -> None:
    """Tell what left the scope from what is gone, which nobody knows who does not see all tickets."""
    await connection.execute(_left_scope(staging, scope), values | _conditions(scope))
    if PROJECT_TICKETS in staging.denied:
        await connection.execute(_KEEP_UNSEEN, values | {"ticket": TICKET.code})


def _left_behind(staging: Staging, scope: ResolvedScope) -> sql.Composed:
    return _LEFT_BEHIND.format(
        code=sql.Literal(TICKET.code),
        outside=_outside(scope),
        by_date=sql.Literal(OUTSIDE_DATE_RANGE),
        by_company=sql.Literal(COMPANY_EXCLUDED),
        among=staging.among(TICKET.entity),
    )


def _technicians(staging: Staging) -> sql.Composed:
    return _TECHNICIANS.format(
        wanted=wanted(staging),
        replaced=_replaced(staging),
        ticket=sql.Literal(TICKET.code),
        code=sql.Literal(TECHNICIAN.code),
    )


def wanted(staging: Staging) -> sql.Composed:
    """The technicians that the tickets of the stage ought to have."""
    return WANTED.format(replaced=_replaced(staging))


def in_scope(staging: Staging, table: Table) -> sql.Composable:
    """Which staged rows, called `new`, are to be live; once the tickets are in `delta`."""
    if table in OF_TICKETS:
        return children.of_visible(staging)
    return sql.SQL("new.out_of_scope IS NULL") if table is TICKET else sql.SQL("true")


def _compared(staging: Staging, table: Table) -> sql.Composed:
    extent = staging.extent(table.entity)
    return _COMPARED[extent].format(
        code=sql.Literal(table.code),
        name=sql.Literal(table.entity),
        live=sql.Identifier(table.name),
        staged=staging.rows(table.name),
        listed=staging.rows(LISTED),
        in_scope=in_scope(staging, table),
        among=staging.among(table.entity),
        newer=_NEWER,
        was=identifiers(table.compared, "live"),
        becomes=identifiers(table.compared, "new"),
    )


def _replaced(staging: Staging) -> sql.Composed:
    shape = _REPLACED_BY_ALL if staging.exact(TICKET.entity) else _REPLACED_BY_NEWER
    return shape.format(staged=staging.rows(TICKET.name), newer=_NEWER)


def _left_scope(staging: Staging, scope: ResolvedScope) -> sql.Composed:
    return _LEFT_SCOPE.format(
        code=sql.Literal(TICKET.code), staged=staging.rows(TICKET.name), outside=_outside(scope)
    )


def _outside(scope: ResolvedScope) -> sql.Composed:
    entered = scope.date_field is DateField.DATE_ENTERED
    return _OUTSIDE.format(stamp=sql.Identifier("entered_at" if entered else "updated_at"))


def _conditions(scope: ResolvedScope) -> dict[str, Any]:
    return {
        "boards": None if scope.boards is None else sorted(scope.boards),
        "excluded_boards": sorted(scope.excluded_boards),
        "excluded_statuses": sorted(scope.excluded_statuses),
        "include_closed": scope.include_closed,
        "excluded_companies": sorted(scope.excluded_companies),
        "project_tickets": scope.project_tickets,
        "dated": scope.start is not None or scope.end is not None,
        "start": scope.start,
        "end": scope.end,
    }


def keep_referred(parent: Table, child: Table, column: str) -> sql.Composed:
    """Take the deletion of parents back that a row refers to which stays."""
    technicians = child is TECHNICIAN
    return _KEEP_REFERRED.format(
        code=sql.Literal(parent.code),
        child=sql.Identifier(child.name),
        child_code=sql.Literal(child.code),
        column=sql.Identifier(column),
        key=sql.Identifier("ticket_id" if technicians else "psa_id"),
        and_member=sql.SQL("AND delta.member_id = live.member_id" if technicians else ""),
    )
