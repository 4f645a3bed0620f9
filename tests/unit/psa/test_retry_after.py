"""How long a PSA asks us to wait."""

from datetime import UTC, datetime

import pytest

from psa_operator.psa.http import http_date, retry_after

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "42"}, 42.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:01:00 GMT"}, 60.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 01 Mar 2026 12:01:00 GMT", "date": "Sun, 01 Mar 2026 12:00:50 GMT"}, 10.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({}, None),
    ],
)
def test_seconds_and_dates_are_understood(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after(headers, NOON) == expected


def test_a_date_without_sense_is_none() -> None:
    assert http_date("the day after tomorrow") is None
