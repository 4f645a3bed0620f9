"""What a TicketResync's status says, from the run row, the object and the clock."""

import json
from datetime import timedelta
from typing import Any

import pytest

from psa_operator.api.conditions import find_condition, is_true
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase, TicketResyncStatus
from psa_operator.controller import status as say
from psa_operator.controller.obstacles import Obstacle
from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import (
    Check,
    Counts,
    Explanation,
    LocalOutcome,
    Plan,
    Problem,
    Progress,
    Report,
    Verdict,
)
from tests.unit.controller.objects import NOW, ago, resync

HALF_AN_HOUR = timedelta(minutes=30)
STARTED = {"phase": "Fetching", "attempt": 1, "startTime": ago(60), "progress": {"percent": 50}}


def row(**changes: Any) -> RunRow:
    given: dict[str, Any] = {
        "run_id": "resync-run",
        "number": 1,
        "name": "tenant/run",
        "integration_key": "tenant/acme",
        "mode": "Full",
        "effective_mode": "Full",
        "why": "a test",
        "requested_by": "",
        "dry_run": False,
        "config_hash": "0123456789ab",
        "attempt": 1,
        "failures": 0,
        "active": True,
        "phase": "Fetching",
        "created_at": NOW,
        "started_at": NOW,
        "heartbeat_at": NOW,
        "ended_at": None,
        "retry_at": None,
        "cancel_requested": False,
        "approval_seconds": 0.0,
        "progress": Progress("Fetching", percent=60, entity="tickets", processed=6, total=10),
        "report": Report(),
        "reason": "",
        "message": "",
    }
    return RunRow(**given | changes)


def ended(report: Report | None = None, **changes: Any) -> RunRow:
    changes = {"phase": "Succeeded", "reason": "Succeeded", "active": False, "ended_at": NOW, **changes}
    return row(report=report or Report(), **changes)


def seen(run: TicketResync, what: RunRow, limit: timedelta = HALF_AN_HOUR) -> TicketResyncStatus:
    return say.observed(run, what, limit, NOW)


def test_a_waiting_run_is_pending_and_says_why() -> None:
    status = say.waiting(resync(), Obstacle("IntegrationNotFound", "there is none"), NOW)

    assert (status.phase, status.message) == (RunPhase.PENDING, "there is none")
    assert is_true(status.conditions, "Reconciling")
    succeeded = find_condition(status.conditions, "Succeeded")
    assert succeeded
    assert (succeeded.status, succeeded.reason) == ("Unknown", "IntegrationNotFound")


def test_a_run_that_waits_between_attempts_keeps_its_phase() -> None:
    status = say.waiting(resync(status=STARTED), Obstacle("Unavailable", "down"), NOW)

    assert status.phase is RunPhase.FETCHING


def test_the_first_attempt_sets_the_start_time_and_no_later_one_does() -> None:
    assert say.starting(resync(), "hash", NOW).start_time == NOW
    assert say.starting(resync(status=STARTED), "hash", NOW).start_time == NOW - timedelta(seconds=60)


WAITING = {"phase": "AwaitingApproval", "attempt": 1, "startTime": ago(60), "approval": {"deletions": 200}}


def waits(**changes: Any) -> RunRow:
    counts = {"tickets": Counts(fetched=800, deleted=260, unguarded=60)}
    report = Report(counts=counts, samples={"tickets": {"deleted": [7]}}, to_approve=200)
    return row(phase="AwaitingApproval", active=False, report=report, message="200 would go", **changes)


def test_a_run_that_needs_an_approval_says_of_how_many_and_what_would_go() -> None:
    status = say.awaiting_approval(resync(status=STARTED), waits(), NOW)

    assert (status.phase, status.message) == (RunPhase.AWAITING_APPROVAL, "200 would go")
    assert is_true(status.conditions, "Reconciling")
    assert status.approval
    assert (status.approval.deletions, status.approval.since) == (200, NOW)
    assert (status.diff["tickets"].deleted, status.diff["tickets"].unguarded) == (260, 60)
    assert status.diff["tickets"].deleted_ids == ("7",)
    assert status.counts["tickets"].deleted == 0


def test_too_small_a_number_is_answered() -> None:
    status = say.awaiting_approval(resync(status=STARTED, approvedDeletions=5), waits(), NOW)

    assert status.message == "spec.approvedDeletions is 5, which is too few. 200 would go"


def test_what_was_approved_once_stays_approved() -> None:
    run = resync(status=WAITING, approvedDeletions=250)
    status = say.waiting(run, Obstacle("AnotherRunActive", "first is running"), NOW)
    assert status.approval
    again = resync(status=WAITING | {"approval": {"deletions": 200, "approvedDeletions": 250}})

    assert status.approval.approved_deletions == 250
    assert (again.approved_deletions, again.awaits_approval) == (250, False)


