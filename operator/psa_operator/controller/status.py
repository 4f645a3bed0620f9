"""What a TicketResync's status says: from the run row, the object and the clock, nothing else."""

from datetime import datetime, timedelta

from psa_operator.api import resync_status as api
from psa_operator.api import run_figures
from psa_operator.api.conditions import (
    Condition,
    ConditionStatus,
    remove_condition,
    set_condition,
    set_outlook,
)
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase, TicketResyncStatus, outlook
from psa_operator.controller import figures
from psa_operator.controller.fit import fit
from psa_operator.controller.obstacles import Obstacle
from psa_operator.controller.receipt import receipt
from psa_operator.store.history import RunRow

_ORDER = list(RunPhase)
_QUICK_HELPS = frozenset(
    {
        "ApprovalTimeout",
        "BackoffLimitExceeded",
        "DeadlineExceeded",
        "TooManyRecordsRefused",
        "VerificationFailed",
    }
)
"""Why a Full run may fail where a Quick one would not."""

_TRY_QUICK = "Where a Full run succeeded before, a Quick Sync takes less time and brings what changed lately"


def waiting(run: TicketResync, obstacle: Obstacle, now: datetime) -> TicketResyncStatus:
    """It cannot go on: the phase stays, the reason says why."""
    phase = run.status.phase or RunPhase.PENDING
    return _said(run, run.status, phase, obstacle.reason, obstacle.message, now)


def starting(run: TicketResync, config_hash: str, now: datetime) -> TicketResyncStatus:
    """An attempt begins; the first one sets the time from which the deadline counts."""
    approved = run.status.phase is RunPhase.AWAITING_APPROVAL
    status = run.status.replace(
        run_id=run.metadata.uid,
        config_hash=config_hash,
        start_time=run.status.start_time or now,
        approval=_approved(run, now),
        progress=run_figures.Progress(percent=0) if approved else run.status.progress,
    )
    anew = run.status.start_time is None or approved
    phase = RunPhase.PREPARING if anew else (run.status.phase or RunPhase.PREPARING)
    return _said(run, status, phase, phase.value, "The worker starts", now)


def observed(run: TicketResync, row: RunRow, overdue_after: timedelta, now: datetime) -> TicketResyncStatus:
    """What the run row says, whether the run is on or has ended."""
    status = _from_row(run, row)
    if row.ended_at is not None:
        message = row.message or receipt(row.report, dry_run=run.spec.dry_run)
        return _finished(run, status, RunPhase(row.phase), row.reason, message, row.ended_at, now)
    phase = _forward(run, row)
    status = _overdue(run, status, overdue_after, now)
    # The condition and its event name the phase; only the status's own message follows the progress.
    said = _said(run, status, phase, phase.value, _WORDS.get(phase, phase.value), now)
    return said.replace(message=_doing(phase, row))


def awaiting_approval(run: TicketResync, row: RunRow, now: datetime) -> TicketResyncStatus:
    """It would delete more than the guard allows: what, and how to let it go on."""
    status = _from_row(run, row)
    status = status.replace(
        conditions=remove_condition(status.conditions, "Overdue"),
        progress=run_figures.Progress(percent=status.progress.percent if status.progress else None),
    )
    phase, approved = RunPhase.AWAITING_APPROVAL, run.approved_deletions
    too_few = f"spec.approvedDeletions is {approved:,}, which is too few. " if approved else ""
    return _said(run, status, phase, phase.value, f"{too_few}{row.message}", now)


def ended(
    run: TicketResync, row: RunRow | None, phase: RunPhase, reason: str, message: str, now: datetime
) -> TicketResyncStatus:
    """An end that the worker did not choose."""
    status = run.status if row is None else _from_row(run, row)
    return _finished(run, status, phase, reason, message, now, now)


def _finished(
    run: TicketResync,
    status: TicketResyncStatus,
    phase: RunPhase,
    reason: str,
    message: str,
    ended_at: datetime,
    now: datetime,
) -> TicketResyncStatus:
    if phase is RunPhase.FAILED and run.spec.mode is Mode.FULL and reason in _QUICK_HELPS:
        message = f"{message.rstrip('.')}. {_TRY_QUICK}"
    shown = status.progress.percent if status.progress else None
    percent = 100 if phase is RunPhase.SUCCEEDED else min(shown or 0, 99)
    status = status.replace(
        completion_time=ended_at,
        progress=run_figures.Progress(percent=percent),  # the counts say the rest, and exactly
        conditions=remove_condition(status.conditions, "Overdue"),
    )
    return _said(run, status, phase, reason, message, now)


def _said(
    run: TicketResync, status: TicketResyncStatus, phase: RunPhase, reason: str, message: str, now: datetime
) -> TicketResyncStatus:
    """Phase, message and the conditions that follow from them."""
    generation = run.metadata.generation
    conditions = status.conditions
    succeeded: ConditionStatus = "True" if phase is RunPhase.SUCCEEDED else "False"
    verdicts: tuple[tuple[str, ConditionStatus], ...] = (
        ("Succeeded", succeeded if phase.finished else "Unknown"),
        ("Finished", "True" if phase.finished else "False"),
    )
    for type_, value in verdicts:
        conditions = set_condition(conditions, type_, value, reason, message, now=now, generation=generation)
    if status.verification:
        conditions = _verified(conditions, status.verification, now=now, generation=generation)
    conditions = set_outlook(conditions, outlook(phase), reason, message, now=now, generation=generation)
    approval = status.approval
    if approval is not None:  # what was approved once stays so
        approval = approval.replace(approved_deletions=run.approved_deletions)
    said = status.replace(
        observed_generation=generation,
        phase=phase,
        message=message,
        conditions=conditions,
        approval=approval,
    )
    return fit(said)


