"""Durations as users write them: `90s`, `30m`, `24h`, `1h30m`."""

import re
from datetime import timedelta

PATTERN = "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$"
MAX_LENGTH = 21

_UNITS = re.compile(r"(?:(?P<hours>\d{1,6})h)?(?:(?P<minutes>\d{1,6})m)?(?:(?P<seconds>\d{1,6})s)?")


def parse_duration(text: str) -> timedelta:
    """What `text` means; ValueError says how to write it."""
    match = _UNITS.fullmatch(text)
    if not text or match is None:
        raise ValueError(
            f"{text!r} is not a duration: write hours, minutes and seconds like 90s, 30m or 1h30m"
        )
    return timedelta(**{unit: int(number) for unit, number in match.groupdict(default="0").items()})


def format_duration(duration: timedelta) -> str:
    """The shortest way to write `duration`, to the second."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{number}{unit}" for number, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if number]
    return "".join(parts) or "0s"
