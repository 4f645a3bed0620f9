"""Who has to be told of what, and whether that works: pure, from objects and the clock.

A message stands in the status from the very write that shows what it tells of, so that none is lost when the
operator dies, and what became of it stands there too, so that the next operator does not send it again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from psa_operator.api.conditions import ConditionStatus, remove_condition, set_condition
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import PSAIntegrationStatus
from psa_operator.api.notifications import Delivery, Notice, Transition
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase, TicketResyncStatus
from psa_operator.controller.fit import fit

_NOTIFIED = "Notified"
_TOLD = {
    RunPhase.AWAITING_APPROVAL: Transition.AWAITING_APPROVAL,
    RunPhase.SUCCEEDED: Transition.SUCCEEDED,
    RunPhase.FAILED: Transition.FAILED,
    RunPhase.CANCELLED: Transition.CANCELLED,
}


def noted(
    run: TicketResync,
    after: TicketResyncStatus,
    integration: PSAIntegration | None,
    others: Iterable[TicketResync],
    now: datetime,
) -> TicketResyncStatus:
    """The status with a message for each receiver of what it shows that was not so before.

    `others` are the runs of the namespace.
    """
    if integration is None or not integration.spec.notifications:
        return after
    fresh = [
        Notice(event=event, to=each.target, time=now.replace(microsecond=0))
        for event in _events(run, after, integration, others)
        for each in integration.spec.notifications
        if event in each.events
    ]
    if not fresh:
        return after
    replaced = {(each.event, each.to) for each in fresh}
    kept = [each for each in after.notified if (each.event, each.to) not in replaced]
    return fit(after.replace(notified=(*kept, *fresh)))


def _events(
    run: TicketResync,
    after: TicketResyncStatus,
    integration: PSAIntegration,
    others: Iterable[TicketResync],
) -> Iterator[Transition]:
    before = run.status
    begins = before.start_time is None and after.start_time is not None
    if begins and not run.spec.dry_run and not _synchronized(integration, others):
        yield Transition.STARTED
    if after.phase in _TOLD and after.phase is not before.phase:
        yield _TOLD[after.phase]


def _synchronized(integration: PSAIntegration, runs: Iterable[TicketResync]) -> bool:
    """Whether a run has succeeded; the integration's own status comes to know of it a moment later."""
    known = integration.status
    return bool(known.last_quick_sync or known.last_full_sync) or any(
        run.spec.integration_ref.name == integration.metadata.name
        and run.status.phase is RunPhase.SUCCEEDED
        and not run.spec.dry_run
        for run in runs
    )


def message_id(uid: str, notice: Notice) -> str:
    """What a receiver can know a message by that comes twice."""
    return f"{uid}.{notice.event}.{notice.time:%Y%m%dT%H%M%SZ}"


def pending(run: TicketResync, to: str) -> Notice | None:
    """The oldest message that this receiver does not have yet."""
    waiting = [each for each in run.status.notified if each.state is Delivery.PENDING and each.to == to]
    return min(waiting, key=lambda each: each.time, default=None)


def settled(status: TicketResyncStatus, notice: Notice) -> TicketResyncStatus:
    """The status with what became of a message, unless a newer one has taken its place."""
    same = [
        (each.event, each.to, each.time, each.state) == (notice.event, notice.to, notice.time, "Pending")
        for each in status.notified
    ]
    after = (notice if hit else each for hit, each in zip(same, status.notified, strict=True))
    return fit(status.replace(notified=tuple(after)))


def with_notified(
    integration: PSAIntegration,
    status: PSAIntegrationStatus,
    runs: Iterable[TicketResync],
    now: datetime,
) -> PSAIntegrationStatus:
    """The status with the condition that says whether its receivers can be reached, once one was tried."""
    if not integration.spec.notifications:
        return status.replace(conditions=remove_condition(status.conditions, _NOTIFIED))
    verdict = _verdict(integration, [each for run in runs for each in run.status.notified])
    if verdict is None:
        return status
    conditions = set_condition(
        status.conditions, _NOTIFIED, *verdict, now=now, generation=integration.metadata.generation
    )
    return status.replace(conditions=conditions)


def _verdict(integration: PSAIntegration, notices: list[Notice]) -> tuple[ConditionStatus, str, str] | None:
    tried = {each.target: _last_tried(each.target, notices) for each in integration.spec.notifications}
    if not any(tried.values()):
        return None
    for index, each in enumerate(integration.spec.notifications):
        last = tried[each.target]
        if last is not None and last.state is not Delivery.DELIVERED:
            rest = "it is tried again" if last.state is Delivery.PENDING else "the message was given up"
            words = f"spec.notifications[{index}] ({each.target}): {last.message}; {rest}"
            return "False", last.reason or "DeliveryFailed", words
    return "True", "Delivered", "What was sent last has arrived"


def _last_tried(to: str, notices: list[Notice]) -> Notice | None:
    tried = [(each.tried_at, each.state is Delivery.DELIVERED, each) for each in notices if each.to == to]
    known = [(when, arrived, each) for when, arrived, each in tried if when is not None]
    return max(known, key=lambda each: each[:2])[2] if known else None
