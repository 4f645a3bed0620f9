"""`kubectl psa logs -f` as people know it from kubectl: on and on, whichever pods come and go."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio

from psa_operator.devcluster.controlplane import ControlPlane
from tests.cluster.person import Person
from tests.cluster.pods import SYSTEM, operator_pod, support_person
from tests.cluster.process import OperatorProcess
from tests.cluster.team import Team
from tests.cluster.tenant import Tenant

FOLLOW = ("-f", "--operator-namespace", SYSTEM)


class Log:
    """What a pod writes, by hand."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.touch()

    def write(self, second: int, event: str, **more: str) -> None:
        line = {"timestamp": f"2026-01-01T00:00:{second:02}Z", "event": event, **more}
        with self.file.open("a") as opened:
            opened.write(f"{json.dumps(line)}\n")


@pytest_asyncio.fixture
async def supporter(guest: Tenant) -> Person:
    """Who may look, and may read the operator's pods as well."""
    return await support_person(guest)


async def test_a_run_is_followed_to_its_end_and_not_the_one_that_had_its_name_before(
    own_control_plane: ControlPlane, supporter: Person, guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.connect()
    await guest.bring("followed", "Quick")
    await guest.kubectl("delete", "tres", "followed")
    guest.psa.fault("latency", "service/tickets", seconds=1)
    async with operator_pod(own_control_plane, landlord.daemon.log):
        await guest.apply(guest.resync("followed", "Quick"))
        async with supporter.runs("logs", "followed", *FOLLOW) as running:
            await running.says("reason=Fetching")
            await guest.apply(guest.resync("next", "Quick"))
            guest.psa.clear_faults()
            code, said = await running.ends()

    assert code == 0
    assert [said.count(each) for each in ("worker.started", "reason=Succeeded", "worker.ended")] == [1, 1, 1]
    assert "/next" not in said


async def test_an_integration_is_followed_with_its_runs_until_ctrl_c(
    own_control_plane: ControlPlane, supporter: Person, guest: Tenant, landlord: OperatorProcess
) -> None:
    async with operator_pod(own_control_plane, landlord.daemon.log):
        await guest.connect()
        async with supporter.runs("logs", guest.acme, *FOLLOW) as running:
            await running.says("reason=Connected")
            await guest.bring("quick", "Quick")
            await running.says("worker.ended")
            running.interrupt()
            code, said = await running.ends()

    assert code == 130
    assert f"run={guest.namespace}/quick" in said
    assert said.endswith("\n")
    assert "Abort" not in said


async def test_a_pod_that_comes_is_followed_too_and_no_line_is_shown_twice(
    own_control_plane: ControlPlane, supporter: Person, tmp_path: Path
) -> None:
    one, two = Log(tmp_path / "one"), Log(tmp_path / "two")
    one.write(1, "first")
    two.write(2, "second")
    async with supporter.runs("logs", *FOLLOW, "-o", "json") as impatient:
        code, said = await impatient.ends()
        assert code == 1
        assert "There is no pod of the operator" in said
    async with AsyncExitStack() as later:
        async with operator_pod(own_control_plane, one.file):
            running = await later.enter_async_context(supporter.runs("logs", *FOLLOW, "-o", "json"))
            await running.says("first")
            await asyncio.sleep(2)  # the kubelet cuts what is silent for a second
            one.write(3, "third")
            await running.says("third")
        await running.says("There is no pod of the operator")
        async with operator_pod(own_control_plane, two.file):
            await running.says("second")
            running.interrupt()
            code, said = await running.ends()

    lines = [json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")]
    assert (code, lines) == (130, ["first", "third", "second"])


async def test_a_run_is_followed_from_a_leader_that_dies_to_the_next(
    own_control_plane: ControlPlane, team: Team, tenant: Tenant
) -> None:
    supporter, leader = await support_person(tenant), await team.leader()
    (other,) = team.others(leader)
    await tenant.connect()
    tenant.psa.fault("latency", "service/tickets", seconds=2)
    async with AsyncExitStack() as pods, AsyncExitStack() as dying:
        await dying.enter_async_context(operator_pod(own_control_plane, leader.process.daemon.log))
        await pods.enter_async_context(operator_pod(own_control_plane, other.process.daemon.log))
        await tenant.apply(tenant.resync("long"))
        running = await pods.enter_async_context(supporter.runs("logs", "long", *FOLLOW))
        await running.says("reason=Fetching")

        await leader.process.kill()
        await dying.aclose()
        await team.leader(other_than=leader)
        tenant.psa.clear_faults()

        code, said = await running.ends()
    assert (code, said.count("worker.started"), said.count("reason=Succeeded")) == (0, 2, 1)
