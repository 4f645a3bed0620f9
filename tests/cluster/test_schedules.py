"""Schedules under the shipped rights: what people see of the runs that are made by the clock."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from psa_operator.controller.clock import Cron
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import NEW_YEAR, Object, Tenant, condition

LAST_NEW_YEAR = Cron(NEW_YEAR, "UTC").at_or_before(datetime.now(UTC))
SLOT = int(LAST_NEW_YEAR.timestamp()) // 60
LONG_AGO = f"{LAST_NEW_YEAR - timedelta(days=400):%Y-%m-%dT%H:%M:%SZ}"


async def scheduled(tenant: Tenant, name: str, **spec: Any) -> Object:
    """Apply a schedule and wait until it works."""
    await tenant.apply(tenant.schedule(name, **spec))
    return await tenant.condition("tressched", name, "Ready", "True")


async def due(tenant: Tenant, name: str) -> None:
    """Make it as if the operator had been away when runs were due."""
    patch = f'{{"status": {{"nextScheduleTime": "{LONG_AGO}"}}}}'
    await tenant.kubectl("patch", "tressched", name, "--subresource=status", "--type=merge", "-p", patch)


def new_name() -> str:
    return f"nightly-{secrets.token_hex(3)}"


async def test_a_run_by_the_clock_is_made_and_shown(guest: Tenant, landlord: OperatorProcess) -> None:
    await guest.connect()
    name = new_name()

    await scheduled(guest, name, cron="* * * * *")
    made = await guest.until("tressched", name, lambda each: "lastScheduleTime" in each["status"], within=90)

    stamp = made["status"]["lastScheduleTime"]
    slot = int(datetime.fromisoformat(stamp).timestamp()) // 60
    run = await guest.get("tres", f"{name}-{slot}")
    assert run
    assert run["metadata"]["annotations"]["psa.msportal.ai/scheduled-at"] == stamp
    assert run["spec"]["requestedBy"] == f"TicketResyncSchedule {name}"
    assert (await guest.finished(f"{name}-{slot}"))["phase"] == "Succeeded"
    shown = await guest.until("tressched", name, lambda each: "lastSuccessfulTime" in each["status"])
    assert shown["status"]["activeCount"] == 0
    assert "psa_schedule_expected_interval_seconds" in await landlord.metrics()


async def test_after_an_outage_one_run_makes_up_for_all(guest: Tenant, landlord: OperatorProcess) -> None:
    await guest.connect()
    name = new_name()
    await scheduled(guest, name)

    await due(guest, name)
    await guest.until("tressched", name, lambda each: "lastScheduleTime" in each["status"])

    [child] = (await guest.kubectl("get", "tres", "-o", "name")).split()
    assert child == f"ticketresync.psa.msportal.ai/{name}-{SLOT}"
    found = await guest.get("tressched", name)
    assert found
    assert found["status"]["lastSkipped"]["reason"] == "Missed"
    assert ("Warning", "Missed") in [each[:2] for each in await guest.events(name)]


async def test_a_run_of_another_that_has_the_name_is_left_alone(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.connect()
    name = new_name()
    await scheduled(guest, name)
    await guest.bring(f"{name}-{SLOT}", "Full")

    await due(guest, name)
    found = await guest.until("tressched", name, lambda each: "lastSkipped" in each["status"])

    assert found["status"]["lastSkipped"]["reason"] == "NameTaken"
    assert "lastScheduleTime" not in found["status"]
    foreign = await guest.get("tres", f"{name}-{SLOT}")
    assert foreign
    assert "ownerReferences" not in foreign["metadata"]


async def test_a_run_by_hand_does_not_take_the_place_of_one_by_the_clock(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.connect()
    name = new_name()
    await scheduled(guest, name)
    guest.psa.set(latency=0.3)
    await guest.apply(guest.resync("by-hand"))
    await guest.until("tres", "by-hand", lambda each: each["status"].get("startTime"))

    await due(guest, name)

    await guest.condition("tres", f"{name}-{SLOT}", "Ready", "False", "AnotherRunActive")
    guest.psa.set(latency=0)
    assert (await guest.finished("by-hand"))["phase"] == "Succeeded"
    assert (await guest.finished(f"{name}-{SLOT}"))["phase"] == "Succeeded"


async def test_what_is_not_over_is_waited_for_or_replaced(guest: Tenant, landlord: OperatorProcess) -> None:
    await guest.connect()
    name = new_name()
    await scheduled(guest, name, mode="Full")
    guest.psa.set(latency=0.5)
    await due(guest, name)
    first = f"{name}-{SLOT}"
    await guest.until("tres", first, lambda each: each.get("status", {}).get("startTime"))

    monthly = {"spec": {"schedule": "0 0 1 2 *"}}
    await guest.patch("tressched", name, monthly)
    await guest.until("tressched", name, partial(_made_for, "0 0 1 2 *"))
    await due(guest, name)
    await guest.until(
        "tressched",
        name,
        lambda each: each["status"].get("lastSkipped", {}).get("reason") == "PreviousRunActive",
    )

    await guest.patch("tressched", name, {"spec": {"concurrencyPolicy": "Replace"}})
    await due(guest, name)
    guest.psa.set(latency=0)
    assert (await guest.finished(first))["phase"] == "Cancelled"


async def test_what_cannot_work_says_why_and_heals(guest: Tenant, landlord: OperatorProcess) -> None:
    name = new_name()
    await guest.apply(guest.schedule(name))
    await guest.condition("tressched", name, "Stalled", "True", "IntegrationNotFound", guest.acme)

    await guest.connect()
    await guest.condition("tressched", name, "Ready", "True", "Scheduled")

    await guest.patch("tressched", name, {"spec": {"schedule": "0 0 31 2 *"}})
    await guest.condition("tressched", name, "Stalled", "True", "InvalidSchedule", "day-of-month")
    await guest.patch("tressched", name, {"spec": {"schedule": NEW_YEAR, "timeZone": "Europe/Atlantis"}})
    await guest.condition("tressched", name, "Stalled", "True", "InvalidTimeZone", "Europe/Atlantis")
    await guest.patch("tressched", name, {"spec": {"timeZone": "UTC", "suspend": True}})
    suspended = await guest.condition("tressched", name, "Ready", "True", "Suspended")
    assert condition(suspended, "Stalled") is None
    assert "nextScheduleTime" not in suspended["status"]


async def test_runs_beyond_the_limits_are_deleted(guest: Tenant, landlord: OperatorProcess) -> None:
    await guest.connect()
    await guest.bring("first", "Full")
    name = new_name()
    await scheduled(guest, name, successfulRunsHistoryLimit=1)
    for cron in (NEW_YEAR, "0 0 1 2 *"):
        await guest.patch("tressched", name, {"spec": {"schedule": cron}})
        await guest.until("tressched", name, partial(_made_for, cron))
        await due(guest, name)
        slot = int(Cron(cron, "UTC").at_or_before(datetime.now(UTC)).timestamp()) // 60
        await guest.finished(f"{name}-{slot}")

    gone = f"{name}-{SLOT}"
    await guest.until("tressched", name, lambda each: each["status"].get("activeCount") == 0)
    await guest.kubectl("wait", "--for=delete", f"tres/{gone}", "--timeout=30s")


def _made_for(cron: str, found: Object) -> bool:
    """Whether the operator has seen that the schedule is this one now."""
    return str(found["status"].get("timing")).startswith(cron)
