"""What the operator says about a TicketResync."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, computed_field

from psa_operator.api.conditions import Conditions, Outlook
from psa_operator.api.model import Count, Message, Model, Seconds, Time, Word, age, column, first
from psa_operator.api.notifications import Delivery, Notices
from psa_operator.api.run_figures import Counts, Diff, Ids, LocalChangesDone, Plan, Progress, Waited

MOST_EXPLAINED = 20
"""Tickets that one run explains: a status must stay small."""


class RunPhase(StrEnum):
    """Where a run is, for people; conditions say more."""

    PENDING = "Pending"
    PREPARING = "Preparing"
    PUSHING_LOCAL_CHANGES = "PushingLocalChanges"
    FETCHING = "Fetching"
    CATCHING_UP = "CatchingUp"
    VERIFYING = "Verifying"
    AWAITING_APPROVAL = "AwaitingApproval"
    APPLYING = "Applying"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELLED = "Cancelled"

    @property
    def finished(self) -> bool:
        return self in {RunPhase.SUCCEEDED, RunPhase.FAILED, RunPhase.CANCELLED}


class Mode(StrEnum):
    """The operations, side by side."""

    QUICK = "Quick"
    FULL = "Full"
    REFERENCE_DATA = "ReferenceData"
    PRUNE = "Prune"
    ROLLBACK = "Rollback"


class Approval(Model):
    """How many rows somebody has to agree to, and whether somebody did."""

    deletions: Count = Field(
        0,
        description="Rows that the run would delete, apart from tickets that are out of scope now "
        "(status.diff.tickets.unguarded), and tickets whose move leaves a board or company without any: set "
        "spec.approvedDeletions to at least this number.",
    )
    since: Time | None = Field(None, description="Since when it waits; unset when it does not.")
    approved_deletions: Count = Field(0, description="The largest number that was approved so far.")
    waited_seconds: Seconds = Field(
        0, description="How long it waited before, in seconds; activeDeadlineSeconds does not count them."
    )


class Check(Model):
    """One check of what was read, made before anything is changed."""

    check: Word = Field(description="What was compared.")
    result: Literal["Passed", "Failed", "Warning"] = Field(description="Passed, Failed or Warning.")
    expected: Word | None = Field(None, description="What the PSA says.")
    actual: Word | None = Field(None, description="What was read.")
    message: Message | None = Field(None, description="What it means, and what to do.")


class Explanation(Model):
    """Why a ticket is there or not."""

    ticket_id: Count = Field(description="Number of the ticket in the PSA.")
    verdict: Literal["Shown", "Hidden", "Absent"] = Field(
        description="Shown: readers see it. Hidden: it is in the database, but out of scope. Absent: it is "
        "not in the database."
    )
    reason: Word = Field(
        description="Why, by the first of these stages that has an answer: the connection "
        "(AuthenticationFailed, Unavailable, ...), the permission (PermissionDenied), the PSA (NotInPSA, "
        "NotListed), the record (RecordRefused), the scope (BoardNotSelected, StatusExcluded, Closed, "
        "OutsideDateRange, CompanyExcluded), and what is here of it (NotBroughtYet, HiddenYet, Differs, "
        "LocalChange, Stale, UpToDate)."
    )
    detail: Message = Field(
        description="The same in sentences: names and columns, which run mends it, and since when it is here."
    )


class RunError(Model):
    """Something that went wrong, with one record or with the run."""

    kind: Word = Field(description="What it is about, for example tickets, or the reason of the error.")
    id: Word | None = Field(None, description="Id of the record in the PSA.")
    message: Message = Field(description="What went wrong, and what to do.")
    time: Time = Field(description="When it happened.")


class Summary(Model):
    """The columns of kubectl get."""

    progress: Word | None = Field(None, description="How much is done.")
    tickets: Word | None = Field(None, description="Tickets read, of those to read.")
    changed: Count = Field(
        0, description="Rows created or updated, of all kinds; who is assigned counts as part of the ticket."
    )
    deleted: Count = Field(
        0, description="Rows removed, of all kinds; who is assigned counts as part of the ticket."
    )


class TicketResyncStatus(Model):
    """What became of the run."""

    observed_generation: int = Field(
        -1, ge=-1, description="metadata.generation that this status speaks of; -1: not looked at yet."
    )
    phase: RunPhase | None = Field(
        None,
        description="Pending, Preparing, PushingLocalChanges, Fetching, CatchingUp, Verifying, "
        "AwaitingApproval, Applying, Succeeded, Failed or Cancelled; derived from the conditions, for "
        "people.",
    )
    message: Message | None = Field(
        None, description="What is going on or, at the end, the receipt of the run, in a sentence."
    )
    conditions: Conditions = Field(
        (),
        description="Succeeded, Finished (True on any end: kubectl wait --for=condition=Finished), Verified, "
        "Overdue, Ready, Reconciling and Stalled, each with a reason and what to do.",
    )
    effective_mode: Mode | None = Field(
        None, description="What the run really is: a Quick Sync becomes Full when no row is there yet."
    )
    run_id: Word | None = Field(None, description="Id of the run in the database's run history.")
    config_hash: Word | None = Field(
        None, description="Fingerprint of the ticket settings that the run uses."
    )
    attempt: Count = Field(0, description="Which attempt this is, from 1 on.")
    start_time: Time | None = Field(None, description="When the first attempt began.")
    completion_time: Time | None = Field(None, description="When the run ended, however it ended.")
    last_progress_time: Time | None = Field(None, description="When the run last got on.")
    progress: Progress | None = Field(None, description="How far the run is.")
    waited: Waited | None = Field(
        None, description="What the run spent its time on: tells a slow PSA from a slow database."
    )
    counts: dict[str, Counts] = Field(
        {}, max_length=20, description="What became of the records, by kind (tickets, companies, ...)."
    )
    skipped: dict[str, Count] = Field(
        {},
        max_length=50,
        description="Tickets left out, by reason, such as boardNotSelected; ticketOutOfScope counts time "
        "entries whose ticket is left out.",
    )
    plan: Plan | None = Field(None, description="What the run is going to do, counted before it does it.")
    requests: Count = Field(
        0, description="Requests sent to the PSA by the last attempt, those that failed included."
    )
    diff: dict[str, Diff] = Field(
        {},
        max_length=20,
        description="What a dry run, or a run that waits for an approval, would change, by kind of record.",
    )
    kept_newer: dict[str, Ids] = Field(
        {},
        max_length=20,
        description="The first ids, by kind of record, of rows that a Rollback left as they are, because "
        "they were changed since or refer to something that is gone (20 at most; counts has their number).",
    )
    local_changes: LocalChangesDone | None = Field(
        None, description="What became of the local changes that the PSA did not have when the run began."
    )
    approval: Approval | None = Field(
        None, description="What had to be approved, if more would be deleted than the deletionGuard allows."
    )
    verification: Annotated[tuple[Check, ...], first(30)] = Field(
        (),
        max_length=30,
        description="Checks of what was read, made before anything is changed; failures first.",
    )
    explanations: Annotated[tuple[Explanation, ...], first(MOST_EXPLAINED)] = Field(
        (),
        max_length=MOST_EXPLAINED,
        description="Why each ticket is there or not: the answer of a dry run with ticketIds.",
    )
    errors: Annotated[tuple[RunError, ...], first(20)] = Field(
        (), max_length=20, description="What went wrong (20 at most; errorCount has them all)."
    )
    error_count: Count = Field(0, description="How many errors there were.")
    notified: Notices = Field(
        (), description="Who was told of what, as spec.notifications of the integration asks for."
    )
    warnings: Count = Field(0, description="How many warnings there were.")

    @property
    def untold(self) -> bool:
        """Whether somebody has still to be told."""
        return any(each.state is Delivery.PENDING for each in self.notified)

    @computed_field(description="The columns of kubectl get.")  # type: ignore[prop-decorator]
    @property
    def summary(self) -> Summary | None:
        """The columns of kubectl get: what one JSONPath cannot add up."""
        if not self.counts and self.progress is None:
            return None
        every = [counts for entity, counts in self.counts.items() if entity != "technicians"]
        percent = None if self.progress is None else self.progress.percent
        return Summary(
            progress=None if percent is None else f"{percent}%",
            tickets=self._tickets(),
            changed=sum(each.created + each.updated for each in every),
            deleted=sum(each.deleted for each in every),
        )

    def _tickets(self) -> str | None:
        done, now = self.counts.get("tickets"), self.progress
        if done is not None and self.phase is RunPhase.SUCCEEDED:
            return f"{done.fetched}/{done.fetched}"
        if now is not None and now.entity == "tickets" and now.processed is not None:
            return f"{now.processed}/{'?' if now.total is None else now.total}"
        return None if done is None else str(done.fetched)


COLUMNS = (
    column("Integration", ".spec.integrationRef.name"),
    column("Mode", ".spec.mode"),
    column("Phase", ".status.phase"),
    column("Progress", ".status.summary.progress"),
    column("Tickets", ".status.summary.tickets", about="read/to read"),
    column("Changed", ".status.summary.changed", "integer"),
    column("Deleted", ".status.summary.deleted", "integer"),
    column("Warnings", ".status.warnings", "integer"),
    column("Started", ".status.startTime", "date"),
    age(),
    column("Reason", ".spec.reason", wide=True),
    column("Requested By", ".spec.requestedBy", wide=True),
    column("Message", ".status.message", wide=True),
)


def outlook(phase: RunPhase) -> Outlook:
    """What anyone who waits for the run must know."""
    if not phase.finished:
        return Outlook.IN_PROGRESS
    return Outlook.DONE if phase is RunPhase.SUCCEEDED else Outlook.STALLED
