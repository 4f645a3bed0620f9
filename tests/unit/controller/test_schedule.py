"""Which runs a schedule makes, leaves out, cancels and forgets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from psa_operator.api.resync import TicketResync
from psa_operator.api.schedule import TicketResyncSchedule
from psa_operator.controller.clock import Cron
from psa_operator.controller.schedule import body_of, decide, expected_interval, working
from tests.unit.controller.objects import integration, resync

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
QUARTERLY = "*/15 * * * *"
ACME = integration()


def stamp(moment: datetime) -> str:
    return moment.isoformat()


def schedule(
    cron: str = QUARTERLY,
    *,
    mode: str = "Quick",
    status: dict[str, Any] | None = None,
    created: datetime = NOW - timedelta(days=90),
    template: dict[str, Any] | None = None,
    labels: dict[str, str] | None = None,
    name: str = "quick",
    **spec: Any,
) -> TicketResyncSchedule:
    why = {"reason": "monthly"} if mode == "Full" else {}
    return TicketResyncSchedule.model_validate(
        {
            "metadata": {
                "name": name,
                "namespace": "tenant",
                "uid": "schedule-uid",
                "generation": 1,
                "creationTimestamp": stamp(created),
                "labels": labels or {},
            },
            "spec": {
                "schedule": cron,
                "template": {
                    "metadata": template or {},
                    "spec": {"integrationRef": {"name": "acme"}, "mode": mode, **why},
                },
                **spec,
            },
            "status": {"observedGeneration": -1} if status is None else status,
        }
    )


def expecting(moment: datetime, timing: str = f"{QUARTERLY} UTC +0s") -> dict[str, Any]:
    """The status of a schedule that has worked so far."""
    return {"observedGeneration": 1, "timing": timing, "nextScheduleTime": stamp(moment)}


def child(name: str, phase: str | None = None, ended: timedelta = timedelta(0), **spec: Any) -> TicketResync:
    status = {"phase": phase, "completionTime": stamp(NOW - ended)} if phase else {}
    return resync(name, status={"observedGeneration": 1, **status}, **spec)


DUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLOT = f"quick-{int(DUE.timestamp()) // 60}"


def test_a_run_is_made_when_it_is_due_and_named_by_its_minute() -> None:
    plan = decide(schedule(status=expecting(DUE)), [], ACME, NOW)

    assert plan.slot
    assert (plan.slot.name, plan.slot.due) == (SLOT, DUE)
    assert plan.next_at == DUE + timedelta(minutes=15)


def test_nothing_is_made_before_it_is_due() -> None:
    plan = decide(schedule(status=expecting(DUE)), [], ACME, DUE - timedelta(seconds=1))

    assert (plan.slot, plan.next_at) == (None, DUE)


def test_after_an_outage_one_run_makes_up_for_all() -> None:
    plan = decide(schedule(status=expecting(DUE - timedelta(days=40))), [], ACME, NOW)

    assert plan.slot
    assert plan.slot.due == DUE
    assert plan.skipped
    assert (plan.skipped.reason, plan.skipped.time) == ("Missed", DUE - timedelta(minutes=15))


def test_what_was_due_since_the_creation_is_made_up_for_too() -> None:
    missed = decide(schedule(created=DUE - timedelta(minutes=1)), [], ACME, NOW)
    new = decide(schedule(created=NOW - timedelta(seconds=5)), [], ACME, NOW)

    assert missed.slot
    assert new.slot is None


def test_another_time_is_no_missed_run() -> None:
    before = expecting(DUE - timedelta(hours=5), timing="0 4 * * * UTC +0s")

    assert decide(schedule("30 8 * * *", status=before), [], ACME, NOW).slot is None


def test_a_run_that_is_too_late_is_left_out() -> None:
    late = schedule(status=expecting(DUE), startingDeadlineSeconds=5)

    plan = decide(late, [], ACME, NOW)

    assert plan.slot is None
    assert plan.skipped
    assert (plan.skipped.reason, plan.skipped.time) == ("MissedStartingDeadline", DUE)


def test_a_suspended_schedule_makes_nothing_then_or_later() -> None:
    paused = schedule(status=expecting(DUE), suspend=True)
    plan = decide(paused, [], ACME, NOW)
    resumed = schedule(status=working(paused, plan, [], ACME, NOW).as_json())

    assert (plan.slot, plan.next_at) == (None, None)
    assert decide(resumed, [], ACME, NOW + timedelta(minutes=50)).slot is None


@pytest.mark.parametrize(
    ("found", "reason"),
    [(None, "IntegrationNotFound"), (integration(enabled=False), "IntegrationDisabled")],
)
def test_no_runs_pile_up_where_there_is_nothing_to_run(found: Any, reason: str) -> None:
    plan = decide(schedule(status=expecting(DUE)), [], found, NOW)

    assert plan.slot is None
    assert plan.skipped
    assert plan.skipped.reason == reason


def test_forbid_leaves_out_what_comes_too_soon_and_replace_cancels_what_takes_too_long() -> None:
    slow = child("quick-1")
    forbidden = decide(schedule(status=expecting(DUE)), [slow], ACME, NOW)
    replaced = decide(schedule(status=expecting(DUE), concurrencyPolicy="Replace"), [slow], ACME, NOW)

    assert forbidden.slot is None
    assert forbidden.skipped
    assert forbidden.skipped.reason == "PreviousRunActive"
    assert replaced.slot
    assert list(replaced.cancel) == [slow]


@pytest.mark.parametrize("policy", ["Forbid", "Replace"])
def test_a_run_that_was_made_and_not_written_down_is_the_same_run(policy: str) -> None:
    plan = decide(schedule(status=expecting(DUE), concurrencyPolicy=policy), [child(SLOT)], ACME, NOW)

    assert plan.slot
    assert (plan.slot.name, plan.cancel) == (SLOT, [] if policy == "Replace" else ())


def test_jitter_is_the_same_for_the_same_object_and_spreads_others() -> None:
    def delay(name: str) -> timedelta:
        plan = decide(schedule("0 3 * * *", name=name, jitterSeconds=3600), [], ACME, NOW)
        assert plan.next_at
        return plan.next_at - datetime(2026, 3, 3, 3, 0, tzinfo=UTC)

    delays = {delay(f"tenant-{number}") for number in range(50)}

    assert delay("tenant-1") == delay("tenant-1")
    assert len(delays) > 40
    assert all(timedelta(0) <= each <= timedelta(hours=1) for each in delays)


def test_a_run_with_jitter_bears_the_time_of_the_clock() -> None:
    spread = schedule("0 9 * * *", jitterSeconds=3600)
    due = decide(spread, [], ACME, DUE - timedelta(minutes=1)).next_at
    assert due
    late = schedule("0 9 * * *", jitterSeconds=3600, status=expecting(due, "0 9 * * * UTC +3600s"))

    plan = decide(late, [], ACME, due)

    assert plan.slot
    assert (plan.slot.name, plan.slot.time, plan.slot.due) == (SLOT, DUE, due)


def test_so_many_runs_are_kept_of_each_kind_of_end() -> None:
    runs = [child(f"good-{hours}", "Succeeded", timedelta(hours=hours)) for hours in range(5)]
    runs += [child("bad-1", "Failed", timedelta(hours=1)), child("bad-2", "Cancelled", timedelta(hours=2))]

    plan = decide(schedule(), [*runs, child("waits")], ACME, NOW)

    assert {run.metadata.name for run in plan.delete} == {"good-3", "good-4", "bad-2"}


def test_a_run_that_can_still_be_undone_is_kept() -> None:
    runs = [
        child(f"full-{days}", "Succeeded", timedelta(days=days), mode="Full", reason="x")
        for days in (1, 2, 4, 5)
    ]
    plan = decide(
        schedule(mode="Full", successfulRunsHistoryLimit=0), runs, integration(rollbackWindow="72h"), NOW
    )

    assert {run.metadata.name for run in plan.delete} == {"full-4", "full-5"}


def test_a_run_carries_the_template_and_nothing_by_which_gitops_tools_find_their_own() -> None:
    tracked = schedule(
        status=expecting(DUE),
        labels={"app.kubernetes.io/instance": "portal"},
        template={
            "labels": {"team": "a", "app.kubernetes.io/instance": "portal"},
            "annotations": {"note": "b", "argocd.argoproj.io/tracking-id": "c"},
        },
    )
    plan = decide(tracked, [], ACME, NOW)
    assert plan.slot

    body = body_of(tracked, plan.slot)

    assert body["metadata"]["labels"] == {"team": "a", "psa.msportal.ai/schedule": "quick"}
    assert body["metadata"]["annotations"] == {
        "note": "b",
        "psa.msportal.ai/scheduled-at": "2026-03-02T09:00:00Z",
    }
    assert body["spec"]["requestedBy"] == "TicketResyncSchedule quick"
    [owner] = body["metadata"]["ownerReferences"]
    assert (owner["uid"], owner["controller"]) == ("schedule-uid", True)


def test_the_status_says_what_is_on_and_what_comes() -> None:
    runs = [child("quick-1", "Succeeded", timedelta(minutes=15)), child(SLOT)]
    mine = schedule(status=expecting(DUE))

    status = working(mine, decide(mine, runs, ACME, NOW), runs, ACME, NOW).as_json()

    assert status["active"] == [{"name": SLOT}]
    assert status["lastScheduleTime"] == "2026-03-02T09:00:00Z"
    assert status["lastSuccessfulTime"] == "2026-03-02T08:45:10Z"
    assert status["nextScheduleTime"] == "2026-03-02T09:15:00Z"
    [ready] = status["conditions"]
    assert (ready["type"], ready["status"], ready["reason"]) == ("Ready", "True", "Scheduled")
    assert ready["message"] == 'Quick of "acme": Every 15th minute of every hour (UTC)'


def test_a_schedule_without_its_integration_is_stalled() -> None:
    mine = schedule()

    status = working(mine, decide(mine, [], None, NOW), [], None, NOW)

    assert {(each.type, each.status) for each in status.conditions} == {
        ("Ready", "False"),
        ("Stalled", "True"),
    }


@pytest.mark.parametrize(
    ("cron", "longest"),
    [
        (QUARTERLY, timedelta(minutes=15)),
        ("0 8-18 * * *", timedelta(hours=14)),
        ("@monthly", timedelta(days=31)),
    ],
)
def test_the_longest_time_without_a_run_is_known(cron: str, longest: timedelta) -> None:
    assert expected_interval(Cron(cron, "UTC"), NOW) == longest
