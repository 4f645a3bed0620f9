"""Pods of the chart's Deployment, on nodes that have a kubelet and nothing else; and who may read them."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from psa_operator.devcluster.cluster import Cluster
from tests.cluster.kubelet import node, serving_log
from tests.cluster.person import Person, person
from tests.cluster.tenant import Tenant
from tests.contract.chart.rendering import only, rendered

SYSTEM = "psa-system"


@asynccontextmanager
async def operator_pod(cluster: Cluster, log: Path, before: str = "") -> AsyncIterator[str]:
    """A pod whose log is a file; `before` is that of the container that ran before, if one did."""
    deployment = only(await rendered("--set", "database.secretName=db", namespace=SYSTEM), "Deployment")
    name, where = f"psa-operator-{secrets.token_hex(3)}", ("-n", SYSTEM)
    template = deployment["spec"]["template"]
    async with serving_log(log, before) as port:
        made = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {**template["metadata"], "name": name, "namespace": SYSTEM},
            "spec": {**template["spec"], "nodeName": name},
        }
        status = {"containerStatuses": [_status(restarts=1 if before else 0)]}
        patch = ("patch", "pod", name, *where, "--subresource=status", "--type=merge")
        try:
            for each in (node(name, port), deployment, made):
                (await cluster.kubectl("apply", "-f", "-", stdin=json.dumps(each))).output()
            (await cluster.kubectl(*patch, "-p", json.dumps({"status": status}))).output()
            yield name
        finally:
            await cluster.kubectl("delete", "pod", name, *where, "--force", "--grace-period=0")
            await cluster.kubectl("delete", "node", name)
            await cluster.kubectl("delete", "deployment", "--all", *where)


async def support_person(tenant: Tenant) -> Person:
    """Who may look, and may read the operator's pods as well."""
    found = await person(tenant, "view")
    rights = ("--verb=get,list", "--resource=pods,pods/log,deployments.apps")
    name = f"support-{tenant.namespace}"
    account = f"--serviceaccount={tenant.namespace}:viewer"
    for command in (("role", name, *rights), ("rolebinding", name, f"--role={name}", account)):
        await tenant.cluster.kubectl("create", *command, "-n", SYSTEM)
    return found


def _status(restarts: int) -> dict[str, Any]:
    return {
        "name": "operator",
        "image": "psa-operator",
        "imageID": "",
        "ready": True,
        "restartCount": restarts,
    }
