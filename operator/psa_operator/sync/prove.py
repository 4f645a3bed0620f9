"""Proving: a PSA has no tombstones, so a list is shown to be complete before rows are deleted."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing

import msgspec

from psa_operator.errors import VerificationError
from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.ports import Query, Source
from psa_operator.sync.storage import Stage
from psa_operator.sync.tasks import concurrently, flowing
from psa_operator.sync.walk import cut, pieces

_ROUNDS = 3
_ASKED_AT_ONCE = 8
_MANY = 500
"""Of more records than this, each is asked for by itself only if the first ones are gone for certain."""


async def prove(job: Job, stage: Stage, intake: Intake, entity: Entity, query: Query) -> int:
    """Make the stage hold exactly what the PSA lists, as many as it counts; returns how many.

    Raises VerificationError with the numbers if three rounds do not bring them together.
    """

    async def differences() -> str:
        unstaged, unlisted = await stage.unstaged(entity), await stage.unlisted(entity)
        if unstaged or unlisted:
            await intake.fetch(entity, unstaged)
            await _drop_gone(job, stage, intake, entity)
            unstaged, unlisted = await stage.unstaged(entity), await stage.unlisted(entity)
        if not unstaged and not unlisted:
            return ""
        more, fewer = f"{len(unlisted):,} exist that it does not list", f"{len(unstaged):,} are listed"
        return f"; {more}, {fewer} that it does not give"

    return await complete_list(job, stage, entity, query, differences)


async def _ids(job: Job, stage: Stage, entity: Entity, query: Query, count: int) -> AsyncGenerator[list[int]]:
    """List an entity, a long list in intervals of ids of which several are on their way."""
    at_once = job.spec.limits.concurrency
    segments = await stage.segments(entity)
    if not segments:
        largest = await job.source.largest_id(entity) if pieces(count, at_once) > 1 else 0
        segments = cut(count, largest, at_once)
    intervals = (
        _within(job, entity, msgspec.structs.replace(query, after=each.after, upto=each.upto))
        for each in segments
    )
    async with aclosing(flowing(intervals, at_once)) as lists:
        async for some in lists:
            yield some
            job.tracker.advance(entity, len(some))


async def _within(job: Job, entity: Entity, query: Query) -> list[int]:
    return [record_id async for some in job.source.ids(entity, query) for record_id in some]


async def _none() -> str:
    return ""


async def complete_list(
    job: Job,
    stage: Stage,
    entity: Entity,
    query: Query,
    differences: Callable[[], Coroutine[None, None, str]] = _none,
) -> int:
    """Keep a list of ids as long as the PSA counts; returns its length.

    `differences` says after each list what else has to come together and has not. Raises VerificationError
    with the numbers if three rounds do not settle it.
    """
    counted = listed = 0
    left = ""
    for _ in range(_ROUNDS):
        before = await job.source.count(entity, query)
        async with aclosing(_ids(job, stage, entity, query, before)) as ids:
            listed = await stage.set_listed(entity, ids)
        left, counted = await concurrently((differences(), job.source.count(entity, query)))
        if listed in (before, counted) and not left:
            job.check(f"Count/{entity}", passed=True, expected=listed, actual=listed)
            if not listed:
                job.none_listed.add(entity)
            return listed
    job.check(f"Count/{entity}", passed=False, expected=counted, actual=listed)
    raise VerificationError(
        f"The PSA counts {counted:,} {entity} but listed {listed:,}{left}. Three rounds did not settle it; "
        "nothing was changed"
    )


def require_some(entity: Entity, listed: int) -> int:
    """Raise VerificationError if the PSA lists none of what is here; returns how many it lists."""
    if not listed:
        raise VerificationError(
            f"The PSA lists no {entity} at all, while some are here; an empty answer is no proof that they "
            "are gone, and nothing was changed. Look at the PSA and at the API member's security role",
            reason="EmptyAnswer",
        )
    return listed


async def _drop_gone(job: Job, stage: Stage, intake: Intake, entity: Entity) -> None:
    unlisted = await stage.unlisted(entity)
    given = await intake.fetch(entity, unlisted)
    missing = [each for each in unlisted if each not in given]
    if entity is Entity.TICKETS and PROJECT_TICKETS in job.denied:
        # They may be projects' by now; what is live of them stays.
        await stage.discard(entity, missing)
        return
    if len(missing) > _MANY and not await gone(job.source, entity, missing[:_ASKED_AT_ONCE]):
        raise VerificationError(
            f"The PSA gave {len(missing):,} {entity} at first, neither lists nor gives them now, and does "
            "not say that they are gone; that is no PSA in order, and nothing was changed. Run again, and if "
            "it stays so, ask the PSA's support"
        )
    await stage.discard(entity, await gone(job.source, entity, missing))


async def gone(source: Source, entity: Entity, ids: Sequence[int]) -> list[int]:
    """Those of the records, each asked for by itself, that the PSA says with certainty it does not have."""
    found: list[int] = []
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[start : start + _ASKED_AT_ONCE]
        answers = await concurrently(source.is_gone(entity, each) for each in some)
        found += [each for each, is_gone in zip(some, answers, strict=True) if is_gone]
    return found
