"""The operator against a real API server, with exactly the rights that the chart gives it."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant
from tests.contract.chart.rendering import rendered
from tests.simulator_process import SimulatorProcess, start_simulator

SYSTEM = "psa-system"
_NOT_HERE = frozenset({"Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"})
"""What needs nodes; the operator runs beside the tests instead."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kubeconfig(control_plane: Cluster) -> Path:
    """The chart is installed; this acts as its service account."""
    manifests = [each for each in await rendered(namespace=SYSTEM) if each["kind"] not in _NOT_HERE]
    await control_plane.kubectl("create", "namespace", SYSTEM)
    crds = [each for each in manifests if each["kind"] == "CustomResourceDefinition"]
    for some in (crds, manifests):
        text = yaml.safe_dump_all(some)
        applied = await control_plane.kubectl("apply", "-n", SYSTEM, "-f", "-", stdin=text)
        applied.output()
    names = [f"crd/{each['metadata']['name']}" for each in crds]
    (await control_plane.kubectl("wait", "--for=condition=Established", *names)).output()
    return await control_plane.kubeconfig_for("psa-operator", SYSTEM)


@pytest.fixture
def psa() -> Iterator[SimulatorProcess]:
    """A PSA of the test's own, with a few hundred tickets."""
    with start_simulator(tickets=300, seed=7) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def tenant(control_plane: Cluster, kubeconfig: Path, psa: SimulatorProcess) -> AsyncIterator[Tenant]:
    """A namespace with its PSA."""
    namespace = f"tenant-{secrets.token_hex(4)}"
    (await control_plane.kubectl("create", "namespace", namespace)).output()
    yield Tenant(control_plane, namespace, psa)
    for kind in ("tres", "psai"):
        await control_plane.kubectl("delete", kind, "--all", "-n", namespace, "--wait=false")
    await control_plane.kubectl("delete", "namespace", namespace, "--wait=false")


@pytest_asyncio.fixture
async def operator(kubeconfig: Path, tenant: Tenant, database: str) -> AsyncIterator[OperatorProcess]:
    """The operator, running, for the tenant's namespace."""
    settings = {
        "PSA_OPERATOR_NAMESPACES": tenant.namespace,
        "PSA_OPERATOR_DATABASE_DSN": database,
    }
    async with Sandbox("operator") as box:
        process = OperatorProcess(box, kubeconfig, settings)
        await process.start()
        yield process
