"""The last message of a run: what was done, in one line that can be kept."""

from psa_operator.sync.outcome import Counts, Report
from psa_operator.sync.records import Entity

_NOTHING = Counts()


def receipt(report: Report, *, dry_run: bool) -> str:
    """What a run that succeeded has brought."""
    # Who is assigned counts as part of the ticket, here as in the columns of kubectl get.
    every = [counts for entity, counts in report.counts.items() if entity != Entity.TECHNICIANS]
    created, updated, deleted, quarantined = (
        sum(getattr(each, what) for each in every)
        for what in ("created", "updated", "deleted", "quarantined")
    )
    would = "would be " if dry_run else ""
    parts = [
        _tickets(report),
        f"{created:,} rows {would}created, {updated:,} {would}changed, {deleted:,} {would}deleted",
        f"{quarantined:,} records set aside" if quarantined else "",
        f"{sum(report.skipped.values()):,} tickets left out" if any(report.skipped.values()) else "",
        f"{report.warnings:,} warnings" if report.warnings else "",
        *report.notices,
        report.resync_required,
    ]
    return "; ".join(part for part in parts if part)


def _tickets(report: Report) -> str:
    fetched = report.counts.get("tickets", _NOTHING).fetched
    counted = next((check.expected for check in report.checks if check.check == "Count/tickets"), "")
    of = f"{fetched:,} of {int(counted):,}" if counted.isdecimal() else f"{fetched:,}"
    newest = f", newest #{report.newest[0]} at {report.newest[1]:%Y-%m-%d %H:%M}" if report.newest else ""
    return f"{of} tickets{newest}"
