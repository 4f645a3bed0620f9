"""Checks of what was read, beyond its completeness: the newest tickets are here, and a sample is right."""

from datetime import datetime

from psa_operator.errors import VerificationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job, listed
from psa_operator.sync.ports import Query
from psa_operator.sync.records import Ticket
from psa_operator.sync.storage import Stage

_FEW = 5
_SHARE = 0.2
"""Tickets of a sample that may have changed without a new time of change: few, or this share."""


async def verify(job: Job, stage: Stage, intake: Intake, began: datetime) -> bool:
    """Check tickets; whether some were staged anew. `began` is the PSA's time when this attempt began.

    Raises VerificationError that names tickets which the PSA has and the stage lacks or has otherwise.
    """
    await _newest(job, stage, intake, began)
    return await _sample(job, stage, intake)


async def _newest(job: Job, stage: Stage, intake: Intake, began: datetime) -> None:
    """Ask for what was changed last by its time of change, while all was listed by id."""
    newest = await stage.newest(job.spec.verification.newest)
    if not newest:
        return
    changed = Query(scope=intake.scope, changed_since=newest[-1][1])
    await stage.set_listed(Entity.TICKETS, job.source.ids(Entity.TICKETS, changed))
    page = await job.source.fetch(Entity.TICKETS, await stage.unstaged(Entity.TICKETS))
    # What was changed later than that may not have been visible when it was looked for.
    late = began - job.spec.overlap
    missing = [
        each.id
        for each in page.records
        if isinstance(each, Ticket)
        and not intake.scope.obstacle(each)
        and each.updated_at
        and each.updated_at < late
    ]
    name = "Newest/tickets"
    job.check(name, passed=not missing, expected=len(newest), actual=len(newest) - len(missing))
    if missing:
        raise VerificationError(
            f"The PSA has {len(missing):,} recently changed tickets that its lists by id lack: "
            f"{listed(missing)}. Nothing was changed; run again, and if it stays so, ask the PSA's support"
        )


async def _sample(job: Job, stage: Stage, intake: Intake) -> bool:
    """Read some tickets once more, field by field; those that differ get another chance."""
    chosen = await stage.sample(job.spec.verification.sample)
    if not chosen:
        return False
    page = await job.source.fetch(Entity.TICKETS, chosen)
    changed = await intake.differing(page)
    again = await _again(job, intake, changed) if changed else []
    wrong = again or (changed if len(changed) > max(_FEW, len(chosen) * _SHARE) else [])
    job.check("Sample/tickets", passed=not wrong, expected=len(chosen), actual=len(chosen) - len(wrong))
    if wrong:
        raise VerificationError(
            f"{len(wrong):,} of {len(chosen):,} tickets that were read twice differ, though by their time of "
            f"change they did not change: {listed(wrong)}. Nothing was changed; run again, and if it stays "
            "so, ask the PSA's support"
        )
    if changed:
        job.notice(
            f"{len(changed):,} of {len(chosen):,} tickets read twice had changed without a new time of change"
        )
    return bool(changed)


async def _again(job: Job, intake: Intake, ids: list[int]) -> list[int]:
    """Stage these anew, for two changes may lie within the PSA's one second; those that differ even so."""
    await intake.put(await job.source.fetch(Entity.TICKETS, ids))
    return await intake.differing(await job.source.fetch(Entity.TICKETS, ids))
