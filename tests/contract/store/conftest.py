"""Every promise of the store is tested on the oldest and on the newest PostgreSQL of this machine."""

import secrets
from collections.abc import AsyncIterator

import pytest_asyncio

from psa_operator.devcluster.postgres import Postgres
from psa_operator.store import migrate
from psa_operator.sync.spec import Database


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _migrated(postgres_servers: Postgres) -> str:
    """The name of a database with our tables, to copy for each test."""
    await migrate(Database(await postgres_servers.create_database("migrated")))
    return "migrated"


@pytest_asyncio.fixture
async def database(postgres_servers: Postgres, _migrated: str) -> AsyncIterator[str]:
    """The DSN of a database with our tables and no row."""
    name = f"test_{secrets.token_hex(6)}"
    yield await postgres_servers.create_database(name, template=_migrated)
    await postgres_servers.drop_database(name)
