"""One simulator for all tests of it, put back to its start before each."""

from collections.abc import Iterator

import pytest

from tests.simulator_process import SimulatorProcess, start_simulator


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=300, seed=7) as simulator:
        yield simulator


@pytest.fixture
def simulator(running_simulator: SimulatorProcess) -> SimulatorProcess:
    running_simulator.reset()
    return running_simulator
