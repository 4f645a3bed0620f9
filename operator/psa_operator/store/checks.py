"""What is asked of the staged tickets to check them before they are published."""

from datetime import datetime

from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import TICKET, Table, described, identifiers

_NEWEST = sql.SQL("""
SELECT psa_id, updated_at FROM {rows} AS ticket
 WHERE out_of_scope IS NULL AND origin IS NULL AND updated_at IS NOT NULL
 ORDER BY updated_at DESC, psa_id DESC LIMIT %s
""")
_SAMPLE = sql.SQL("""
SELECT psa_id FROM {rows} AS ticket WHERE out_of_scope IS NULL AND origin IS NULL ORDER BY random() LIMIT %s
""")
_TALLY = sql.SQL("""
SELECT {column}, count(*) FROM {rows} AS ticket
 WHERE out_of_scope IS NULL AND origin IS NULL AND {column} IS NOT NULL GROUP BY 1
""")
_DIFFERING = sql.SQL("""
SELECT new.psa_id
  FROM json_to_recordset(%s) AS new ({described}) JOIN {rows} AS old ON old.psa_id = new.psa_id
 WHERE old.origin IS NULL AND old.updated_at IS NOT DISTINCT FROM new.updated_at
   AND ({staged}) IS DISTINCT FROM ({incoming})
 ORDER BY new.psa_id
""")


async def newest(connection: Connection, staging: Staging, number: int) -> list[tuple[int, datetime]]:
    """Those in scope that were changed last, with the time, the last one first."""
    query = _NEWEST.format(rows=staging.rows(TICKET.name))
    return [(row[0], row[1]) async for row in await connection.execute(query, (number,))]


async def tally(connection: Connection, staging: Staging, column: str) -> dict[int, int]:
    """How many in scope refer to what, by the id in a column."""
    query = _TALLY.format(column=sql.Identifier(column), rows=staging.rows(TICKET.name))
    return {psa_id: number async for psa_id, number in await connection.execute(query)}


async def sample(connection: Connection, staging: Staging, number: int) -> list[int]:
    """Some in scope, chosen at random."""
    query = _SAMPLE.format(rows=staging.rows(TICKET.name))
    return [psa_id async for (psa_id,) in await connection.execute(query, (number,))]


async def differing(connection: Connection, staging: Staging, table: Table, written: str) -> list[int]:
    """Ids of the rows in a document that are staged with the same time of change, and other values."""
    columns = table.staged_columns[1:]
    query = _DIFFERING.format(
        described=described(table),
        rows=staging.rows(table.name),
        staged=identifiers(columns, "old"),
        incoming=identifiers(columns, "new"),
    )
    return [psa_id async for (psa_id,) in await connection.execute(query, (written,))]
