"""A cluster as tests and demo see it: kubectl, and a kubeconfig for whoever acts."""

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from psa_operator.devcluster.processes import DevclusterError
from psa_operator.devcluster.programs import Completed, run


class Cluster:
    """A Kubernetes API server that somebody else starts and stops, seen as its administrator."""

    def __init__(self, *, kubectl: Path, kubeconfig: Path, folder: Path) -> None:
        self.kubectl_binary = kubectl
        self.kubeconfig = kubeconfig
        self.folder = folder

    async def kubectl(
        self, *args: str, stdin: str | None = None, kubeconfig: Path | None = None
    ) -> Completed:
        """Run kubectl as the administrator, or as whom `kubeconfig` says."""
        return await run(self.kubectl_binary, *args, stdin=stdin, env=self.kubectl_environment(kubeconfig))

    def kubectl_environment(self, kubeconfig: Path | None = None) -> dict[str, str]:
        """The environment that points kubectl here and away from the user's own files."""
        return {
            **os.environ,
            "KUBECONFIG": str(kubeconfig or self.kubeconfig),
            "KUBECACHEDIR": str(self.folder / "kubectl"),
            "KUBECTL_KUBERC": "false",
        }

    async def kubeconfig_for(self, service_account: str, namespace: str) -> Path:
        """A kubeconfig that acts as an existing service account, by a token of a day."""
        token = await self.kubectl("create", "token", service_account, "-n", namespace, "--duration", "24h")
        view = await self.kubectl("config", "view", "--raw", "--minify", "--flatten", "-o", "json")
        config: dict[str, Any] = json.loads(view.output())
        user = f"{namespace}-{service_account}"
        config["users"] = [{"name": user, "user": {"token": token.output().strip()}}]
        config["contexts"][0]["context"].update(user=user, namespace=namespace)
        return write_kubeconfig(self.folder / f"{user}.kubeconfig", config)


def write_kubeconfig(path: Path, config: dict[str, Any]) -> Path:
    """Write a kubeconfig that only its owner can read: it holds a key or a token."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=2))
    return path


@asynccontextmanager
async def existing_cluster() -> AsyncIterator[Cluster]:
    """The cluster that KUBECONFIG names, left running."""
    if not os.environ.get("KUBECONFIG"):
        raise DevclusterError("CLUSTER=existing needs KUBECONFIG to name the cluster to use")
    kubectl = _program("kubectl")
    with tempfile.TemporaryDirectory(prefix="psa-operator-cluster-") as folder:
        copy = Path(folder) / "admin.kubeconfig"
        copy.touch(mode=0o600)
        view = await run(kubectl, "config", "view", "--raw", "--minify", "--flatten")
        copy.write_text(view.output())
        yield Cluster(kubectl=kubectl, kubeconfig=copy, folder=Path(folder))


@asynccontextmanager
async def kind_cluster() -> AsyncIterator[Cluster]:
    """A cluster with a node, in containers, for as long as the context lasts."""
    kind, kubectl = _program("kind"), _program("kubectl")
    name = f"psa-operator-{secrets.token_hex(3)}"
    with tempfile.TemporaryDirectory(prefix="psa-operator-cluster-") as folder:
        kubeconfig = Path(folder) / "admin.kubeconfig"
        names = ("--name", name, "--kubeconfig", str(kubeconfig))
        try:
            created = await run(kind, "create", "cluster", *names, "--wait", "2m")
            created.output()
            yield Cluster(kubectl=kubectl, kubeconfig=kubeconfig, folder=Path(folder))
        finally:
            await run(kind, "delete", "cluster", *names)


def _program(name: str) -> Path:
    path = shutil.which(name)
    if path is None:
        raise DevclusterError(f"{name} is not on the PATH; install it, or run with CLUSTER=local")
    return Path(path)
