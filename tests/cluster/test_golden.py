"""The status as people and tools read it, at each phase: golden files, looked at in review.

`GOLDEN=write` in the environment writes them anew.
"""

import os
import re
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from psa_operator.api.integration_status import IntegrationPhase
from psa_operator.api.resync_status import RunPhase
from tests.cluster.portal import PROBE, Portal
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import NEW_YEAR, Object, Tenant

GOLDEN = Path(__file__).parent / "golden"
# What is another each time: times, numbers that measure, and names that the test has made up.
MEASURED = frozenset(
    {"requests", "percent", "processed", "ratePerSecond", "etaSeconds", "estimatedSeconds", "heartbeatTime"}
    | {"psaSeconds", "databaseSeconds", "throttledSeconds", "waitedSeconds", "budgetPercent", "configHash"}
    | {"uid", "credentialsVersion", "clockSkewSeconds", "progress", "runId"}
)
# What moves while a run is on.
MOVING = frozenset({"counts", "message", "summary", "plan", "verification"})
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?|\d{4}-\d\d-\d\d \d\d:\d\d(?: UTC)?")
MADE_UP = re.compile(r"acme-[0-9a-f]{6}|tenant-[0-9a-f]{8}|127\.0\.0\.1:\d+|http://[^\s\"]+")


def settled(value: Any, name: str = "") -> Any:
    """The same each time."""
    if name in MEASURED:
        return "<measured>"
    if isinstance(value, dict):
        if value.get("check") == "Plan/requests":
            value = {**value, "actual": "<measured>", "expected": "<measured>"}
        return {key: settled(inner, key) for key, inner in sorted(value.items())}
    if isinstance(value, list):
        return [settled(inner, name) for inner in value]
    if isinstance(value, str):
        return MADE_UP.sub("<own>", STAMP.sub("<time>", value))
    return value


def compare(name: str, found: Object | None, without: frozenset[str] = frozenset()) -> None:
    """Hold a status, or the rest of it, against its golden file."""
    assert found is not None
    status = {key: value for key, value in found["status"].items() if key not in without}
    text = yaml.safe_dump(settled(status), sort_keys=False, width=110, allow_unicode=True)
    path = GOLDEN / f"{name}.yaml"
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert text == path.read_text(), f"{path.name}: GOLDEN=write writes it anew, if the change is meant"


async def test_a_run_from_its_wait_to_its_end(guest: Tenant) -> None:
    await guest.apply(guest.resync("waits", "Quick"))
    compare(
        "ticketresync/pending",
        await guest.condition("tres", "waits", "Ready", "False", "IntegrationNotFound"),
    )
    await guest.delete("tres", "waits")
    await guest.connect()
    await guest.bring("first")
    compare("ticketresync/succeeded-full", await guest.get("tres", "first"))
    await guest.bring("quick", "Quick")
    compare("ticketresync/succeeded-quick", await guest.get("tres", "quick"))
    guest.psa.fault("latency", r"service/tickets\?", seconds=3)
    await guest.apply(guest.resync("stopped"))
    reading = await guest.in_phase("stopped")
    compare("ticketresync/fetching", reading, without=MOVING)
    await guest.apply(guest.resync("next"))
    compare(
        "ticketresync/pending-in-the-queue",
        await guest.condition("tres", "next", "Ready", "False", "AnotherRunActive"),
    )
    await guest.delete("tres", "next")
    await guest.patch("tres", "stopped", {"spec": {"cancel": True}})
    await guest.finished("stopped")
    compare("ticketresync/cancelled", await guest.get("tres", "stopped"), without=MOVING - {"message"})


LISTS = ("companies", "contacts", "tickets", "entries")
HELD_BY = {
    RunPhase.PREPARING: ["company/contacts/count"],
    RunPhase.PUSHING_LOCAL_CHANGES: [r"service/tickets/\d+$"],
    RunPhase.CATCHING_UP: [r"company/companies\?.*lastUpdated"],
    RunPhase.VERIFYING: ["boards/count", *(rf"{each}\?pageSize=\d+&fields=id(&|$)" for each in LISTS)],
}
"""Requests that the PSA keeps waiting, each once, so that the phase can be looked at."""


async def test_a_run_in_each_phase_that_it_passes(portal: Portal) -> None:
    guest = portal.tenant
    await portal.rename(guest.psa.ids("tickets")[0], "by the portal")
    for path in chain(*HELD_BY.values()):
        guest.psa.fault("latency", path, seconds=5, count=1)
    await guest.apply(guest.resync("second"))
    for phase in HELD_BY:
        shown = await guest.until("tres", "second", partial(works_in, phase))
        compare(f"ticketresync/{kebab(phase)}", shown, without=MOVING - {"message"})
    async with await psycopg.AsyncConnection.connect(portal.dsn) as reader:
        await reader.execute("LOCK TABLE psa.ticket IN SHARE MODE")
        shown = await guest.until("tres", "second", partial(works_in, RunPhase.APPLYING))
        compare("ticketresync/applying", shown)
    assert (await guest.finished("second"))["phase"] == "Succeeded"


