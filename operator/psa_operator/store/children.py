"""Notes and time entries: of which tickets they are to be read, and what becomes of the live ones."""

from msgspec import Struct
from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import TABLES, TICKET, Table, identifiers
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode

_READ_BEFORE = "SELECT 1 FROM ticket_read WHERE run = %s AND entity = %s AND ticket_id = ANY (%s) LIMIT 1"
_FORGET = sql.SQL("DELETE FROM {table} WHERE run = %s AND ticket_id = ANY (%s)")
_FORGET_REFUSED = "DELETE FROM refused WHERE run = %s AND entity = %s AND ticket_id = ANY (%s)"
_READ = sql.SQL("""
INSERT INTO ticket_read (run, entity, ticket_id, updated_at)
SELECT %(run)s, %(entity)s, whole.psa_id, ticket.updated_at
  FROM unnest(%(tickets)s::bigint[]) AS whole (psa_id)
  LEFT JOIN {tickets} AS ticket ON ticket.psa_id = whole.psa_id
ON CONFLICT (run, entity, ticket_id) DO UPDATE SET updated_at = excluded.updated_at
""")
# As a value and not as NOT EXISTS: that became a join over all pairs while the table had no statistics.
_UNREAD = sql.SQL("""
SELECT new.psa_id FROM {tickets} AS new
 WHERE new.psa_id > %(after)s AND new.origin IS NULL AND new.out_of_scope IS NULL
   AND (SELECT done.updated_at IS NOT DISTINCT FROM new.updated_at
          FROM ticket_read AS done
         WHERE done.run = %(run)s AND done.entity = %(entity)s AND done.ticket_id = new.psa_id) IS NOT TRUE
   AND NOT ({reuse} AND new.psa_id %% 10 <> %(run)s %% 10 AND {unchanged})
 ORDER BY new.psa_id LIMIT %(number)s
""")
_UNCHANGED = sql.SQL("""
EXISTS (SELECT FROM ticket AS live
         WHERE live.integration_id = %(integration)s AND live.psa_id = new.psa_id AND NOT live.stale
           AND ({was}) IS NOT DISTINCT FROM ({becomes}))
""")
_OUTDATED = sql.SQL("""
WITH again AS (SELECT new.psa_id
                 FROM {tickets} AS new
                 JOIN ticket_read AS done
                   ON done.run = %(run)s AND done.entity = %(entity)s AND done.ticket_id = new.psa_id
                WHERE new.origin IS NULL AND {unchanged}),
     read AS (SELECT * FROM {staged} AS staged WHERE ticket_id IN (SELECT psa_id FROM again)),
     had AS (SELECT * FROM {live} AS live
              WHERE integration_id = %(integration)s AND ticket_id IN (SELECT psa_id FROM again)
                AND NOT EXISTS (SELECT FROM refused
                                 WHERE (refused.run, refused.entity, refused.psa_id)
                                     = (%(run)s, %(entity)s, live.psa_id)))
SELECT count(DISTINCT coalesce(read.ticket_id, had.ticket_id))
  FROM read FULL JOIN had USING (psa_id)
 WHERE read IS NULL OR had IS NULL OR ({was_child}) IS DISTINCT FROM ({becomes_child})
""")

# A staged row counts if its ticket is going to be visible.
_OF_VISIBLE = sql.SQL("""
(EXISTS (SELECT FROM {tickets} AS ticket WHERE ticket.psa_id = new.ticket_id AND ticket.out_of_scope IS NULL)
 OR EXISTS (SELECT FROM ticket
             WHERE ticket.integration_id = %(integration)s AND ticket.psa_id = new.ticket_id
               AND ticket.out_of_scope IS NULL
               AND NOT EXISTS (SELECT FROM delta WHERE delta.entity = {ticket}
                                  AND delta.psa_id = ticket.psa_id AND delta.action IN ('d', 'l'))))
""")
# What is not staged goes with its ticket, or because all of its ticket's were read.
_OF_TICKETS = sql.SQL("""
WITH wanted AS MATERIALIZED (SELECT * FROM {staged} AS new WHERE {of_visible}),
     gone AS (SELECT psa_id FROM delta WHERE entity = {ticket} AND action IN ('d', 'l')),
     affected AS (SELECT psa_id FROM wanted
                  UNION
                  SELECT psa_id FROM {live} AS live
                   WHERE integration_id = %(integration)s
                     AND ticket_id IN (SELECT psa_id FROM gone UNION SELECT psa_id FROM ({whole}) AS whole))
INSERT INTO delta (entity, psa_id, action)
SELECT {code}, affected.psa_id,
       CASE WHEN live.psa_id IS NULL THEN 'c'
            WHEN new.psa_id IS NOT NULL THEN 'u'
            WHEN gone.psa_id IS NOT NULL THEN 'l'
            ELSE {deletion} END
  FROM affected
  LEFT JOIN wanted AS new ON new.psa_id = affected.psa_id
  LEFT JOIN {live} AS live ON live.integration_id = %(integration)s AND live.psa_id = affected.psa_id
  LEFT JOIN gone ON gone.psa_id = live.ticket_id
 WHERE CASE WHEN live.psa_id IS NULL THEN true
            WHEN new.psa_id IS NULL
            THEN gone.psa_id IS NOT NULL
                 OR NOT EXISTS (SELECT FROM refused WHERE refused.run = %(run)s AND refused.entity = {name}
                                   AND refused.psa_id = live.psa_id)
            ELSE live.stale OR ({was}) IS DISTINCT FROM ({becomes}) END
""")
_ALL_STAGED = sql.SQL("SELECT psa_id FROM {tickets} AS new WHERE origin IS NULL AND out_of_scope IS NULL")
_NONE = sql.SQL("SELECT psa_id FROM ticket WHERE false")
_ALL_LIVE = sql.SQL("SELECT psa_id FROM ticket WHERE integration_id = %(integration)s")
_WERE_READ = sql.SQL("SELECT ticket_id AS psa_id FROM ticket_read WHERE run = %(run)s AND entity = {name}")


