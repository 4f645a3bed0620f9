"""A real API server and a real PostgreSQL for every test that asks for one.

`CLUSTER` in the environment says which API server: `local` is our own and the default, `kind` makes one with
kind, `existing` takes the one that KUBECONFIG names. `PSA_OPERATOR_TEST_DSN` names a PostgreSQL to use
instead of our own, as a URL of a user who may create databases.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from psa_operator.devcluster.binaries import find_control_plane
from psa_operator.devcluster.cluster import Cluster, existing_cluster, kind_cluster
from psa_operator.devcluster.controlplane import ControlPlane, run_control_plane
from psa_operator.devcluster.installations import Installation, installations
from psa_operator.devcluster.postgres import DatabaseServer, Postgres, run_postgres

# How fast a machine is says nothing about an example.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

EXISTING_DSN = os.environ.get("PSA_OPERATOR_TEST_DSN")


async def _cluster(config: pytest.Config) -> AbstractAsyncContextManager[Cluster]:
    match os.environ.get("CLUSTER", "local"):
        case "local":
            # What takes minutes the first time has to be seen.
            with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
                return run_control_plane(await find_control_plane())
        case "kind":
            return kind_cluster()
        case "existing":
            return existing_cluster()
        case other:
            raise pytest.UsageError(f"CLUSTER is {other!r}: say local, kind or existing")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def control_plane(pytestconfig: pytest.Config) -> AsyncIterator[Cluster]:
    """The API server of this run, shared by all tests: each makes a namespace of its own."""
    async with await _cluster(pytestconfig) as cluster:
        yield cluster


@pytest.fixture
def own_control_plane(control_plane: Cluster) -> ControlPlane:
    """The API server for tests that stop and start it; they are skipped where it is not ours."""
    if not isinstance(control_plane, ControlPlane):
        pytest.skip("stops the API server, which is not ours to stop")
    return control_plane


@pytest_asyncio.fixture
async def namespace(control_plane: Cluster) -> AsyncIterator[str]:
    """A namespace of the test's own."""
    name = f"test-{secrets.token_hex(6)}"
    (await control_plane.kubectl("create", "namespace", name)).output()
    yield name
    (await control_plane.kubectl("delete", "namespace", name, "--wait=false")).output()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres() -> AsyncIterator[DatabaseServer]:
    """The PostgreSQL of this run, shared by all tests: each makes a database of its own."""
    if EXISTING_DSN is not None:
        yield DatabaseServer(EXISTING_DSN)
        return
    async with run_postgres() as server:
        yield server


@pytest.fixture
def own_postgres(postgres: DatabaseServer) -> Postgres:
    """The PostgreSQL for tests that crash and restart it; they are skipped where it is not ours."""
    if not isinstance(postgres, Postgres):
        pytest.skip("crashes PostgreSQL, which is not ours to crash")
    return postgres


@pytest_asyncio.fixture
async def database(postgres: DatabaseServer) -> AsyncIterator[str]:
    """The DSN of an empty database of the test's own."""
    async for dsn in _fresh_database(postgres):
        yield dsn


def _oldest_and_newest() -> list[Installation]:
    found = installations()
    return sorted({found[0], found[-1]}) if found else []


@pytest_asyncio.fixture(
    scope="session",
    loop_scope="session",
    params=_oldest_and_newest(),
    ids=lambda found: f"postgres{found.version}",
)
async def postgres_servers(request: pytest.FixtureRequest) -> AsyncIterator[Postgres]:
    """The oldest and the newest PostgreSQL of this machine, one after the other."""
    async with run_postgres(request.param) as server:
        yield server


@pytest_asyncio.fixture
async def database_of_each_version(postgres_servers: Postgres) -> AsyncIterator[str]:
    """The DSN of an empty database, once in the oldest and once in the newest PostgreSQL."""
    async for dsn in _fresh_database(postgres_servers):
        yield dsn


async def _fresh_database(server: DatabaseServer) -> AsyncIterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    yield await server.create_database(name)
    await server.drop_database(name)
