"""`kubectl psa status`: how integrations are, what runs or waits, and what comes by the clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from psa_operator.api.conditions import Condition, find_condition
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.model import Model
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.api.schedule import TicketResyncSchedule
from psa_operator.plugin.console import age, say, table
from psa_operator.plugin.resources import Resources
from psa_operator.plugin.watching import doing

Object = PSAIntegration | TicketResync | TicketResyncSchedule

_BAD_WHEN_TRUE = frozenset({"Reconciling", "Stalled", "ResyncRequired", "ResyncOverdue", "Overdue"})
_LATEST = 5
_NO_INTEGRATIONS = "There is no PSAIntegration in {}."


def show_all(resources: Resources, now: datetime, *, everywhere: bool) -> None:
    """One table for each kind of thing that is there."""
    integrations = resources.integrations()
    if not integrations:
        where = "any namespace" if everywhere else f'namespace "{resources.namespace}"'
        say(_NO_INTEGRATIONS.format(where))
    else:
        _integrations(integrations, now, everywhere=everywhere)
    _runs("Running and waiting:", active(resources.runs()), now, everywhere=everywhere)
    _schedules(resources.schedules(), now, everywhere=everywhere)


def show_one(resources: Resources, name: str, now: datetime) -> None:
    """One integration: what is not fine first, then its figures, and its runs."""
    integration = resources.integration(name)
    runs = _of(name, resources.runs())
    say(f"{name}: {integration.status.phase or 'not looked at yet'}")
    _conditions(integration.status.conditions, now)
    say("")
    table(("", ""), _figures(integration, now))
    _runs("Running and waiting:", active(runs), now)
    _runs("Latest runs:", ended(runs)[:_LATEST], now)
    _schedules([each for each in resources.schedules() if _integration_of(each) == name], now)


def as_value(resources: Resources, name: str | None) -> Any:
    """The same for programs: each integration with its status, its open runs and its schedules."""
    runs, schedules = active(resources.runs()), resources.schedules()
    if name is not None:
        return _value(resources.integration(name), runs, schedules)
    return [_value(each, runs, schedules) for each in resources.integrations()]


def is_fine(condition: Condition) -> bool:
    """Whether nobody has to look; of some types True is the bad news."""
    return condition.status == ("False" if condition.type in _BAD_WHEN_TRUE else "True")


def active(runs: Iterable[TicketResync]) -> list[TicketResync]:
    """Those that are not over, those that have begun first."""
    found = [each for each in runs if not (each.status.phase and each.status.phase.finished)]
    return sorted(found, key=lambda run: (run.status.start_time is None, _created(run)))


def ended(runs: Iterable[TicketResync]) -> list[TicketResync]:
    """Those that are over, the latest first."""
    found = [each for each in runs if each.status.phase and each.status.phase.finished]
    return sorted(found, key=lambda run: str(run.status.completion_time), reverse=True)


def _created(run: TicketResync) -> str:
    return f"{run.metadata.creation_timestamp} {run.metadata.name}"


def _of(name: str, runs: Iterable[TicketResync]) -> list[TicketResync]:
    return [each for each in runs if each.spec.integration_ref.name == name]


def _integration_of(schedule: TicketResyncSchedule) -> str:
    return schedule.spec.template.spec.integration_ref.name


def _listed(
    headers: Sequence[str], rows: Iterable[tuple[Object, Sequence[str]]], *, everywhere: bool
) -> None:
    """A table of objects, by name, with the namespace before it where there are several."""
    named = [([each.metadata.name, *cells], each.metadata.namespace) for each, cells in rows]
    if everywhere:
        table(["NAMESPACE", "NAME", *headers], ([namespace, *cells] for cells, namespace in named))
    else:
        table(["NAME", *headers], (cells for cells, _ in named))


def _integrations(integrations: Sequence[PSAIntegration], now: datetime, *, everywhere: bool) -> None:
    headers = ["PHASE", "TICKETS", "PENDING", "LAST QUICK", "LAST FULL", "MESSAGE"]
    _listed(headers, ((each, _integration(each, now)) for each in integrations), everywhere=everywhere)


def _integration(integration: PSAIntegration, now: datetime) -> list[str]:
    status = integration.status
    tickets, pending = status.counts.get("tickets"), status.pending_local_changes
    quick, full = status.last_quick_sync, status.last_full_sync
    return [
        status.phase or "",
        "" if tickets is None else f"{tickets:,}",
        "" if pending is None else f"{pending.count:,}",
        age(quick.time if quick else None, now),
        age(full.time if full else None, now),
        _message(status.conditions),
    ]


def _message(conditions: Sequence[Condition]) -> str:
    """What Ready says, and the names of what else is not fine."""
    ready = find_condition(conditions, "Ready")
    if ready is None:
        return "The operator has not looked at it yet"
    others = [each.type for each in conditions if not is_fine(each) and each.message != ready.message]
    return f"{ready.message}. See also: {', '.join(others)}" if others else ready.message


def _conditions(conditions: Iterable[Condition], now: datetime) -> None:
    """Those that are not fine come first."""
    rows = [
        (each.type, each.status, each.reason, age(each.last_transition_time, now), each.message)
        for each in sorted(conditions, key=is_fine)
    ]
    table(("CONDITION", "STATUS", "REASON", "SINCE", "MESSAGE"), rows)


def _figures(integration: PSAIntegration, now: datetime) -> Iterable[tuple[str, str]]:
    status = integration.status
    if status.server:
        yield "PSA", f"{status.provider} {status.server.version or ''} of {status.server.identity or '?'}"
    for permission in status.permissions:
        if permission.state != "Granted":
            yield f"May read {permission.area}", f"{permission.state}: {permission.detail or ''}"
    yield "Rows", ", ".join(f"{number:,} {kind}" for kind, number in status.counts.items())
    if (pending := status.pending_local_changes) is not None:
        yield "Unsent changes", f"{pending.count:,}, of which {pending.held:,} held"
    for kind, last in (("quick", status.last_quick_sync), ("full", status.last_full_sync)):
        yield f"Last {kind} run", f"{last.name}, {age(last.time, now)} ago" if last else "none"
    if status.covered_until:
        yield "Covered until", f"{status.covered_until:%Y-%m-%d %H:%M:%S} UTC"
    if status.rollback_until:
        yield "Undo until", f"{status.rollback_until:%Y-%m-%d %H:%M} UTC"


def _runs(title: str, runs: Sequence[TicketResync], now: datetime, *, everywhere: bool = False) -> None:
    if not runs:
        return
    headers = ["INTEGRATION", "MODE", "PHASE", "PROGRESS", "TICKETS", "AGE", "MESSAGE"]
    say(f"\n{title}")
    _listed(headers, ((each, _run(each, now)) for each in runs), everywhere=everywhere)


def _run(run: TicketResync, now: datetime) -> list[str]:
    summary, phase = run.status.summary, run.status.phase or RunPhase.PENDING
    return [
        run.spec.integration_ref.name,
        f"{run.spec.mode} (dry run)" if run.spec.dry_run else run.spec.mode,
        phase,
        (summary and summary.progress) or "",
        (summary and summary.tickets) or "",
        age(run.metadata.creation_timestamp, now),
        (run.status.message or "") if phase.finished else doing(run).words,
    ]


def _schedules(schedules: Sequence[TicketResyncSchedule], now: datetime, *, everywhere: bool = False) -> None:
    if not schedules:
        return
    headers = ["INTEGRATION", "MODE", "SCHEDULE", "TIME ZONE", "NEXT", "LAST SUCCESS", "MESSAGE"]
    say("\nBy the clock:")
    _listed(headers, ((each, _schedule(each, now)) for each in schedules), everywhere=everywhere)


def _schedule(schedule: TicketResyncSchedule, now: datetime) -> list[str]:
    spec, due = schedule.spec, schedule.status.next_schedule_time
    return [
        _integration_of(schedule),
        spec.template.spec.mode,
        spec.schedule,
        spec.time_zone,
        "suspended" if spec.suspend else f"{due:%Y-%m-%d %H:%M} UTC" if due else "",
        age(schedule.status.last_successful_time, now),
        _message(schedule.status.conditions),
    ]


def _value(
    integration: PSAIntegration, runs: Iterable[TicketResync], schedules: Iterable[TicketResyncSchedule]
) -> dict[str, Any]:
    name, namespace = integration.metadata.name, integration.metadata.namespace
    own = [each for each in _of(name, runs) if each.metadata.namespace == namespace]
    clocks = [
        each for each in schedules if (each.metadata.namespace, _integration_of(each)) == (namespace, name)
    ]
    return {
        **_named(integration, integration.status),
        "runs": [{**_named(each, each.status), "mode": each.spec.mode.value} for each in own],
        "schedules": [_named(each, each.status) for each in clocks],
    }


def _named(owner: Object, status: Model) -> dict[str, Any]:
    return {
        "namespace": owner.metadata.namespace,
        "name": owner.metadata.name,
        "status": status.as_json(),
    }
