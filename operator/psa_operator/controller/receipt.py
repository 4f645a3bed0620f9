"""The last message of a run: what was done, in one line that can be kept."""

from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import asdict, replace

from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.outcome import Counts, LocalOutcome, Report
from psa_operator.sync.scope import TICKET_OUT_OF_SCOPE
from psa_operator.sync.spec import Mode

_NOTHING = Counts()
_WORDS: Mapping[str, str] = {
    Entity.CUSTOM_FIELDS: "custom fields",
    Entity.COMPANY_STATUSES: "company statuses",
    Entity.COMPANY_TYPES: "company types",
    Entity.TIME_ENTRIES: "time entries",
    PROJECT_TICKETS: "project tickets",
}


def receipt(report: Report, *, dry_run: bool) -> str:
    """What a run that succeeded has brought."""
    # Who is assigned counts as part of the ticket, here as in the columns of kubectl get.
    named: Iterable[Entity] = (entity for entity in Entity if entity is not Entity.TECHNICIANS)
    every = {entity: report.counts[entity] for entity in named if entity in report.counts}
    quarantined = sum(each.quarantined for each in every.values())
    parts = [
        _compared(report, every),
        _done(report, every.values(), "would be " if dry_run else ""),
        _local(report.local) if report.local else "",
        f"{quarantined:,} records set aside" if quarantined else "",
        _left_out(report),
        _denied(report),
        f"{report.warnings:,} warnings" if report.warnings else "",
        f"undo until {report.rollback_until:%a %Y-%m-%d %H:%M} UTC" if report.rollback_until else "",
    ]
    # These are sentences of their own.
    sentences = ["; ".join(part for part in parts if part), *report.notices, report.resync_required or ""]
    return ". ".join(each for each in sentences if each)


def _denied(report: Report) -> str:
    if not report.denied:
        return ""
    areas = ", ".join(_WORDS.get(area, area) for area in report.denied)
    return f"{areas} left as they are, for the PSA's role may not read them"


def _left_out(report: Report) -> str:
    tickets = sum(number for reason, number in report.skipped.items() if reason != TICKET_OUT_OF_SCOPE)
    entries = report.skipped.get(TICKET_OUT_OF_SCOPE, 0)
    kinds = (f"{tickets:,} tickets" if tickets else "", f"{entries:,} time entries" if entries else "")
    words = " and ".join(each for each in kinds if each)
    return f"{words} left out" if words else ""


def _compared(report: Report, every: Mapping[Entity, Counts]) -> str:
    """What was read or listed, in the words of the mode."""
    numbers = ", ".join(
        f"{each.fetched:,} {_WORDS.get(entity, entity)}"
        for entity, each in every.items()
        # Notes have no list of their own: a Prune removes them with their tickets.
        if entity not in report.denied
        if report.effective_mode is not Mode.PRUNE or entity is not Entity.NOTES
    )
    match report.effective_mode:
        case Mode.REFERENCE_DATA:
            return f"{numbers} compared"
        case Mode.PRUNE:
            return f"{numbers} are here and in the PSA"
        case Mode.ROLLBACK:
            return ""
        case _ if every and Entity.TICKETS not in every:
            return f"{numbers} compared"
        case _:
            return _tickets(report)


def _done(report: Report, every: Collection[Counts], would: str) -> str:
    created, updated, deleted = (
        sum(getattr(each, what) for each in every) for what in ("created", "updated", "deleted")
    )
    if report.effective_mode is Mode.PRUNE:
        return f"{deleted:,} rows {would}deleted"
    if report.effective_mode is Mode.ROLLBACK:
        newer = sum(each.kept_newer for each in every)
        kept = f"; {newer:,} rows that were changed since are kept" if newer else ""
        return (
            f"{created:,} rows {would}returned, {updated:,} {would}restored, {deleted:,} {would}deleted{kept}"
        )
    return f"{created:,} rows {would}created, {updated:,} {would}changed, {deleted:,} {would}deleted"


def _tickets(report: Report) -> str:
    fetched = report.counts.get("tickets", _NOTHING).fetched
    counted = next((check.expected for check in report.checks if check.check == "Count/tickets"), "")
    of = f"{fetched:,} of {int(counted):,}" if counted.isdecimal() else f"{fetched:,}"
    newest = f", newest #{report.newest[0]} at {report.newest[1]:%Y-%m-%d %H:%M}" if report.newest else ""
    return f"{of} tickets{newest}"


def _local(outcome: LocalOutcome) -> str:
    """What became of local changes: "2 local changes sent, 1 held"."""
    waiting = replace(outcome, unsent=outcome.unsent - outcome.held)
    numbers = [f"{number:,} {word}" for word, number in asdict(waiting).items() if number]
    return ", ".join(numbers).replace(" ", " local changes ", 1)
