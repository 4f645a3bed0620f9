"""What a TicketResync needs next: pure decisions, one line of a table each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psa_operator.api.conditions import find_condition, is_true
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase

POLL = 1.0
"""Seconds between two looks at the run row of an active run."""

RECHECK = 30.0
"""Seconds after which a waiting run is looked at again although nothing was reported."""

BLOCKED = 5.0
"""Seconds until a database or a Secret that could not be read is tried again."""

_LONGEST_RETRY = timedelta(minutes=7)


@dataclass(frozen=True)
class Attempts:
    """What the run history knows of a run that has begun."""

    number: int = 0
    failures: int = 0
    ended: bool = False
    released_at: datetime | None = None
    retry_at: datetime | None = None
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class World:
    """What stands in a run's way, and what helps it."""

    integration: PSAIntegration | None
    working: bool = False
    active: Sequence[str] = ()
    ahead: Sequence[str] = ()
    free_workers: int = 1
    retry_backoff: timedelta = timedelta(seconds=10)


@dataclass(frozen=True)
class Obstacle:
    """Why a run cannot start; it passes by itself, or a person must act."""

    reason: str
    message: str


_UNCHANGED = "the data is as it was before the run"
_UNSEEN = f"the database could not be reached: unless its table run says otherwise, {_UNCHANGED}"
_NO_WORKER = Obstacle(
    "MaxConcurrentRuns", "All workers of the operator are busy; the run goes on when one is free"
)


@dataclass(frozen=True)
class Forget:
    """Nothing more to do, or not before `after` seconds."""

    after: float | None = None


@dataclass(frozen=True)
class Delete:
    """The finished object has lived long enough."""


@dataclass(frozen=True)
class Wait:
    """Stay as it is, and say why."""

    obstacle: Obstacle
    after: float = RECHECK


@dataclass(frozen=True)
class Start:
    """Make the next attempt."""


@dataclass(frozen=True)
class End:
    """Bring the run to an end that its worker did not choose."""

    phase: RunPhase
    reason: str
    message: str


@dataclass(frozen=True)
class Observe:
    """Show what the run row says."""


Decision = Forget | Delete | Wait | Start | Observe | End


def decide(run: TicketResync, attempts: Attempts | None, world: World, now: datetime) -> Decision:
    """What this run needs next: the same answer for the same facts."""
    if finished(run):
        return _after_the_end(run, now)
    if attempts is not None and attempts.ended:
        return Observe()
    forced = _forced_end(run, attempts, world, now)
    if forced is not None:
        return forced
    if world.working:
        return Observe()
    if begun(run, attempts):
        return _next_attempt(run, attempts or Attempts(), world, now)
    return _first_attempt(run, obstacle_for(run, world), now)


def decide_unseen(run: TicketResync, world: World, obstacle: Obstacle, now: datetime) -> Wait | End:
    """What a run needs whose row cannot be read: it waits, unless it must end whatever the row says."""
    if begun(run, None) or world.working:
        return _forced_end(run, None, world, now, _UNSEEN) or Wait(obstacle, BLOCKED)
    late = _forced_end(run, None, world, now) or _late_start(run, obstacle, now)
    return late or Wait(obstacle, min(BLOCKED, _until(_starting_deadline(run), now)))


def finished(run: TicketResync) -> bool:
    """Whether it has ended, which is for ever."""
    return run.status.phase is not None and run.status.phase.finished


def begun(run: TicketResync, attempts: Attempts | None) -> bool:
    """Whether a first attempt was made, so that only an end can stop further ones."""
    return run.status.start_time is not None or (attempts is not None and attempts.number > 0)


def queue_order(run: TicketResync) -> tuple[datetime, str]:
    """Who comes first, comes first; of two that came in the same second, by name."""
    created = run.metadata.creation_timestamp
    return created or datetime.max.replace(tzinfo=UTC), run.metadata.name


def obstacle_for(run: TicketResync, world: World) -> Obstacle | None:
    """What keeps a run from its first attempt; the first that a person would want to know."""
    return hindered(run, world.integration) or _queued(world)


def hindered(run: TicketResync, integration: PSAIntegration | None) -> Obstacle | None:
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
    return not_ready(integration)


def not_ready(integration: PSAIntegration) -> Obstacle | None:
    """Why an integration cannot be used yet."""
    name, status = integration.metadata.name, integration.status
    if status.observed_generation != integration.metadata.generation:
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


