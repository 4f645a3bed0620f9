"""`kubectl psa logs` and `bundle`: the operator's real log, and no secret anywhere."""

import json
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from psa_operator.devcluster.controlplane import ControlPlane
from tests.cluster.person import Person, person
from tests.cluster.pods import SYSTEM, operator_pod, support_person
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant

OPERATOR = ("--operator-namespace", SYSTEM)
CRASHED = """\
{"timestamp": "2026-01-01T00:00:00Z", "level": "error", "event": "crashed", "run": "quick"}
Segmentation fault"""


@pytest_asyncio.fixture
async def pod(
    own_control_plane: ControlPlane, guest: Tenant, landlord: OperatorProcess
) -> AsyncIterator[str]:
    """A pod of the chart's Deployment, whose log is that of the operator beside the tests."""
    async with operator_pod(own_control_plane, landlord.daemon.log, CRASHED) as name:
        yield name


@pytest_asyncio.fixture
async def supporter(guest: Tenant, pod: str) -> Person:
    """Who may look, and may read the operator's pods as well."""
    return await support_person(guest)


def files(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as opened:
        return {each.name: _text(opened, each) for each in opened.getmembers()}


def _text(opened: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    content = opened.extractfile(entry)
    assert content
    return content.read().decode()


async def test_the_log_of_one_run_is_found_in_the_operators_pods(supporter: Person, guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("quick", "Quick")
    await guest.bring("other", "Quick")

    said = await supporter.says("logs", "quick", *OPERATOR)
    lines = await supporter.says("logs", "quick", *OPERATOR, "-o", "json", "--since", "24h")

    assert said.startswith("2026-01-01T00:00:00Z ERROR   crashed run=quick\n")
    assert "worker.started" in said
    assert f"run={guest.namespace}/quick" in said
    assert "/other" not in said
    assert {"crashed", "worker.started"} <= {json.loads(line)["event"] for line in lines.splitlines()}


async def test_all_of_the_log_has_what_is_no_json_too(supporter: Person) -> None:
    said = await supporter.says("logs", *OPERATOR)

    assert "Segmentation fault\n" in said
    assert "operator.started" in said


async def test_who_may_not_read_pods_is_told_which_rights_it_takes(guest: Tenant) -> None:
    viewer = await person(guest, "view")

    complaint = await viewer.complains("logs")

    assert "You may not list pods in all namespaces" in complaint
    assert "you need to get and list pods, and to get pods/log, in its namespace" in complaint
    assert "--operator-namespace" in complaint


async def test_a_bundle_has_what_support_needs_and_no_secret(
    supporter: Person, guest: Tenant, pod: str, tmp_path: Path
) -> None:
    await guest.connect()
    await guest.bring("load")
    await guest.until("psai", guest.acme, lambda each: each["status"]["phase"] == "Connected")
    archive = tmp_path / "support.tar.gz"

    said = await supporter.says("bundle", "-o", archive, *OPERATOR)

    found, place = files(archive), f"psa-bundle/{guest.namespace}"
    assert said.startswith(f"{archive} has {len(found)} files")
    assert archive.stat().st_mode & 0o777 == 0o600
    assert "300 of 300 tickets" in found[f"{place}/ticketresyncs/load.yaml"]
    assert "phase: Connected" in found[f"{place}/psaintegrations/{guest.acme}.yaml"]
    assert "app.kubernetes.io/version" in found[f"psa-bundle/operator/{SYSTEM}/deployment-psa-operator.yaml"]
    assert "worker.started" in found[f"psa-bundle/operator/{SYSTEM}/pods/{pod}.log"]
    everything = "".join(found.values())
    account = guest.psa.account
    assert not [each for each in (account.privateKey, account.clientId) if each in everything]
    assert "last-applied" not in everything


async def test_a_bundle_says_what_it_could_not_read(guest: Tenant, tmp_path: Path) -> None:
    await guest.connect()
    viewer, archive = await person(guest, "view"), tmp_path / "support.tar.gz"

    done = await viewer.psa("bundle", "-o", archive)

    assert done.exit_code == 0
    assert "Not in the archive: You may not list events in namespace" in done.stderr
    assert "You may not list pods in all namespaces" in files(archive)["psa-bundle/problems.txt"]
