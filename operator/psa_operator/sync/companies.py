"""Tickets of companies that the user leaves out: which these are is known once companies were read."""

from collections.abc import Iterable, Sequence

import msgspec

from psa_operator.errors import ConfigurationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.ports import Query
from psa_operator.sync.records import Company, Record
from psa_operator.sync.scope import NAMED, CompanyScope, resolve_companies
from psa_operator.sync.storage import Stage

_AT_ONCE = 100


async def settle(job: Job, stage: Stage, intake: Intake) -> None:
    """Judge the companies as they are staged now, else live, and put their tickets in or out of scope."""
    if not intake.scope.companies.limits:
        return
    known = await _known(job, stage)
    if intake.scope.companies.types and any(each.type_ids is None for each in known.values()):
        job.notice(
            "The PSA does not say of some companies which types they have, so spec.companies.excludedTypes "
            "leaves out none of their tickets"
        )
    excluded = _excluded(intake.scope.companies, known.values())
    intake.scope = msgspec.structs.replace(intake.scope, excluded_companies=excluded)
    await stage.exclude(excluded)


async def bring_back(job: Job, intake: Intake) -> None:
    """Quick: read all tickets of companies that came back into scope, for these did not change by that."""
    if not intake.scope.companies.limits:
        return
    live = _companies(await job.run.reference(Entity.COMPANIES))
    before = _excluded(await _before(job, intake.scope.companies), live)
    # Another run may have brought the company back already, which reads no tickets.
    before |= await job.run.hidden_companies()
    back = sorted(before - intake.scope.excluded_companies)
    if back:
        job.notice(f"{len(back):,} companies are not left out any more: all of their tickets are read")
    for start in range(0, len(back), _AT_ONCE):
        chosen = Query(companies=tuple(back[start : start + _AT_ONCE]))
        await intake.put_all(job.source.walk(Entity.TICKETS, chosen))


async def _before(job: Job, now: CompanyScope) -> CompanyScope:
    """What the same settings meant by the live lists: a status may have become active meanwhile."""
    lists = [each for entity in NAMED for each in await job.run.reference(entity)]
    try:
        return resolve_companies(job.spec.scope.companies, lists)
    except ConfigurationError:  # of a name that is new
        return now


async def _known(job: Job, stage: Stage) -> dict[int, Company]:
    every = [*await job.run.reference(Entity.COMPANIES), *await stage.records(Entity.COMPANIES)]
    return {each.id: each for each in _companies(every)}


def _companies(records: Sequence[Record]) -> list[Company]:
    return [each for each in records if isinstance(each, Company)]


def _excluded(scope: CompanyScope, companies: Iterable[Company]) -> frozenset[int]:
    return frozenset(each.id for each in companies if scope.excludes(each))
