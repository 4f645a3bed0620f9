"""A user with kubectl, in a namespace of their own."""

import copy
import json
import re
from pathlib import Path
from typing import Any

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.programs import Completed

Manifest = dict[str, Any]


def merged(base: Manifest, changes: Manifest) -> dict[str, Any]:
    """`base` with `changes` put in at every depth; None takes a field away."""
    result = dict(copy.deepcopy(base))
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = merged(result.get(name, {}), value)
        else:
            result[name] = value
    return result


class Api:
    """One namespace, spoken to with kubectl."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.cluster = cluster
        self.namespace = namespace

    async def kubectl(
        self, *arguments: str, stdin: str | None = None, kubeconfig: Path | None = None
    ) -> Completed:
        where = ("--namespace", self.namespace)
        return await self.cluster.kubectl(*arguments, *where, stdin=stdin, kubeconfig=kubeconfig)

    async def create(self, manifest: Manifest, *options: str, kubeconfig: Path | None = None) -> Completed:
        text = json.dumps(manifest)
        return await self.kubectl("create", "-f", "-", *options, stdin=text, kubeconfig=kubeconfig)

    async def patch(self, manifest: Manifest, changes: Manifest, *options: str) -> Completed:
        """A merge patch; None takes a field away, as in JSON."""
        name = f"{manifest['kind']}.psa.msportal.ai/{manifest['metadata']['name']}"
        return await self.kubectl("patch", name, "--type=merge", "-p", json.dumps(changes), *options)

    async def read(self, manifest: Manifest) -> dict[str, Any]:
        kind, name = manifest["kind"], manifest["metadata"]["name"]
        found: dict[str, Any] = json.loads((await self.kubectl("get", kind, name, "-o", "json")).output())
        return found

    async def row(self, kind: str, name: str) -> dict[str, str]:
        """The object's line of `kubectl get -o wide`, by column."""
        header, line = (await self.kubectl("get", kind, name, "-o", "wide")).output().splitlines()
        starts = [(found.group(), found.start()) for found in re.finditer(r"\S+(?: \S+)*", header)]
        ends = [start for _, start in starts[1:]] + [len(line)]
        return {column: line[start:end].strip() for (column, start), end in zip(starts, ends, strict=True)}
