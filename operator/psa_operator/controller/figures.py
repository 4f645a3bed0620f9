"""The figures of a run: from the run row into the words of the status."""

from collections.abc import Iterable, Mapping

from psa_operator.api import resync_status as api
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import TicketResyncStatus
from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import Check, Counts, Progress, Report

_WORSE_FIRST = ("Failed", "Warning", "Passed")


def numbers(run: TicketResync, row: RunRow) -> dict[str, object]:
    """Counts of what was done; what would be done, in a dry run or once it is approved, is in `diff`."""
    report, progress = row.report, row.progress
    if report.counts and (run.spec.dry_run or report.to_approve):
        read = {entity: api.Counts(fetched=counts.fetched) for entity, counts in report.counts.items()}
        return {"counts": read, "diff": _diff(report)}
    if report.counts:
        return {"counts": {entity: _counts(each) for entity, each in report.counts.items()}, "diff": {}}
    fetched: Mapping[str, int] = progress.fetched if progress else {}
    return {"counts": {entity: api.Counts(fetched=number) for entity, number in fetched.items()}, "diff": {}}


def _counts(counts: Counts) -> api.Counts:
    return api.Counts(
        fetched=counts.fetched,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        deleted=counts.deleted,
        quarantined=counts.quarantined,
        repaired=counts.repaired,
        kept_newer=counts.kept_newer,
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


def progress(before: TicketResyncStatus, row: RunRow) -> api.Progress:
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


def waited(progress: Progress) -> api.Waited:
    return api.Waited(
        psa_seconds=round(progress.psa_seconds, 1), database_seconds=round(progress.database_seconds, 1)
    )


def kept_newer(report: Report) -> dict[str, tuple[str, ...]]:
    return {entity: tuple(map(str, ids)) for entity, ids in report.kept_newer.items()}


def plan(report: Report) -> api.Plan | None:
    if report.plan is None:
        return None
    plan = report.plan
    return api.Plan(rows=plan.rows, requests=plan.requests, estimated_seconds=plan.estimated_seconds)


def explanations(report: Report) -> tuple[api.Explanation, ...]:
    return tuple(
        api.Explanation(
            ticket_id=each.ticket_id, verdict=each.verdict.value, reason=each.reason, detail=each.detail
        )
        for each in report.explanations
    )


def verification(checks: Iterable[Check]) -> tuple[api.Check, ...]:
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
