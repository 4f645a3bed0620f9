"""The figures of a run: from the run row into the words of the status."""

from collections.abc import Iterable, Mapping

from msgspec.structs import asdict

from psa_operator.api import resync_status, run_figures
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import TicketResyncStatus
from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import Check, Counts, Progress, Report

_WORSE_FIRST = ("Failed", "Warning", "Passed")


def numbers(run: TicketResync, row: RunRow) -> dict[str, object]:
    """Counts of what was done; what would be done, in a dry run or once it is approved, is in `diff`."""
    report, progress = row.report, row.progress
    if report.counts and (run.spec.dry_run or report.to_approve):
        read = {
            entity: run_figures.Counts(fetched=counts.fetched) for entity, counts in report.counts.items()
        }
        return {"counts": read, "diff": _diff(report)}
    if report.counts:
        return {"counts": {entity: _counts(each) for entity, each in report.counts.items()}, "diff": {}}
    fetched: Mapping[str, int] = progress.fetched if progress else {}
    return {
        "counts": {entity: run_figures.Counts(fetched=number) for entity, number in fetched.items()},
        "diff": {},
    }


def _counts(counts: Counts) -> run_figures.Counts:
    return run_figures.Counts(**asdict(counts))


def _diff(report: Report) -> dict[str, run_figures.Diff]:
    return {
        entity: run_figures.Diff(
            created=counts.created,
            updated=counts.updated,
            deleted=counts.deleted,
            unguarded=counts.unguarded,
            created_ids=tuple(map(str, report.samples.get(entity, {}).get("created", ()))),
            updated_ids=tuple(map(str, report.samples.get(entity, {}).get("updated", ()))),
            deleted_ids=tuple(map(str, report.samples.get(entity, {}).get("deleted", ()))),
        )
        for entity, counts in report.counts.items()
    }


def progress(before: TicketResyncStatus, row: RunRow) -> run_figures.Progress:
    now = row.progress or Progress("")
    shown = before.progress.percent if before.progress and before.attempt == row.attempt else None
    return run_figures.Progress(
        percent=min(max(now.percent, shown or 0), 99),
        entity=now.entity or None,
        processed=now.processed,
        total=now.total or None,
        rate_per_second=round(now.rate_per_second, 1),
        eta_seconds=now.eta_seconds,
        waiting_for=now.waiting_for,
    )


def waited(progress: Progress) -> run_figures.Waited:
    return run_figures.Waited(
        psa_seconds=round(progress.psa_seconds, 1), database_seconds=round(progress.database_seconds, 1)
    )


def kept_newer(report: Report) -> dict[str, tuple[str, ...]]:
    return {entity: tuple(map(str, ids)) for entity, ids in report.kept_newer.items()}


def plan(report: Report) -> run_figures.Plan | None:
    return None if report.plan is None else run_figures.Plan(**asdict(report.plan))


def local_changes(report: Report) -> run_figures.LocalChangesDone | None:
    return None if report.local is None else run_figures.LocalChangesDone(**asdict(report.local))


def explanations(report: Report) -> tuple[resync_status.Explanation, ...]:
    return tuple(
        resync_status.Explanation(
            ticket_id=each.ticket_id, verdict=each.verdict.value, reason=each.reason, detail=each.detail
        )
        for each in report.explanations
    )


def verification(checks: Iterable[Check]) -> tuple[resync_status.Check, ...]:
    return tuple(
        resync_status.Check(
            check=each.check,
            result=each.result,
            expected=each.expected or None,
            actual=each.actual or None,
            message=each.message or None,
        )
        for each in sorted(checks, key=lambda check: _WORSE_FIRST.index(check.result))
    )
