"""Full ("clear and resync"): read everything, prove it, and publish it at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from psa_operator.sync import children, companies, parents, progress, reference
from psa_operator.sync.conclude import conclude
from psa_operator.sync.entities import LARGE, REFERENCE, Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.marks import movable
from psa_operator.sync.outcome import Difference
from psa_operator.sync.plan import listing, make_plan, note_skipped
from psa_operator.sync.ports import Query
from psa_operator.sync.prove import prove, require_some
from psa_operator.sync.push import push, require_none
from psa_operator.sync.scope import TICKET_OUT_OF_SCOPE, ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark, Stage
from psa_operator.sync.tallies import check_boards, check_emptied, check_mappings
from psa_operator.sync.tasks import concurrently
from psa_operator.sync.verify import verify
from psa_operator.sync.walk import walk
from psa_operator.sync.write_probe import probe_writing

_ROUNDS = 5
_PROVEN_IN_TURN = ((Entity.COMPANIES, Entity.TICKETS), (Entity.CONTACTS,), (Entity.TIME_ENTRIES,))
"""Rows of lists, all rows at once; which tickets are in scope follows from the companies."""


async def full(job: Job) -> None:
    """Bring the live tables to exactly what the PSA has in scope, or leave them as they are.

    A run of some kinds of records does so for these, and has no word on whether a Full run is needed.
    """
    job.report.effective_mode = Mode.FULL
    pending = await require_none(job)
    await job.find_access()
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    lists = await reference.read(job.source, job.denied)
    stage = await job.run.open_stage(Mode.FULL, job.denied)
    job.notice(stage.state.notice)
    _note_limits(job)
    began = stage.state.began or server.now
    scope = reference.scope_of(job.spec.scope, lists, began)
    chosen = _chosen(job, lists)
    intake = Intake(job, stage, scope, bulk=not stage.state.indexed)
    await make_plan(job, scope, chosen, pending)
    await stage.begin(began)
    await push(job, server.now)

    await job.enter(progress.FETCHING)
    await reference.stage(job, intake, chosen)
    await _fetch(job, stage, intake)

    await job.enter(progress.CATCHING_UP)
    await _catch_up(job, stage, intake, began)

    await job.enter(progress.VERIFYING)
    difference = await _verify(job, stage, intake, lists, began, server.now)
    check_emptied(job, difference)
    await probe_writing(job, server.now)
    job.report.newest = next(iter(await stage.newest(1)), None)
    await _note_dropped(job, intake.scope, difference)
    # What changed after this attempt began may have been missed; what changed before was caught up.
    marks = {} if job.spec.only.limited else await _marks(job, server.now)
    await conclude(job, stage, difference, intake.scope, marks)


def _chosen(job: Job, lists: reference.Reference) -> reference.Reference:
    return {entity: pages for entity, pages in lists.items() if job.spec.only.includes(entity)}


def _note_limits(job: Job) -> None:
    if job.spec.only.limited:
        job.report.resync_required = None
        job.notice(f"Limited to {', '.join(job.spec.only.entities)}")


async def _verify(
    job: Job, stage: Stage, intake: Intake, lists: reference.Reference, began: datetime, now: datetime
) -> Difference:
    """Prove every list, check tickets, and compare with what is live; all anew where tickets were lacking.

    `began` is the PSA's time at which reading began, `now` that at which this attempt did.
    """
    listed = await _prove(job, stage, intake, lists)
    proven = job.report.checks
    difference, again = await concurrently(
        (stage.difference(intake.scope), _check(job, stage, intake, lists, now))
    )
    comparable = job.source.expresses(Query(scope=intake.scope)) and Entity.TICKETS in job.lists
    lacking = comparable and difference.tickets_after + difference.absent_after != listed
    if lacking:
        # Tickets are listed that were staged while they were out of scope, and nobody has checked them.
        await _changes(job, stage, intake, Entity.TICKETS, began)
        job.report.checks = proven
        await _prove(job, stage, intake, lists)
        again = await _check(job, stage, intake, lists, now)
    if again:
        await _complete(job, stage, intake)
    return await stage.difference(intake.scope) if lacking or again else difference


async def _check(job: Job, stage: Stage, intake: Intake, lists: reference.Reference, began: datetime) -> bool:
    """Check tickets, if the run reads any; whether some were staged anew for that."""
    if Entity.TICKETS not in job.lists:
        return False
    again = await check_boards(job, stage, intake, lists, began)
    again = await verify(job, stage, intake, began) or again
    await check_mappings(job, stage, lists)
    return again


async def _catch_up(job: Job, stage: Stage, intake: Intake, began: datetime) -> None:
    """Read what changed since, until that is nothing; what a busy PSA has left is for the next Quick run."""
    since = began
    for _ in range(_ROUNDS):
        asked = await job.source.now()
        news = [await _changes(job, stage, intake, entity, since) for entity in job.lists]
        await children.read_notes(job, stage, intake)
        if not any(news):
            break
        since = asked


async def _changes(job: Job, stage: Stage, intake: Intake, entity: Entity, since: datetime) -> int:
    if entity is Entity.TICKETS:
        await companies.settle(job, stage, intake)
    changed = Query(changed_since=since - job.spec.overlap)
    return await intake.put_all(job.source.walk(entity, changed))


async def _prove(job: Job, stage: Stage, intake: Intake, lists: reference.Reference) -> int:
    """How many tickets the PSA lists in scope, after each list was shown to be complete."""
    lengths: dict[Entity, int] = {}

    async def in_turn(entities: Sequence[Entity]) -> None:
        for entity in filter(job.lists.__contains__, entities):
            if entity is Entity.TICKETS:
                await companies.settle(job, stage, intake)
            lengths[entity] = await prove(job, stage, intake, entity, listing(entity, intake.scope))
            # Rows that are kept because others refer to them hide from the guard that all would go.
            if job.spec.only.limited and (await job.run.live_counts())[entity]:
                require_some(entity, lengths[entity])

    settings = reference.prove(job, stage, intake, _chosen(job, lists))
    await concurrently([*map(in_turn, _PROVEN_IN_TURN), settings])
    await _complete(job, stage, intake)
    return lengths.get(Entity.TICKETS, 0)


async def _complete(job: Job, stage: Stage, intake: Intake) -> None:
    await children.read_notes(job, stage, intake)
    await parents.complete(job, stage, intake)


async def _fetch(job: Job, stage: Stage, intake: Intake) -> None:
    for entity, rows in (await stage.counts()).items() if stage.state.resumed else ():
        if entity in LARGE:
            job.tracker.already(entity, rows)
    if not stage.state.indexed:
        for entity in job.lists:
            if entity is Entity.TICKETS:
                await companies.settle(job, stage, intake)
            await walk(job, stage, intake, entity, listing(entity, intake.scope))
        await stage.index()
        intake.bulk = False
    await children.read_notes(job, stage, intake)


async def _note_dropped(job: Job, scope: ResolvedScope, difference: Difference) -> None:
    await note_skipped(job, scope, difference)
    if entries := difference.dropped.get(TICKET_OUT_OF_SCOPE):
        job.report.skipped[TICKET_OUT_OF_SCOPE] = entries


async def _marks(job: Job, covered: datetime) -> Mapping[Entity, Mark]:
    moved = dict.fromkeys((*REFERENCE, *job.lists, Entity.NOTES), Mark(covered, covered))
    return movable(job, moved, await job.run.marks())
