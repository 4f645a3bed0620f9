"""Whether a database can be used, and if not, what to do about it."""

from msgspec import Struct
from psycopg import sql

from psa_operator.errors import ConfigurationError
from psa_operator.store.connection import Connection, connect, stage_schema
from psa_operator.store.schema import lacking, migrate
from psa_operator.store.tables import TABLES
from psa_operator.sync.spec import Database

_TABLES = (
    *(table.name for table in TABLES.values()),
    "integration",
    "run",
    "mark",
    "quarantine",
    "row_history",
    "change_log",
    "local_change",
    "outbox_note",
    "outbox_time_entry",
)
_UNWRITABLE = """
SELECT name FROM unnest(%s::text[]) AS name
 WHERE EXISTS (SELECT FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted
                WHERE NOT has_table_privilege(to_regclass(name), wanted))
 ORDER BY name
"""
_RIGHTS = """
SELECT current_user, current_database(), has_schema_privilege(%s, 'CREATE'),
       has_database_privilege(current_database(), 'TEMPORARY'), pg_is_in_recovery()
"""
_REMEMBER = "SELECT set_config('psa.session', %s, false)"
_REMEMBERED = "SELECT coalesce(current_setting('psa.session', true), '')"


class DatabaseHealth(Struct, frozen=True):
    """What was found; `migrated` names the migrations that were applied just now."""

    server_version: int
    migrated: list[str]


async def check(database: Database) -> DatabaseHealth:
    """Connect, migrate, and try the rights. Raises ConfigurationError that says what to do."""
    await _refuse_transaction_pooler(database)
    migrated = await migrate(database)
    async with connect(database) as connection:
        await _check_rights(connection, database)
        return DatabaseHealth(connection.info.server_version, migrated)


async def ping(database: Database) -> None:
    """Raise what keeps us from connecting."""
    async with connect(database):
        return


async def _check_rights(connection: Connection, database: Database) -> None:
    stage = stage_schema(database)
    found = await (await connection.execute(_RIGHTS, (stage,))).fetchone()
    role, name, may_stage, may_compare, standby = found or ("", "", False, False, False)
    if standby:
        raise ConfigurationError(
            "The DSN leads to a standby, which cannot be written; name the primary", reason="DatabaseReadOnly"
        )
    if not may_stage:
        raise lacking(sql.SQL("USAGE, CREATE ON SCHEMA {}").format(sql.Identifier(stage)), role)
    if not may_compare:
        raise lacking(sql.SQL("TEMPORARY ON DATABASE {}").format(sql.Identifier(name)), role)
    refused = await (await connection.execute(_UNWRITABLE, (list(_TABLES),))).fetchall()
    if refused:
        tables = sql.SQL(", ").join(sql.Identifier(database.schema, table) for (table,) in refused)
        raise lacking(sql.SQL("SELECT, INSERT, UPDATE, DELETE ON {}").format(tables), role)


async def _refuse_transaction_pooler(database: Database) -> None:
    """Find a pooler that gives each transaction another session, where settings and locks get lost."""
    async with connect(database) as first, connect(database) as second:
        await first.execute(_REMEMBER, ("first",))
        # A pooler in transaction mode hands the session that is free now to whoever asks first.
        async with second.transaction():
            await second.execute(_REMEMBER, ("second",))
            row = await (await first.execute(_REMEMBERED)).fetchone()
    if row != ("first",):
        raise ConfigurationError(
            "Before PostgreSQL stands a pooler in transaction mode, which loses what a session relies on; "
            "connect to PostgreSQL itself, or to a pool in session mode",
            reason="PoolerInTransactionMode",
        )
