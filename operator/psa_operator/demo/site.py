"""The servers that the demo runs against: started one after the other, taken down together."""

import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from psa_operator.demo.narrator import Narrator
from psa_operator.demo.operator_process import CHART
from psa_operator.demo.psa import SimulatedPsa, run_simulated_psa
from psa_operator.demo.shell import Shell
from psa_operator.devcluster.binaries import find_control_plane, find_helm
from psa_operator.devcluster.controlplane import ControlPlane, run_control_plane
from psa_operator.devcluster.postgres import run_postgres
from psa_operator.devcluster.processes import DevclusterError, Sandbox

TICKETS = 5_000

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """What is up while the story is told."""

    control_plane: ControlPlane
    dsn: str
    psql: Path
    psa: SimulatedPsa
    sandbox: Sandbox
    shell: Shell


@asynccontextmanager
async def run_site(narrator: Narrator) -> AsyncIterator[Site]:
    """Start the servers; the context's end stops them and removes their files."""
    if not CHART.is_dir():
        raise DevclusterError(f"There is no chart at {CHART}: run `make demo` in a checkout of the source.")
    binaries, helm = await find_control_plane(), await find_helm()
    async with AsyncExitStack() as stack:
        up = _Starter(narrator, stack)
        cluster = await up(run_control_plane(binaries), "a Kubernetes control plane (etcd, kube-apiserver)")
        postgres = await up(run_postgres(), "PostgreSQL, with an empty database")
        dsn = await postgres.create_database("portal")
        sandbox = await stack.enter_async_context(Sandbox("demo"))
        psa = await up(
            run_simulated_psa(sandbox, TICKETS), f"a simulated ConnectWise, with {TICKETS:,} tickets"
        )
        (sandbox.folder / "charts").symlink_to(CHART.parent)
        programs = {"kubectl": binaries.kubectl, "helm": helm, "psql": postgres.psql}
        shell = Shell(narrator, sandbox.folder, _environment(cluster, sandbox.folder, dsn), programs)
        yield Site(cluster, dsn, postgres.psql, psa, sandbox, shell)


class _Starter:
    """Starts one thing after the other and says how long each took."""

    def __init__(self, narrator: Narrator, stack: AsyncExitStack) -> None:
        self._narrator = narrator
        self._stack = stack

    async def __call__(self, starting: AbstractAsyncContextManager[T], what: str) -> T:
        began = time.monotonic()
        started = await self._stack.enter_async_context(starting)
        self._narrator.output(f"{time.monotonic() - began:4.1f} s  {what}")
        return started


def _environment(cluster: ControlPlane, folder: Path, dsn: str) -> Mapping[str, str]:
    """The environment of the reader's shell, with a kubeconfig that it may change."""
    kubeconfig = folder / "kubeconfig"
    shutil.copy(cluster.kubeconfig, kubeconfig)
    helm = {f"HELM_{kind}_HOME": str(folder / "helm") for kind in ("CACHE", "CONFIG", "DATA")}
    return {**cluster.kubectl_environment(kubeconfig), **helm, "DSN": dsn, "PSQLRC": os.devnull}
