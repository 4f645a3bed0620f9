"""Prune: proving alone. What is here and no longer in the PSA goes, and nothing else is changed."""

from collections.abc import Mapping, Sequence

from psa_operator.sync import progress, reference
from psa_operator.sync.conclude import conclude
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import ids_of, named
from psa_operator.sync.job import Job
from psa_operator.sync.plan import note_plan
from psa_operator.sync.ports import Query
from psa_operator.sync.prove import complete_list, gone, require_some
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Stage
from psa_operator.sync.tasks import concurrently
from psa_operator.sync.walk import PAGE_SIZE, pages

_ANY_SCOPE = ResolvedScope()
"""Nothing goes because of the user's scope, so nothing that readers see is kept from the guard."""


async def prune(job: Job) -> None:
    """Remove the live rows of which the PSA says, list and record alike, that it has them no more."""
    job.report.effective_mode = Mode.PRUNE
    await job.find_access()
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    scope = reference.scope_of(job.spec.scope, await reference.read(job.source, job.denied), server.now)
    here = await job.run.live_counts()
    queries = {
        entity: Query(scope=scope if entity is Entity.TICKETS else None)
        for entity in job.lists
        if here[entity]
    }
    stage = await job.run.open_stage(Mode.PRUNE, job.denied)
    job.notice(stage.state.notice)
    await stage.begin(server.now)
    await _plan(job, queries)

    await job.enter(progress.FETCHING)
    listed = {entity: await _list(job, stage, entity, query) for entity, query in queries.items()}

    await job.enter(progress.VERIFYING)
    for entity in queries:
        await _keep_what_exists(job, stage, entity, scope)
    difference = await stage.difference(_ANY_SCOPE)
    # Tickets of companies that are left out are listed as well: companies were not read.
    comparable = job.source.expresses(Query(scope=scope)) and not scope.companies.limits
    if difference.tickets_after != listed.get(Entity.TICKETS) or not comparable:
        job.report.resync_required = None  # What else may be wrong, a Quick run can tell.
    await conclude(job, stage, difference, _ANY_SCOPE, {})


async def _plan(job: Job, queries: Mapping[Entity, Query]) -> None:
    counts = await concurrently(job.source.count(entity, query) for entity, query in queries.items())
    rows = dict(zip(queries, counts, strict=True))
    concurrency = job.spec.limits.concurrency
    requests = job.source.requests + sum(pages(number, concurrency) + 2 for number in counts)
    note_plan(job, rows, rows, requests)
    job.tracker.expect(rows)


async def _list(job: Job, stage: Stage, entity: Entity, query: Query) -> int:
    return require_some(entity, await complete_list(job, stage, entity, query))


async def _keep_what_exists(job: Job, stage: Stage, entity: Entity, scope: ResolvedScope) -> None:
    """Ask for each live row that is not listed: it may have left the scope, or have come since."""
    if entity is Entity.TICKETS and not scope.project_tickets:
        # The PSA is not asked for them, so they would look as if they were gone.
        await stage.add_listed(entity, await _of_projects(job, await stage.unlisted(entity)))
    unlisted = await stage.unlisted(entity)
    given: set[int] = set()
    async for page in named(job.source, entity, unlisted):
        given |= ids_of(page)
    certain = set(await gone(job.source, entity, [each for each in unlisted if each not in given]))
    await stage.add_listed(entity, [each for each in unlisted if each not in certain])


async def _of_projects(job: Job, tickets: Sequence[int]) -> list[int]:
    found: list[int] = []
    for start in range(0, len(tickets), PAGE_SIZE):
        some = await job.run.tickets(tickets[start : start + PAGE_SIZE])
        found += [each for each, kept in some.items() if kept.ticket.project]
    return found
