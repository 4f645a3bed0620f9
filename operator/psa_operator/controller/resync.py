"""What a TicketResync needs next: pure decisions, one line of a table each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.controller.obstacles import NO_WORKER, Obstacle, World, obstacle_for

POLL = 1.0
"""Seconds between two looks at the run row of an active run."""

RECHECK = 30.0
"""Seconds after which a waiting run is looked at again although nothing was reported."""

BLOCKED = 5.0
"""Seconds until a database or a Secret that could not be read is tried again."""

_LONGEST_RETRY = timedelta(minutes=7)


@dataclass(frozen=True)
class Attempts:
    """What the run history knows of a run that has begun; `to_approve` is 0 unless it awaits an approval.

    `alive` says that a worker is on it, whoever has started it.
    """

    number: int = 0
    alive: bool = False
    failures: int = 0
    ended: bool = False
    released_at: datetime | None = None
    retry_at: datetime | None = None
    reason: str = ""
    message: str = ""
    to_approve: int = 0


_UNCHANGED = "the data is as it was before the run"
_UNSEEN = f"the database could not be reached: unless its table run says otherwise, {_UNCHANGED}"


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
class AwaitApproval:
    """Say what has to be approved, and look again after so many seconds."""

    after: float


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


Decision = Forget | Delete | Wait | AwaitApproval | Start | Observe | End


def decide(run: TicketResync, attempts: Attempts | None, world: World, now: datetime) -> Decision:
    """What this run needs next: the same answer for the same facts."""
    if finished(run):
        return _after_the_end(run, now)
    if attempts is not None and attempts.ended:
        return Observe()
    forced = _forced_end(run, attempts, world, now)
    if forced is not None:
        return forced
    if world.working or (attempts is not None and attempts.alive):
        return Observe()
    if attempts is not None and attempts.to_approve:
        return _approval(run, attempts, world, now)
    if begun(run, attempts):
        return _next_attempt(run, attempts or Attempts(), world, now)
    if world.covered_by is not None:
        return _covered(world.covered_by)
    return _first_attempt(run, obstacle_for(run, world, now), now)


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


def holds_account(run: TicketResync) -> bool:
    """Whether it has the PSA account to itself; a run that needed an approval has let it go."""
    return begun(run, None) and run.status.phase is not RunPhase.AWAITING_APPROVAL


def queue_order(run: TicketResync) -> tuple[bool, datetime, str]:
    """Quick before Full; then who comes first; of two that came in the same second, by name."""
    created = run.metadata.creation_timestamp
    return run.demanding, created or datetime.max.replace(tzinfo=UTC), run.metadata.name


def retry_delay(failures: int, first: timedelta) -> timedelta:
    """How long to wait after so many failures in a row."""
    return min(first * float(2 ** min(failures - 1, 16)), _LONGEST_RETRY)


def _after_the_end(run: TicketResync, now: datetime) -> Decision:
    ttl, ended = run.spec.ttl_seconds_after_finished, run.status.completion_time
    if ttl is None or ended is None or run.status.untold:
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
    if run.status.phase is RunPhase.AWAITING_APPROVAL:  # the deadline's clock stands
        return None
    started, limit = run.status.start_time, run.spec.active_deadline_seconds
    if started is None or started + timedelta(seconds=limit + _waited_for_approval(run)) > now:
        return None
    return End(
        RunPhase.FAILED,
        "DeadlineExceeded",
        f"The run took longer than activeDeadlineSeconds ({limit} s); {data}. Look in status.waited "
        "whether the PSA or the database was slow, or allow more time in a new TicketResync",
    )


def _waited_for_approval(run: TicketResync) -> float:
    return run.status.approval.waited_seconds if run.status.approval else 0.0


def _approval(run: TicketResync, attempts: Attempts, world: World, now: datetime) -> Decision:
    """What a run needs that would delete too much: an approval in time, and then its turn."""
    if run.approved_deletions >= attempts.to_approve:
        if attempts.retry_at is not None and attempts.retry_at > now:
            return Wait(Obstacle(attempts.reason, attempts.message), _until(attempts.retry_at, now))
        obstacle = obstacle_for(run, world, now)
        return Start() if obstacle is None else Wait(obstacle)
    limit = run.spec.approval_timeout_seconds
    deadline = (attempts.released_at or now) + timedelta(seconds=limit)
    if deadline > now:
        return AwaitApproval(_until(deadline, now))
    return End(
        RunPhase.FAILED,
        "ApprovalTimeout",
        f"Nobody approved the {attempts.to_approve:,} rows within approvalTimeoutSeconds ({limit} s); "
        f"{_UNCHANGED}. Look at the PSA, and make another run",
    )


def _covered(other: TicketResync) -> End:
    """Another run has begun since this one was asked for, and has brought all that this one would."""
    words = f'"{other.metadata.name}" began after this run was asked for, and has done the same'
    receipt = f": {other.status.message}" if other.status.message else ""
    return End(RunPhase.SUCCEEDED, "CoveredByAnotherRun", f"{words}{receipt}")


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
    return Wait(NO_WORKER) if world.free_workers < 1 else Start()


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
