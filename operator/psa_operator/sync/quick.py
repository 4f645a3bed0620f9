"""Quick: bring what changed since the last run; never remove anything."""

from collections.abc import Mapping
from datetime import datetime

from psa_operator.sync import children, companies, parents, progress, reference
from psa_operator.sync.conclude import publish
from psa_operator.sync.entities import REFERENCE, Entity
from psa_operator.sync.guard import check_refusals
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.mapping import Mapper
from psa_operator.sync.marks import Marks, movable, since
from psa_operator.sync.outcome import Difference
from psa_operator.sync.ports import Query
from psa_operator.sync.prove import require_some
from psa_operator.sync.push import push
from psa_operator.sync.scope import COMPANY_EXCLUDED, OUTSIDE_DATE_RANGE
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark, Stage
from psa_operator.sync.walk import walk

_SCOPE_CHANGED = (
    "The scope changed since the last Full run, or a new release brings more of it: tickets that did not "
    "change since then are still as they were. A TicketResync with mode: Full brings them in line"
)

_LEFT_BEHIND = {
    OUTSIDE_DATE_RANGE: "are outside the date range",
    COMPANY_EXCLUDED: "belong to companies that spec.companies leaves out",
}


async def quick(job: Job) -> None:
    """Bring the live tables up to the PSA's time of the first question."""
    job.report.effective_mode = Mode.QUICK
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    marks = _trusted(await job.run.marks(), server.now + job.spec.overlap)
    written = await push(job, server.now)
    # From what was read before a right was missed, nobody can tell whether a list was complete.
    stage = await job.run.open_stage(Mode.QUICK, job.denied, anew=bool(job.denied))
    await stage.begin(server.now)
    # An earlier attempt's: what it read may have changed since.
    until = stage.state.began or server.now
    intake, refreshed = await _reference(job, stage, marks, server.now)

    await job.enter(progress.FETCHING)
    short = await _changed(job, stage, intake, marks)
    new_marks = _marks(job, marks, intake.latest, until, refreshed=refreshed)
    for entity in short:
        new_marks.pop(entity, None)
    await _besides(job, stage, intake, written)

    await job.enter(progress.VERIFYING)
    await parents.complete(job, stage, intake)
    difference = await _compare(job, stage, intake, until)
    check_refusals(difference, job.spec.verification.max_quarantined_percent)
    job.report.skipped = dict(difference.dropped)
    for reason, number in difference.left_behind.items():
        job.notice(f"{number:,} tickets {_LEFT_BEHIND[reason]} by now and were hidden")
    job.report.newest = next(iter(await stage.newest(1)), None)
    if job.spec.dry_run:
        job.note_difference(difference)
        return
    await publish(job, stage, difference, intake.scope, new_marks)


async def _changed(job: Job, stage: Stage, intake: Intake, marks: Marks) -> list[Entity]:
    """Read what changed since the marks; returns the entities of which the PSA listed too few."""
    windows = {entity: _window(job, entity, marks) for entity in job.lists}
    expected = {entity: await job.source.count(entity, query) for entity, query in windows.items()}
    job.tracker.expect(expected)
    for entity, window in windows.items():
        if entity is Entity.TICKETS:
            await companies.settle(job, stage, intake)
        await walk(job, stage, intake, entity, window)
    return await _short(job, stage, intake, windows, expected)


async def _besides(job: Job, stage: Stage, intake: Intake, written: list[int]) -> None:
    """Read what did not fit, what was written to the PSA, and what belongs to the tickets that were read."""
    for entity in job.lists:
        await intake.fetch(entity, await job.run.quarantined(entity))
    await intake.fetch(Entity.TICKETS, written)
    await companies.settle(job, stage, intake)
    await companies.bring_back(job, intake)
    await children.read_all(job, stage, intake)
    for entity in job.of_a_ticket:
        await children.read_of(job, intake, entity, await job.run.quarantined_tickets(entity))


async def _reference(job: Job, stage: Stage, marks: Marks, now: datetime) -> tuple[Intake, bool]:
    wanted = [entity for entity in REFERENCE if entity not in job.denied]
    ages = [marks[entity].covered_until for entity in wanted if entity in marks]
    fresh = len(ages) == len(wanted) and all(age and now - age < reference.REFRESH_AFTER for age in ages)
    if fresh and await _mapped(job):
        scope = await reference.live_scope(job.spec.scope, job.run, now)
        return Intake(job, stage, scope, bulk=False), False
    lists = await reference.read(job.source, job.denied)
    scope = reference.scope_of(job.spec.scope, lists, now)
    intake = Intake(job, stage, scope, bulk=False)
    await reference.stage(job, intake, lists)
    return intake, True


