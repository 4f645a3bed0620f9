"""Which transitions people are told of by an event: pure, from the status before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from psa_operator.api.conditions import Condition, find_condition
from psa_operator.api.integration_status import PSAIntegrationStatus
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase, TicketResyncStatus
from psa_operator.api.schedule import TicketResyncScheduleStatus
from psa_operator.api.write_back import LocalChanges

_DELETING = {
    Mode.FULL: "FullResyncStarted",
    Mode.PRUNE: "PruneStarted",
    Mode.ROLLBACK: "RollbackStarted",
}
"""Modes that people are warned of, and the reason of the event."""

_QUEUED = frozenset({"AnotherRunActive", "MaxConcurrentRuns"})


@dataclass(frozen=True)
class Announcement:
    """One event; the reason is that of the condition."""

    type: Literal["Normal", "Warning"]
    reason: str
    message: str


def of_resync(run: TicketResync, after: TicketResyncStatus) -> Sequence[Announcement]:
    """What has happened to a run: a new phase, a new reason to wait, its end."""
    before = run.status
    told: list[Announcement] = []
    if before.start_time is None and after.start_time is not None and run.spec.mode in _DELETING:
        told.append(Announcement("Warning", _DELETING[run.spec.mode], _warning(run)))
    if before.effective_mode is None and after.effective_mode not in {None, run.spec.mode}:
        words = "Quick became Full, because no ticket of this integration was here yet"
        told.append(Announcement("Normal", "QuickBecameFull", words))
    ready = _changed(before.conditions, after.conditions, "Ready")
    if ready is not None:
        told.append(Announcement(_type_of(after, ready), ready.reason, ready.message))
    if (overdue := _changed(before.conditions, after.conditions, "Overdue")) is not None:
        told.append(Announcement("Warning", "Overdue", overdue.message))
    return told


def of_integration(before: PSAIntegrationStatus, after: PSAIntegrationStatus) -> Sequence[Announcement]:
    """What has happened to an integration: its connection, and whether it needs a Full run."""
    told: list[Announcement] = []
    told.extend(_readiness(before.conditions, after.conditions))
    told.extend(_permissions(before, after))
    required = _changed(before.conditions, after.conditions, "ResyncRequired")
    if required is not None and required.status == "True":
        told.append(Announcement("Normal", required.reason, required.message))
    notified = _changed(before.conditions, after.conditions, "Notified")
    if notified is not None and notified.status == "False":
        told.append(Announcement("Warning", "NotNotified", notified.message))
    return told


def of_schedule(
    before: TicketResyncScheduleStatus, after: TicketResyncScheduleStatus
) -> Sequence[Announcement]:
    """What a schedule has done: a run left out, and whether it works; the runs speak for themselves."""
    told: list[Announcement] = []
    if after.last_skipped is not None and after.last_skipped != before.last_skipped:
        skipped = after.last_skipped
        words = f"The run of {skipped.time:%Y-%m-%d %H:%M} UTC was not made. {skipped.message}"
        told.append(Announcement("Warning", skipped.reason, words))
    told.extend(_readiness(before.conditions, after.conditions))
    return told


def _readiness(before: Sequence[Condition], after: Sequence[Condition]) -> Sequence[Announcement]:
    ready = _changed(before, after, "Ready")
    if ready is None:
        return ()
    return (Announcement("Normal" if ready.status == "True" else "Warning", ready.reason, ready.message),)


def _permissions(before: PSAIntegrationStatus, after: PSAIntegrationStatus) -> Sequence[Announcement]:
    """Areas that are switched off, or on again; where nothing works without them, Ready says it."""
    ready, granted = (find_condition(after.conditions, each) for each in ("Ready", "PermissionsGranted"))
    if granted is None or ready is None or ready.status != "True":
        return ()
    if granted.status == "False" and _denied(after) - _denied(before):
        return (Announcement("Warning", granted.reason, granted.message),)
    if granted.status == "True" and _denied(before):
        return (Announcement("Normal", granted.reason, granted.message),)
    return ()


def _denied(status: PSAIntegrationStatus) -> set[str]:
    return {each.area for each in status.permissions if each.state == "Denied"}


def _warning(run: TicketResync) -> str:
    by = f', requested by "{run.spec.requested_by}"' if run.spec.requested_by else ""
    what, doing = "Full Clear and Resync", "replaces all local ticket data"
    if run.spec.mode is Mode.PRUNE:
        what, doing = "Prune", "removes tickets, companies and contacts that the PSA no longer has"
    if run.spec.rollback_of:
        what, doing = "Rollback", f'undoes "{run.spec.rollback_of.name}" where nothing newer is'
    if run.limited:
        what, doing = f"Limited {what}", f"brings {_limit(run)} to what the PSA has"
    if run.spec.local_changes is LocalChanges.DISCARD:
        doing = f"{doing} and gives up unsent local changes"
    if run.spec.dry_run:
        doing = "compares and changes nothing (dry run)"
    return f'{what} of "{run.spec.integration_ref.name}" {doing}; reason: "{run.spec.reason}"{by}'


def _limit(run: TicketResync) -> str:
    if run.spec.ticket_ids:
        return f"{len(set(run.spec.ticket_ids)):,} named tickets"
    return " and ".join(run.spec.entities or ())


def _type_of(status: TicketResyncStatus, ready: Condition) -> Literal["Normal", "Warning"]:
    if status.phase in {RunPhase.SUCCEEDED, RunPhase.CANCELLED} or ready.reason in _QUEUED:
        return "Normal"
    if status.phase is RunPhase.AWAITING_APPROVAL:
        return "Warning"
    return "Normal" if status.phase is not None and ready.reason == status.phase.value else "Warning"


def _changed(before: Sequence[Condition], after: Sequence[Condition], type_: str) -> Condition | None:
    was, now = find_condition(before, type_), find_condition(after, type_)
    if now is None or (was is not None and (was.status, was.reason) == (now.status, now.reason)):
        return None
    return now
