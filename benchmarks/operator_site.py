"""A control plane, a PSA and the operator as its own process under the chart's rights."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.site import Site, run_site
from psa_operator.devcluster.binaries import find_control_plane
from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.controlplane import run_control_plane
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.chart import install
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant


@dataclass(frozen=True)
class OperatorSite:
    """Everything that `kubectl apply` needs."""

    cluster: Cluster
    tenant: Tenant
    operator: OperatorProcess
    site: Site


@asynccontextmanager
async def run_operator_site(tickets: int, **settings: str) -> AsyncIterator[OperatorSite]:
    """Start it all, with default settings but for those given; the end takes it down."""
    async with (
        run_control_plane(await find_control_plane()) as cluster,
        run_site(tickets) as site,
        Sandbox("benchmark") as box,
    ):
        kubeconfig = await install(cluster, "psa-system")
        namespace = f"benchmark-{secrets.token_hex(3)}"
        (await cluster.kubectl("create", "namespace", namespace)).output()
        database = {"PSA_OPERATOR_DATABASE_DSN": site.dsn}
        operator = OperatorProcess(box, kubeconfig, {**database, **settings})
        await operator.start()
        yield OperatorSite(cluster, Tenant(cluster, namespace, site.psa), operator, site)
        await operator.terminate()
