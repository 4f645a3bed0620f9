"""A definition (CRD) is deleted with all its objects while the operator runs, and comes back."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest_asyncio

from psa_operator.devcluster.admission import admitted
from psa_operator.devcluster.binaries import find_control_plane
from psa_operator.devcluster.controlplane import run_control_plane
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.chart import install
from tests.cluster.process import OperatorProcess, workers_of
from tests.cluster.tenant import PATIENCE, Tenant
from tests.cluster.test_data import rows
from tests.cluster.test_deletion import held
from tests.simulator_process import SimulatorProcess

CRDS = Path(__file__).parents[2] / "crds"
KINDS = ("ticketresyncs", "psaintegrations", "ticketresyncschedules")


@pytest_asyncio.fixture
async def here(psa: SimulatorProcess) -> AsyncIterator[Tenant]:
    """A tenant of an API server of its own: others need the definitions."""
    async with run_control_plane(await find_control_plane()) as own:
        await own.kubectl("create", "namespace", "here")
        yield Tenant(own, "here", psa)


@pytest_asyncio.fixture
async def alone(here: Tenant, database: str) -> AsyncIterator[OperatorProcess]:
    kubeconfig = await install(here.cluster, "psa-system")
    settings = {"PSA_OPERATOR_NAMESPACES": here.namespace, "PSA_OPERATOR_DATABASE_DSN": database}
    async with Sandbox("operator") as box:
        process = OperatorProcess(box, kubeconfig, settings)
        await process.start()
        yield process
        assert process.daemon.alive, process.daemon.last_words()


async def delete(tenant: Tenant, *kinds: str) -> None:
    """Delete definitions; kubectl waits until they and their objects are gone."""
    names = [f"crd/{kind}.psa.msportal.ai" for kind in kinds]
    await tenant.kubectl("delete", "--timeout=60s", *names)


async def make_again(tenant: Tenant) -> None:
    await tenant.kubectl("apply", "-f", str(CRDS))
    await tenant.kubectl("wait", "--for=condition=Established", "crd", "--all")
    await admitted(tenant.cluster)


async def answers(operator: OperatorProcess, status: int) -> None:
    """Wait until it says so of its readiness."""
    end = time.monotonic() + PATIENCE
    while await operator.http("/readyz") != status:
        assert time.monotonic() < end, operator.daemon.last_words()
        await asyncio.sleep(0.1)


async def ended(dsn: str) -> list[tuple[str, str, str]]:
    """Name, phase and reason of the runs, in the order of their beginning."""
    async with await psycopg.AsyncConnection.connect(dsn) as reader:
        found = await reader.execute(
            "SELECT split_part(name, '/', 2), phase, coalesce(end_reason, '') FROM psa.run ORDER BY number"
        )
        return await found.fetchall()


async def test_runs_whose_kind_is_deleted_stop_and_the_data_stays(
    alone: OperatorProcess, here: Tenant, database: str
) -> None:
    await here.connect()
    await here.bring("load")
    before = await rows(database, "here/acme")
    here.psa.fault("latency", r"service/tickets\?", seconds=5)
    await here.apply(here.resync("on"))
    await here.in_phase("on")
    workers = workers_of(alone)

    await delete(here, "ticketresyncs")
    await here.until("psai", "acme", lambda each: each["status"]["phase"] == "Connected")
    here.psa.clear_faults()
    await make_again(here)

    assert (await here.bring("after", "Quick"))["effectiveMode"] == "Quick"
    assert await rows(database, "here/acme") == before
    assert ("on", "Cancelled", "TicketResyncDeleted") in await ended(database)
    assert not set(workers).intersection(workers_of(alone))
    await answers(alone, 200)


async def test_integrations_whose_kind_is_deleted_leave_the_rows_that_are_to_stay(
    alone: OperatorProcess, here: Tenant, database: str
) -> None:
    await here.connect()
    await here.bring("load")
    before = await rows(database, "here/acme")
    here.acme = "short-lived"
    await here.connect(deletionPolicy="Delete")
    await here.bring("load-too")
    await held(here)

    await delete(here, *KINDS)
    assert await rows(database, "here/short-lived") == []
    await answers(alone, 503)
    await make_again(here)

    here.acme = "acme"
    await here.connect()
    assert (await here.bring("after", "Quick"))["effectiveMode"] == "Quick"
    assert await rows(database, "here/acme") == before
