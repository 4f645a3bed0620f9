"""Who runs, who is next: the runs that want the same PSA account, in the order of their creation."""

from collections.abc import Collection
from datetime import datetime, timedelta

from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase
from psa_operator.controller.mirror import Mirror
from psa_operator.controller.obstacles import World, hindered
from psa_operator.controller.resync import begun, holds_account, queue_order
from psa_operator.wiring import account_key


def world_of(
    run: TicketResync,
    mirror: Mirror,
    *,
    working: Collection[str],
    workers: int,
    retry_backoff: timedelta,
    now: datetime,
) -> World:
    """What stands in the way of `run`; `working` are the uids of runs that have or get a worker."""
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    rivals = _rivals(run, mirror)
    active = [each for each in rivals if holds_account(each) or each.metadata.uid in working]
    ahead = [
        each
        for each in rivals
        if each not in active and not _hindered(each, mirror, now) and queue_order(each) < queue_order(run)
    ]
    return World(
        integration=integration,
        working=run.metadata.uid in working,
        active=[_name(each, run) for each in active],
        ahead=[_name(each, run) for each in sorted(ahead, key=queue_order)],
        free_workers=_free_workers(run, mirror, set(working), workers),
        retry_backoff=retry_backoff,
        covered_by=_covering(run, mirror),
    )


def behind(run: TicketResync, mirror: Mirror) -> list[TicketResync]:
    """The runs that wait for the same PSA account and come after this one."""
    rivals = _rivals(run, mirror)
    return [each for each in rivals if not begun(each, None) and queue_order(each) > queue_order(run)]


def _free_workers(run: TicketResync, mirror: Mirror, working: set[str], workers: int) -> int:
    """How many workers are left for it: long runs leave one to the short ones, which so need not wait."""
    free = workers - len(working)
    if workers == 1 or not _takes_long(run, mirror):
        return free
    on = [each for each in mirror.unfinished() if each.metadata.uid in working]
    return min(free, workers - 1 - len([each for each in on if _takes_long(each, mirror)]))


def _takes_long(run: TicketResync, mirror: Mirror) -> bool:
    """Whether it reads everything: the first Quick run of an integration does so too."""
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    first = integration is not None and not integration.status.counts.get("tickets")
    return run.demanding or (first and run.spec.mode is Mode.QUICK and not run.explains)


def _covering(run: TicketResync, mirror: Mirror) -> TicketResync | None:
    """An equal Quick run that began after this one came, so that this one, if it has not begun, need not."""
    created = run.metadata.creation_timestamp
    if created is None or not _plain_quick(run):
        return None
    for other in mirror.runs_of(run.metadata.namespace, run.spec.integration_ref.name):
        began, succeeded = other.status.start_time, other.status.phase is RunPhase.SUCCEEDED
        if _plain_quick(other) and succeeded and began is not None and began > created:
            return other
    return None


def _plain_quick(run: TicketResync) -> bool:
    """Whether it brings whatever has changed, as any other Quick run does."""
    return run.spec.mode is Mode.QUICK and not (run.spec.dry_run or run.limited)


def _rivals(run: TicketResync, mirror: Mirror) -> list[TicketResync]:
    """The other runs of the same PSA account that have not ended."""
    account = _account(run, mirror)
    if account is None:
        return []
    return [
        each
        for each in mirror.unfinished()
        if each.metadata.uid != run.metadata.uid and _account(each, mirror) == account
    ]


def _account(run: TicketResync, mirror: Mirror) -> str | None:
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    return None if integration is None else account_key(integration)


def _hindered(run: TicketResync, mirror: Mirror, now: datetime) -> bool:
    """Whether it could not start even if it were first."""
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    return run.spec.cancel or run.awaits_approval or hindered(run, integration, now) is not None


def _name(other: TicketResync, run: TicketResync) -> str:
    """What to call it: another tenant's run is nobody's business."""
    same = other.metadata.namespace == run.metadata.namespace
    return f'"{other.metadata.name}"' if same else "a run in another namespace"
