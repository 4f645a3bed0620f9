"""How far a run is."""

from datetime import UTC, datetime

from psa_operator.sync.entities import Entity
from psa_operator.sync.progress import APPLYING, FETCHING, PREPARING, PUSHING, VERIFYING, Tracker


class Clock:
    seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


class Idle:
    waited = 0.0
    waiting_for = None


def percents(tracker: Tracker) -> int:
    return tracker.snapshot(Idle(), 0.0).percent


def test_percent_follows_the_rows_and_never_goes_back() -> None:
    tracker = Tracker(Clock())
    tracker.enter(FETCHING)
    tracker.expect({Entity.TICKETS: 100})
    seen = []
    for rows in (0, 50, 50, 50):
        tracker.advance(Entity.TICKETS, rows)
        seen.append(percents(tracker))

    assert seen == sorted(seen)
    assert seen[1] == 41


def test_sending_local_changes_lies_between_preparing_and_reading() -> None:
    tracker = Tracker(Clock())
    seen = []
    for phase in (PREPARING, PUSHING, FETCHING):
        tracker.enter(phase)
        seen.append(percents(tracker))

    assert seen == [0, 1, 2]


def test_what_is_done_over_is_no_earlier_phase() -> None:
    tracker = Tracker(Clock())
    for phase in (VERIFYING, FETCHING):
        tracker.enter(phase)

    assert tracker.phase == VERIFYING


def test_a_resumed_run_does_not_begin_at_nothing() -> None:
    tracker = Tracker(Clock())
    tracker.enter(FETCHING)
    tracker.expect({Entity.TICKETS: 100})
    tracker.already(Entity.TICKETS, 50)

    assert percents(tracker) == 41


def test_a_hundred_percent_is_only_for_success() -> None:
    tracker = Tracker(Clock())
    for phase in (FETCHING, VERIFYING, APPLYING):
        tracker.enter(phase)

    assert percents(tracker) < 100


def test_the_remaining_time_follows_from_the_time_it_took_so_far() -> None:
    clock = Clock()
    tracker = Tracker(clock)
    tracker.enter(FETCHING)
    tracker.expect({Entity.TICKETS: 100})
    tracker.advance(Entity.TICKETS, 0)
    clock.seconds = 39.0
    tracker.advance(Entity.TICKETS, 50)

    assert tracker.snapshot(Idle(), 0.0).eta_seconds == 59
