"""What a TicketResyncSchedule needs next: pure, from the object, its runs and the clock."""

import hashlib
import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psa_operator.api.conditions import set_outlook
from psa_operator.api.group import API_VERSION, SCHEDULE, SCHEDULE_LABEL, SCHEDULED_AT_ANNOTATION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.model import ObjectReference
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase
from psa_operator.api.schedule import (
    ConcurrencyPolicy,
    Skipped,
    TicketResyncSchedule,
    TicketResyncScheduleStatus,
    outlook,
)
from psa_operator.controller.clock import Cron
from psa_operator.controller.resync import finished
from psa_operator.errors import PsaOperatorError

_TRACKING = ("argocd.argoproj.io/", "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/")
"""Keys by which GitOps tools find what they made, and would delete what is not in Git."""

_INSTANCE = "app.kubernetes.io/instance"
"""By this label Argo CD tracks what it made, unless told otherwise."""

_UNDONE_BY_ROLLBACK = frozenset({Mode.FULL, Mode.PRUNE, Mode.REFERENCE_DATA})


@dataclass(frozen=True)
class Slot:
    """One moment of the schedule: `time` as the expression says, `due` with the jitter."""

    name: str
    time: datetime
    due: datetime


@dataclass(frozen=True)
class Plan:
    """What to do now: make the run of `slot`, cancel and delete others; and when the next one is due."""

    cron: Cron
    timing: str
    next_at: datetime | None = None
    slot: Slot | None = None
    skipped: Skipped | None = None
    cancel: Sequence[TicketResync] = ()
    delete: Sequence[TicketResync] = ()


def decide(
    schedule: TicketResyncSchedule,
    runs: Collection[TicketResync],
    integration: PSAIntegration | None,
    now: datetime,
) -> Plan:
    """What is due; `runs` are those that this schedule made. Raises ConfigurationError."""
    spec = schedule.spec
    cron = Cron(spec.schedule, spec.time_zone)
    timing, jitter = f"{spec.schedule} {spec.time_zone} +{spec.jitter_seconds}s", _jitter(schedule)
    delete = _beyond_limits(schedule, runs, integration, now)
    if spec.suspend:
        return Plan(cron, timing, delete=delete)
    following = cron.after(now - jitter) + jitter
    expected = _expected(schedule, timing, cron, jitter) or following
    latest = cron.at_or_before(now - jitter)
    if latest + jitter < expected:
        return Plan(cron, timing, following, delete=delete)
    slot = Slot(_name_of(schedule, latest), latest, latest + jitter)
    active = [run for run in runs if not finished(run) and run.metadata.name != slot.name]
    skipped = _skipped(schedule, slot, active, integration, now)
    if skipped is not None:
        return Plan(cron, timing, following, skipped=skipped, delete=delete)
    missed = cron.at_or_before(latest - timedelta(seconds=1)) + jitter
    return Plan(
        cron,
        timing,
        following,
        slot,
        _missed(missed) if missed >= expected else None,
        cancel=active if spec.concurrency_policy is ConcurrencyPolicy.REPLACE else (),
        delete=delete,
    )


def expected_interval(cron: Cron, now: datetime) -> timedelta:
    """The longest time between two of the next runs."""
    moments = [now]
    for _ in range(12):
        moments.append(cron.after(moments[-1]))
    return max(later - earlier for earlier, later in itertools.pairwise(moments[1:]))


def body_of(schedule: TicketResyncSchedule, slot: Slot) -> dict[str, Any]:
    """The TicketResync to create for a slot."""
    template, mine = schedule.spec.template, schedule.metadata
    spec = template.spec.as_json()
    spec.setdefault("requestedBy", f"{SCHEDULE} {mine.name}")
    labels = {**_untracked(template.metadata.labels or {}), SCHEDULE_LABEL: mine.name}
    if labels.get(_INSTANCE) == mine.labels.get(_INSTANCE):
        labels.pop(_INSTANCE, None)
    stamp = slot.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    annotations = {**_untracked(template.metadata.annotations or {}), SCHEDULED_AT_ANNOTATION: stamp}
    owner = {
        "apiVersion": API_VERSION,
        "kind": SCHEDULE,
        "name": mine.name,
        "uid": mine.uid,
        "controller": True,
    }
    return {
        "apiVersion": API_VERSION,
        "kind": "TicketResync",
        "metadata": {
            "name": slot.name,
            "namespace": mine.namespace,
            "labels": labels,
            "annotations": annotations,
            "ownerReferences": [owner],
        },
        "spec": spec,
    }


def working(
    schedule: TicketResyncSchedule,
    plan: Plan,
    runs: Iterable[TicketResync],
    integration: PSAIntegration | None,
    now: datetime,
) -> TicketResyncScheduleStatus:
    """The status after a plan was carried out; `runs` are those that there are by now."""
    before, spec = schedule.status, schedule.spec
    runs = list(runs)
    active = [run for run in runs if not finished(run)]
    wins = [run.status.completion_time for run in runs if run.status.phase is RunPhase.SUCCEEDED]
    times = [time for time in (*wins, before.last_successful_time) if time is not None]
    status = before.replace(
        active=tuple(ObjectReference(name=run.metadata.name) for run in sorted(active, key=_created)),
        active_count=len(active),
        last_successful_time=max(times, default=None),
        last_schedule_time=plan.slot.due if plan.slot else before.last_schedule_time,
        next_schedule_time=plan.next_at,
        last_skipped=plan.skipped or before.last_skipped,
        timing=plan.timing,
    )
    name = spec.template.spec.integration_ref.name
    if integration is None:
        words = (
            f'There is no PSAIntegration "{name}" in namespace "{schedule.metadata.namespace}": create it, '
            "or name another one in spec.template.spec.integrationRef; until then no runs are made"
        )
        return _said(schedule, status, "IntegrationNotFound", words, now, works=False)
    what = f'{spec.template.spec.mode} of "{name}": {plan.cron.words} ({spec.time_zone})'
    if spec.suspend:
        return _said(
            schedule, status, "Suspended", f"No runs are made while spec.suspend is true. {what}", now
        )
    return _said(schedule, status, "Scheduled", what, now)