class Wanted(Struct, frozen=True):
    """The next `number` tickets beyond `after`; with `reuse`, fewer of those that did not change."""

    entity: Entity
    after: int
    number: int
    reuse: bool


async def begin(connection: Connection, staging: Staging, page: Page) -> None:
    """Make room for all of some tickets, and remember that they were read as the tickets are now."""
    values = (staging.run, page.entity, list(page.whole_for))
    if await (await connection.execute(_READ_BEFORE, values)).fetchone():
        table = staging.table(TABLES[page.entity].name)
        await connection.execute(_FORGET.format(table=table), (staging.run, list(page.whole_for)))
        await connection.execute(_FORGET_REFUSED, values)
    read = _READ.format(tickets=staging.rows(TICKET.name))
    await connection.execute(
        read, {"run": staging.run, "entity": page.entity, "tickets": list(page.whole_for)}
    )


async def unread(connection: Connection, staging: Staging, integration: int, wanted: Wanted) -> list[int]:
    """Staged tickets in scope that were not read since they changed."""
    query = _UNREAD.format(
        tickets=staging.rows(TICKET.name), reuse=sql.Literal(wanted.reuse), unchanged=_unchanged()
    )
    values = {
        "run": staging.run,
        "integration": integration,
        "entity": wanted.entity,
        "after": wanted.after,
        "number": wanted.number,
    }
    return [psa_id async for (psa_id,) in await connection.execute(query, values)]


async def outdated(connection: Connection, staging: Staging, integration: int, entity: Entity) -> int:
    """How many tickets that did not change were read, and differ in what belongs to them."""
    table = TABLES[entity]
    query = _OUTDATED.format(
        tickets=staging.rows(TICKET.name),
        unchanged=_unchanged(),
        staged=staging.rows(table.name),
        live=sql.Identifier(table.name),
        was_child=identifiers(table.compared, "had"),
        becomes_child=identifiers(table.compared, "read"),
    )
    values = {"run": staging.run, "integration": integration, "entity": entity}
    (number,) = await (await connection.execute(query, values)).fetchone() or (0,)
    return int(number)


def comparison(staging: Staging, table: Table, scope: ResolvedScope) -> sql.Composed:
    """Fill `delta`, which has the tickets already."""
    unwanted = staging.mode is Mode.FULL and table.entity in scope.left_out and not staging.only.ticket_ids
    return _OF_TICKETS.format(
        code=sql.Literal(table.code),
        name=sql.Literal(table.entity),
        ticket=sql.Literal(TICKET.code),
        live=sql.Identifier(table.name),
        staged=staging.rows(table.name),
        of_visible=of_visible(staging),
        whole=_ALL_LIVE if unwanted else whole_for(staging, table),
        deletion=sql.Literal("l" if unwanted else "d"),
        was=identifiers(table.compared, "live"),
        becomes=identifiers(table.compared, "new"),
    )


def of_visible(staging: Staging) -> sql.Composed:
    """Condition: a staged row, called `new`, is of a ticket that readers are going to see."""
    return _OF_VISIBLE.format(tickets=staging.rows(TICKET.name), ticket=sql.Literal(TICKET.code))


def whole_for(staging: Staging, table: Table) -> sql.Composable:
    """The tickets of which all notes or time entries are staged, so that those not among them are gone."""
    if staging.mode is Mode.QUICK:  # It removes nothing, and has no guard should a list be lacking.
        return _NONE
    if staging.whole(table.entity):
        return _ALL_STAGED.format(tickets=staging.rows(TICKET.name))
    return _WERE_READ.format(name=sql.Literal(table.entity))


def _unchanged() -> sql.Composed:
    """Whether a staged ticket, called `new`, is live just so."""
    was, becomes = identifiers(TICKET.compared, "live"), identifiers(TICKET.compared, "new")
    return _UNCHANGED.format(was=was, becomes=becomes)
