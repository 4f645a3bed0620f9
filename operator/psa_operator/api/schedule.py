"""TicketResyncSchedule: runs by the clock, like a CronJob."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from psa_operator.api.clock import Cron, TimeZone
from psa_operator.api.conditions import Conditions, Outlook
from psa_operator.api.model import (
    Count,
    Message,
    Model,
    ObjectMeta,
    ObjectReference,
    Time,
    Word,
    age,
    column,
    first,
    rule,
    rules,
)
from psa_operator.api.run import RunRequest

LONGEST_NAME = 52
"""A child's name adds the minute of its slot, and must stay a label's value."""


Label = Annotated[str, StringConstraints(max_length=63)]


class ConcurrencyPolicy(StrEnum):
    """What happens when a run is due and the one before is not over."""

    FORBID = "Forbid"
    REPLACE = "Replace"


# Refused here, and not when the first run is made.
_IS_KEY = "!format.qualifiedName().validate(key).hasValue()"
_KEY_WORDS = (
    "keys of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends, and perhaps "
    "a domain and a slash before, like example.com/team"
)


class TemplateMeta(Model):
    """What the runs of a schedule carry."""

    labels: Mapping[str, Label] | None = Field(
        None,
        max_length=50,
        description="Labels of the runs, beside psa.msportal.ai/schedule.",
        json_schema_extra=rules(
            rule(
                f"self.all(key, {_IS_KEY})",
                f"write {_KEY_WORDS}",
            ),
            rule(
                "self.all(key, !format.labelValue().validate(self[key]).hasValue())",
                "write values of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at "
                "both ends, or empty ones",
            ),
        ),
    )
    annotations: Mapping[str, Annotated[str, Field(max_length=4096)]] | None = Field(
        None,
        max_length=50,
        description="Annotations of the runs.",
        json_schema_extra=rules(
            rule(f"self.all(key, {_IS_KEY})", f"write {_KEY_WORDS}"),
        ),
    )


class RunTemplate(Model):
    """The TicketResync that is created when it is time."""

    metadata: TemplateMeta = Field(TemplateMeta(), description="Labels and annotations of the runs.")
    spec: RunRequest = Field(
        description="What each run is: the spec of a TicketResync.",
        json_schema_extra=rules(
            rule(
                "self.mode != 'Rollback'",
                "a Rollback undoes one run, so it cannot be repeated: make a TicketResync for it",
                field=".mode",
            ),
            rule(
                "!has(self.approvedDeletions)",
                "nobody can approve deletions before they are known: leave approvedDeletions out, and set it "
                "on the run that waits for it; or raise deletionGuard in the PSAIntegration",
                field=".approvedDeletions",
            ),
        ),
    )


class TicketResyncScheduleSpec(Model):
    """When runs are made, and which."""

    schedule: Cron = Field(
        description="When: minute, hour, day of month, month, day of week as in cron, for example */15 * * * "
        "* (every quarter of an hour) or 0 3 1 * * (at 3:00 on the first of each month); or @hourly, @daily, "
        "@weekly, @monthly, @yearly. In the time zone of timeZone.",
    )
    time_zone: TimeZone = Field(
        "UTC",
        description="IANA time zone of schedule, for example Europe/Berlin. Where clocks go forward, a time "
        "that does not exist that day is left out; where they go back, a time that comes twice is there "
        "twice: as with a CronJob. Default: UTC.",
    )
    jitter_seconds: int = Field(
        0,
        ge=0,
        le=86_400,
        description="Runs are made up to so many seconds later, always the same for the same object, so that "
        "the schedules of many integrations do not begin at once. Default: 0.",
    )
    suspend: bool = Field(
        default=False,
        description="true: no runs are made, and what is due meanwhile is not made up for. Default: false.",
    )
    concurrency_policy: ConcurrencyPolicy = Field(
        ConcurrencyPolicy.FORBID,
        description="When a run is due and the one before is not over: Forbid leaves the new one out, "
        "Replace cancels the old one. Runs made by hand do not count. Default: Forbid.",
    )
    starting_deadline_seconds: int | None = Field(
        None,
        ge=1,
        le=31_536_000,
        description="A run that could not be made within so many seconds, because the operator was away, is "
        "left out. Default: the last one that was missed is made up for, however late.",
    )
    successful_runs_history_limit: int = Field(
        3,
        ge=0,
        le=100,
        description="So many runs that succeeded are kept; those that can still be rolled back are kept "
        "anyway. Default: 3.",
    )
    failed_runs_history_limit: int = Field(
        1, ge=0, le=100, description="So many runs that failed or were cancelled are kept. Default: 1."
    )
    template: RunTemplate = Field(description="The TicketResync that is created each time.")


class Skipped(Model):
    """A run that was not made."""

    time: Time = Field(description="When it was due.")
    reason: Word = Field(
        description="Suspended, PreviousRunActive, MissedStartingDeadline, Missed (the operator was away, "
        "and one later run makes up for all), IntegrationNotFound, IntegrationDisabled, NameTaken."
    )
    message: Message = Field("", description="The same in a sentence.")


class TicketResyncScheduleStatus(Model):
    """What the schedule has done, and what it will do."""

    observed_generation: int = Field(
        -1, ge=-1, description="metadata.generation that this status speaks of; -1: not looked at yet."
    )
    conditions: Conditions = Field(
        (), description="Ready, and Stalled while the schedule cannot work, with a reason and what to do."
    )
    active: Annotated[tuple[ObjectReference, ...], first(10)] = Field(
        (), max_length=10, description="The runs of this schedule that wait or are on."
    )
    last_schedule_time: Time | None = Field(None, description="When the last run was due that was made.")
    last_successful_time: Time | None = Field(None, description="When a run last succeeded.")
    next_schedule_time: Time | None = Field(
        None, description="When the next run is due, jitter included; unset while suspended."
    )
    last_skipped: Skipped | None = Field(None, description="The last run that was due and was not made.")
    timing: Word | None = Field(
        None, description="What nextScheduleTime was made from: schedule, timeZone, jitterSeconds."
    )
    active_count: Count = Field(0, description="How many runs wait or are on.")


class TicketResyncSchedule(Model):
    """Runs of one PSAIntegration by the clock: one schedule and one template each."""

    metadata: ObjectMeta
    spec: TicketResyncScheduleSpec
    status: TicketResyncScheduleStatus = TicketResyncScheduleStatus()


NAME_RULE = rule(
    f"self.metadata.name.size() <= {LONGEST_NAME}",
    f"write a metadata.name of at most {LONGEST_NAME} characters: the names of the runs add the minute to it",
)

COLUMNS = (
    column("Integration", ".spec.template.spec.integrationRef.name"),
    column("Mode", ".spec.template.spec.mode"),
    column("Schedule", ".spec.schedule"),
    column("Time Zone", ".spec.timeZone"),
    column("Suspend", ".spec.suspend", "boolean"),
    column("Active", ".status.activeCount", "integer"),
    column("Last Schedule", ".status.lastScheduleTime", "date"),
    column("Next Schedule", ".status.nextScheduleTime"),
    column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
    age(),
    column("Last Successful", ".status.lastSuccessfulTime", "date", wide=True),
    column("Last Skipped", ".status.lastSkipped.reason", wide=True),
    column("Message", ".status.conditions[?(@.type=='Ready')].message", wide=True),
)


def outlook(*, works: bool) -> Outlook:
    """What anyone who waits for the schedule must know; a suspended one works."""
    return Outlook.DONE if works else Outlook.STALLED
