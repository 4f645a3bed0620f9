"""When runs start that could: windows, holds, the queue, the button, and a PSA that refuses the login."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Object, Tenant, condition

HOLD = "psa.msportal.ai/hold-until"
BUTTON = "psa.msportal.ai/quick-sync"


async def annotate(tenant: Tenant, annotation: str) -> None:
    await tenant.kubectl("annotate", "--overwrite", "psai", tenant.acme, annotation)


async def waits(tenant: Tenant, name: str, reason: str, says: str) -> None:
    await tenant.condition("tres", name, "Ready", "False", reason, says)


async def test_a_run_waits_for_its_window_and_starts_when_it_opens(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    soon = datetime.now(UTC) + timedelta(hours=2)
    closed = {"schedule": f"{soon:%M %H} * * *", "duration": "1h"}
    await guest.connect(maintenanceWindows=[closed])

    await guest.apply(guest.resync("quiet", "Full", respectWindows=True), guest.resync("now", "Full"))
    await waits(guest, "quiet", "OutsideWindow", f"{soon:%H:%M} UTC")
    assert (await guest.finished("now"))["phase"] == "Succeeded"

    always = {"schedule": "0 * * * *", "duration": "1h"}
    await guest.patch("psai", guest.acme, {"spec": {"maintenanceWindows": [always]}})
    assert (await guest.finished("quiet"))["phase"] == "Succeeded"


async def test_a_window_in_an_unknown_zone_is_named(guest: Tenant, landlord: OperatorProcess) -> None:
    window = {"schedule": "0 22 * * *", "duration": "6h", "timeZone": "Europe/Atlantis"}
    await guest.apply(guest.secret(), guest.integration(maintenanceWindows=[window]))

    await guest.condition(
        "psai", guest.acme, "Stalled", "True", "InvalidTimeZone", "spec.maintenanceWindows[0]"
    )


async def test_full_runs_are_held_while_an_incident_is_on(guest: Tenant, landlord: OperatorProcess) -> None:
    await guest.connect()
    await annotate(guest, f"{HOLD}={datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")

    await guest.apply(guest.resync("monthly"))
    await waits(guest, "monthly", "OnHold", HOLD)
    await annotate(guest, f"{HOLD}-")

    assert (await guest.finished("monthly"))["phase"] == "Succeeded"


async def test_the_button_starts_one_quick_sync_for_each_token(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.connect()
    await guest.bring("first")

    for token in ("one", "one", "two"):
        await annotate(guest, f"{BUTTON}={token}")
        await guest.until("psai", guest.acme, partial(handled, token))
    names = [each async for each in quick_runs(guest)]

    assert len(names) == 2
    for name in names:
        status = await guest.finished(name)
        assert status["phase"] == "Succeeded"


def handled(token: str, found: Object) -> bool:
    return bool(found["status"].get("lastHandledRequests", {}).get(BUTTON) == token)


def refused(times: int, found: Object) -> bool:
    return bool(found["status"].get("rejectedLogins") == times)


async def quick_runs(tenant: Tenant) -> Any:
    for name in (await tenant.kubectl("get", "tres", "-o", "name")).split():
        if "-quick-" in name:
            yield name.rpartition("/")[2]


async def test_quick_goes_first_and_an_equal_one_is_not_run_twice(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.connect()
    await guest.bring("first")
    guest.psa.set(latency=0.3)
    await guest.apply(guest.resync("on"))
    await guest.until("tres", "on", lambda each: each["status"].get("startTime"))
    await guest.apply(guest.resync("full"))
    await waits(guest, "full", "AnotherRunActive", "1st in the queue")
    await guest.apply(guest.resync("quick-a", "Quick"), guest.resync("quick-b", "Quick"))
    await waits(guest, "full", "AnotherRunActive", "3rd in the queue")
    await waits(guest, "quick-b", "AnotherRunActive", "2nd in the queue")
    guest.psa.set(latency=0)

    ends = {name: await guest.finished(name) for name in ("quick-a", "quick-b", "full")}

    assert {each["phase"] for each in ends.values()} == {"Succeeded"}
    assert ends["quick-a"]["startTime"] <= ends["full"]["startTime"]
    assert "startTime" not in ends["quick-b"]
    covered = await guest.get("tres", "quick-b")
    assert covered
    found = condition(covered, "Succeeded")
    assert found
    assert (found["reason"], '"quick-a"' in found["message"]) == ("CoveredByAnotherRun", True)


async def test_a_login_that_is_refused_again_and_again_is_not_tried_any_more(
    guest: Tenant, landlord: OperatorProcess
) -> None:
    await guest.apply(guest.secret(privateKey="wrong"))
    await guest.apply(guest.integration())  # afterwards, or news of the Secret may be worth another try
    await guest.condition("psai", guest.acme, "Stalled", "True", "AuthenticationFailed")
    for number in range(2, 6):
        await annotate(guest, f"psa.msportal.ai/probe={number}")
        await guest.until("psai", guest.acme, partial(refused, number))
    stopped = await guest.condition("psai", guest.acme, "Stalled", "True", "Stopped", "5 times in a row")
    assert stopped["status"]["phase"] == "Stopped"
    asked = guest.psa.requests()["total"]

    await guest.kubectl("label", "psai", guest.acme, f"touched={secrets.token_hex(3)}")
    await asyncio.sleep(2)
    assert guest.psa.requests()["total"] == asked

    await guest.apply(guest.secret())
    mended = await guest.condition("psai", guest.acme, "Ready", "True")
    assert "rejectedLogins" not in mended["status"] or mended["status"]["rejectedLogins"] == 0
