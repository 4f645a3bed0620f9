"""Cron in a time zone: what a CronJob would do when clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest

from psa_operator.api.clock import MaintenanceWindow
from psa_operator.controller.clock import Cron, look_at
from psa_operator.errors import ConfigurationError


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def following(schedule: str, zone: str, start: str, count: int) -> list[str]:
    cron, moment, found = Cron(schedule, zone), utc(start), []
    for _ in range(count):
        moment = cron.after(moment)
        found.append(f"{moment:%m-%d %H:%M}")
    return found


def test_a_time_that_does_not_exist_is_left_out() -> None:
    assert following("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", 3) == [
        "03-28 01:30",
        "03-30 00:30",
        "03-31 00:30",
    ]


def test_a_time_that_comes_twice_is_there_twice() -> None:
    assert following("30 1 * * *", "America/New_York", "2026-10-31T06:00", 3) == [
        "11-01 05:30",
        "11-01 06:30",
        "11-02 06:30",
    ]


@pytest.mark.parametrize("start", ["2026-03-28T23:50", "2026-10-24T23:50"], ids=["forward", "back"])
def test_every_quarter_of_an_hour_is_one_whatever_the_clocks_do(start: str) -> None:
    cron, moment = Cron("*/15 * * * *", "Europe/Berlin"), utc(start)

    for _ in range(20):
        later = cron.after(moment)
        assert later - moment <= timedelta(minutes=15)
        assert cron.at_or_before(later) == later
        assert cron.at_or_before(later - timedelta(seconds=1)) <= moment
        moment = later


def test_a_day_that_a_country_skipped_is_left_out() -> None:
    # Samoa had no 30 December 2011.
    assert following("0 12 * * *", "Pacific/Apia", "2011-12-28T00:00", 3) == [
        "12-28 22:00",
        "12-29 22:00",
        "12-30 22:00",
    ]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * SUN"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 jan *"),
    ],
)
def test_names_stand_for_fields(name: str, fields: str) -> None:
    start = "2026-05-07T08:09"
    assert following(name, "UTC", start, 3) == following(fields, "UTC", start, 3)


def test_day_of_month_and_day_of_week_are_either_or() -> None:
    assert following("0 0 13 * FRI", "UTC", "2026-03-01T00:00", 3) == [
        "03-06 00:00",
        "03-13 00:00",
        "03-20 00:00",
    ]


@pytest.mark.parametrize(
    ("schedule", "zone", "reason"),
    [
        ("0 0 31 2 *", "UTC", "InvalidSchedule"),
        ("0 5-3 * * *", "UTC", "InvalidSchedule"),
        ("0 0 * * *", "Europe/Atlantis", "InvalidTimeZone"),
        ("0 0 * * *", "../etc/passwd", "InvalidTimeZone"),
    ],
)
def test_what_has_no_meaning_is_refused_by_name(schedule: str, zone: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Cron(schedule, zone)

    assert caught.value.reason == reason


NIGHTS = MaintenanceWindow(schedule="0 22 * * MON-FRI", duration="6h", time_zone="UTC")
SUNDAY = MaintenanceWindow(schedule="0 0 * * SUN", duration="24h", time_zone="UTC")


@pytest.mark.parametrize(
    ("now", "until", "opens"),
    [
        ("2026-03-02T21:59", None, "2026-03-02T22:00"),
        ("2026-03-02T22:00", "2026-03-03T04:00", "2026-03-03T22:00"),
        ("2026-03-03T03:59", "2026-03-03T04:00", "2026-03-03T22:00"),
        ("2026-03-03T04:00", None, "2026-03-03T22:00"),
        ("2026-03-07T12:00", None, "2026-03-08T00:00"),
        ("2026-03-08T12:00", "2026-03-09T00:00", "2026-03-09T22:00"),
    ],
)
def test_any_open_window_is_enough(now: str, until: str | None, opens: str) -> None:
    found = look_at([NIGHTS, SUNDAY], utc(now))

    assert (found.open_until, found.opens_at) == (until and utc(until), utc(opens))
