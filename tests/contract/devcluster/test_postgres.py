"""A PostgreSQL of our own can be used, stopped and crashed as a real one."""

import psycopg
import pytest

from psa_operator.devcluster.postgres import Postgres


async def test_a_test_has_an_empty_database_of_its_own(database: str) -> None:
    async with await psycopg.AsyncConnection.connect(database) as connection:
        tables = await connection.execute("SELECT * FROM pg_tables WHERE schemaname = 'public'")
        assert await tables.fetchall() == []


async def test_it_is_the_version_that_was_asked_for(postgres_servers: Postgres) -> None:
    async with await psycopg.AsyncConnection.connect(postgres_servers.dsn) as connection:
        assert connection.info.server_version // 10_000 == postgres_servers.version


async def test_what_was_committed_survives_a_crash(
    postgres_servers: Postgres, database_of_each_version: str
) -> None:
    connection = await psycopg.AsyncConnection.connect(database_of_each_version)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS a")
    await connection.commit()
    await connection.execute("INSERT INTO kept VALUES (2)")

    await postgres_servers.crash()
    await postgres_servers.restart()

    async with await psycopg.AsyncConnection.connect(database_of_each_version) as again:
        assert await (await again.execute("SELECT a FROM kept")).fetchall() == [(1,)]
    with pytest.raises(psycopg.OperationalError):
        await connection.execute("SELECT 1")


async def test_a_stopped_server_refuses_connections_until_it_starts(own_postgres: Postgres) -> None:
    await own_postgres.stop()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        await psycopg.AsyncConnection.connect(own_postgres.dsn)
    await own_postgres.start()

    async with await psycopg.AsyncConnection.connect(own_postgres.dsn) as connection:
        assert connection.info.dbname == "postgres"
