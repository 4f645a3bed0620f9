"""What is live for one integration."""

from collections.abc import Collection
from datetime import timedelta

from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.tables import TABLES, TICKET, identifiers
from psa_operator.sync.entities import Entity
from psa_operator.sync.records import RECORD_TYPE, Record, Ticket
from psa_operator.sync.scope import COMPANY_EXCLUDED
from psa_operator.sync.storage import Kept, Mark, Unfit

_CLOCKS_DIFFER = timedelta(hours=1)
"""A mark that lies further in the future than this cannot be the PSA's time."""

_MARKS = """
SELECT entity, watermark, covered_until
  FROM mark
 WHERE integration_id = %(integration)s
   AND covered_until BETWEEN '1990-01-01' AND now() + %(skew)s
   AND (watermark IS NULL
        OR watermark BETWEEN '1990-01-01' AND now() + %(skew)s)
"""
_COUNT = sql.SQL("SELECT count(*) FROM {table} WHERE integration_id = %s")
_IN_SCOPE = "SELECT count(*) FROM ticket WHERE integration_id = %s AND out_of_scope IS NULL"
_TICKETS = sql.SQL("""
SELECT {columns}, out_of_scope, stale, inserted_at, changed_at, coalesce(run.name, changed_by_run::text),
       ARRAY(SELECT member_id FROM ticket_technician AS assigned
              WHERE (assigned.integration_id, assigned.ticket_id) = (live.integration_id, live.psa_id)),
       ARRAY(SELECT jsonb_object_keys(value) FROM local_change AS change
              WHERE (change.integration_id, change.ticket_id) = (live.integration_id, live.psa_id)
                AND change.state IN ('Unsent', 'Held'))
  FROM ticket AS live LEFT JOIN run ON run.id = live.changed_by_run
 WHERE live.integration_id = %s AND live.psa_id = ANY (%s)
""")
_UNFIT = """
SELECT psa_id, field, reason, first_seen_at
  FROM quarantine WHERE integration_id = %s AND entity = %s AND psa_id = ANY (%s)
"""
_QUARANTINED = "SELECT psa_id FROM quarantine WHERE integration_id = %s AND entity = %s ORDER BY psa_id"
_QUARANTINED_TICKETS = """
SELECT DISTINCT ticket_id
  FROM quarantine JOIN ticket ON (ticket.integration_id, ticket.psa_id)
                               = (quarantine.integration_id, quarantine.ticket_id)
 WHERE quarantine.integration_id = %s AND entity = %s AND ticket.out_of_scope IS NULL
 ORDER BY ticket_id
"""
_HIDDEN_COMPANIES = "SELECT DISTINCT company_id FROM ticket WHERE integration_id = %s AND out_of_scope = %s"
_RECORDS = sql.SQL("SELECT {columns} FROM {table} WHERE integration_id = %s ORDER BY psa_id")


async def marks(connection: Connection, integration: int) -> dict[Entity, Mark]:
    """Marks by entity; one that is missing, infinite or in the future is left out."""
    values = {"integration": integration, "skew": _CLOCKS_DIFFER}
    rows = await (await connection.execute(_MARKS, values)).fetchall()
    known = set(Entity)
    return {Entity(entity): Mark(*times) for entity, *times in rows if entity in known}


async def counts(connection: Connection, integration: int) -> dict[Entity, int]:
    """Live rows by entity, tickets out of scope included."""
    found = {}
    for entity, table in TABLES.items():
        query = _COUNT.format(table=sql.Identifier(table.name))
        (found[entity],) = await (await connection.execute(query, (integration,))).fetchone() or (0,)
    return found


async def tickets_in_scope(connection: Connection, integration: int) -> int:
    """Live tickets that readers see."""
    (found,) = await (await connection.execute(_IN_SCOPE, (integration,))).fetchone() or (0,)
    return int(found)


async def quarantined(connection: Connection, integration: int, entity: Entity) -> list[int]:
    """Ids that did not fit at the last try."""
    rows = await connection.execute(_QUARANTINED, (integration, entity))
    return [psa_id async for (psa_id,) in rows]


async def quarantined_tickets(connection: Connection, integration: int, entity: Entity) -> list[int]:
    """Visible tickets with notes or time entries that did not fit at the last try."""
    rows = await connection.execute(_QUARANTINED_TICKETS, (integration, entity))
    return [psa_id async for (psa_id,) in rows]


async def hidden_companies(connection: Connection, integration: int) -> set[int]:
    """Companies with tickets that are hidden because of them."""
    rows = await connection.execute(_HIDDEN_COMPANIES, (integration, COMPANY_EXCLUDED))
    return {psa_id async for (psa_id,) in rows}


async def records(connection: Connection, integration: int, entity: Entity) -> list[Record]:
    """The live rows of one entity, as the records they were made of."""
    table = TABLES[entity]
    query = _RECORDS.format(columns=identifiers(table.columns), table=sql.Identifier(table.name))
    rows = await connection.execute(query, (integration,))
    return [RECORD_TYPE[entity](*row) async for row in rows]


async def tickets(connection: Connection, integration: int, ids: Collection[int]) -> dict[int, Kept]:
    """The named live tickets, with what is known of their rows."""
    query = _TICKETS.format(columns=identifiers(TICKET.columns, "live"))
    kept = {}
    async for row in await connection.execute(query, (integration, list(ids))):
        fields, (*about, technicians, unsent) = row[: len(TICKET.columns)], row[len(TICKET.columns) :]
        kept[row[0]] = Kept(Ticket(*fields), frozenset(technicians), frozenset(unsent), *about)
    return kept


async def unfit(connection: Connection, integration: int, ids: Collection[int]) -> dict[int, Unfit]:
    """Those of the named tickets that did not fit at the last try."""
    rows = await connection.execute(_UNFIT, (integration, Entity.TICKETS, list(ids)))
    return {psa_id: Unfit(*about) async for psa_id, *about in rows}
