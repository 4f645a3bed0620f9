"""Install what the chart makes, but for what needs nodes: the operator runs beside the tests instead."""

import asyncio
from pathlib import Path

import yaml

from psa_operator.devcluster.cluster import Cluster
from tests.contract.chart.rendering import rendered

_NEED_NODES = frozenset({"Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"})


async def install(cluster: Cluster, system: str, *options: str) -> Path:
    """Apply the chart into the namespace `system`; returns a kubeconfig of its service account."""
    manifests = [
        each for each in await rendered(*options, namespace=system) if each["kind"] not in _NEED_NODES
    ]
    await cluster.kubectl("create", "namespace", system)
    crds = [each for each in manifests if each["kind"] == "CustomResourceDefinition"]
    for some in (crds, manifests):
        text = yaml.safe_dump_all(some)
        (await cluster.kubectl("apply", "-f", "-", stdin=text)).output()
    names = [f"crd/{each['metadata']['name']}" for each in crds]
    (await cluster.kubectl("wait", "--for=condition=Established", *names)).output()
    await admitted(cluster)
    return await cluster.kubeconfig_for("psa-operator", system)


async def admitted(cluster: Cluster) -> None:
    """Wait until the API server's own policies know the new kinds, which takes it some seconds."""
    run = str(Path(__file__).parents[2] / "examples/full-clear-and-resync.yaml")
    async with asyncio.timeout(60):
        for _ in iter(int, 1):
            answer = await cluster.kubectl("create", "--dry-run=server", "-f", run)
            # Before that it may let all pass, and then refuse all for a while.
            if answer.exit_code == 0 and "This is only a warning" in answer.stderr:
                return
            await asyncio.sleep(0.5)
