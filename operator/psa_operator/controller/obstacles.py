"""What keeps a run from starting: pure, in the order in which a person would want to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psa_operator.api.conditions import find_condition, is_true
from psa_operator.api.group import HOLD_ANNOTATION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode
from psa_operator.controller.clock import look_at


@dataclass(frozen=True)
class World:
    """What stands in a run's way, and what helps it; `covered_by` is one that has done the same since."""

    integration: PSAIntegration | None
    working: bool = False
    active: Sequence[str] = ()
    ahead: Sequence[str] = ()
    free_workers: int = 1
    covered_by: TicketResync | None = None
    retry_backoff: timedelta = timedelta(seconds=10)


@dataclass(frozen=True)
class Obstacle:
    """Why a run cannot start; it passes by itself, or a person must act."""

    reason: str
    message: str


NO_WORKER = Obstacle(
    "MaxConcurrentRuns",
    "No worker of the operator is free for it (long runs leave one to the short ones); the run goes on when "
    "one is",
)


def obstacle_for(run: TicketResync, world: World, now: datetime) -> Obstacle | None:
    """What keeps a run from its first attempt; the first that a person would want to know."""
    return hindered(run, world.integration, now) or _queued(world)


def hindered(run: TicketResync, integration: PSAIntegration | None, now: datetime) -> Obstacle | None:
    """Why a run could not start even if it were alone."""
    name = run.spec.integration_ref.name
    if integration is None:
        return Obstacle(
            "IntegrationNotFound",
            f'There is no PSAIntegration "{name}" in namespace "{run.metadata.namespace}": create it, or '
            "name another one in a new TicketResync",
        )
    if not integration.spec.enabled:
        return Obstacle(
            "IntegrationDisabled",
            f'PSAIntegration "{name}" is disabled: the run waits until its spec.enabled is true',
        )
    unready = None if _needs_no_psa(run, integration) else not_ready(integration)
    return unready or _on_hold(run, integration, now) or _outside_window(run, integration, now)


def _on_hold(run: TicketResync, integration: PSAIntegration, now: datetime) -> Obstacle | None:
    """Whether people have asked that no Full run begins for a while."""
    asked = integration.metadata.annotations.get(HOLD_ANNOTATION, "")[:256]
    if run.spec.mode is not Mode.FULL or not asked:
        return None
    what = f'The annotation {HOLD_ANNOTATION} of PSAIntegration "{integration.metadata.name}"'
    try:
        until = datetime.fromisoformat(asked)
        until = (until if until.tzinfo else until.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        words = f'{what} is "{asked}", which is no time: write one like 2026-03-02T18:00:00Z, or remove it'
        return Obstacle("OnHold", words)
    if until <= now:
        return None
    return Obstacle("OnHold", f"{what} lets no Full run start until {until:%a %Y-%m-%d %H:%M} UTC")


def _outside_window(run: TicketResync, integration: PSAIntegration, now: datetime) -> Obstacle | None:
    """Whether the run can wait for a quiet time, and must."""
    if not (run.respects_windows and integration.spec.maintenance_windows):
        return None
    windows = look_at(integration.spec.maintenance_windows, now)
    if windows.open_until is not None:
        return None
    return Obstacle(
        "OutsideWindow",
        f"The next maintenance window opens {windows.opens_at:%a %Y-%m-%d %H:%M} UTC; a run that must not "
        "wait for it is a TicketResync of its own, without respectWindows",
    )


def _needs_no_psa(run: TicketResync, integration: PSAIntegration) -> bool:
    """Whether a run can work though the PSA does not: it explains that, or never asks the PSA."""
    status = integration.status
    needed = ["DatabaseReady", *(["Reconciling"] if run.spec.mode is Mode.ROLLBACK else [])]
    concerned = run.explains or run.spec.mode is Mode.ROLLBACK
    return concerned and _tried(integration) and all(is_true(status.conditions, type_) for type_ in needed)


def _tried(integration: PSAIntegration) -> bool:
    return integration.status.observed_generation == integration.metadata.generation


def not_ready(integration: PSAIntegration) -> Obstacle | None:
    """Why an integration cannot be used yet."""
    name, status = integration.metadata.name, integration.status
    if not _tried(integration):
        return Obstacle("IntegrationNotReady", f'PSAIntegration "{name}" is being checked')
    if is_true(status.conditions, "Ready"):
        return None
    ready = find_condition(status.conditions, "Ready")
    why = f"{ready.reason}: {ready.message}" if ready else "it was not checked yet"
    return Obstacle("IntegrationNotReady", f'PSAIntegration "{name}" is not ready. {why}')


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st ..."""
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _queued(world: World) -> Obstacle | None:
    place = f"this one is {ordinal(len(world.ahead) + 1)} in the queue"
    if world.active or world.ahead:
        running = f"{world.active[0]} is running" if world.active else f"{world.ahead[0]} is next"
        return Obstacle("AnotherRunActive", f"{running} for the same PSA account; {place}")
    return NO_WORKER if world.free_workers < 1 else None