async def _mapped(job: Job) -> bool:
    """Whether the live statuses and priorities have the names that the user gives them now."""
    mapper = Mapper(job.spec.mappings, job.spec.scope.custom_fields)
    return all([mapper.holds(await job.run.reference(each)) for each in (Entity.STATUSES, Entity.PRIORITIES)])


def _trusted(marks: Marks, latest: datetime) -> Marks:
    """Marks that the PSA's clock has reached; beyond lies what it stamped before it was put back."""

    def reached(mark: Mark) -> bool:
        return all(each <= latest for each in (mark.watermark, mark.covered_until) if each)

    return {entity: mark for entity, mark in marks.items() if reached(mark)}


def _window(job: Job, entity: Entity, marks: Marks) -> Query:
    start = since(job, entity, marks)
    if start is None:
        job.notice(f"No usable mark for {entity}: everything is read again, and nothing is deleted")
        return Query()
    return Query(changed_since=start - job.spec.overlap)


def _marks(
    job: Job, marks: Marks, latest: Mapping[Entity, datetime], until: datetime, *, refreshed: bool
) -> dict[Entity, Mark]:
    moved: dict[Entity, Mark] = {}
    for entity in job.lists:
        before = marks.get(entity, Mark())
        seen = min(latest[entity], until) if entity in latest else None
        watermark = max((each for each in (seen, before.watermark) if each), default=until)
        moved[entity] = Mark(watermark, max(until, before.covered_until or until))
    if refreshed:
        moved |= {entity: Mark(until, until) for entity in REFERENCE}
    notes = marks.get(Entity.NOTES, Mark()).covered_until or until
    moved[Entity.NOTES] = Mark(max(until, notes), max(until, notes))
    return movable(job, moved, marks)


async def _short(
    job: Job, stage: Stage, intake: Intake, windows: Mapping[Entity, Query], expected: Mapping[Entity, int]
) -> list[Entity]:
    """Entities of which the PSA listed fewer than it counts: their marks stay, so they are read again."""
    short: list[Entity] = []
    for entity, window in windows.items():
        brought = intake.brought[entity]
        # What an earlier attempt brought is not known here.
        if stage.state.resumed or brought >= expected[entity]:
            continue
        counted = await job.source.count(entity, window)
        if brought < counted:
            short.append(entity)
            job.warn(
                "IncompleteList",
                None,
                f"The PSA counts {counted:,} changed {entity} but listed {brought:,}; "
                "the next run asks for them again",
            )
    return short


async def _compare(job: Job, stage: Stage, intake: Intake, until: datetime) -> Difference:
    if await _scope_changed(job):
        job.report.resync_required = _SCOPE_CHANGED
        return await stage.difference(intake.scope)
    return await _settle(job, stage, intake, until)


async def _settle(job: Job, stage: Stage, intake: Intake, until: datetime) -> Difference:
    """Compare with the PSA's own count, reading once more what changed since; say what remains."""
    # Only now: no larger id was read, and a ticket made from here on is no difference.
    largest = await job.source.largest_id(Entity.TICKETS)
    difference = await stage.difference(intake.scope)
    in_scope = Query(scope=intake.scope, upto=largest)
    if not job.source.expresses(in_scope):
        job.report.resync_required = None
        return difference
    for final in (False, False, True):
        counted = await job.source.count(Entity.TICKETS, in_scope)
        here = difference.tickets_after + difference.absent_after
        if counted == here:
            break
        if not counted:  # a window of dates may be empty, but hardly the whole PSA
            require_some(Entity.TICKETS, await job.source.count(Entity.TICKETS))
        if final:
            job.report.resync_required = (
                f"The PSA has {counted:,} tickets in scope, {here:,} are here: {_explain(here - counted)}"
            )
            break
        recent = Query(changed_since=until - job.spec.overlap, upto=largest)
        await intake.put_all(job.source.walk(Entity.TICKETS, recent))
        await children.read_all(job, stage, intake)
        await parents.complete(job, stage, intake)
        difference = await stage.difference(intake.scope)
    return difference


def _explain(surplus: int) -> str:
    if surplus > 0:
        probably = f"{surplus:,} were probably deleted there, which a Quick run leaves as it is"
        return f"{probably}. A TicketResync with mode: Prune or mode: Full mends that"
    return f"{-surplus:,} are missing. A TicketResync with mode: Full mends that"


async def _scope_changed(job: Job) -> bool:
    last = await job.run.last_full_config()
    return last is not None and last != job.spec.config_hash
