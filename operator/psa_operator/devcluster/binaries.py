"""Where the programs of a control plane are on this machine."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ControlPlaneBinaries:
    """Programs of one Kubernetes release that belong together."""

    etcd: Path
    kube_apiserver: Path
    kubectl: Path


async def find_control_plane() -> ControlPlaneBinaries:
    folder = Path.home() / ".cache/psa-operator/devcluster/kubernetes-v1.36.3"
    return ControlPlaneBinaries(folder / "etcd", folder / "kube-apiserver", folder / "kubectl")