def _verified(
    conditions: tuple[Condition, ...], checks: tuple[api.Check, ...], *, now: datetime, generation: int
) -> tuple[Condition, ...]:
    failed = [each for each in checks if each.result == "Failed"]
    warned = [each.check for each in checks if each.result == "Warning"]
    if failed:
        message = f"Failed: {', '.join(each.check for each in failed)}; status.verification has the numbers"
    else:
        message = f"{len(checks) - len(warned)} of {len(checks)} checks passed"
        message += f"; look at {', '.join(warned)} in status.verification" if warned else ""
    verdict: tuple[ConditionStatus, str] = ("False", "ChecksFailed") if failed else ("True", "ChecksPassed")
    return set_condition(conditions, "Verified", *verdict, message, now=now, generation=generation)


def _from_row(run: TicketResync, row: RunRow) -> TicketResyncStatus:
    report, progress = row.report, row.progress
    before = run.status
    return before.replace(
        run_id=row.run_id,
        config_hash=row.config_hash or before.config_hash,
        attempt=max(row.attempt, before.attempt),
        start_time=before.start_time or row.started_at,
        last_progress_time=row.heartbeat_at or before.last_progress_time,
        effective_mode=Mode(report.effective_mode) if report.effective_mode else before.effective_mode,
        progress=figures.progress(before, row) if progress else before.progress,
        waited=figures.waited(progress) if progress else before.waited,
        plan=figures.plan(report) or before.plan,
        requests=report.requests,
        verification=figures.verification(report.checks),
        explanations=figures.explanations(report),
        errors=tuple(
            api.RunError(kind=each.kind, id=each.id, message=each.message, time=each.time)
            for each in report.problems
        ),
        error_count=report.error_count,
        warnings=report.warnings,
        skipped=report.skipped,
        kept_newer=figures.kept_newer(report),
        local_changes=figures.local_changes(report) or before.local_changes,
        approval=_approval(run, row),
        **figures.numbers(run, row),
    )


def _approved(run: TicketResync, now: datetime) -> api.Approval | None:
    """The approval once it was given: what it waited counts from here on, as the row will say too."""
    approval = run.status.approval
    if approval is None or approval.since is None:
        return approval
    return approval.replace(
        since=None,
        waited_seconds=round(approval.waited_seconds + (now - approval.since).total_seconds()),
    )


def _approval(run: TicketResync, row: RunRow) -> api.Approval | None:
    before = run.status.approval or api.Approval()
    if not (row.awaits_approval or run.status.approval):
        return None
    return api.Approval(
        deletions=row.report.to_approve or before.deletions,
        since=row.heartbeat_at if row.awaits_approval else None,
        waited_seconds=round(row.approval_seconds),
    )


def _forward(run: TicketResync, row: RunRow) -> RunPhase:
    """The phase of the row, unless this attempt has shown a later one."""
    try:
        phase = RunPhase(row.progress.phase if row.progress else row.phase)
    except ValueError:
        phase = RunPhase.PREPARING
    before = run.status.phase
    if before is None or run.status.attempt != row.attempt:
        return phase
    return max(phase, before, key=_ORDER.index)


def _doing(phase: RunPhase, row: RunRow) -> str:
    progress = row.progress
    if progress and progress.waiting_for:
        return f"Waiting: {progress.waiting_for}"
    if phase is RunPhase.FETCHING and progress and progress.total:
        return f"{progress.processed:,} of {progress.total:,} {progress.entity}"
    return _WORDS.get(phase, phase.value)


_WORDS = {
    RunPhase.PREPARING: "Checking the PSA and the database, and counting",
    RunPhase.PUSHING_LOCAL_CHANGES: "Sending what the portal changed",
    RunPhase.FETCHING: "Reading from the PSA",
    RunPhase.CATCHING_UP: "Reading what changed meanwhile",
    RunPhase.VERIFYING: "Comparing what was read with what the PSA has",
    RunPhase.APPLYING: "Making it visible, all at once",
}


def _overdue(
    run: TicketResync, status: TicketResyncStatus, limit: timedelta, now: datetime
) -> TicketResyncStatus:
    waited = timedelta(seconds=status.approval.waited_seconds) if status.approval else timedelta()
    if status.start_time is None or now - status.start_time - waited < limit:
        return status
    message = (
        f"The run takes longer than {limit} (spec.overdueAfter of the integration). status.waited says "
        "whether the PSA or the database is slow"
    )
    if run.spec.mode is Mode.FULL:
        message += f". {_TRY_QUICK}"
    conditions = set_condition(
        status.conditions,
        "Overdue",
        "True",
        "TakesLong",
        message,
        now=now,
        generation=run.metadata.generation,
    )
    return status.replace(conditions=conditions)
