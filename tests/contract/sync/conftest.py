"""A small world for each test."""

from collections.abc import Iterator

import pytest

from tests.simulator_process import SimulatorProcess, start_simulator
from tests.world import World


@pytest.fixture(scope="session")
def _simulator() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=2300, seed=11) as simulator:
        yield simulator


@pytest.fixture
def world(_simulator: SimulatorProcess, database: str) -> Iterator[World]:
    """A ConnectWise with some two thousand tickets, and an empty database."""
    yield World(_simulator, database)
    _simulator.reset()