def retry_delay(failures: int, first: timedelta) -> timedelta:
    """How long to wait after so many failures in a row."""
    return min(first * float(2 ** min(failures - 1, 16)), _LONGEST_RETRY)


def _queued(world: World) -> Obstacle | None:
    place = f"this one is {ordinal(len(world.ahead) + 1)} in the queue"
    if world.active or world.ahead:
        running = f"{world.active[0]} is running" if world.active else f"{world.ahead[0]} is next"
        return Obstacle("AnotherRunActive", f"{running} for the same PSA account; {place}")
    return _NO_WORKER if world.free_workers < 1 else None


def _after_the_end(run: TicketResync, now: datetime) -> Decision:
    ttl, ended = run.spec.ttl_seconds_after_finished, run.status.completion_time
    if ttl is None or ended is None:
        return Forget()
    left = (ended + timedelta(seconds=ttl) - now).total_seconds()
    return Delete() if left <= 0 else Forget(after=left)


def _forced_end(
    run: TicketResync, attempts: Attempts | None, world: World, now: datetime, data: str = _UNCHANGED
) -> End | None:
    """An end that comes from outside: a person, the integration, the clock; `data` says what it leaves."""
    if run.spec.cancel:
        return End(RunPhase.CANCELLED, "Cancelled", f"Cancelled on request; {data}")
    if run.metadata.deletion_timestamp is not None:
        words = f"The TicketResync is being deleted; {data}"
        return End(RunPhase.CANCELLED, "TicketResyncDeleted", words)
    if not (begun(run, attempts) or world.working):
        return None
    name = run.spec.integration_ref.name
    if world.integration is None:
        words = f'PSAIntegration "{name}" was deleted while the run was on; {data}'
        return End(RunPhase.CANCELLED, "IntegrationDeleted", words)
    if not world.integration.spec.enabled:
        words = f'PSAIntegration "{name}" was disabled while the run was on; {data}'
        return End(RunPhase.CANCELLED, "IntegrationDisabled", words)
    started, limit = run.status.start_time, run.spec.active_deadline_seconds
    if started is None or started + timedelta(seconds=limit) > now:
        return None
    return End(
        RunPhase.FAILED,
        "DeadlineExceeded",
        f"The run took longer than activeDeadlineSeconds ({limit} s); {data}. Look in status.waited "
        "whether the PSA or the database was slow, or allow more time in a new TicketResync",
    )


def _first_attempt(run: TicketResync, obstacle: Obstacle | None, now: datetime) -> Decision:
    late = _late_start(run, obstacle, now)
    if late is not None:
        return late
    return Start() if obstacle is None else Wait(obstacle, min(RECHECK, _until(_starting_deadline(run), now)))


def _late_start(run: TicketResync, obstacle: Obstacle | None, now: datetime) -> End | None:
    deadline = _starting_deadline(run)
    if deadline is None or deadline > now:
        return None
    waited = f"{obstacle.reason}: {obstacle.message}" if obstacle else "the operator was away"
    return End(
        RunPhase.FAILED,
        "StartingDeadlineExceeded",
        f"The run did not start within {run.spec.starting_deadline_seconds} s, waiting for {waited}",
    )


def _next_attempt(run: TicketResync, attempts: Attempts, world: World, now: datetime) -> Decision:
    limit = run.spec.backoff_limit
    last = max(attempts.number, attempts.failures)  # a worker may have died before it took its number
    if attempts.failures > limit:
        return End(
            RunPhase.FAILED,
            "BackoffLimitExceeded",
            f"Attempt {last} failed and backoffLimit is {limit}: {attempts.message}",
        )
    due = _due(attempts, world.retry_backoff)
    if due is not None and due > now:
        again = f"Attempt {last} failed, the next one begins at {due:%H:%M:%S} UTC: {attempts.message}"
        return Wait(Obstacle(attempts.reason, again), _until(due, now))
    return Wait(_NO_WORKER) if world.free_workers < 1 else Start()


def _due(attempts: Attempts, first: timedelta) -> datetime | None:
    if attempts.released_at is None or attempts.failures == 0:
        return attempts.retry_at
    own = attempts.released_at + retry_delay(attempts.failures, first)
    return max(own, attempts.retry_at or own)


def _starting_deadline(run: TicketResync) -> datetime | None:
    limit, created = run.spec.starting_deadline_seconds, run.metadata.creation_timestamp
    return created + timedelta(seconds=limit) if limit is not None and created is not None else None


def _until(moment: datetime | None, now: datetime) -> float:
    return RECHECK if moment is None else max(0.0, (moment - now).total_seconds())