def test_the_attempt_after_an_approval_counts_the_time_that_it_waited() -> None:
    approval = {"deletions": 200, "since": ago(30), "waitedSeconds": 5}
    run = resync(status=WAITING | {"approval": approval}, approvedDeletions=200)

    status = say.starting(run, "hash", NOW)

    assert (status.phase, status.approval and status.approval.since) == (RunPhase.PREPARING, None)
    assert status.approval
    assert (status.approval.waited_seconds, status.approval.approved_deletions) == (35, 200)


def test_a_run_that_is_on_shows_its_progress() -> None:
    status = seen(resync(status=STARTED), row())

    assert (status.message, status.phase) == ("6 of 10 tickets", RunPhase.FETCHING)
    assert status.progress
    assert (status.progress.percent, status.progress.processed, status.progress.total) == (60, 6, 10)


def test_percent_and_phase_never_go_back_within_an_attempt() -> None:
    before = STARTED | {"phase": "Verifying", "progress": {"percent": 90}}

    status = seen(resync(status=before), row())

    assert status.phase is RunPhase.VERIFYING
    assert status.progress
    assert status.progress.percent == 90


def test_a_new_attempt_may_begin_again() -> None:
    before = STARTED | {"phase": "Verifying", "progress": {"percent": 90}}

    status = seen(resync(status=before), row(attempt=2))

    assert status.phase is RunPhase.FETCHING
    assert status.progress
    assert status.progress.percent == 60


def test_a_hundred_percent_means_success() -> None:
    almost = row(progress=Progress("Applying", percent=100))

    shown = [seen(resync(), each).progress for each in (almost, ended(phase="Failed"), ended())]

    assert [each.percent for each in shown if each] == [99, 60, 100]


def test_what_the_run_waits_for_is_its_message() -> None:
    limited = row(progress=Progress("Fetching", waiting_for="42 s for the PSA's rate limit"))

    assert seen(resync(), limited).message == "Waiting: 42 s for the PSA's rate limit"


def test_a_run_that_takes_long_is_overdue_until_it_ends() -> None:
    run = resync(mode="Full", status=STARTED)

    late = seen(run, row(), timedelta(seconds=60))
    done = seen(run.replace(status=late), ended(), timedelta(seconds=60))

    overdue = find_condition(late.conditions, "Overdue")
    assert overdue
    assert overdue.status == "True"
    assert "a Quick Sync takes less time" in overdue.message
    quick = seen(resync(mode="Quick", status=STARTED), row(), timedelta(seconds=60))
    told = find_condition(quick.conditions, "Overdue")
    assert told
    assert "Quick Sync" not in told.message
    assert find_condition(done.conditions, "Overdue") is None
    assert find_condition(seen(run, row(), timedelta(seconds=61)).conditions, "Overdue") is None


@pytest.mark.parametrize(
    ("mode", "reason", "helps"),
    [
        ("Full", "VerificationFailed", True),
        ("Full", "DeadlineExceeded", True),
        ("Full", "AuthenticationFailed", False),
        ("Quick", "DeadlineExceeded", False),
    ],
)
def test_who_had_a_full_run_fail_is_told_to_try_quick_where_that_helps(
    mode: str, reason: str, *, helps: bool
) -> None:
    failed = ended(phase="Failed", reason=reason, message="12 are missing.")

    status = seen(resync(mode=mode, status=STARTED), failed)

    assert status.message
    assert status.message.startswith("12 are missing. Where" if helps else "12 are missing.")
    assert ("a Quick Sync takes less time" in status.message) is helps


def test_the_end_has_its_time_reason_and_conditions() -> None:
    failed = ended(phase="Failed", reason="VerificationFailed", message="12 are missing")

    status = seen(resync(status=STARTED), failed)

    assert status.completion_time == NOW
    states = {each.type: (each.status, each.reason) for each in status.conditions}
    assert states == {
        "Succeeded": ("False", "VerificationFailed"),
        "Finished": ("True", "VerificationFailed"),
        "Ready": ("False", "VerificationFailed"),
        "Stalled": ("True", "VerificationFailed"),
    }


def test_the_receipt_says_what_was_done() -> None:
    report = Report(
        counts={"tickets": Counts(fetched=4812, created=12, updated=30, deleted=2, quarantined=1)},
        checks=[Check("Count/tickets", "Passed", "4812", "4812")],
        skipped={"closed": 7},
        newest=(4711, NOW),
        notices=["Quick became Full"],
        resync_required="3 are missing",
        warnings=1,
    )

    status = seen(resync(), ended(report))

    assert status.message == (
        "4,812 of 4,812 tickets, newest #4711 at 2026-03-02 09:00; 12 rows created, 30 changed, 2 deleted; "
        "1 records set aside; 7 tickets left out; 1 warnings. Quick became Full. 3 are missing"
    )


