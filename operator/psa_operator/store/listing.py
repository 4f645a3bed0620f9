"""What the PSA lists, held against what is staged, and what of this is in scope."""

from collections.abc import AsyncIterator, Collection, Sequence

from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.staging import LISTED, Extent, Staging
from psa_operator.store.tables import STAGED, TABLES, TICKET, identifiers
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import Entity
from psa_operator.sync.records import RECORD_TYPE, Record
from psa_operator.sync.scope import COMPANY_EXCLUDED

_IDS_AT_ONCE = 10_000

_FORGET = sql.SQL("DELETE FROM {listed} WHERE run = %s AND entity = %s")
_LIST = sql.SQL("INSERT INTO {listed} (run, entity, psa_id) SELECT %s, %s, unnest(%s::bigint[])")
_COUNT = sql.SQL("SELECT count(DISTINCT psa_id) FROM {listed} WHERE run = %s AND entity = %s")
_UNLISTED = sql.SQL("""
SELECT psa_id FROM {staged} AS staged WHERE origin IS NULL AND {in_scope}
EXCEPT
SELECT psa_id FROM {listed} AS listed WHERE entity = %s
ORDER BY psa_id
""")
_LIVE_UNLISTED = sql.SQL("""
SELECT psa_id FROM {live} AS live WHERE integration_id = %s
EXCEPT
SELECT psa_id FROM {listed} AS listed WHERE entity = %s
ORDER BY psa_id
""")
_UNSTAGED = sql.SQL("""
SELECT psa_id FROM {listed} AS listed WHERE entity = %s
EXCEPT
SELECT psa_id FROM {staged} AS staged WHERE origin IS NULL
EXCEPT
SELECT psa_id FROM refused WHERE run = %s AND entity = %s
ORDER BY psa_id
""")
_RECORDS = sql.SQL("SELECT {columns} FROM {staged} AS staged ORDER BY updated_at NULLS FIRST")
_EXCLUDE = sql.SQL("""
UPDATE {table} SET out_of_scope = CASE WHEN company_id = ANY (%(companies)s) THEN {reason} END
 WHERE run = %(run)s
   AND CASE WHEN company_id = ANY (%(companies)s) THEN out_of_scope IS NULL ELSE out_of_scope = {reason} END
""")
_ROWS = sql.SQL("SELECT count(*) FROM {staged} AS staged WHERE origin IS DISTINCT FROM 'live' AND {in_scope}")
_PAIRS = sql.SQL("""
SELECT count(*) FROM (SELECT DISTINCT psa_id, unnest(technicians::bigint[]) FROM {staged} AS ticket
                       WHERE {in_scope}) AS pairs
""")


async def replace(worker: Worker, staging: Staging, entity: Entity, ids: AsyncIterator[list[int]]) -> int:
    """Keep a new list, a piece at a time so that no transaction waits for the PSA; returns its length."""
    listed = staging.table(LISTED)
    async with worker.writing(staging) as connection:
        await connection.execute(_FORGET.format(listed=listed), (staging.run, entity))
    async for some in _gathered(ids):
        async with worker.writing(staging) as connection:
            await connection.execute(_LIST.format(listed=listed), (staging.run, entity, some))
    async with worker.reading(staging) as connection:
        counted = await connection.execute(_COUNT.format(listed=listed), (staging.run, entity))
        (length,) = await counted.fetchone() or (0,)
    return int(length)


async def _gathered(ids: AsyncIterator[list[int]]) -> AsyncIterator[list[int]]:
    """Make fewer and longer lists of many short ones."""
    gathered: list[int] = []
    async for some in ids:
        gathered += some
        if len(gathered) >= _IDS_AT_ONCE:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


async def add(worker: Worker, staging: Staging, entity: Entity, ids: Sequence[int]) -> None:
    """Put into the list what it lacks although the PSA has it."""
    async with worker.writing(staging) as connection:
        values = (staging.run, entity, list(ids))
        await connection.execute(_LIST.format(listed=staging.table(LISTED)), values)


async def unlisted(connection: Connection, staging: Staging, integration: int, entity: Entity) -> list[int]:
    """Ids that the list lacks, of those staged in scope or, where no record is staged, of the live ones."""
    name, listed = TABLES[entity].name, staging.rows(LISTED)
    if staging.extent(entity) is Extent.IDS:
        query = _LIVE_UNLISTED.format(live=sql.Identifier(name), listed=listed)
        rows = await connection.execute(query, (integration, entity))
    else:
        query = _UNLISTED.format(staged=staging.rows(name), listed=listed, in_scope=_in_scope(entity))
        rows = await connection.execute(query, (entity,))
    return [psa_id async for (psa_id,) in rows]


async def unstaged(connection: Connection, staging: Staging, entity: Entity) -> list[int]:
    """Ids listed that are neither staged nor refused."""
    query = _UNSTAGED.format(staged=staging.rows(TABLES[entity].name), listed=staging.rows(LISTED))
    rows = await connection.execute(query, (entity, staging.run, entity))
    return [psa_id async for (psa_id,) in rows]


async def counts(connection: Connection, staging: Staging) -> dict[Entity, int]:
    """Rows staged in scope by entity, copies of live rows not among them."""
    found = {}
    for table in STAGED:
        query = _ROWS.format(staged=staging.rows(table.name), in_scope=_in_scope(table.entity))
        (found[table.entity],) = await (await connection.execute(query)).fetchone() or (0,)
    pairs = _PAIRS.format(staged=staging.rows("ticket"), in_scope=_in_scope(Entity.TICKETS))
    (found[Entity.TECHNICIANS],) = await (await connection.execute(pairs)).fetchone() or (0,)
    return found


async def records(connection: Connection, staging: Staging, entity: Entity) -> list[Record]:
    """The staged rows of an entity as records; of two of one id the newer comes later."""
    table = TABLES[entity]
    query = _RECORDS.format(columns=identifiers(table.columns), staged=staging.rows(table.name))
    return [RECORD_TYPE[entity](*row) async for row in await connection.execute(query)]


async def exclude(connection: Connection, staging: Staging, companies: Collection[int]) -> None:
    """Put staged tickets out of scope that belong to these companies, and others back in."""
    statement = _EXCLUDE.format(table=staging.table(TICKET.name), reason=sql.Literal(COMPANY_EXCLUDED))
    await connection.execute(statement, {"run": staging.run, "companies": sorted(companies)})


def _in_scope(entity: Entity) -> sql.SQL:
    return sql.SQL("out_of_scope IS NULL") if entity is Entity.TICKETS else sql.SQL("true")
