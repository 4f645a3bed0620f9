"""What a TicketResync's status says: from the run row, the object and the clock, nothing else."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from psa_operator.api import resync_status as api
from psa_operator.api.conditions import (
    Condition,
    ConditionStatus,
    remove_condition,
    set_condition,
    set_outlook,
)
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase, TicketResyncStatus, outlook
from psa_operator.controller.fit import fit
from psa_operator.controller.receipt import receipt
from psa_operator.controller.resync import Obstacle
from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import Check, Counts, Progress, Report

_ORDER = list(RunPhase)
_WORSE_FIRST = ("Failed", "Warning", "Passed")


def waiting(run: TicketResync, obstacle: Obstacle, now: datetime) -> TicketResyncStatus:
    """It cannot go on: the phase stays, the reason says why."""
    phase = run.status.phase or RunPhase.PENDING
    return _said(run, run.status, phase, obstacle.reason, obstacle.message, now)


def starting(run: TicketResync, config_hash: str, now: datetime) -> TicketResyncStatus:
    """An attempt begins; the first one sets the time from which the deadline counts."""
    status = run.status.replace(
        run_id=run.metadata.uid, config_hash=config_hash, start_time=run.status.start_time or now
    )
    phase = RunPhase.PREPARING if not run.status.start_time else (run.status.phase or RunPhase.PREPARING)
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
    shown = status.progress.percent if status.progress else None
    percent = 100 if phase is RunPhase.SUCCEEDED else min(shown or 0, 99)
    status = status.replace(
        completion_time=ended_at,
        progress=api.Progress(percent=percent),  # the counts say the rest, and exactly
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
    said = status.replace(observed_generation=generation, phase=phase, message=message, conditions=conditions)
    return fit(said)


def _verified(
    conditions: tuple[Condition, ...], checks: tuple[api.Check, ...], *, now: datetime, generation: int
) -> tuple[Condition, ...]:
    failed = [each for each in checks if each.result == "Failed"]
    names = ", ".join(each.check for each in failed or checks)
    verdict: tuple[ConditionStatus, str] = ("False", "ChecksFailed") if failed else ("True", "ChecksPassed")
    return set_condition(conditions, "Verified", *verdict, names, now=now, generation=generation)


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
        progress=_progress(before, row) if progress else before.progress,
        waited=_waited(progress) if progress else before.waited,
        plan=_plan(report) or before.plan,
        verification=_verification(report.checks),
        errors=tuple(
            api.RunError(kind=each.kind, id=each.id, message=each.message, time=each.time)
            for each in report.problems
        ),
        error_count=report.error_count,
        warnings=report.warnings,
        skipped=report.skipped,
        **_numbers(run, report, progress),
    )


def _numbers(run: TicketResync, report: Report, progress: Progress | None) -> dict[str, object]:
    """Counts of a real run; a dry run has read the records and says what it would have done in `diff`."""
    if run.spec.dry_run and report.counts:
        read = {entity: api.Counts(fetched=counts.fetched) for entity, counts in report.counts.items()}
        return {"counts": read, "diff": _diff(report)}
    if report.counts:
        return {"counts": {entity: _counts(each) for entity, each in report.counts.items()}}
    fetched: Mapping[str, int] = progress.fetched if progress else {}
    return {"counts": {entity: api.Counts(fetched=number) for entity, number in fetched.items()}}


def _counts(counts: Counts) -> api.Counts:
    return api.Counts(
        fetched=counts.fetched,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        deleted=counts.deleted,
        quarantined=counts.quarantined,
        repaired=counts.repaired,
    )


def _diff(report: Report) -> dict[str, api.Diff]:
    return {
        entity: api.Diff(
            created=counts.created,
            updated=counts.updated,
            deleted=counts.deleted,
            created_ids=tuple(map(str, report.samples.get(entity, {}).get("created", ()))),
            updated_ids=tuple(map(str, report.samples.get(entity, {}).get("updated", ()))),
            deleted_ids=tuple(map(str, report.samples.get(entity, {}).get("deleted", ()))),
        )
        for entity, counts in report.counts.items()
    }


def _progress(before: TicketResyncStatus, row: RunRow) -> api.Progress:
    now = row.progress or Progress("")
    shown = before.progress.percent if before.progress and before.attempt == row.attempt else None
    return api.Progress(
        percent=min(max(now.percent, shown or 0), 99),
        entity=now.entity or None,
        processed=now.processed,
        total=now.total or None,
        rate_per_second=round(now.rate_per_second, 1),
        eta_seconds=now.eta_seconds,
        waiting_for=now.waiting_for,
    )


def _waited(progress: Progress) -> api.Waited:
    return api.Waited(
        psa_seconds=round(progress.psa_seconds, 1), database_seconds=round(progress.database_seconds, 1)
    )


def _plan(report: Report) -> api.Plan | None:
    if report.plan is None:
        return None
    plan = report.plan
    return api.Plan(rows=plan.rows, requests=plan.requests, estimated_seconds=plan.estimated_seconds)


def _verification(checks: Iterable[Check]) -> tuple[api.Check, ...]:
    return tuple(
        api.Check(
            check=each.check,
            result=each.result,
            expected=each.expected or None,
            actual=each.actual or None,
            message=each.message or None,
        )
        for each in sorted(checks, key=lambda check: _WORSE_FIRST.index(check.result))
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
        return progress.waiting_for
    if phase is RunPhase.FETCHING and progress and progress.total:
        return f"{progress.processed:,} of {progress.total:,} {progress.entity}"
    return _WORDS.get(phase, phase.value)


_WORDS = {
    RunPhase.PREPARING: "Checking the PSA and the database, and counting",
    RunPhase.FETCHING: "Reading from the PSA",
    RunPhase.CATCHING_UP: "Reading what changed meanwhile",
    RunPhase.VERIFYING: "Comparing what was read with what the PSA has",
    RunPhase.APPLYING: "Making it visible, all at once",
}


def _overdue(
    run: TicketResync, status: TicketResyncStatus, limit: timedelta, now: datetime
) -> TicketResyncStatus:
    if status.start_time is None or now - status.start_time < limit:
        return status
    message = (
        f"The run takes longer than {limit} (spec.overdueAfter of the integration). status.waited says "
        "whether the PSA or the database is slow"
    )
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
