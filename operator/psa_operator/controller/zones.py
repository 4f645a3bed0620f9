"""Whether the PSA's time zone, which its server names in its own way, is the one in the spec."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

from psa_operator.api.conditions import ConditionStatus

_DISPLAYED = re.compile(r"\((?:UTC|GMT)(?:([+-])([0-9]{1,2}):([0-9]{2}))?\)")
"""How Windows shows a zone to people: "(UTC-05:00) Eastern Time (US & Canada)", without daylight saving."""

_UNHARMED = (
    "Stamps that carry their zone, as ConnectWise's do (they end in Z), are read rightly all the same; only "
    "those without one are read as"
)


def judge(theirs: str, ours: str, now: datetime) -> tuple[ConditionStatus, str, str]:
    """Status, reason and message: True, False, or Unknown where the PSA's word is none that can be judged."""
    if not theirs:
        words = "The PSA does not say which time zone it has, so it cannot be compared with spec.timeZone"
        return "Unknown", "NotSaid", f"{words}. {_UNHARMED} {ours}"
    same, name = _compare(theirs, ZoneInfo(ours), now.year)
    if same is None:
        words = f'The PSA calls its time zone "{theirs}", which is no name that is known here'
        return "Unknown", "NotUnderstood", f"{words}; compare it yourself with spec.timeZone, {ours}"
    if same:
        return "True", "Same", f'The PSA\'s time zone is "{theirs}", and spec.timeZone is {ours}'
    advice = f"Write timeZone: {name}" if name else "Write the IANA name of that zone as timeZone"
    words = f'The PSA\'s time zone is "{theirs}", but spec.timeZone is {ours}. {_UNHARMED} {ours}'
    return "False", "Differs", f"{words}. {advice} if the PSA sends such stamps; this asks for a Full run"


def _compare(theirs: str, ours: tzinfo, year: int) -> tuple[bool | None, str]:
    """Whether they are the same in that year, None if nobody knows; and the IANA name, if there is one."""
    name = win_tz.get(theirs, theirs)
    if (zone := _zone(name)) is not None:
        return _offsets(zone, year) == _offsets(ours, year), name
    if (shown := _DISPLAYED.match(theirs)) is None:
        return None, ""
    sign, hours, minutes = shown.groups(default="0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return (-offset if sign == "-" else offset) == min(_offsets(ours, year)), ""


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None


def _offsets(zone: tzinfo, year: int) -> list[timedelta]:
    """The offset from UTC in the middle of each month."""
    middles = (datetime(year, month, 15, tzinfo=UTC) for month in range(1, 13))
    return [offset for each in middles if (offset := each.astimezone(zone).utcoffset()) is not None]
