"""What a TicketResync needs next, one line of a table each."""

from datetime import timedelta
from typing import Any

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.controller.obstacles import Obstacle, World, obstacle_for, ordinal
from psa_operator.controller.resync import (
    Attempts,
    Decision,
    Delete,
    End,
    Forget,
    Wait,
    decide,
    decide_unseen,
)
from tests.unit.controller.objects import NOW, ago, condition, integration, resync

RUNNING = {"phase": "Fetching", "startTime": ago(60), "attempt": 1}
DONE = {"phase": "Succeeded", "startTime": ago(60), "completionTime": ago(30)}
UNREADY = {
    "observedGeneration": 1,
    "conditions": [condition("Ready", "False", "AuthenticationFailed", "wrong keys")],
}


def world(found: PSAIntegration | None = None, **more: Any) -> World:
    return World(integration=found or integration(), **more)


def going() -> TicketResync:
    """A run that is deleted, but that somebody's finalizer holds."""
    run = resync()
    return run.replace(metadata=run.metadata.replace(deletion_timestamp=NOW))


def word(decision: Decision) -> str:
    """The decision, with the reason where it has one."""
    match decision:
        case Wait(obstacle):
            return f"Wait {obstacle.reason}"
        case End(phase, reason):
            return f"End {phase.value} {reason}"
        case _:
            return type(decision).__name__


