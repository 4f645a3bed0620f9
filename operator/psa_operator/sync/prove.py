"""Proving: a PSA has no tombstones, so a list is shown to be complete before rows are deleted."""

import asyncio

from psa_operator.errors import VerificationError
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.ports import Query, Stage
from psa_operator.sync.records import Entity

_ROUNDS = 3
_ASKED_AT_ONCE = 8
_MOST_GONE = 500
"""Records that may vanish while one run reads; each is asked for by itself."""


async def prove(job: Job, stage: Stage, intake: Intake, entity: Entity, query: Query) -> int:
    """Make the stage hold exactly what the PSA lists, as many as it counts; returns how many.

    Raises VerificationError with the numbers if three rounds do not bring them together.
    """
    counted = listed = 0
    for _ in range(_ROUNDS):
        before = await job.source.count(entity, query)
        listed = await stage.set_listed(entity, job.source.ids(entity, query))
        unstaged, unlisted = await stage.unstaged(entity), await stage.unlisted(entity)
        settled = not unstaged and not unlisted
        if not settled:
            await intake.fetch(entity, unstaged)
            await _drop_gone(job, stage, intake, entity)
            settled = not await stage.unlisted(entity) and not await stage.unstaged(entity)
        counted = await job.source.count(entity, query)
        if listed in (before, counted) and settled:
            job.check(f"Count/{entity}", passed=True, expected=listed, actual=listed)
            return listed
    left = len(await stage.unlisted(entity)), len(await stage.unstaged(entity))
    job.check(f"Count/{entity}", passed=False, expected=counted, actual=listed)
    raise VerificationError(
        f"The PSA counts {counted:,} {entity} but listed {listed:,}; {left[0]:,} exist that it does not "
        f"list, {left[1]:,} are listed that it does not give. Three rounds did not settle it; nothing was "
        "changed"
    )


async def _drop_gone(job: Job, stage: Stage, intake: Intake, entity: Entity) -> None:
    unlisted = await stage.unlisted(entity)
    given = await intake.fetch(entity, unlisted)
    missing = [each for each in unlisted if each not in given]
    if len(missing) > _MOST_GONE:
        raise VerificationError(
            f"The PSA gave {len(missing):,} {entity} at first and has no more of them now; that is no PSA in "
            "order, and nothing was changed. If they really were deleted meanwhile, run again"
        )
    for start in range(0, len(missing), _ASKED_AT_ONCE):
        some = missing[start : start + _ASKED_AT_ONCE]
        gone = await asyncio.gather(*(job.source.is_gone(entity, each) for each in some))
        await stage.discard(entity, [each for each, is_gone in zip(some, gone, strict=True) if is_gone])
