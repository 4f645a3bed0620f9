"""The live tables as the benchmarks see them: emptied, compared, and how much was written to them."""

from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]

TABLES = (
    "board", "status", "ticket_type", "ticket_subtype", "ticket_item", "ticket_source", "service_location",
    "priority", "member", "custom_field", "company_status", "company_type", "company", "contact", "ticket",
    "ticket_technician", "note", "time_entry",
)  # fmt: skip
"""All live tables, parents first."""

_OF_THE_WRITER = ["id", "changed_by_run", "changed_at", "inserted_at", "stale"]
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL (%s)
"""
_SUM = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(ROW ({columns})::text, 0)), 0) FROM {table}")
_WRITTEN = """
SELECT coalesce(sum(n_tup_ins), 0), coalesce(sum(n_tup_upd), 0), coalesce(sum(n_tup_del), 0)
  FROM pg_stat_user_tables WHERE schemaname = 'psa' AND relname = ANY (%s)
"""


def connect(dsn: str) -> Connection:
    """Connect to look at the live tables."""
    return psycopg.connect(dsn, autocommit=True, options="-c search_path=psa -c timezone=UTC")


def empty(dsn: str) -> None:
    """Remove all live rows and their marks, and write out what is pending: the next load is a first one."""
    with connect(dsn) as connection:
        emptied = sql.SQL(", ").join(map(sql.Identifier, (*TABLES, "mark")))
        connection.execute(sql.SQL("TRUNCATE {}").format(emptied))
        settle(connection)


def settle(connection: Connection) -> None:
    """Write out what is pending."""
    connection.execute("CHECKPOINT")


def contents(dsn: str) -> dict[str, tuple[int, int]]:
    """Count and checksum of each live table, without the columns that say who wrote a row and when."""
    found = {}
    with connect(dsn) as connection:
        for table in TABLES:
            names = [name for (name,) in connection.execute(_COLUMNS, (table, _OF_THE_WRITER))]
            query = _SUM.format(
                columns=sql.SQL(", ").join(map(sql.Identifier, names)), table=sql.Identifier(table)
            )
            count, checksum = connection.execute(query).fetchone() or (0, 0)
            found[table] = (int(count), int(checksum))
    return found


def wal(dsn: str) -> int:
    """Bytes of WAL written since the server was made."""
    with connect(dsn) as connection:
        (written,) = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone() or (0,)
    return int(written)


def written(dsn: str) -> tuple[int, int, int]:
    """Rows of live tables inserted, updated and deleted since the database was made."""
    with connect(dsn) as connection:
        inserted, updated, deleted = connection.execute(_WRITTEN, (list(TABLES),)).fetchone() or (0, 0, 0)
    return int(inserted), int(updated), int(deleted)
