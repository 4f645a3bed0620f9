"""What lies between the operator and the API server fails in every way; the operator heals and says so."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio

from psa_operator.devcluster.cluster import Cluster
from tests.cluster.course import assert_never_backwards, course_of
from tests.cluster.team import Replica, team_of
from tests.cluster.tenant import Tenant

WATCHES, STATUSES, ANY = "watch=", "PATCH .*/status", "."
READS = r"^GET .*/(secrets|psaintegrations|ticketresyncs|ticketresyncschedules)\?"
"""Lists and watches: a watch that is refused as too old is followed by a list."""


@pytest_asyncio.fixture
async def operator(
    control_plane: Cluster, kubeconfig: Path, tenant: Tenant, database: str, tmp_path: Path
) -> AsyncIterator[Replica]:
    """An operator that holds the Lease alone, behind a proxy, and lists often."""
    settings = {"PSA_OPERATOR_NAMESPACES": tenant.namespace, "PSA_OPERATOR_RELIST_INTERVAL": "2"}
    async with team_of(["only"], control_plane, kubeconfig, tmp_path, database, **settings) as team:
        yield await team.leader()


async def run_while_it_fails(operator: Replica, tenant: Tenant, seconds: float = 8) -> None:
    """A run that is asked for now, and the faults for a while; both end well, and nothing was restarted."""
    await tenant.apply(tenant.resync("bothered"))
    async with course_of(tenant, "bothered") as seen:
        await asyncio.sleep(seconds)
        operator.api.heal()
        operator.api.restore()
        status = await tenant.finished("bothered")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 1), status
    assert_never_backwards(seen)
    assert operator.process.daemon.alive, operator.process.daemon.last_words()


async def test_a_watch_that_brings_nothing_is_found_out_and_the_process_ends(
    operator: Replica, tenant: Tenant
) -> None:
    operator.api.fault("drop", WATCHES)

    await tenant.connect()

    assert await operator.process.daemon.ended(within=90), "it believes the watch"
    last = operator.process.log()[-1]
    assert (operator.process.daemon.exit_code, last["event"]) == (1, "operator.failed")
    assert "WatchError" in str(last["error"]), last


async def test_an_outage_makes_it_not_ready_and_restarts_nothing(operator: Replica, tenant: Tenant) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?.*pageSize=1000", seconds=3)
    await tenant.apply(tenant.resync("steady"))
    await tenant.in_phase("steady")

    operator.api.cut_off()
    await asyncio.sleep(6)

    assert [await operator.process.http(path) for path in ("/livez", "/readyz")] == [200, 503]
    operator.api.restore()
    status = await tenant.finished("steady")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 1), status
    assert await operator.process.http("/readyz") == 200


@pytest.mark.parametrize(
    ("path", "status"), [(STATUSES, 409), (WATCHES, 410), (READS, 410), (ANY, 429), (ANY, 500)]
)
async def test_a_storm_of_refusals_passes(operator: Replica, tenant: Tenant, path: str, status: int) -> None:
    await tenant.connect()
    fault = operator.api.fault("status", path, status=status)
    operator.api.end_watches()

    await run_while_it_fails(operator, tenant)

    assert fault.hits


async def test_a_run_goes_on_while_its_kind_is_not_found_but_is_there(
    operator: Replica, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?.*pageSize=1000", seconds=3)
    await tenant.apply(tenant.resync("steady"))
    await tenant.in_phase("steady")

    fault = operator.api.fault("status", READS, status=404)
    operator.api.end_watches()
    await asyncio.sleep(6)
    operator.api.heal()

    status = await tenant.finished("steady")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 1), status
    assert fault.hits


@pytest.mark.parametrize("kind", ["cut", "lose"])
async def test_connections_that_break_are_made_again(
    operator: Replica, tenant: Tenant, kind: Literal["cut", "lose"]
) -> None:
    await tenant.connect()
    fault = operator.api.fault(kind, ANY)
    operator.api.end_watches()

    await run_while_it_fails(operator, tenant)

    assert fault.hits


async def test_events_that_come_twice_or_late_change_nothing(operator: Replica, tenant: Tenant) -> None:
    faults = [operator.api.fault("duplicate", WATCHES), operator.api.fault("late", WATCHES, seconds=0.5)]
    await tenant.connect()

    await run_while_it_fails(operator, tenant, seconds=15)

    assert all(each.hits for each in faults)
    reasons = [reason for _, reason, _ in await tenant.events("bothered")]
    assert len(reasons) == len(set(reasons))
