"""Times of the clock as users write them: cron, and names of time zones."""

from typing import Annotated

from pydantic import Field

from psa_operator.api.durations import PATTERN
from psa_operator.api.model import Duration, Model, rule, rules


def _cron() -> str:
    """The regular expression of five cron fields, or of one of the names for them."""

    def field(number: str, names: str = "") -> str:
        value = f"({number}|{names})" if names else f"({number})"
        item = f"([*]|{value}(-{value})?)(/[1-9][0-9]?)?"
        return f"{item}(,{item})*"

    fields = (
        field("[0-5]?[0-9]"),
        field("[01]?[0-9]|2[0-3]"),
        field("0?[1-9]|[12][0-9]|3[01]"),
        field("0?[1-9]|1[0-2]", "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"),
        field("[0-7]", "(?i:sun|mon|tue|wed|thu|fri|sat)"),
    )
    return f"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|{' +'.join(fields)})$"


Cron = Annotated[
    str,
    Field(
        max_length=100,
        json_schema_extra=rules(
            rule(
                f"self.matches('{_cron()}')",
                "write five cron fields like '0 3 1 * *' (minute 0-59, hour 0-23, day of month 1-31, month "
                "1-12 or JAN-DEC, day of week 0-7 or SUN-SAT), or @hourly, @daily, @weekly, @monthly, "
                "@yearly; the time zone belongs in timeZone",
            )
        ),
    ),
]
TimeZone = Annotated[
    str,
    Field(
        max_length=64,
        json_schema_extra=rules(
            rule(
                "self.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$')",
                "write an IANA time zone name like UTC, Europe/Berlin or America/New_York",
            )
        ),
    ),
]


class MaintenanceWindow(Model):
    """A time that comes again and again, in which runs may start that need not start at once."""

    schedule: Cron = Field(
        description="When it opens, in cron, for example 0 22 * * MON-FRI (at 22:00 on working days)."
    )
    duration: Duration = Field(
        description="How long it is open, as a duration like 6h; at least 1m, at most 168h.",
        json_schema_extra=rules(
            rule(
                f"self != '' && self.matches('{PATTERN}')"
                " && duration(self) >= duration('1m') && duration(self) <= duration('168h')",
                "write a duration from 1m to 168h, like 30m or 6h",
            )
        ),
    )
    time_zone: TimeZone = Field(
        "UTC", description="IANA time zone of schedule, for example Europe/Berlin. Default: UTC."
    )
