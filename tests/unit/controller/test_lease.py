"""Who may lead, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from psa_operator.controller.lease import Lease, Terms, given_back, hands_over, held_by, may_take
from psa_operator.settings import Settings

TERMS = Terms(duration=15, deadline=10, retry=2)
HELD = Lease("other", seconds=15, transitions=3, acquired="then", renewed="then", version="7")
OURS = Lease("me", seconds=15, transitions=3, acquired="then", renewed="then", version="7")
FREE = given_back(HELD)


@pytest.mark.parametrize(
    ("lease", "unchanged", "able", "expected"),
    [
        (None, 0, True, True),
        (FREE, 0, True, True),
        (OURS, 0, True, True),
        (HELD, 14.9, True, False),
        (HELD, 15, True, True),
        (None, 14.9, False, False),
        (FREE, 14.9, False, False),
        (FREE, 15, False, True),
        (HELD, 29.9, False, False),
        (HELD, 30, False, True),
        (OURS, 0, False, True),
    ],
)
def test_a_standby_takes_what_is_free_and_lets_the_able_go_first(
    lease: Lease | None, unchanged: float, *, able: bool, expected: bool
) -> None:
    assert may_take(lease, unchanged, "me", TERMS, able=able) is expected


def test_another_holder_counts_for_as_long_as_it_said_itself() -> None:
    generous = Lease("other", seconds=60)

    assert not may_take(generous, 59, "me", TERMS, able=True)


@pytest.mark.parametrize(
    ("unable_for", "took_it_unable", "expected"),
    [(0, False, False), (14.9, False, False), (15, False, True), (3600, True, False)],
)
def test_a_leader_that_cannot_work_lets_others_try_once(
    unable_for: float, *, took_it_unable: bool, expected: bool
) -> None:
    assert hands_over(unable_for, TERMS, took_it_unable=took_it_unable) is expected


def test_a_change_of_hands_is_counted_and_a_renewal_is_not() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    taken = held_by("me", HELD, TERMS, now)
    renewed = held_by("me", taken, TERMS, now + timedelta(seconds=2))

    assert (taken.holder, taken.transitions, taken.version) == ("me", 4, "7")
    assert (renewed.transitions, renewed.acquired) == (4, taken.acquired)
    assert renewed.renewed == "2026-01-01T00:00:02.000000Z"


def test_the_first_holder_makes_it() -> None:
    made = held_by("me", None, TERMS, datetime(2026, 1, 1, tzinfo=UTC))

    assert (made.holder, made.transitions, made.version) == ("me", 0, "")


def test_times_with_which_two_could_lead_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="stop before another may begin"):
        Settings(lease_duration=timedelta(seconds=5), lease_renew_deadline=timedelta(seconds=5))
