"""The programs of a control plane, helm and promcheck: found on this machine, downloaded or built.

A control plane's come from, in this order: the folder that KUBEBUILDER_ASSETS names, as for envtest; our own
cache in the user's cache folder; the PATH; the archive that envtest publishes; a build from Go modules.
"""

import asyncio
import fcntl
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

from psa_operator.devcluster.archive import ENVTEST, Archives, download, this_system
from psa_operator.devcluster.golang import GO_LOCK, HELM, KUBERNETES, PROMETHEUS, Module, build, find_go
from psa_operator.devcluster.processes import DevclusterError
from psa_operator.devcluster.programs import run


def say_on_stderr(line: str) -> None:
    """Tell a person what takes so long."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Machine:
    """Where to look for programs, where to keep them, and whom to tell what takes long."""

    environ: Mapping[str, str]
    cache: Path
    archives: Archives = ENVTEST
    kubernetes: Module = KUBERNETES
    helm: Module = HELM
    prometheus: Module = PROMETHEUS
    go_lock: Path = GO_LOCK
    say: Callable[[str], None] = say_on_stderr

    @classmethod
    def this(cls) -> Self:
        """The machine that we run on."""
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(environ=os.environ, cache=Path(home) / "psa-operator" / "devcluster")

    @property
    def path(self) -> str:
        return self.environ.get("PATH", "")

    @property
    def unpacked(self) -> Path:
        return self.cache / f"envtest-{self.archives.version}"

    def built(self, module: Module) -> Path:
        return self.cache / f"{module.folder.name}-{module.version}"


@dataclass(frozen=True)
class ControlPlaneBinaries:
    """Programs of one Kubernetes release, that belong together."""

    etcd: Path
    kube_apiserver: Path
    kubectl: Path

    @classmethod
    def in_folders(cls, path: str) -> Self:
        """Those in the folders of a search path; none is taken unless all are there."""
        names = ("etcd", "kube-apiserver", "kubectl")
        found = {name: shutil.which(name, path=path) for name in names}
        missing = [name for name in names if found[name] is None]
        if missing:
            raise DevclusterError(f"{' and '.join(missing)} not found")
        return cls(*(Path(found[name] or "").absolute() for name in names))


async def find_control_plane(machine: Machine | None = None) -> ControlPlaneBinaries:
    """The programs of a control plane, downloaded or built if they are not on this machine yet."""
    machine = machine or Machine.this()
    lacking: dict[str, str] = {}
    found = await _first(_FOUND, machine, lacking)
    if found is None:
        # Two that find nothing at the same time shall not both spend minutes on making it.
        async with _alone(machine):
            found = await _first(_MADE, machine, lacking)
    if found is None:
        ways = "\n".join(f"  {name}: {problem}" for name, problem in lacking.items())
        raise DevclusterError(
            f"kube-apiserver, etcd and kubectl are needed, and each way to them lacks something:\n{ways}\n"
            "Install Go, or set KUBEBUILDER_ASSETS to a folder that has the three programs."
        )
    return found


async def find_helm(machine: Machine | None = None) -> Path:
    """The helm that we render with, built if it is not on this machine yet."""
    machine = machine or Machine.this()
    return await _built(machine, machine.helm, "helm")


async def find_promcheck(machine: Machine | None = None) -> Path:
    """The program that judges metrics and rules as promtool does, built if it is not on this machine yet."""
    machine = machine or Machine.this()
    return await _built(machine, machine.prometheus, "promcheck")


async def _from_assets(machine: Machine) -> ControlPlaneBinaries:
    folder = machine.environ.get("KUBEBUILDER_ASSETS")
    if not folder:
        raise DevclusterError("not set")
    try:
        return ControlPlaneBinaries.in_folders(folder)
    except DevclusterError as problem:
        machine.say(f"KUBEBUILDER_ASSETS={folder} is of no use: {problem}")
        raise


async def _from_cache(machine: Machine) -> ControlPlaneBinaries:
    for folder in (machine.built(machine.kubernetes), machine.unpacked):
        with suppress(DevclusterError):
            return ControlPlaneBinaries.in_folders(str(folder))
    raise DevclusterError(f"{machine.cache} has none yet")


async def _from_path(machine: Machine) -> ControlPlaneBinaries:
    found = ControlPlaneBinaries.in_folders(machine.path)
    wanted = _minor(machine.kubernetes.version)
    # The machine's own kubectl often belongs to another cluster, and is years away from this API server.
    for command in ((found.kube_apiserver, "--version"), (found.kubectl, "version", "--client")):
        version = (await run(*command)).stdout
        if _minor(version) != wanted:
            raise DevclusterError(f"{command[0]} is {version.strip() or 'silent'!r}, and {wanted} is needed")
    return found


async def _from_archive(machine: Machine) -> ControlPlaneBinaries:
    machine.say(f"downloading {machine.archives.url(this_system())} ...")
    try:
        await download(machine.archives, this_system(), machine.unpacked)
    except DevclusterError as problem:
        machine.say(f"not used: {problem}")
        raise
    return ControlPlaneBinaries.in_folders(str(machine.unpacked))


async def _from_modules(machine: Machine) -> ControlPlaneBinaries:
    folder = await _build(machine, machine.kubernetes)
    return ControlPlaneBinaries.in_folders(str(folder))


_Way = Callable[[Machine], Awaitable[ControlPlaneBinaries]]
_FOUND: Mapping[str, _Way] = {
    "KUBEBUILDER_ASSETS": _from_assets,
    "cache": _from_cache,
    "PATH": _from_path,
}
_MADE: Mapping[str, _Way] = {
    "cache": _from_cache,  # again: another process may have made them while we waited for it
    "envtest archive": _from_archive,
    "build from Go modules": _from_modules,
}


async def _first(
    ways: Mapping[str, _Way], machine: Machine, lacking: dict[str, str]
) -> ControlPlaneBinaries | None:
    """What the first way gives that gives anything; `lacking` learns what the others lacked."""
    for name, way in ways.items():
        try:
            return await way(machine)
        except DevclusterError as problem:
            lacking[name] = str(problem)
    return None


async def _built(machine: Machine, module: Module, name: str) -> Path:
    async with _alone(machine):
        try:
            return await _build(machine, module) / name
        except DevclusterError as problem:
            raise DevclusterError(f"{name} is needed and cannot be built here: {problem}") from problem


async def _build(machine: Machine, module: Module) -> Path:
    folder = machine.built(module)
    if not all((folder / name).exists() for name in module.packages):
        go = await find_go(module, machine.path, machine.go_lock, machine.cache, machine.say)
        await build(module, folder, go, machine.say)
    return folder


@asynccontextmanager
async def _alone(machine: Machine) -> AsyncIterator[None]:
    """Let one process at a time fill the cache; the system opens the lock of one that dies."""
    machine.cache.mkdir(parents=True, exist_ok=True)
    with (machine.cache / "lock").open("w") as lock:
        waiting = False
        while not _locked(lock):
            if not waiting:
                machine.say("waiting for another process that is filling the cache ...")
            waiting = True
            await asyncio.sleep(0.2)
        yield


def _locked(lock: TextIO) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _minor(version: str) -> str:
    """The major and minor part of the first Kubernetes version in a text."""
    found = re.search(r"v(\d+\.\d+)\.", version)
    return found[1] if found else ""
