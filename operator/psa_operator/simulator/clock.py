"""The PSA's own time, which may differ from ours, and is told in whole seconds."""

import time
from datetime import UTC, datetime
from email.utils import formatdate

_DAY = 86_400


def stamp(seconds: float) -> str:
    """An instant as PSAs write it: UTC, without fractions."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()[:19] + "Z"


def seconds(written: str) -> int:
    """The instant that `stamp` wrote."""
    return int(datetime.fromisoformat(written).timestamp())


class Clock:
    """The machine's clock, put forward by `skew` seconds."""

    def __init__(self) -> None:
        self.skew = 0.0

    def now(self) -> float:
        return time.time() + self.skew

    def stamp(self) -> str:
        return stamp(self.now())

    def http_date(self) -> str:
        return formatdate(self.now(), usegmt=True)

    def last_midnight(self) -> int:
        """Where the generated history ends, so that the same seed gives the same data all day."""
        return int(time.time()) // _DAY * _DAY
