"""A control plane of our own is a real one, and it is gone afterwards."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from psa_operator.devcluster.binaries import find_control_plane
from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.controlplane import ControlPlane, run_control_plane


async def test_it_answers_kubectl(control_plane: Cluster) -> None:
    answer = await control_plane.kubectl("get", "namespaces", "-o", "name")

    assert "namespace/kube-system" in answer.output().split()


async def test_a_service_account_may_only_what_rbac_grants_it(control_plane: Cluster, namespace: str) -> None:
    await control_plane.kubectl("-n", namespace, "create", "serviceaccount", "robot")
    robot = await control_plane.kubeconfig_for("robot", namespace)

    refused = await control_plane.kubectl("get", "secrets", kubeconfig=robot)

    assert refused.exit_code == 1
    assert f'"system:serviceaccount:{namespace}:robot" cannot list resource "secrets"' in refused.stderr


async def test_what_was_written_survives_a_restart_of_the_api_server(
    own_control_plane: ControlPlane, namespace: str
) -> None:
    await own_control_plane.stop_apiserver()
    down = await own_control_plane.kubectl("get", "namespaces")
    await own_control_plane.start_apiserver()

    assert down.exit_code != 0
    assert (await own_control_plane.kubectl("get", "namespace", namespace)).exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
async def test_it_leaves_nothing_behind() -> None:
    async with run_control_plane(await find_control_plane()) as control_plane:
        folder = control_plane.folder
        assert _processes_in(folder)

    assert not folder.exists()
    assert not _processes_in(folder)


def _processes_in(folder: Path) -> list[str]:
    """The command lines of all processes that work in a folder."""
    commands: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            commands.append(path.read_bytes().decode())
    return [command for command in commands if str(folder) in command]
