"""A simulated ConnectWise for these tests, and clients that lose patience early."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import Protocol

import pytest
import pytest_asyncio

from psa_operator.hosts import HostPolicy
from psa_operator.psa.connectwise.account import open_connectwise
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.psa.http import Patience
from psa_operator.sync.spec import Account, Limits
from tests.simulator_process import SimulatorProcess, start_simulator

IMPATIENT = Patience(attempts=3, first_pause=0.01, longest_pause=0.02, silence=5.0, whole_answer=10.0)
FAST = Limits(requests_per_minute=60_000)
LOOPBACK = HostPolicy(frozenset({"127.0.0.1"}), allow_http=True)


class Open(Protocol):
    """Open a client of the simulator; the settings that a test is about are its arguments."""

    def __call__(
        self,
        *,
        limits: Limits = FAST,
        patience: Patience = IMPATIENT,
        policy: HostPolicy = LOOPBACK,
        url: str | None = None,
        company: str | None = None,
        time_zone: str = "UTC",
        keys: Mapping[str, str] | None = None,
    ) -> Awaitable[ConnectWise]: ...


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=1200, seed=5) as process:
        yield process


@pytest.fixture
def psa(simulator_process: SimulatorProcess) -> SimulatorProcess:
    """The simulated PSA, as it was at its start."""
    simulator_process.reset()
    simulator_process.clear_requests()
    return simulator_process


@pytest_asyncio.fixture
async def open_psa(psa: SimulatorProcess) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_one(
            *,
            limits: Limits = FAST,
            patience: Patience = IMPATIENT,
            policy: HostPolicy = LOOPBACK,
            url: str | None = None,
            company: str | None = None,
            time_zone: str = "UTC",
            keys: Mapping[str, str] | None = None,
        ) -> ConnectWise:
            settings = {"url": url or psa.url, "companyId": company or psa.account.companyId}
            account = Account("ConnectWise", settings, psa.credentials | dict(keys or {}), time_zone)
            return await stack.enter_async_context(open_connectwise(account, limits, policy, patience))

        yield open_one


@pytest_asyncio.fixture
async def client(open_psa: Open) -> ConnectWise:
    """A client as good as any."""
    return await open_psa()


Requests = Callable[[str], int]


@pytest.fixture
def requests(psa: SimulatorProcess) -> Requests:
    """How many requests so far had this word in their path."""

    def count(word: str) -> int:
        return sum(number for path, number in psa.requests()["byPath"].items() if word in path)

    return count
