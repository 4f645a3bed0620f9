"""A database that cannot be used is refused with a word on what to do, and never with the password."""

import asyncio
from collections.abc import AsyncIterator
from importlib import resources
from urllib.parse import urlsplit

import psycopg
import pytest
import pytest_asyncio

from psa_operator.devcluster.processes import free_port
from psa_operator.errors import ConfigurationError, PsaOperatorError, UnavailableError
from psa_operator.store import check, migrate
from psa_operator.store.tables import TABLES
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Database
from tests.contract.store.world import bring, rows, tickets

MIGRATIONS = sorted(
    file.name.removesuffix(".sql")
    for file in resources.files("psa_operator.store").joinpath("migrations").iterdir()
)


def altered(dsn: str, **parts: str) -> Database:
    """The same DSN with another user, password, host or database."""
    url = urlsplit(dsn)
    user, password = parts.get("user", url.username), parts.get("password", url.password)
    place = parts.get("place", f"{url.hostname}:{url.port}")
    path = "/" + parts["dbname"] if "dbname" in parts else url.path
    return Database(url._replace(netloc=f"{user}:{password}@{place}", path=path).geturl())


@pytest_asyncio.fixture
async def weak(database_of_each_version: str) -> AsyncIterator[Database]:
    """The same empty database, for a role that may do nothing in it."""
    dsn = database_of_each_version
    await rows(dsn, "CREATE ROLE weak LOGIN PASSWORD 'weak-secret'")
    yield altered(dsn, user="weak", password="weak-secret")
    await rows(dsn, "DROP OWNED BY weak; DROP ROLE weak")


async def refused(database: Database, reason: str) -> str:
    """What the user reads."""
    with pytest.raises(PsaOperatorError) as caught:
        await check(database)
    assert caught.value.reason == reason
    return str(caught.value)


async def test_an_empty_database_is_migrated_and_ready(database_of_each_version: str) -> None:
    health = await check(Database(database_of_each_version))

    assert health.migrated == MIGRATIONS
    assert health.server_version >= 150000
    assert (await check(Database(database_of_each_version))).migrated == []


async def test_another_schema_is_another_world(database: str) -> None:
    await bring(database, tickets(1))

    assert await migrate(Database(database, 'Other "PSA"')) != []
    assert await rows(database, 'SELECT count(*) FROM "Other ""PSA""".ticket') == [(0,)]


async def test_a_wrong_password_is_named_as_such(database: str) -> None:
    message = await refused(altered(database, password="guessed-secret"), "DatabaseAuthenticationFailed")
    assert "guessed-secret" not in message


async def test_an_unknown_user_cannot_log_in(database: str) -> None:
    await refused(altered(database, user="nobody"), "DatabaseAuthenticationFailed")


async def test_an_unknown_database_is_named(database: str) -> None:
    assert '"nowhere"' in await refused(altered(database, dbname="nowhere"), "DatabaseNotFound")


async def test_a_role_that_may_not_connect_is_told_the_grant(
    weak: Database, database_of_each_version: str
) -> None:
    name = urlsplit(database_of_each_version).path[1:]
    await rows(database_of_each_version, f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    assert "GRANT CONNECT" in await refused(weak, "InsufficientPrivilege")


async def test_tls_that_the_server_does_not_speak_is_named(database: str) -> None:
    await refused(Database(f"{database}?sslmode=require"), "DatabaseTlsFailed")


async def test_a_server_that_does_not_answer_heals_by_itself(database: str) -> None:
    unreachable = altered(database, place=f"127.0.0.1:{free_port()}")
    await refused(unreachable, "DatabaseUnreachable")
    with pytest.raises(UnavailableError):
        await check(unreachable)


async def test_a_host_that_nobody_knows_is_unreachable(database: str) -> None:
    await refused(altered(database, place="nowhere.invalid:5432"), "DatabaseUnreachable")


async def test_a_role_that_may_create_nothing_is_told_the_grant(weak: Database) -> None:
    message = await refused(weak, "InsufficientPrivilege")
    assert "GRANT CREATE ON DATABASE" in message
    assert message.endswith('TO "weak"')


async def test_a_role_with_schemas_of_its_own_needs_no_right_on_the_database(
    weak: Database, database_of_each_version: str
) -> None:
    await rows(database_of_each_version, "CREATE SCHEMA psa AUTHORIZATION weak")
    message = await refused(weak, "InsufficientPrivilege")
    assert "ON DATABASE" in message

    await rows(database_of_each_version, "CREATE SCHEMA psa_stage AUTHORIZATION weak")
    assert (await check(weak)).migrated


async def test_a_role_that_may_not_write_our_tables_is_told_the_grant(
    weak: Database, database_of_each_version: str
) -> None:
    await migrate(Database(database_of_each_version))
    await rows(database_of_each_version, "GRANT USAGE, CREATE ON SCHEMA psa, psa_stage TO weak")
    await rows(database_of_each_version, "GRANT SELECT ON ALL TABLES IN SCHEMA psa TO weak")

    message = await refused(weak, "InsufficientPrivilege")

    assert "GRANT SELECT, INSERT, UPDATE, DELETE ON" in message


async def test_the_description_of_the_tables_is_that_of_the_database(database: str) -> None:
    query = """
        SELECT table_name, column_name,
               CASE data_type WHEN 'ARRAY' THEN substr(udt_name, 2) || '[]' ELSE udt_name END
          FROM information_schema.columns
         WHERE table_schema = '{}' ORDER BY ordinal_position
    """
    live, staged = [await rows(database, query.format(each)) for each in ("psa", "psa_stage")]
    for entity, table in TABLES.items():
        described = set(zip(table.columns, table.types, strict=True))
        assert described <= {(column, kind) for name, column, kind in live if name == table.name}
        if entity is not Entity.TECHNICIANS:
            columns = [(column, kind) for name, column, kind in staged if name == f"quick_{table.name}"]
            wanted = zip(table.staged_columns, table.staged_types, strict=True)
            assert {*columns} == {*wanted, ("origin", "text")}


async def test_the_dsn_is_checked_before_it_is_used() -> None:
    with pytest.raises(ConfigurationError) as caught:
        await check(Database("host=a dbname=b user=c password=hidden service=x"))
    assert caught.value.reason == "InvalidDsn"
    assert "hidden" not in str(caught.value)


async def test_two_migrations_at_once_do_each_step_once(database_of_each_version: str) -> None:
    database = Database(database_of_each_version)
    applied = await asyncio.gather(migrate(database), migrate(database), migrate(database))

    assert sorted(map(len, applied)) == [0, 0, len(MIGRATIONS)]


async def test_readers_of_the_view_need_rights_on_the_tables(
    weak: Database, database_of_each_version: str
) -> None:
    await migrate(Database(database_of_each_version))
    grant = "GRANT USAGE ON SCHEMA psa TO weak; GRANT SELECT ON psa.visible_ticket TO weak"
    await rows(database_of_each_version, grant)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await rows(weak.dsn, "SELECT * FROM psa.visible_ticket")