def works_in(phase: RunPhase, found: Object) -> bool:
    """Whether the worker itself has said that it is there."""
    status = found["status"]
    return bool(status.get("phase") == phase and "localChanges" in status)


def kebab(phase: StrEnum) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", phase).lower()


async def test_a_run_that_needs_somebody(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("first")
    guest.psa.delete(*guest.psa.ids("tickets")[:100])
    await guest.apply(guest.resync("purge"))
    compare(
        "ticketresync/awaiting-approval",
        await guest.condition("tres", "purge", "Ready", "False", "AwaitingApproval"),
    )
    await guest.patch("tres", "purge", {"spec": {"cancel": True}})
    await guest.finished("purge")
    guest.psa.fault("empty-list")
    await guest.sync("nothing", backoffLimit=0)
    compare("ticketresync/failed", await guest.get("tres", "nothing"))


async def test_an_integration_in_each_state(guest: Tenant, landlord: OperatorProcess) -> None:
    guest.psa.fault("latency", "system/info", seconds=3, count=1)
    await guest.apply(guest.secret(), guest.integration())
    pending = await guest.until("psai", guest.acme, lambda each: "phase" in each["status"])
    compare("psaintegration/pending", pending)
    await guest.condition("psai", guest.acme, "Ready", "True")
    compare("psaintegration/connected-without-data", await guest.get("psai", guest.acme))
    await guest.bring("first")
    synced = await guest.until(
        "psai",
        guest.acme,
        lambda each: "lastFullSync" in each["status"] and each["status"]["phase"] == "Connected",
    )
    compare("psaintegration/connected", synced)
    guest.psa.fault("latency", r"service/tickets\?", seconds=3)
    await guest.apply(guest.resync("on"))
    syncing = await guest.until("psai", guest.acme, lambda each: each["status"]["phase"] == "Syncing")
    compare("psaintegration/syncing", syncing)
    await guest.patch("psai", guest.acme, {"spec": {"enabled": False}})
    await guest.finished("on")
    disabled = await guest.until("psai", guest.acme, lambda each: each["status"]["phase"] == "Disabled")
    compare("psaintegration/disabled", disabled)


async def test_an_integration_that_cannot_work(guest: Tenant) -> None:
    await guest.apply(guest.integration())
    compare(
        "psaintegration/error",
        await guest.condition("psai", guest.acme, "Stalled", "True", "SecretNotFound"),
    )


async def test_an_integration_whose_login_is_refused_too_often(guest: Tenant) -> None:
    await guest.apply(guest.secret(privateKey="wrong"))
    await guest.apply(guest.integration())  # afterwards, or news of the Secret may be worth another try
    for number in range(1, 5):
        await guest.until("psai", guest.acme, partial(refused, number))
        await guest.kubectl("annotate", "--overwrite", "psai", guest.acme, f"{PROBE}={number}")
    compare(
        "psaintegration/stopped",
        await guest.condition("psai", guest.acme, "Stalled", "True", "Stopped"),
    )


def refused(times: int, found: Object) -> bool:
    return bool(found["status"].get("rejectedLogins") == times)


@pytest.mark.parametrize(
    ("kind", "phases"), [("psaintegration", IntegrationPhase), ("ticketresync", RunPhase)]
)
def test_every_phase_has_a_golden_file(kind: str, phases: type[StrEnum]) -> None:
    shown = {yaml.safe_load(path.read_text())["phase"] for path in (GOLDEN / kind).glob("*.yaml")}

    assert shown == set(phases)


async def test_a_schedule_in_each_state(guest: Tenant) -> None:
    await guest.apply(guest.schedule("yearly"))
    compare(
        "ticketresyncschedule/stalled",
        await guest.condition("tressched", "yearly", "Stalled", "True", "IntegrationNotFound"),
    )
    await guest.connect()
    compare("ticketresyncschedule/waiting", await guest.condition("tressched", "yearly", "Ready", "True"))
    await guest.apply(guest.schedule("yearly", NEW_YEAR, suspend=True))
    suspended = await guest.until(
        "tressched", "yearly", lambda each: "nextScheduleTime" not in each["status"]
    )
    compare("ticketresyncschedule/suspended", suspended)
