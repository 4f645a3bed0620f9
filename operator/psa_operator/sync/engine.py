"""One run from claim to end: the same from the command line, a child process and a Kubernetes Job."""

import asyncio
from contextlib import suppress

from msgspec import Struct

from psa_operator.errors import (
    CancelledError,
    FencedError,
    GuardError,
    PermissionDeniedError,
    PsaOperatorError,
    ShutdownError,
    StalledError,
    TransientError,
)
from psa_operator.sync.entities import Entity
from psa_operator.sync.explain import explain
from psa_operator.sync.full import full
from psa_operator.sync.job import Job
from psa_operator.sync.named import resync_named
from psa_operator.sync.outcome import Report
from psa_operator.sync.ports import Clock, Source
from psa_operator.sync.progress import APPLYING, SUCCEEDED, Tracker
from psa_operator.sync.prune import prune
from psa_operator.sync.quick import quick
from psa_operator.sync.rollback import roll_back
from psa_operator.sync.settings import resync_settings
from psa_operator.sync.spec import Mode, RunSpec
from psa_operator.sync.storage import Run, Store

_HEARTBEAT_SECONDS = 1.0


class Outcome(Struct, frozen=True):
    """How an attempt ended. `phase` is empty when the run goes on with another attempt."""

    phase: str
    reason: str
    message: str
    charge: bool = True
    retry_after: float | None = None


async def perform(
    spec: RunSpec, source: Source, store: Store, clock: Clock, stopping: asyncio.Event
) -> Outcome:
    """Make one attempt at a run; `stopping` asks it to end at a safe point and keep its stage.

    Raises TransientError if the database cannot be reached, so that nothing could be recorded.
    """
    async with store.claim(spec) as run:
        source.traffic.began = clock.now()
        job = Job(spec, source, run, clock, Tracker(clock), Report(traffic=source.traffic))
        try:
            await _watched(job, stopping)
        except PsaOperatorError as error:
            job.report.requests = source.requests
            return await _failed(job, error)
        job.report.requests = source.requests
        if spec.dry_run:
            await run.finish(SUCCEEDED, *_dry(job.report), job.report)
        return Outcome(SUCCEEDED, SUCCEEDED, "")


def _dry(report: Report) -> tuple[str, str]:
    """Reason and message of a run that changed nothing."""
    match report.explanations:
        case []:
            return "DryRun", "Nothing was changed: this was a dry run"
        case [only]:
            return "Explained", f"#{only.ticket_id} is {only.verdict} ({only.reason}): {only.detail}"
        case several:
            told = ", ".join(f"#{each.ticket_id} {each.verdict} ({each.reason})" for each in several)
            return "Explained", f"{told}. status.explanations has the details; nothing was changed"


async def _watched(job: Job, stopping: asyncio.Event) -> None:
    """Do the work while a heartbeat writes progress and listens for cancel and shutdown."""
    work = asyncio.create_task(_as_far_as_allowed(job))
    watch = asyncio.create_task(_watch(job, work, stopping))
    done, _ = await asyncio.wait((work, watch), return_when=asyncio.FIRST_COMPLETED)
    first, other = (work, watch) if work in done else (watch, work)
    if first is watch and job.tracker.phase == APPLYING:
        # Publishing is one transaction: it is short, and then it has happened or not.
        with suppress(PsaOperatorError):
            await work
            watch.exception()  # known, or asyncio would call it forgotten
            return
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    first.result()


async def _as_far_as_allowed(job: Job) -> None:
    """Do the work; once more, without the area, where a right that it can do without turns out to lack."""
    while True:
        known = set(job.denied)
        try:
            return await _work(job)
        except PermissionDeniedError:
            await job.find_access()
            if known == job.denied.keys():
                raise


async def _work(job: Job) -> None:
    mode = job.spec.mode
    if job.spec.only.ticket_ids:
        await (_explain if job.spec.dry_run else resync_named)(job)
        return
    if mode is Mode.QUICK and not (await job.run.live_counts()).get(Entity.TICKETS):
        job.notice("Quick became Full, because no ticket of this integration was here yet")
        mode = Mode.FULL
    await _MODES[mode](job)


async def _explain(job: Job) -> None:
    job.report.effective_mode = job.spec.mode
    job.report.explanations = await explain(job.spec, job.source, job.run)


_MODES = {
    Mode.QUICK: quick,
    Mode.FULL: full,
    Mode.REFERENCE_DATA: resync_settings,
    Mode.PRUNE: prune,
    Mode.ROLLBACK: roll_back,
}


async def _watch(job: Job, work: "asyncio.Task[None]", stopping: asyncio.Event) -> None:
    while not work.done():
        if job.tracker.phase != APPLYING:
            await job.say()
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _HEARTBEAT_SECONDS)
            raise ShutdownError("The worker was asked to end; what was read is kept for the next attempt")


async def _failed(job: Job, error: PsaOperatorError) -> Outcome:
    run, report, message = job.run, job.report, str(error)
    match error:
        case FencedError():
            return Outcome("", error.reason, message, charge=False)
        case ShutdownError():
            await run.release(error.reason, message, charge=False, retry_after=None)
            return Outcome("", error.reason, message, charge=False)
        case CancelledError():
            await _end(run, job, "Cancelled", error)
            return Outcome("Cancelled", error.reason, message)
        case GuardError():
            await run.await_approval(error.reason, message, report)
            return Outcome("", error.reason, message, charge=False)
        case TransientError():
            job.fail(error)
            await run.report(job.tracker.snapshot(job.source, run.database_seconds), report)
            await run.release(error.reason, message, charge=True, retry_after=error.retry_after)
            return Outcome("", error.reason, message, retry_after=error.retry_after)
        case StalledError() | PsaOperatorError():
            job.fail(error)
            await _end(run, job, "Failed", error)
            return Outcome("Failed", error.reason, message)


async def _end(run: Run, job: Job, phase: str, error: PsaOperatorError) -> None:
    await run.finish(phase, error.reason, str(error), job.report)
