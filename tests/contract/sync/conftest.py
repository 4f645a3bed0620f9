"""A small world for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from psa_operator.store import migrate
from psa_operator.sync.spec import Database, WriteBack
from tests.simulator_process import SimulatorProcess, start_simulator
from tests.world import World


@pytest.fixture(scope="session")
def _simulator() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=2300, seed=11, notes=1, time_entries=1) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def world(_simulator: SimulatorProcess, database: str) -> AsyncIterator[World]:
    """A ConnectWise with some two thousand tickets, and a database without a row."""
    await migrate(Database(database))
    yield World(_simulator, database)
    _simulator.reset()


@pytest.fixture(scope="session")
def small_simulator() -> Iterator[SimulatorProcess]:
    """A ConnectWise with tickets enough for what needs no second page."""
    with start_simulator(tickets=150, seed=11, notes=1, time_entries=1) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def small_world(small_simulator: SimulatorProcess, database: str) -> AsyncIterator[World]:
    """The same as `world`, and quicker."""
    await migrate(Database(database))
    yield World(small_simulator, database)
    small_simulator.reset()


@pytest_asyncio.fixture
async def portal(small_world: World) -> World:
    """A world that was read, and whose portal may write."""
    small_world.settings["write_back"] = WriteBack(enabled=True)
    await small_world.full()
    return small_world
