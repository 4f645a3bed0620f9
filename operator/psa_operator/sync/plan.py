"""The plan of a run: what can be known before anything is read, and how it is held against the end."""

from collections.abc import Mapping

import msgspec

from psa_operator.sync import reference
from psa_operator.sync.entities import Entity
from psa_operator.sync.job import Job
from psa_operator.sync.outcome import Difference, Plan
from psa_operator.sync.ports import Query
from psa_operator.sync.scope import COMPANY_EXCLUDED, ResolvedScope
from psa_operator.sync.tasks import concurrently
from psa_operator.sync.walk import PAGE_SIZE, pages

_ASKED_OF_A_LIST = 5
"""Its count and largest id, what changed meanwhile, and its count before and after it is listed again."""

_ASKED_OF_TICKETS = 4
"""The PSA's time, the newest, a sample, and what changed of boards that differ."""

_ASKED_OF_A_CHANGE = 2
"""A local change: what the PSA has, and the change."""

_PER_BOARD = frozenset({Entity.STATUSES, Entity.TYPES, Entity.SUBTYPES, Entity.ITEMS})
_MINUTES = 60
_MORE_THAN_PLANNED = 1.25
_FEW = 20


def listing(entity: Entity, scope: ResolvedScope) -> Query:
    """What a Full run asks of a long list."""
    return Query(scope=scope if entity is Entity.TICKETS else None)


async def make_plan(job: Job, scope: ResolvedScope, lists: reference.Reference, local_changes: int) -> None:
    """Count rows, requests and time before anything is read, and the tickets that are left out."""
    source = job.source
    counts = await concurrently(source.count(entity, listing(entity, scope)) for entity in job.lists)
    large = dict(zip(job.lists, counts, strict=True))
    rows = {entity: reference.size(lists, entity) for entity in lists} | large
    requests = source.requests + _ahead(job, lists, large) + _ASKED_OF_A_CHANGE * local_changes
    expected = dict(large)
    if Entity.NOTES in job.of_a_ticket:
        # As many as if none were read before; how many can be spared is not known yet.
        expected[Entity.NOTES] = tickets = rows[Entity.TICKETS]
        for_notes = await source.requests_for_notes(tickets)
        requests += for_notes
        if for_notes >= tickets > _FEW:
            job.notice("The PSA takes no bundles of requests: notes take one request for each ticket")
    note_plan(job, rows, large, requests, local_changes)
    job.tracker.expect(expected)
    if Entity.TICKETS in job.lists:
        await _count_skipped(job, scope)


def note_plan(
    job: Job, rows: Mapping[Entity, int], large: Mapping[Entity, int], requests: int, local_changes: int = 0
) -> None:
    """Report the rows, those of the long lists in pages, and the requests, in time and as a share as well."""
    a_minute = job.source.requests_per_minute
    job.report.plan = Plan(
        rows={str(entity): count for entity, count in rows.items()},
        pages=sum(-(-count // PAGE_SIZE) for count in large.values()),
        requests=requests,
        estimated_seconds=round(requests * 60 / a_minute),
        budget_percent=-(-requests * 100 // (a_minute * _MINUTES)),
        local_changes=local_changes,
    )


def check_plan(job: Job) -> None:
    """Hold the requests that were sent against those that were planned; too many are a warning."""
    if job.report.plan is None:
        return
    planned, sent = job.report.plan.requests, job.source.requests
    most = planned * _MORE_THAN_PLANNED + _FEW
    job.check("Plan/requests", passed=sent <= most, hard=False, expected=planned, actual=sent)


def _ahead(job: Job, lists: reference.Reference, large: Mapping[Entity, int]) -> int:
    """Requests for the lists: once to read, once to list the ids, and the counts of settings and boards."""
    concurrency = job.spec.limits.concurrency
    of_lists = sum(2 * pages(number, concurrency) + _ASKED_OF_A_LIST for number in large.values())
    boards = reference.size(lists, Entity.BOARDS) if Entity.BOARDS in lists else 0
    of_settings = sum(1 + boards if entity in _PER_BOARD else 1 for entity in lists)
    return of_lists + of_settings + (boards + _ASKED_OF_TICKETS if Entity.TICKETS in large else 0)


async def _count_skipped(job: Job, scope: ResolvedScope) -> None:
    steps = scope.steps()
    left = await job.source.count(Entity.TICKETS) if steps else 0
    for reason, narrowed in steps:
        remaining = await job.source.count(Entity.TICKETS, Query(scope=narrowed))
        job.report.skipped[reason] = max(0, left - remaining)
        left = remaining


async def note_skipped(job: Job, scope: ResolvedScope, difference: Difference) -> None:
    """Count the tickets that are left out for a reason of which the PSA could not be asked before."""
    count = job.source.count
    if scope.excluded_companies:  # They are known once companies were read.
        without = Query(scope=msgspec.structs.replace(scope, excluded_companies=frozenset()))
        every = await count(Entity.TICKETS, without)
        job.report.skipped[COMPANY_EXCLUDED] = max(0, every - await count(Entity.TICKETS, Query(scope=scope)))
    for reason, narrowed in scope.steps():
        # What the PSA cannot filter was read, and is left out by us.
        if job.report.skipped.get(reason) == 0 and not job.source.expresses(Query(scope=narrowed)):
            job.report.skipped[reason] = difference.dropped.get(reason, 0)
