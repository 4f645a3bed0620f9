"""What dies and comes back: the operator, the PSA, PostgreSQL, the API server. Nothing is lost."""

import asyncio
import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from psa_operator.devcluster.admission import admitted
from psa_operator.devcluster.controlplane import ControlPlane
from psa_operator.devcluster.postgres import Postgres
from tests.cluster.process import OperatorProcess, workers_of
from tests.cluster.tenant import PATIENCE, Tenant, condition


def living(processes: list[int]) -> list[int]:
    return [pid for pid in processes if Path(f"/proc/{pid}").exists()]


async def test_an_operator_killed_while_fetching_finds_its_run_and_goes_on(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=1)
    await tenant.apply(tenant.resync("long"))
    await tenant.in_phase("long")

    await operator.kill()
    await operator.start()

    status = await tenant.finished("long")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 2), status
    assert status["counts"]["tickets"]["created"] == 300


async def test_an_operator_killed_while_applying_finds_its_run_and_goes_on(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect()
    await tenant.bring("first")
    tenant.psa.change(*tenant.psa.ids("tickets")[:50])
    async with await psycopg.AsyncConnection.connect(database) as reader:
        await reader.execute("LOCK TABLE psa.ticket IN SHARE MODE")
        await tenant.apply(tenant.resync("blocked"))
        await tenant.in_phase("blocked", "Applying")
        await operator.kill()

    await operator.start()

    status = await tenant.finished("blocked")
    assert (status["phase"], status["counts"]["tickets"]["updated"]) == ("Succeeded", 50), status


async def test_a_secret_that_changes_while_the_integration_is_looked_at_is_not_overlooked(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect()
    await tenant.bring("facts")
    async with await psycopg.AsyncConnection.connect(database) as other:
        await other.execute("LOCK TABLE psa.quarantine IN ACCESS EXCLUSIVE MODE")
        await tenant.kubectl("label", "psai", tenant.acme, "looked=at")
        await blocked(other)
        await tenant.apply(tenant.secret(privateKey="another"))
        await asyncio.sleep(1)  # until the watch has brought it, which nothing else shows

    await tenant.condition("psai", tenant.acme, "CredentialsValid", "False")


async def blocked(connection: psycopg.AsyncConnection) -> None:
    """Wait until somebody waits for a lock."""
    found = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'psa.quarantine'::regclass"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if (await connection.execute(found)).rowcount:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("nobody waits for the lock")


async def test_an_operator_that_is_asked_to_stop_stops_its_workers_and_charges_nothing(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=1)
    await tenant.apply(tenant.resync("stopped", backoffLimit=0))
    await tenant.in_phase("stopped")
    workers = workers_of(operator)

    assert await operator.terminate() == 0
    assert living(workers) == []
    await operator.start()

    assert (await tenant.finished("stopped"))["phase"] == "Succeeded"


async def test_a_worker_that_is_killed_is_charged_and_replaced(
    landlord: OperatorProcess, guest: Tenant
) -> None:
    await guest.connect()
    guest.psa.fault("latency", r"service/tickets\?", seconds=1)
    await guest.apply(guest.resync("hurt"))
    await guest.in_phase("hurt")

    os.kill(workers_of(landlord)[0], signal.SIGKILL)

    assert (await guest.finished("hurt"))["phase"] == "Succeeded"
    told = {reason: message for _, reason, message in await guest.events("hurt")}
    assert "SIGKILL" in told["WorkerKilled"]


async def test_a_worker_that_is_killed_too_often_fails_the_run_with_the_reason(
    landlord: OperatorProcess, guest: Tenant
) -> None:
    await guest.connect()
    guest.psa.fault("latency", r"service/tickets\?", seconds=5)
    await guest.apply(guest.resync("hopeless", backoffLimit=0))
    await guest.in_phase("hopeless")

    os.kill(workers_of(landlord)[0], signal.SIGKILL)

    status = await guest.finished("hopeless")
    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Failed", "BackoffLimitExceeded")
    assert "killed by SIGKILL" in status["message"]


async def test_a_run_that_was_deleted_while_the_operator_was_away_is_cancelled(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=2)
    await tenant.apply(tenant.resync("forgotten"))
    await tenant.in_phase("forgotten")
    await operator.kill()
    await tenant.delete("tres", "forgotten")

    await operator.start()

    tenant.psa.clear_faults()
    assert (await tenant.sync("next"))["phase"] == "Succeeded"


async def test_a_run_that_is_deleted_stops(landlord: OperatorProcess, guest: Tenant) -> None:
    await guest.connect()
    guest.psa.fault("latency", r"service/tickets\?", seconds=20)
    await guest.apply(guest.resync("unwanted"))
    await guest.until("tres", "unwanted", lambda each: each["status"].get("attempt"))

    await guest.delete("tres", "unwanted")

    for _ in range(100):
        if not workers_of(landlord):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("its worker still runs")


async def test_a_psa_that_is_down_for_a_while_delays_a_run(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before")
    guest.psa.fault("reset", "service/tickets")
    await guest.apply(guest.resync("patient", "Quick"))
    await guest.until("tres", "patient", lambda each: each["status"].get("attempt"))

    await asyncio.sleep(3)
    guest.psa.clear_faults()

    status = await guest.finished("patient")
    assert status["phase"] == "Succeeded", status


async def test_a_psa_that_stays_down_fails_the_run_after_its_attempts(guest: Tenant) -> None:
    await guest.connect()
    guest.psa.fault("status", "service/tickets", status=503)

    status = await guest.sync("refused", backoffLimit=0)

    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Failed", "BackoffLimitExceeded"), status
    assert status["errors"][0]["kind"] == "Unavailable"
    assert status["errors"][0]["message"] in status["message"]


@pytest.mark.parametrize("phase", ["Fetching", "Verifying"])
async def test_a_postgresql_that_crashes_delays_a_run(
    own_postgres: Postgres, operator: OperatorProcess, tenant: Tenant, phase: str
) -> None:
    await tenant.connect()
    await tenant.bring("loaded")
    tenant.psa.fault("latency", r"service/tickets", seconds=0.5)
    await tenant.apply(tenant.resync("crashed"))
    await tenant.in_phase("crashed", phase)

    await own_postgres.crash()
    await own_postgres.start()

    status = await tenant.finished("crashed", within=120)
    assert status["phase"] == "Succeeded", status
    await tenant.shows_tickets(300)


async def test_a_run_whose_database_stays_away_can_be_cancelled(
    own_postgres: Postgres, operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await operator.terminate()
    await operator.start(PSA_OPERATOR_RELIST_INTERVAL="2")
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=1)
    await tenant.apply(tenant.resync("stranded"))
    await tenant.in_phase("stranded")

    await own_postgres.stop()
    await tenant.patch("tres", "stranded", {"spec": {"cancel": True}})
    status = await tenant.finished("stranded")
    assert (status["phase"], workers_of(operator)) == ("Cancelled", [])
    await own_postgres.start()

    await until_ended(database, "stranded")
    tenant.psa.clear_faults()
    assert (await tenant.sync("next"))["phase"] == "Succeeded"


async def until_ended(dsn: str, name: str) -> None:
    """Wait until the run has ended in the database too."""
    for _ in range(150):
        async with await psycopg.AsyncConnection.connect(dsn) as reader:
            found = await reader.execute(
                "SELECT phase FROM psa.run WHERE name LIKE %s AND finished_at IS NOT NULL", [f"%/{name}"]
            )
            if await found.fetchone() == ("Cancelled",):
                return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{name} goes on in the database")


async def test_an_api_server_that_restarts_disturbs_nobody(
    own_control_plane: ControlPlane, operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=1)
    await tenant.apply(tenant.resync("steady"))
    await tenant.in_phase("steady")

    await own_control_plane.stop_apiserver()
    assert await operator.http("/readyz") == 503
    assert await operator.http("/livez") == 200
    await own_control_plane.start_apiserver()
    await admitted(own_control_plane)

    status = await tenant.finished("steady")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 1)
    assert (await tenant.sync("afterwards", "Quick"))["phase"] == "Succeeded"
