"""What somebody who watches a run is told, line by line."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from psa_operator.api.resync import TicketResync
from psa_operator.plugin.console import age, plain
from psa_operator.plugin.watching import Lines, doing

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def run(phase: str | None = None, reason: str = "", message: str = "", **status: Any) -> TicketResync:
    """A run whose Ready condition says this."""
    ready = {
        "type": "Ready",
        "status": "False",
        "reason": reason or phase,
        "message": message,
        "lastTransitionTime": NOW,
    }
    given = {"phase": phase, "message": message, "conditions": [ready], **status} if phase else {}
    metadata = {"name": "nightly", "namespace": "acme", "creationTimestamp": NOW}
    return TicketResync.model_validate(
        {"metadata": metadata, "spec": {"integrationRef": {"name": "acme"}}, "status": given}
    )


def told(*runs: TicketResync, only_waits: bool = False) -> list[str]:
    said: list[str] = []
    lines = Lines(said.append, only_waits=only_waits)
    for each in runs:
        lines(each)
    return said


def test_a_phase_is_told_once_and_a_place_in_the_queue_each_time() -> None:
    assert told(
        run("Pending", "AnotherRunActive", "this one is 2nd in the queue"),
        run("Pending", "AnotherRunActive", "this one is 2nd in the queue"),
        run("Pending", "AnotherRunActive", "this one is 1st in the queue"),
        run("Fetching", message="100 of 300 tickets"),
        run("Fetching", message="200 of 300 tickets"),
        run("Succeeded", message="the receipt is told at the end"),
    ) == [
        "Pending (AnotherRunActive): this one is 2nd in the queue",
        "Pending (AnotherRunActive): this one is 1st in the queue",
        "Fetching: 100 of 300 tickets",
    ]


def test_who_waits_for_an_answer_hears_of_waits_only() -> None:
    assert told(
        run("Pending", "OnHold", "until Monday"),
        run("Fetching"),
        run("Fetching", progress={"percent": 3, "waitingFor": "the PSA's rate limit"}),
        only_waits=True,
    ) == ["Pending (OnHold): until Monday", "Fetching, waiting: the PSA's rate limit"]


def test_a_run_that_waits_for_an_approval_says_how_to_give_it() -> None:
    waiting = run("AwaitingApproval", message="It would delete 20 tickets", approval={"deletions": 20})

    assert doing(waiting).words == (
        "It would delete 20 tickets. Approve: kubectl psa approve nightly -n acme, "
        "or: kubectl psa cancel nightly -n acme"
    )


def test_a_run_that_nobody_looks_at_asks_for_the_operator() -> None:
    late = NOW + timedelta(seconds=20)

    assert (doing(run(), NOW).reason, doing(run(), late).reason) == ("", "Pending")
    assert "see whether one is running" in doing(run(), late).words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0s"), (59, "59s"), (60, "1m"), (3600, "1h"), (5400, "1h30m"), (266_400, "3d2h"), (90_000, "1d1h")],
)
def test_an_age_has_two_units_at_most(seconds: int, words: str) -> None:
    assert age(NOW - timedelta(seconds=seconds), NOW) == words


def test_what_a_ticket_is_called_does_not_steer_the_terminal() -> None:
    assert plain("\x1b[2Jgone\x07\nnext\tcolumn") == "[2Jgone\nnext\tcolumn"
