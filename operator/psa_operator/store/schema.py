"""Bring a database to what this release needs: numbered files, each applied once and whole."""

from collections.abc import Sequence
from importlib import resources

from psycopg import sql

from psa_operator.errors import ConfigurationError
from psa_operator.store.border import translated
from psa_operator.store.connection import Connection, connect, stage_schema
from psa_operator.sync.spec import Database

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('psa-operator migrations ' || %s, 0))"
_RECORDED = """
CREATE TABLE IF NOT EXISTS migration (
    name        text PRIMARY KEY,
    applied_at  timestamptz NOT NULL DEFAULT now()
)
"""
_RIGHTS = """
SELECT current_user, current_database(),
       has_database_privilege(current_database(), 'CREATE'),
       (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = %s)
"""


async def migrate(database: Database) -> list[str]:
    """Apply the migrations that are missing; returns their names. Raises ConfigurationError."""
    with translated():
        async with connect(database) as connection:
            if not await _missing(connection):
                return []
            async with connection.transaction():
                return await _apply(connection, database)


async def _apply(connection: Connection, database: Database) -> list[str]:
    await connection.execute(_LOCK, (database.schema,))
    stage = stage_schema(database)
    for schema in (database.schema, stage):
        await _make_schema(connection, schema)
    await connection.execute(_RECORDED)
    applied = []
    for name, text in await _missing(connection):
        await connection.execute(sql.SQL(text).format(stage=sql.Identifier(stage)))
        await connection.execute("INSERT INTO migration (name) VALUES (%s)", (name,))
        applied.append(name)
    return applied


async def _missing(connection: Connection) -> Sequence[tuple[str, str]]:
    known = await connection.execute("SELECT to_regclass('migration') IS NOT NULL")
    applied: set[str] = set()
    if await known.fetchone() == (True,):
        rows = await connection.execute("SELECT name FROM migration")
        applied = {name async for (name,) in rows}
    return [each for each in _files() if each[0] not in applied]


def _files() -> list[tuple[str, str]]:
    folder = resources.files("psa_operator.store") / "migrations"
    files = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return sorted((each.name.removesuffix(".sql"), each.read_text()) for each in files)


async def _make_schema(connection: Connection, schema: str) -> None:
    found = await connection.execute(_RIGHTS, (schema,))
    role, name, may_make, may_fill = await found.fetchone() or ("", "", False, None)
    if may_fill is None and not may_make:
        raise lacking(sql.SQL("CREATE ON DATABASE {}").format(sql.Identifier(name)), role)
    if may_fill is False:
        raise lacking(sql.SQL("USAGE, CREATE ON SCHEMA {}").format(sql.Identifier(schema)), role)
    if may_fill is None:
        await connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))


def lacking(right: sql.Composed, role: str) -> ConfigurationError:
    """Say which right a role lacks, as the statement that grants it."""
    grant = sql.SQL("GRANT {} TO {}").format(right, sql.Identifier(role)).as_string()
    return ConfigurationError(
        f"The database's role {role} lacks a right; run as the owner: {grant}", reason="InsufficientPrivilege"
    )
