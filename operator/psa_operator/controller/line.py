"""Who runs, who is next: the runs that want the same PSA account, in the order of their creation."""

from collections.abc import Collection
from datetime import timedelta

from psa_operator.api.resync import TicketResync
from psa_operator.controller.mirror import Mirror
from psa_operator.controller.obstacles import World, hindered
from psa_operator.controller.resync import holds_account, queue_order
from psa_operator.wiring import account_key


def world_of(
    run: TicketResync,
    mirror: Mirror,
    *,
    working: Collection[str],
    workers: int,
    retry_backoff: timedelta,
) -> World:
    """What stands in the way of `run`; `working` are the uids of runs that have or get a worker."""
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    rivals = [] if integration is None else _rivals(run, mirror, account_key(integration))
    active = [each for each in rivals if holds_account(each) or each.metadata.uid in working]
    ahead = [
        each
        for each in rivals
        if each not in active and not _hindered(each, mirror) and queue_order(each) < queue_order(run)
    ]
    return World(
        integration=integration,
        working=run.metadata.uid in working,
        active=[_name(each, run) for each in active],
        ahead=[_name(each, run) for each in sorted(ahead, key=queue_order)],
        free_workers=workers - len(working),
        retry_backoff=retry_backoff,
    )


def _rivals(run: TicketResync, mirror: Mirror, account: str) -> list[TicketResync]:
    others = []
    for each in mirror.unfinished():
        integration = mirror.integration(each.metadata.namespace, each.spec.integration_ref.name)
        same = each.metadata.uid == run.metadata.uid
        if not same and integration is not None and account_key(integration) == account:
            others.append(each)
    return others


def _hindered(run: TicketResync, mirror: Mirror) -> bool:
    """Whether it could not start even if it were first."""
    integration = mirror.integration(run.metadata.namespace, run.spec.integration_ref.name)
    return run.spec.cancel or run.awaits_approval or hindered(run, integration) is not None


def _name(other: TicketResync, run: TicketResync) -> str:
    """Its name, with the namespace only where it differs: another tenant's run is nobody's business."""
    same = other.metadata.namespace == run.metadata.namespace
    return other.metadata.name if same else "a run in another namespace"