def stalled(
    schedule: TicketResyncSchedule, error: PsaOperatorError, now: datetime
) -> TicketResyncScheduleStatus:
    """It cannot work until a person has changed something."""
    return _said(schedule, schedule.status, error.reason, str(error), now, works=False)


def _said(
    schedule: TicketResyncSchedule,
    status: TicketResyncScheduleStatus,
    reason: str,
    message: str,
    now: datetime,
    *,
    works: bool = True,
) -> TicketResyncScheduleStatus:
    generation = schedule.metadata.generation
    conditions = set_outlook(
        status.conditions, outlook(works=works), reason, message, now=now, generation=generation
    )
    return status.replace(observed_generation=generation, conditions=conditions)


def _expected(schedule: TicketResyncSchedule, timing: str, cron: Cron, jitter: timedelta) -> datetime | None:
    """From when on a slot is due that was not dealt with; None: only those to come are."""
    status = schedule.status
    if status.timing is None:  # new: what it asked for while the operator was away is due too
        created = schedule.metadata.creation_timestamp
        return None if created is None else cron.after(created - jitter) + jitter
    return status.next_schedule_time if status.timing == timing else None


def _skipped(
    schedule: TicketResyncSchedule,
    slot: Slot,
    active: Sequence[TicketResync],
    integration: PSAIntegration | None,
    now: datetime,
) -> Skipped | None:
    """Why no run is made although one is due."""
    spec = schedule.spec
    name, limit = spec.template.spec.integration_ref.name, spec.starting_deadline_seconds
    if limit is not None and slot.due + timedelta(seconds=limit) < now:
        words = f"It could not be made within startingDeadlineSeconds ({limit} s): the operator was away"
        return Skipped(time=slot.due, reason="MissedStartingDeadline", message=words)
    if integration is None:
        words = f'There is no PSAIntegration "{name}"'
        return Skipped(time=slot.due, reason="IntegrationNotFound", message=words)
    if not integration.spec.enabled:
        words = f'PSAIntegration "{name}" is disabled'
        return Skipped(time=slot.due, reason="IntegrationDisabled", message=words)
    if active and spec.concurrency_policy is ConcurrencyPolicy.FORBID:
        words = f'"{active[0].metadata.name}" was not over, and concurrencyPolicy is Forbid'
        return Skipped(time=slot.due, reason="PreviousRunActive", message=words)
    return None


def _missed(due: datetime) -> Skipped:
    words = "The operator was away; one later run makes up for all that were due meanwhile"
    return Skipped(time=due, reason="Missed", message=words)


def _name_of(schedule: TicketResyncSchedule, slot: datetime) -> str:
    return f"{schedule.metadata.name}-{int(slot.timestamp()) // 60}"


def _jitter(schedule: TicketResyncSchedule) -> timedelta:
    """Whole seconds up to the limit, spread over the objects and the same for the same one."""
    identity = f"{schedule.metadata.namespace}/{schedule.metadata.name}".encode()
    number = int.from_bytes(hashlib.sha256(identity).digest()[:8])
    return timedelta(seconds=number % (schedule.spec.jitter_seconds + 1))


def _untracked(pairs: Any) -> dict[str, str]:
    return {key: value for key, value in pairs.items() if not key.startswith(_TRACKING)}


def _beyond_limits(
    schedule: TicketResyncSchedule,
    runs: Iterable[TicketResync],
    integration: PSAIntegration | None,
    now: datetime,
) -> list[TicketResync]:
    ended = sorted((run for run in runs if finished(run)), key=_ended, reverse=True)
    good = [run for run in ended if run.status.phase is RunPhase.SUCCEEDED]
    bad = [run for run in ended if run not in good]
    surplus = good[schedule.spec.successful_runs_history_limit :]
    surplus = [run for run in surplus if not _can_be_undone(run, integration, now)]
    surplus += bad[schedule.spec.failed_runs_history_limit :]
    return [run for run in surplus if not run.status.untold]


def _can_be_undone(run: TicketResync, integration: PSAIntegration | None, now: datetime) -> bool:
    ended = run.status.completion_time
    if integration is None or ended is None or run.spec.dry_run:
        return False
    mode = run.status.effective_mode or run.spec.mode
    return mode in _UNDONE_BY_ROLLBACK and ended + integration.spec.rollback_window > now


def _created(run: TicketResync) -> tuple[datetime, str]:
    return run.metadata.creation_timestamp or datetime.max.replace(tzinfo=UTC), run.metadata.name


def _ended(run: TicketResync) -> tuple[datetime, str]:
    return run.status.completion_time or datetime.min.replace(tzinfo=UTC), run.metadata.name
