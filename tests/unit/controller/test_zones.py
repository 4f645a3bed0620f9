"""A PSA's time zone is compared with the spec's, in whatever words its server has."""

import pytest

from psa_operator.controller.zones import judge
from tests.unit.controller.objects import NOW

EASTERN = "(UTC-05:00) Eastern Time (US & Canada)"


@pytest.mark.parametrize(
    ("theirs", "ours", "expected"),
    [
        ("UTC", "UTC", ("True", "Same")),
        ("America/New_York", "US/Eastern", ("True", "Same")),
        ("Eastern Standard Time", "America/New_York", ("True", "Same")),
        ("Eastern Standard Time", "UTC", ("False", "Differs")),
        ("US Mountain Standard Time", "America/Denver", ("False", "Differs")),
        ("AUS Eastern Standard Time", "Australia/Sydney", ("True", "Same")),
        (EASTERN, "America/New_York", ("True", "Same")),
        (EASTERN, "Europe/Berlin", ("False", "Differs")),
        (EASTERN, "America/Halifax", ("False", "Differs")),
        ("(UTC) Coordinated Universal Time", "UTC", ("True", "Same")),
        ("(GMT+05:30) Chennai, Kolkata", "Asia/Kolkata", ("True", "Same")),
        ("", "UTC", ("Unknown", "NotSaid")),
        ("Tampa time", "UTC", ("Unknown", "NotUnderstood")),
        ("../etc/passwd", "UTC", ("Unknown", "NotUnderstood")),
    ],
)
def test_a_zone_is_the_same_another_or_not_known(theirs: str, ours: str, expected: tuple[str, str]) -> None:
    status, reason, _ = judge(theirs, ours, NOW)

    assert (status, reason) == expected


def test_a_difference_says_what_it_means_and_what_to_write() -> None:
    *_, message = judge("Eastern Standard Time", "UTC", NOW)

    assert "Write timeZone: America/New_York" in message
    assert "end in Z" in message


def test_a_zone_without_an_iana_name_leaves_the_name_to_the_user() -> None:
    assert "Write the IANA name of that zone" in judge(EASTERN, "UTC", NOW)[2]
