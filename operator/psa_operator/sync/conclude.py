"""The end of a run that may delete: its verdict, the guard, and the one way to publish."""

from collections.abc import Mapping

from psa_operator.errors import GuardError
from psa_operator.sync import progress
from psa_operator.sync.entities import Entity
from psa_operator.sync.guard import check_deletions, check_refusals, out_of_scope, to_approve, too_much
from psa_operator.sync.job import Job
from psa_operator.sync.outcome import Difference
from psa_operator.sync.plan import check_plan
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.storage import Mark, Stage


async def conclude(
    job: Job, stage: Stage, difference: Difference, scope: ResolvedScope, marks: Mapping[Entity, Mark]
) -> None:
    """Publish what was found good, at once, unless it is a dry run. Raises GuardError, VerificationError."""
    check_plan(job)
    check_refusals(difference, job.spec.verification.max_quarantined_percent)
    if job.spec.dry_run:
        _note_dry_run(job, difference)
        return
    _require_approval(job, difference)
    await publish(job, stage, difference, scope, marks)


async def publish(
    job: Job, stage: Stage, difference: Difference, scope: ResolvedScope, marks: Mapping[Entity, Mark]
) -> None:
    """Make the stage live, bound to what was found good."""
    await stage.seal(difference)
    await job.enter(progress.APPLYING)
    await stage.publish(scope, marks, job.report)


def _note_dry_run(job: Job, difference: Difference) -> None:
    job.note_difference(difference)
    if words := too_much(difference, job.spec.guard, job.none_listed):
        rows = to_approve(difference, job.spec.guard)
        job.notice(
            f"A real run would {words} and wait for an approval of {rows:,} rows{out_of_scope(difference)}"
        )


def _require_approval(job: Job, difference: Difference) -> None:
    try:
        check_deletions(difference, job.spec.guard, job.spec.approved_deletions, job.none_listed)
    except GuardError as error:
        job.note_difference(difference)
        job.report.to_approve = error.deletions
        raise
