"""Of which staged tickets all notes or time entries were read, and of which they have to be."""

from msgspec import Struct
from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import TABLES, TICKET, identifiers
from psa_operator.sync.ports import Page
from psa_operator.sync.records import Entity

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
_UNREAD = sql.SQL("""
SELECT new.psa_id FROM {tickets} AS new
 WHERE new.psa_id > %(after)s AND new.origin IS NULL AND new.out_of_scope IS NULL
   AND NOT EXISTS (SELECT FROM ticket_read AS done
                    WHERE done.run = %(run)s AND done.entity = %(entity)s AND done.ticket_id = new.psa_id
                      AND done.updated_at IS NOT DISTINCT FROM new.updated_at)
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


def _unchanged() -> sql.Composed:
    """Whether a staged ticket, called `new`, is live just so."""
    was, becomes = identifiers(TICKET.compared, "live"), identifiers(TICKET.compared, "new")
    return _UNCHANGED.format(was=was, becomes=becomes)
