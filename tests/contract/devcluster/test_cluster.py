"""The same tests run against a cluster that is already there."""

import os
from pathlib import Path

import pytest

from psa_operator.devcluster.cluster import Cluster, existing_cluster
from psa_operator.devcluster.processes import DevclusterError


async def test_an_existing_cluster_is_used_as_kubeconfig_says_and_left_as_it_was(
    control_plane: Cluster, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = control_plane.kubeconfig.read_text()
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig))
    monkeypatch.setenv("PATH", str(control_plane.kubectl_binary.parent), prepend=os.pathsep)

    async with existing_cluster() as existing:
        await existing.kubectl("-n", namespace, "create", "serviceaccount", "robot")
        robot = await existing.kubeconfig_for("robot", namespace)
        who = await existing.kubectl("auth", "whoami", kubeconfig=robot)

    assert f"system:serviceaccount:{namespace}:robot" in who.output()
    assert not robot.exists()
    assert control_plane.kubeconfig.read_text() == before


async def test_an_existing_cluster_needs_a_kubeconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBECONFIG", raising=False)

    with pytest.raises(DevclusterError, match="needs KUBECONFIG"):
        async with existing_cluster():
            pass


async def test_what_a_missing_program_is_needed_for_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/somewhere")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DevclusterError, match="kubectl is not on the PATH"):
        async with existing_cluster():
            pass


async def test_a_kubeconfig_for_nobody_says_who_is_missing(control_plane: Cluster) -> None:
    with pytest.raises(DevclusterError, match='serviceaccounts "nobody" not found'):
        await control_plane.kubeconfig_for("nobody", "default")


async def test_kubeconfigs_are_for_their_owner_only(control_plane: Cluster) -> None:
    assert control_plane.kubeconfig.stat().st_mode & 0o077 == 0