WAITING = {
    "phase": "AwaitingApproval",
    "startTime": ago(60),
    "attempt": 1,
    "approval": {"deletions": 200, "since": ago(30)},
}
APPROVED_LATE = {
    "phase": "Preparing",
    "startTime": ago(60),
    "attempt": 2,
    "approval": {"deletions": 200, "waitedSeconds": 30, "approvedDeletions": 200},
}
TOO_MANY = Attempts(1, to_approve=200, released_at=NOW - timedelta(seconds=30))
KEPT_OUT = Attempts(1, to_approve=200, retry_at=NOW + timedelta(seconds=60), reason="AnotherRunActive")
NOWHERE = World(integration=None)
FAILED_ONCE = Attempts(number=1, failures=1, released_at=NOW, reason="Unavailable", message="PSA is down")
FAILED_LONG_AGO = Attempts(number=1, failures=1, released_at=NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("run", "attempts", "there", "expected"),
    [
        (resync(), None, world(), "Start"),
        (resync(), None, NOWHERE, "Wait IntegrationNotFound"),
        (resync(), None, world(integration(enabled=False)), "Wait IntegrationDisabled"),
        (resync(), None, world(integration(status=UNREADY)), "Wait IntegrationNotReady"),
        (resync(), None, world(integration(status={})), "Wait IntegrationNotReady"),
        (resync(), None, world(active=["other"]), "Wait AnotherRunActive"),
        (resync(), None, world(ahead=["other"]), "Wait AnotherRunActive"),
        (resync(), None, world(free_workers=0), "Wait MaxConcurrentRuns"),
        (resync(cancel=True), None, world(), "End Cancelled Cancelled"),
        (resync(cancel=True), None, NOWHERE, "End Cancelled Cancelled"),
        (
            resync(created=61, startingDeadlineSeconds=60),
            None,
            world(active=["other"]),
            "End Failed StartingDeadlineExceeded",
        ),
        (resync(created=59, startingDeadlineSeconds=60), None, NOWHERE, "Wait IntegrationNotFound"),
        (resync(status=RUNNING), Attempts(1), world(working=True), "Observe"),
        (resync(status=RUNNING), Attempts(1), world(), "Start"),
        (resync(status=RUNNING), Attempts(1, alive=True), world(), "Observe"),
        (resync(status=RUNNING), Attempts(1, alive=True), world(free_workers=0), "Observe"),
        (resync(status=RUNNING, cancel=True), Attempts(1, alive=True), world(), "End Cancelled Cancelled"),
        (resync(status=RUNNING), Attempts(1), world(integration(status=UNREADY)), "Start"),
        (resync(status=RUNNING), Attempts(1), world(free_workers=0), "Wait MaxConcurrentRuns"),
        (resync(status=RUNNING), FAILED_ONCE, world(), "Wait Unavailable"),
        (resync(status=RUNNING), FAILED_LONG_AGO, world(), "Start"),
        (resync(status=RUNNING), Attempts(4, failures=3), world(), "Start"),
        (resync(status=RUNNING), Attempts(5, failures=4), world(), "End Failed BackoffLimitExceeded"),
        (
            resync(status=RUNNING, backoffLimit=0),
            Attempts(1, failures=1),
            world(),
            "End Failed BackoffLimitExceeded",
        ),
        (resync(status=RUNNING, cancel=True), Attempts(1), world(working=True), "End Cancelled Cancelled"),
        (
            resync(status=RUNNING),
            Attempts(1),
            World(integration=None, working=True),
            "End Cancelled IntegrationDeleted",
        ),
        (
            resync(status=RUNNING),
            Attempts(1),
            world(integration(enabled=False), working=True),
            "End Cancelled IntegrationDisabled",
        ),
        (
            resync(status=RUNNING, activeDeadlineSeconds=60),
            Attempts(1),
            world(working=True),
            "End Failed DeadlineExceeded",
        ),
        (resync(status=RUNNING, activeDeadlineSeconds=61), Attempts(1), world(working=True), "Observe"),
        (resync(status=RUNNING, cancel=True), Attempts(1, ended=True), world(), "Observe"),
        (resync(status=RUNNING, activeDeadlineSeconds=9), Attempts(1, ended=True), world(), "Observe"),
        (resync(status=WAITING), TOO_MANY, world(), "AwaitApproval"),
        (resync(status=WAITING, approvedDeletions=199), TOO_MANY, world(), "AwaitApproval"),
        (resync(status=WAITING, approvedDeletions=200), TOO_MANY, world(), "Start"),
        (resync(status=WAITING, approvedDeletions=200), TOO_MANY, world(working=True), "Observe"),
        (
            resync(status=WAITING, approvedDeletions=200),
            TOO_MANY,
            world(active=["a"]),
            "Wait AnotherRunActive",
        ),
        (resync(status=WAITING, approvedDeletions=200), KEPT_OUT, world(), "Wait AnotherRunActive"),
        (resync(status=WAITING, activeDeadlineSeconds=1), TOO_MANY, world(), "AwaitApproval"),
        (resync(status=WAITING, approvalTimeoutSeconds=31), TOO_MANY, world(), "AwaitApproval"),
        (resync(status=WAITING, approvalTimeoutSeconds=30), TOO_MANY, world(), "End Failed ApprovalTimeout"),
        (resync(status=WAITING, cancel=True), TOO_MANY, world(), "End Cancelled Cancelled"),
        (resync(status=APPROVED_LATE, activeDeadlineSeconds=31), Attempts(2), world(working=True), "Observe"),
        (
            resync(status=APPROVED_LATE, activeDeadlineSeconds=30),
            Attempts(2),
            world(working=True),
            "End Failed DeadlineExceeded",
        ),
        (going(), None, world(), "End Cancelled TicketResyncDeleted"),
        (resync(status=DONE), None, NOWHERE, "Forget"),
        (resync(status=DONE, cancel=True), None, world(), "Forget"),
        (resync(status=DONE, ttlSecondsAfterFinished=31), None, world(), "Forget"),
        (resync(status=DONE, ttlSecondsAfterFinished=30), None, world(), "Delete"),
    ],
)
def test_what_a_run_needs_next(run: Any, attempts: Any, there: World, expected: str) -> None:
    assert word(decide(run, attempts, there, NOW)) == expected


def test_a_waiting_run_names_the_one_that_is_on_and_its_own_place() -> None:
    decision = decide(resync(), None, world(active=['"first"'], ahead=['"second"']), NOW)

    assert isinstance(decision, Wait)
    assert (
        decision.obstacle.message
        == '"first" is running for the same PSA account; this one is 2nd in the queue'
    )


def test_an_integration_that_is_not_ready_passes_its_own_words_on() -> None:
    decision = decide(resync(), None, world(integration(status=UNREADY)), NOW)

    assert isinstance(decision, Wait)
    assert "AuthenticationFailed: wrong keys" in decision.obstacle.message


def test_an_explanation_does_not_wait_for_the_psa_that_it_explains() -> None:
    broken = [
        condition("Ready", "False", "AuthenticationFailed"),
        condition("DatabaseReady", "True", "Ready"),
    ]
    tried = World(integration(status={"observedGeneration": 1, "conditions": broken}))
    lost = World(integration(status={"observedGeneration": 1, "conditions": broken[:1]}))
    question = resync(dryRun=True, ticketIds=[4711])

    assert obstacle_for(question, tried, NOW) is None
    for run, world in (
        (resync(ticketIds=[4711]), tried),
        (question, lost),
        (question, World(integration(status={}))),
    ):
        obstacle = obstacle_for(run, world, NOW)
        assert obstacle
        assert obstacle.reason == "IntegrationNotReady"


