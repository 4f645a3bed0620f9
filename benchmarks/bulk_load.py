"""The floor: `psql copy` of files that are there already, over two connections, into the live tables."""

import asyncio
import os
import time
from pathlib import Path

from psycopg import sql

from benchmarks.database import TABLES, Connection, connect
from psa_operator.devcluster.postgres import Postgres

_HALVED = ("contact", "ticket", "ticket_technician")
"""Each half has its own connection; the small tables go first, over one."""

_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
 ORDER BY attnum
"""
_ROWS = sql.SQL("""
COPY (SELECT {columns} FROM (SELECT *, ntile({parts}) OVER (ORDER BY ctid) AS part FROM {table}) AS parted
       WHERE part = {part}) TO STDOUT
""")


class BulkLoad:
    """Files of the rows that a run has brought, and psql to load them into a database with."""

    def __init__(self, postgres: Postgres, dsn: str, folder: Path) -> None:
        self._psql, self._dsn, self._folder = postgres.psql, dsn, folder
        self._steps: list[list[list[str]]] = []

    def make_files(self, dsn: str) -> None:
        """Write all live rows of a database into files, in the form that psql reads."""
        with connect(dsn) as connection:
            small = [self._copy(connection, table, 1, 1) for table in TABLES if table not in _HALVED]
            halves = [[[self._copy(connection, table, 2, part)] for part in (1, 2)] for table in _HALVED]
        self._steps = [[small], *halves]

    async def run(self) -> float:
        """Load all files; seconds from the start of the first psql to the end of the last."""
        began = time.monotonic()
        for step in self._steps:
            await asyncio.gather(*(self._load(commands) for commands in step))
        return time.monotonic() - began

    def _copy(self, connection: Connection, table: str, parts: int, part: int) -> str:
        """Write one file; the command that loads it."""
        names = [str(name) for (name,) in connection.execute(_COLUMNS, (table,))]
        query = _ROWS.format(
            columns=sql.SQL(", ").join(map(sql.Identifier, names)),
            table=sql.Identifier(table),
            parts=sql.Literal(parts),
            part=sql.Literal(part),
        )
        path = self._folder / f"{table}.{part}"
        with path.open("wb") as file, connection.cursor().copy(query) as rows:
            for some in rows:
                file.write(some)
        return f"\\copy {table} ({', '.join(names)}) from '{path}'"

    async def _load(self, commands: list[str]) -> None:
        options = [f"--command={command}" for command in commands]
        psql = await asyncio.create_subprocess_exec(
            self._psql, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *options, self._dsn,
            env={**os.environ, "PGOPTIONS": "-c search_path=psa"},
        )  # fmt: skip
        if await psql.wait() != 0:
            raise RuntimeError("psql could not load the files")
