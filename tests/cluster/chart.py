"""Install what the chart makes, but for what needs nodes: the operator runs beside the tests instead."""

from pathlib import Path

import yaml

from psa_operator.devcluster.admission import admitted
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