@pytest.mark.parametrize(
    ("mode", "heals", "database", "expected"),
    [
        ("Rollback", "True", "True", "Start"),
        ("Rollback", "True", "False", "Wait"),
        ("Rollback", "False", "True", "Wait"),
        ("Full", "True", "True", "Wait"),
    ],
)
def test_a_rollback_does_not_wait_for_a_psa_that_is_away(
    mode: str, heals: str, database: str, expected: str
) -> None:
    run = resync(mode=mode, reason="drill")
    away = [
        condition("Ready", "False", "Unavailable"),
        condition("Reconciling", heals, "Unavailable"),
        condition("DatabaseReady", database, "Ready"),
    ]
    found = integration(status={"observedGeneration": 1, "conditions": away})

    assert type(decide(run, None, world(found), NOW)).__name__ == expected


def test_the_end_after_too_many_failures_has_the_last_words() -> None:
    attempts = Attempts(number=4, failures=4, message="The PSA answered 503 six times")

    decision = decide(resync(status=RUNNING), attempts, world(), NOW)

    assert isinstance(decision, End)
    assert decision.message == "Attempt 4 failed and backoffLimit is 3: The PSA answered 503 six times"


def test_a_worker_that_died_before_its_claim_made_the_first_attempt() -> None:
    attempts = Attempts(number=0, failures=1, released_at=NOW, reason="WorkerKilled", message="killed")

    decision = decide(resync(status=RUNNING), attempts, world(), NOW)

    assert isinstance(decision, Wait)
    assert decision.obstacle.message.startswith("Attempt 1 failed, the next one begins at 09:00:10 UTC")


AWAY = Obstacle("DatabaseUnreachable", "down")


@pytest.mark.parametrize(
    ("run", "there", "expected"),
    [
        (resync(), world(), "Wait DatabaseUnreachable"),
        (resync(cancel=True), world(), "End Cancelled Cancelled"),
        (resync(created=61, startingDeadlineSeconds=60), world(), "End Failed StartingDeadlineExceeded"),
        (resync(status=RUNNING), world(), "Wait DatabaseUnreachable"),
        (resync(status=RUNNING), world(working=True), "Wait DatabaseUnreachable"),
        (resync(status=RUNNING, cancel=True), world(working=True), "End Cancelled Cancelled"),
        (resync(status=RUNNING, activeDeadlineSeconds=60), world(), "End Failed DeadlineExceeded"),
        (resync(status=RUNNING), world(integration(enabled=False)), "End Cancelled IntegrationDisabled"),
        (resync(status=RUNNING), NOWHERE, "End Cancelled IntegrationDeleted"),
    ],
)
def test_what_a_run_needs_whose_row_cannot_be_read(run: Any, there: World, expected: str) -> None:
    assert word(decide_unseen(run, there, AWAY, NOW)) == expected


def test_an_end_without_the_database_promises_nothing_of_the_data() -> None:
    decision = decide_unseen(resync(status=RUNNING, cancel=True), world(), AWAY, NOW)

    assert isinstance(decision, End)
    assert "unless its table run says otherwise" in decision.message


@pytest.mark.parametrize(("failures", "seconds"), [(1, 10), (2, 20), (3, 40), (20, 420)])
def test_the_pause_between_attempts_doubles_up_to_seven_minutes(failures: int, seconds: int) -> None:
    attempts = Attempts(number=failures, failures=failures, released_at=NOW, message="no")

    decision = decide(resync(status=RUNNING, backoffLimit=30), attempts, world(), NOW)

    assert decision == Wait(decision.obstacle, seconds) if isinstance(decision, Wait) else False


def test_a_psa_that_names_a_time_is_not_asked_before() -> None:
    attempts = Attempts(1, failures=1, released_at=NOW, retry_at=NOW + timedelta(seconds=90))

    decision = decide(resync(status=RUNNING), attempts, world(), NOW)

    assert isinstance(decision, Wait)
    assert decision.after == 90


def test_a_finished_run_comes_back_when_its_time_is_up() -> None:
    decision = decide(resync(status=DONE, ttlSecondsAfterFinished=100), None, world(), NOW)

    assert decision == Forget(after=70)
    assert Delete() == decide(resync(status=DONE, ttlSecondsAfterFinished=0), None, world(), NOW)


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")],
)
def test_places_read_well(number: int, word: str) -> None:
    assert ordinal(number) == word
