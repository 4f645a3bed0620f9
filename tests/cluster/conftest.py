"""The operator against a real API server, with exactly the rights that the chart gives it."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.postgres import DatabaseServer
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.chart import install
from tests.cluster.portal import Portal
from tests.cluster.process import OperatorProcess
from tests.cluster.team import Team, team_of
from tests.cluster.tenant import Tenant
from tests.simulator_process import SimulatorProcess, start_simulator


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kubeconfig(control_plane: Cluster) -> Path:
    """The chart is installed; this acts as its service account."""
    return await install(control_plane, "psa-system")


@pytest.fixture
def psa() -> Iterator[SimulatorProcess]:
    """A PSA of the test's own, with a few hundred tickets."""
    with start_simulator(tickets=300, seed=7) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def tenant(control_plane: Cluster, kubeconfig: Path, psa: SimulatorProcess) -> AsyncIterator[Tenant]:
    """A namespace with its PSA."""
    async with _namespace(control_plane) as namespace:
        yield Tenant(control_plane, namespace, psa)


@pytest_asyncio.fixture
async def operator(kubeconfig: Path, tenant: Tenant, database: str) -> AsyncIterator[OperatorProcess]:
    """An operator for the tenant alone, that a test may stop and kill."""
    async with _operator(kubeconfig, tenant.namespace, database) as process:
        yield process


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(
    control_plane: Cluster, kubeconfig: Path, postgres: DatabaseServer
) -> AsyncIterator[tuple[OperatorProcess, Tenant]]:
    """An operator and a tenant that many tests share."""
    dsn = await postgres.create_database(f"house_{secrets.token_hex(4)}")
    with start_simulator(tickets=300, seed=7) as psa:
        async with (
            _namespace(control_plane) as namespace,
            _operator(kubeconfig, namespace, dsn, PSA_OPERATOR_MAX_CONCURRENT_RUNS="2") as process,
        ):
            yield process, Tenant(control_plane, namespace, psa)


@pytest.fixture
def landlord(house: tuple[OperatorProcess, Tenant]) -> OperatorProcess:
    """The shared operator, for looking at and not for stopping."""
    return house[0]


@pytest_asyncio.fixture
async def guest(house: tuple[OperatorProcess, Tenant]) -> AsyncIterator[Tenant]:
    """The shared tenant, with a PSA as new, and nothing left of other tests."""
    tenant = house[1]
    tenant.psa.reset()
    tenant.acme = f"acme-{secrets.token_hex(3)}"
    yield tenant
    tenant.psa.clear_faults()
    await tenant.kubectl("delete", "tressched,tres,psai,secrets,events", "--all")


@pytest_asyncio.fixture
async def team(
    control_plane: Cluster, kubeconfig: Path, tenant: Tenant, database: str, tmp_path: Path
) -> AsyncIterator[Team]:
    """Two operators for the tenant, each with ways of its own."""
    watched = {"PSA_OPERATOR_NAMESPACES": tenant.namespace}
    async with team_of(["one", "two"], control_plane, kubeconfig, tmp_path, database, **watched) as made:
        yield made


@pytest_asyncio.fixture
async def portal(guest: Tenant, database: str) -> Portal:
    """An integration that was read once, and whose portal may write."""
    await guest.apply({**guest.secret("dsn"), "stringData": {"dsn": database}})
    await guest.connect(database={"secretRef": {"name": "dsn", "key": "dsn"}})
    await guest.bring("first")
    await guest.patch("psai", guest.acme, {"spec": {"writeBack": {"enabled": True}}})
    found = Portal(guest, database)
    await found.pending(0, "on")
    return found


@asynccontextmanager
async def _namespace(cluster: Cluster) -> AsyncIterator[str]:
    name = f"tenant-{secrets.token_hex(4)}"
    (await cluster.kubectl("create", "namespace", name)).output()
    yield name
    await cluster.kubectl("delete", "tres,psai", "--all", "-n", name, "--wait=false")
    await cluster.kubectl("delete", "namespace", name, "--wait=false")


@asynccontextmanager
async def _operator(
    kubeconfig: Path, namespace: str, dsn: str, **settings: str
) -> AsyncIterator[OperatorProcess]:
    async with Sandbox("operator") as box:
        process = OperatorProcess(
            box,
            kubeconfig,
            {"PSA_OPERATOR_NAMESPACES": namespace, "PSA_OPERATOR_DATABASE_DSN": dsn, **settings},
        )
        await process.start()
        yield process
