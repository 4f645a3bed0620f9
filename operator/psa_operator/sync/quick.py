"""Quick: bring what changed since the last run; never remove anything."""

from collections.abc import Mapping
from datetime import datetime

from psa_operator.sync import parents, progress, reference
from psa_operator.sync.guard import check_refusals
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.outcome import Difference
from psa_operator.sync.ports import Mark, Query, Stage
from psa_operator.sync.records import LARGE, REFERENCE, Entity
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.walk import walk

_RECOUNTS = 2
_SCOPE_CHANGED = (
    "The scope changed since the last Full run: tickets that did not change since then are still as they "
    "were under the former scope. A Full run brings them in line"
)

Marks = Mapping[Entity, Mark]


async def quick(job: Job) -> None:
    """Bring the live tables up to the PSA's time of the first question."""
    job.report.effective_mode = Mode.QUICK
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    marks, until = await job.run.marks(), server.now
    stage = await job.run.open_stage(Mode.QUICK)
    await stage.begin(until)
    scope, intake, refreshed = await _reference(job, stage, marks, until)
    largest = await job.source.largest_id(Entity.TICKETS)

    job.tracker.enter(progress.FETCHING)
    windows = {entity: _window(job, entity, marks) for entity in LARGE}
    job.tracker.expect({entity: await job.source.count(entity, query) for entity, query in windows.items()})
    for entity, window in windows.items():
        await walk(job, stage, intake, entity, window)
        await intake.fetch(entity, await job.run.quarantined(entity))
    new_marks = _marks(marks, intake.latest, until, refreshed=refreshed)

    job.tracker.enter(progress.VERIFYING)
    await parents.complete(job, stage, intake)
    if await _scope_changed(job):
        job.report.resync_required = _SCOPE_CHANGED
        difference = await stage.difference(scope)
    else:
        difference = await _settle(job, stage, intake, until, largest)
    check_refusals(difference)
    job.report.skipped = dict(difference.dropped)
    job.report.newest = await stage.newest()
    if job.spec.dry_run:
        job.note_dry_run(difference)
        return
    await stage.seal(difference)
    job.tracker.enter(progress.APPLYING)
    await stage.publish(scope, new_marks, job.report)


async def _reference(
    job: Job, stage: Stage, marks: Marks, now: datetime
) -> tuple[ResolvedScope, Intake, bool]:
    ages = [marks[entity].covered_until for entity in REFERENCE if entity in marks]
    fresh = len(ages) == len(REFERENCE) and all(age and now - age < reference.REFRESH_AFTER for age in ages)
    if fresh:
        scope = await reference.live_scope(job.spec.scope, job.run, now)
        return scope, Intake(job, stage, scope, bulk=False), False
    lists = await reference.read(job.source)
    scope = reference.scope_of(job.spec.scope, lists, now)
    intake = Intake(job, stage, scope, bulk=False)
    await reference.stage(intake, lists)
    return scope, intake, True


def _window(job: Job, entity: Entity, marks: Marks) -> Query:
    watermark = marks[entity].watermark if entity in marks else None
    if watermark is None:
        job.notice(f"No usable mark for {entity}: everything is read again, and nothing is deleted")
        return Query()
    return Query(changed_since=watermark - job.spec.overlap)


def _marks(marks: Marks, latest: Mapping[Entity, datetime], until: datetime, *, refreshed: bool) -> Marks:
    moved: dict[Entity, Mark] = {}
    for entity in LARGE:
        before = marks[entity].watermark if entity in marks else None
        seen = [min(latest[entity], until)] if entity in latest else []
        watermark = max([*seen, *([before] if before else [])], default=until)
        moved[entity] = Mark(watermark, until)
    if refreshed:
        moved |= {entity: Mark(until, until) for entity in REFERENCE}
    return moved


async def _settle(job: Job, stage: Stage, intake: Intake, until: datetime, largest: int) -> Difference:
    """Compare with the PSA's own count, reading once more what changed since; say what remains."""
    counted, difference = 0, await stage.difference(intake.scope)
    for _ in range(_RECOUNTS):
        # Up to the largest id of the beginning: a ticket made since is no difference.
        counted = await job.source.count(Entity.TICKETS, Query(scope=intake.scope, upto=largest))
        if counted == difference.tickets_after + difference.absent_after:
            return difference
        recent = Query(changed_since=until - job.spec.overlap)
        await intake.put_all(job.source.walk(Entity.TICKETS, recent))
        await parents.complete(job, stage, intake)
        difference = await stage.difference(intake.scope)
    here = difference.tickets_after + difference.absent_after
    if counted != here:
        job.report.resync_required = (
            f"The PSA has {counted:,} tickets in scope, {here:,} are here: {_explain(here - counted)}. "
            "A Full run mends that"
        )
    return difference


def _explain(surplus: int) -> str:
    if surplus > 0:
        return f"{surplus:,} were probably deleted there, which a Quick run never repeats"
    return f"{-surplus:,} are missing"


async def _scope_changed(job: Job) -> bool:
    last = await job.run.last_full_config()
    return last is not None and last != job.spec.config_hash
