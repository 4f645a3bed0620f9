"""One run from apply to end, as its owner sees it."""

import asyncio
import time

from tests.cluster.tenant import Tenant, condition


async def test_quick_brings_only_what_changed(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("load")
    changed = guest.psa.ids("tickets")[:3]
    guest.psa.change(*changed, summary="changed meanwhile")

    status = await guest.sync("changes", "Quick")

    assert status["effectiveMode"] == "Quick"
    assert status["counts"]["tickets"]["updated"] == 3, status


async def test_a_full_run_warns_and_tells_of_each_phase_once(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("warned", requestedBy="eva")

    events = await guest.events("warned")

    warning = next(message for type_, reason, message in events if reason == "FullResyncStarted")
    assert 'replaces all local ticket data; reason: "a test", requested by "eva"' in warning
    reasons = [reason for _, reason, _ in events]
    assert len(reasons) == len(set(reasons))
    assert {"Preparing", "Succeeded"} <= set(reasons)


async def test_a_resync_of_the_settings_brings_them_and_speaks_of_no_ticket(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-settings")
    guest.psa.change(guest.psa.ids("boards")[0], entity="boards", name="Renamed")

    status = await guest.bring("settings", "ReferenceData")

    assert (status["effectiveMode"], status["counts"]["boards"]["updated"]) == ("ReferenceData", 1)
    assert "boards" in status["message"]
    told = [message for _, _, message in await guest.events("settings")]
    assert "ticket" not in " ".join([*told, str(status["counts"]), str(status["verification"])])
    assert "tickets" not in status["summary"]


async def test_a_prune_removes_what_the_psa_no_longer_has_and_warns_of_it(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-prune")
    gone = guest.psa.ids("tickets")[:5]
    notes = [each["ticketId"] for each in guest.psa.state("notes")]
    entries = [each["chargeToId"] for each in guest.psa.state("timeEntries")]
    guest.psa.delete(*gone)

    status = await guest.bring("prune", "Prune")

    deleted = 5 + sum(each in gone for each in [*notes, *entries])
    assert "295 tickets, " in status["message"]
    assert f" time entries are here and in the PSA; {deleted} rows deleted" in status["message"]
    assert (status["summary"]["tickets"], status["summary"]["deleted"]) == ("295/295", deleted)
    warned = [message for _, reason, message in await guest.events("prune") if reason == "PruneStarted"]
    assert 'tickets, companies and contacts that the PSA no longer has; reason: "a test"' in warned[0]
    await guest.shows_tickets(295)


async def test_a_rollback_undoes_a_full_run_and_says_what_it_kept(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("first")
    changed, newer = guest.psa.ids("tickets")[:2]
    guest.psa.change(changed, newer, summary="by the Full run")
    full = await guest.bring("full")
    until = full["message"].partition("undo until ")[2]
    guest.psa.change(newer, summary="by the Quick run")
    await guest.bring("quick", "Quick")
    await guest.until("psai", guest.acme, lambda each: "rollbackUntil" in each["status"])

    status = await guest.bring("undo", "Rollback", rollbackOf={"name": "full"})

    assert until.endswith(" UTC")
    assert (status["counts"]["tickets"]["updated"], status["keptNewer"]) == (1, {"tickets": [str(newer)]})
    assert (
        "0 rows returned, 1 restored, 0 deleted; 1 rows that were changed since are kept" in status["message"]
    )
    await guest.condition(
        "psai", guest.acme, "ResyncRequired", "True", "RolledBack", says="full was rolled back"
    )
    await guest.until("psai", guest.acme, lambda each: "rollbackUntil" not in each["status"])


async def test_a_rollback_that_cannot_be_says_why(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("first")

    status = await guest.sync("undo", "Rollback", rollbackOf={"name": "first"})

    assert status["phase"] == "Failed", status
    assert "was the first load or came before it, and nothing from before is kept" in status["message"]


async def test_a_run_that_succeeded_is_current_and_leaves_a_receipt(guest: Tenant) -> None:
    await guest.connect()

    status = await guest.sync("receipt")

    found = {"status": status}
    states = {each["type"]: each["status"] for each in status["conditions"]}
    assert states == {"Succeeded": "True", "Finished": "True", "Verified": "True", "Ready": "True"}
    assert "300 of 300 tickets, newest #" in status["message"]
    assert status["progress"]["percent"] == 100
    assert (condition(found, "Ready") or {})["observedGeneration"] == status["observedGeneration"] == 1


async def test_a_dry_run_says_what_it_would_do_and_does_nothing(guest: Tenant) -> None:
    await guest.connect()

    status = await guest.sync("dry", dryRun=True)

    assert status["phase"] == "Succeeded", status
    assert status["diff"]["tickets"]["created"] == 300
    found = await guest.get("psai", guest.acme)
    assert found
    assert found["status"]["counts"].get("tickets", 0) == 0


async def test_a_waiting_run_says_who_is_on_and_its_place(guest: Tenant) -> None:
    await guest.connect()
    guest.psa.fault("latency", "service/tickets", seconds=2)
    await guest.apply(guest.resync("running"))
    await guest.until("tres", "running", lambda each: each["status"].get("startTime"))

    await guest.apply(guest.resync("waiting-1", "Quick"))
    await asyncio.sleep(1.1)  # creation times have whole seconds
    await guest.apply(guest.resync("waiting-2", "Quick"))

    for name, place in (("waiting-1", "1st"), ("waiting-2", "2nd")):
        says = f'"running" is running for the same PSA account; this one is {place} in the queue'
        await guest.condition("tres", name, "Ready", "False", "AnotherRunActive", says=says)
    guest.psa.clear_faults()
    assert [(await guest.finished(each))["phase"] for each in ("waiting-1", "waiting-2")] == ["Succeeded"] * 2


async def test_a_run_of_an_unknown_integration_waits_and_names_it(guest: Tenant) -> None:
    await guest.apply(guest.resync("early", "Quick"))
    says = f'There is no PSAIntegration "{guest.acme}"'
    found = await guest.condition("tres", "early", "Ready", "False", "IntegrationNotFound", says=says)
    assert found["status"]["phase"] == "Pending"

    await guest.connect()

    assert (await guest.finished("early"))["phase"] == "Succeeded"


async def test_a_run_of_a_disabled_integration_waits_and_asks_nothing(guest: Tenant) -> None:
    guest.psa.clear_requests()
    await guest.apply(guest.secret(), guest.integration(enabled=False), guest.resync("patient"))
    await guest.condition("tres", "patient", "Ready", "False", "IntegrationDisabled")
    assert guest.psa.requests()["total"] == 0

    await guest.patch("psai", guest.acme, {"spec": {"enabled": True}})

    assert (await guest.finished("patient"))["phase"] == "Succeeded"


async def test_cancel_is_obeyed_within_five_seconds_and_drops_nothing(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("kept")
    guest.psa.fault("latency", "service/tickets", seconds=20)
    await guest.apply(guest.resync("regretted"))
    await guest.until("tres", "regretted", lambda each: each["status"].get("attempt"))

    await guest.patch("tres", "regretted", {"spec": {"cancel": True}})
    began = time.monotonic()
    status = await guest.finished("regretted")

    assert time.monotonic() - began < 5
    assert (status["phase"], (condition({"status": status}, "Ready") or {})["reason"]) == ("Cancelled",) * 2
    assert status["message"] == "Cancelled on request; the data is as it was before the run"


async def test_a_run_can_be_cancelled_before_it_starts(guest: Tenant) -> None:
    status = await guest.sync("never", "Quick", cancel=True)

    assert (status["phase"], status["attempt"]) == ("Cancelled", 0)


async def test_an_integration_disabled_while_a_run_is_on_cancels_it(guest: Tenant) -> None:
    await guest.connect()
    guest.psa.fault("latency", "service/tickets", seconds=20)
    await guest.apply(guest.resync("interrupted"))
    await guest.until("tres", "interrupted", lambda each: each["status"].get("attempt"))

    await guest.patch("psai", guest.acme, {"spec": {"enabled": False}})

    status = await guest.finished("interrupted")
    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Cancelled", "IntegrationDisabled")


async def test_an_integration_deleted_while_a_run_is_on_cancels_it(guest: Tenant) -> None:
    await guest.connect()
    guest.psa.fault("latency", "service/tickets", seconds=20)
    await guest.apply(guest.resync("orphan"))
    await guest.until("tres", "orphan", lambda each: each["status"].get("attempt"))

    await guest.delete("psai", guest.acme)

    status = await guest.finished("orphan")
    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Cancelled", "IntegrationDeleted")


async def test_a_run_that_does_not_start_in_time_fails_and_says_what_it_waited_for(guest: Tenant) -> None:
    status = await guest.sync("late", "Quick", startingDeadlineSeconds=2)

    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Failed", "StartingDeadlineExceeded")
    assert "waiting for IntegrationNotFound" in status["message"]


async def test_a_run_that_takes_too_long_fails_and_keeps_the_data(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("fine")
    guest.psa.fault("latency", "service/tickets", seconds=30)

    status = await guest.sync("slow", activeDeadlineSeconds=4)

    ready = condition({"status": status}, "Ready") or {}
    assert (status["phase"], ready["reason"]) == ("Failed", "DeadlineExceeded"), status
    await guest.shows_tickets(300)


async def test_a_slow_run_is_overdue(guest: Tenant) -> None:
    await guest.connect(overdueAfter="2s")
    guest.psa.fault("latency", "service/tickets", seconds=5)

    await guest.apply(guest.resync("overdue"))

    await guest.condition("tres", "overdue", "Overdue", "True", says="spec.overdueAfter")


async def test_a_finished_run_goes_when_its_time_is_up(guest: Tenant) -> None:
    await guest.connect()
    await guest.apply(guest.resync("brief", ttlSecondsAfterFinished=1))

    for _ in range(300):
        if await guest.get("tres", "brief") is None:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it is still there")