def test_a_dry_run_has_a_diff_and_no_changes() -> None:
    report = Report(
        counts={"tickets": Counts(fetched=9, created=5, deleted=1)},
        samples={"tickets": {"created": [1, 2], "deleted": [3]}},
    )

    status = seen(resync(dryRun=True), ended(report))

    diff = status.diff["tickets"]
    assert (diff.created, diff.deleted, diff.created_ids, diff.deleted_ids) == (5, 1, ("1", "2"), ("3",))
    assert (status.counts["tickets"].fetched, status.counts["tickets"].created) == (9, 0)


def test_checks_are_shown_worst_first_and_decide_verified() -> None:
    report = Report(checks=[Check("Count/tickets", "Passed"), Check("Newest", "Failed")])

    status = seen(resync(), ended(report, phase="Failed", reason="VerificationFailed"))

    assert [each.check for each in status.verification] == ["Newest", "Count/tickets"]
    verified = find_condition(status.conditions, "Verified")
    assert verified
    assert (verified.status, verified.message) == (
        "False",
        "Failed: Newest; status.verification has the numbers",
    )


def test_a_check_that_warns_is_named_and_does_not_fail() -> None:
    report = Report(checks=[Check("Count/tickets", "Passed"), Check("Emptied", "Warning")])

    verified = find_condition(seen(resync(), ended(report)).conditions, "Verified")

    assert verified
    assert (verified.status, verified.message) == (
        "True",
        "1 of 2 checks passed; look at Emptied in status.verification",
    )


def test_a_status_stays_small_whatever_went_wrong() -> None:
    long, entities = "x" * 5000, ["tickets", "companies", "contacts", "boards", "statuses", "members"]
    report = Report(
        counts={entity: Counts(10**6, 10**6, 10**6, 10**6, 10**6, 10**6) for entity in entities},
        samples={entity: {"created": list(range(10**9, 10**9 + 10))} for entity in entities},
        problems=[Problem("tickets", 10**9 + number, long[:1024], NOW) for number in range(20)],
        checks=[Check(f"Count/{number}", "Failed", "1", "2", long) for number in range(40)],
        plan=Plan(dict.fromkeys(entities, 10**6)),
    )

    status = seen(resync(dryRun=True), ended(report, phase="Failed", reason="Bad", message=long))

    assert len(json.dumps(status.as_json())) < 16 * 1024


def test_an_end_from_outside_keeps_what_is_known() -> None:
    status = say.ended(resync(status=STARTED), row(), RunPhase.CANCELLED, "Cancelled", "on request", NOW)

    assert (status.phase, status.attempt, status.completion_time) == (RunPhase.CANCELLED, 1, NOW)
    assert is_true(status.conditions, "Stalled")


def test_rows_of_every_phase_of_the_engine_are_understood() -> None:
    for phase in ("Preparing", "PushingLocalChanges", "Fetching", "CatchingUp", "Verifying", "Applying"):
        shown = seen(resync(), row(progress=Progress(phase)))
        assert shown.phase == phase


def test_twenty_explanations_of_great_length_fit() -> None:
    answers = [Explanation(each, Verdict.SHOWN, "Unavailable", "down " * 400) for each in range(1, 22)]

    status = seen(resync(dryRun=True, ticketIds=[1]), ended(Report(explanations=answers), dry_run=True))

    assert [each.ticket_id for each in status.explanations] == list(range(1, 21))
    assert status.explanations[0].verdict == "Shown"
    assert len(json.dumps(status.as_json())) < 16 * 1024


def test_local_changes_are_told_before_and_after() -> None:
    before = seen(resync(), row(report=Report(plan=Plan(local_changes=3))))
    after = seen(resync(), ended(Report(local=LocalOutcome(sent=2, held=1, unsent=1))))

    assert before.plan
    assert (before.plan.local_changes, before.local_changes) == (3, None)
    assert after.local_changes
    assert (after.local_changes.sent, after.local_changes.held) == (2, 1)


def test_sending_local_changes_is_a_phase_of_its_own() -> None:
    pushing = seen(
        resync(status=STARTED | {"phase": "Preparing"}), row(progress=Progress("PushingLocalChanges"))
    )

    assert (pushing.phase, pushing.message) == ("PushingLocalChanges", "Sending what the portal changed")
