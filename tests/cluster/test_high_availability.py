"""Several operators, one leader: whatever happens to it, the other goes on, and nothing is done twice."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest_asyncio

from psa_operator.devcluster.cluster import Cluster
from tests.cluster.course import assert_never_backwards, course_of
from tests.cluster.process import workers_of
from tests.cluster.team import LEASE, Replica, Team, team_of
from tests.cluster.tenant import Tenant

LONGER_THAN_THE_LEASE = 2 * float(LEASE["PSA_OPERATOR_LEASE_DURATION"])
TICKETS, NOTES = r"service/tickets\?.*pageSize=1000", "system/bundles"


@pytest_asyncio.fixture
async def three(
    control_plane: Cluster, kubeconfig: Path, tenant: Tenant, database: str, tmp_path: Path
) -> AsyncIterator[Team]:
    watched, roles = {"PSA_OPERATOR_NAMESPACES": tenant.namespace}, ["one", "two", "three"]
    async with team_of(roles, control_plane, kubeconfig, tmp_path, database, **watched) as made:
        yield made


@asynccontextmanager
async def full_run(team: Team, tenant: Tenant, slow: str = TICKETS, **spec: Any) -> AsyncIterator[Replica]:
    """A Full run that reads what is slow; yields its operator. It ends after the context, and was watched."""
    leader = await team.leader()
    await tenant.connect()
    tenant.psa.clear_requests()
    tenant.psa.fault("latency", slow, seconds=8)
    await tenant.apply(tenant.resync("long", **spec))
    async with course_of(tenant, "long") as seen:
        await tenant.in_phase("long")
        yield leader
        tenant.psa.clear_faults()
        await tenant.finished("long", within=120)
    assert_never_backwards(seen)


async def assert_succeeded(tenant: Tenant, database: str, *, attempts: int) -> None:
    """In status and database alike, without a failure that was charged."""
    status = await tenant.finished("long")
    assert (status["phase"], status["attempt"]) == ("Succeeded", attempts), status
    assert status["counts"]["tickets"]["created"] == 300
    async with await psycopg.AsyncConnection.connect(database) as reader:
        found = await reader.execute("SELECT attempt, failures FROM psa.run WHERE name LIKE %s", ["%/long"])
        assert await found.fetchall() == [(attempts, 0)]


async def assert_read_once(tenant: Tenant) -> None:
    """A run that nobody disturbs asks for as many pages."""
    asked = pages(tenant)
    tenant.psa.clear_requests()
    await tenant.bring("undisturbed")
    assert asked == pages(tenant)


def pages(tenant: Tenant) -> int:
    """How many pages of companies were asked for."""
    log = tenant.psa.requests()["log"]
    return sum(
        each["path"].endswith("company/companies") and each["query"].get("pageSize") == "1000" for each in log
    )


async def until(holds: Callable[[], bool], within: float = 30) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.1)


async def test_a_leader_that_is_killed_is_replaced_and_its_run_goes_on(
    team: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(team, tenant) as leader:
        await leader.process.kill()

        await team.leader(other_than=leader)
    await assert_succeeded(tenant, database, attempts=2)


async def test_when_two_leaders_are_killed_one_after_the_other_the_third_ends_the_run(
    three: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(three, tenant) as first:
        await first.process.kill()
        second = await three.leader(other_than=first)
        await tenant.until("tres", "long", lambda each: each["status"]["attempt"] == 2)

        await second.process.kill()

        (third,) = (each for each in three.others(first) if each is not second)
        assert await three.leader(other_than=second) is third
    assert third.process.leads()
    await assert_succeeded(tenant, database, attempts=3)


async def test_a_leader_that_stood_still_is_replaced_and_does_no_harm_afterwards(
    team: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(team, tenant) as leader:
        leader.process.pause()
        other = await team.leader(other_than=leader)
        await asyncio.sleep(LONGER_THAN_THE_LEASE)

        leader.process.go_on()

        await asyncio.sleep(1)
        assert await team.leader() is other
    await assert_succeeded(tenant, database, attempts=1)
    await assert_read_once(tenant)


async def test_a_leader_that_cannot_reach_the_api_server_is_replaced_and_its_worker_followed(
    team: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(team, tenant) as leader:
        workers = workers_of(leader.process)
        leader.api.cut_off()

        other = await team.leader(other_than=leader)
        await until(lambda: not leader.process.leads())
        assert workers_of(leader.process) == workers
        assert await leader.process.http("/livez") == 200
        assert await leader.process.http("/readyz") == 503
        leader.api.restore()
        await asyncio.sleep(LONGER_THAN_THE_LEASE)
        assert await team.leader() is other
    assert workers_of(other.process) == []
    await assert_succeeded(tenant, database, attempts=1)
    await assert_read_once(tenant)


async def test_a_leader_that_cannot_reach_postgresql_lets_another_lead(
    team: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(team, tenant) as leader:
        leader.database.cut()

        await team.leader(other_than=leader)
        assert await leader.process.http("/readyz") == 503
    await assert_succeeded(tenant, database, attempts=2)


async def test_where_nobody_reaches_postgresql_one_leads_all_the_same(team: Team, tenant: Tenant) -> None:
    async with full_run(team, tenant):
        for each in team.replicas.values():
            each.database.cut()
        await asyncio.sleep(LONGER_THAN_THE_LEASE)

        await tenant.patch("tres", "long", {"spec": {"cancel": True}})

        assert (await tenant.finished("long"))["phase"] == "Cancelled"


async def test_who_is_asked_to_stop_hands_over_at_once_and_the_other_goes_on_from_the_stage(
    team: Team, tenant: Tenant, database: str
) -> None:
    async with full_run(team, tenant, slow=NOTES, backoffLimit=0) as leader:
        await tenant.until("tres", "long", lambda each: fetched(each) == 300)

        assert await leader.process.terminate() == 0

        assert await team.leader() is not leader
    await assert_succeeded(tenant, database, attempts=2)
    await assert_read_once(tenant)


def fetched(found: dict[str, Any]) -> int:
    number: int = found["status"].get("counts", {}).get("tickets", {}).get("fetched", 0)
    return number


async def test_a_run_whose_worker_is_with_another_operator_can_be_cancelled(
    team: Team, tenant: Tenant
) -> None:
    async with full_run(team, tenant) as leader:
        leader.api.cut_off()
        await team.leader(other_than=leader)

        await tenant.patch("tres", "long", {"spec": {"cancel": True}})

        assert (await tenant.finished("long"))["phase"] == "Cancelled"
        await until(lambda: not workers_of(leader.process))


async def test_a_standby_is_ready_and_writes_nothing(team: Team, tenant: Tenant) -> None:
    leader = await team.leader()
    (standby,) = team.others(leader)

    await tenant.connect()
    await tenant.bring("quick", "Quick")

    assert [await standby.process.http(path) for path in ("/livez", "/readyz")] == [200, 200]
    assert (leader.process.leads(), standby.process.leads()) == (True, False)
    others = [each for each in standby.api.requests if "leases" not in each]  # for which both reach at first
    assert {each.partition(" ")[0] for each in others} == {"GET"}
