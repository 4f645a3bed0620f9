"""Every promise of the store is tested on the oldest and on the newest PostgreSQL of this machine."""

import pytest_asyncio

from psa_operator.store import migrate
from psa_operator.sync.spec import Database


@pytest_asyncio.fixture
async def database(database_of_each_version: str) -> str:
    """The DSN of a database with our tables and no row."""
    await migrate(Database(database_of_each_version))
    return database_of_each_version
