"""Rollback: put back what a run has replaced, where nothing newer stands there; the PSA is not asked."""

from psa_operator.errors import RollbackError
from psa_operator.sync import progress
from psa_operator.sync.conclude import conclude
from psa_operator.sync.job import Job
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Replaced

_ANY_SCOPE = ResolvedScope()
_WAY_OUT = "Nothing was changed. A Full run brings what the PSA has"


async def roll_back(job: Job) -> None:
    """Undo one run, as far as its rows are as it wrote them, under the same guard as any other."""
    job.report.effective_mode = Mode.ROLLBACK
    name = job.spec.rollback_of
    replaced = await job.run.undo(name)
    require(name, replaced, job.spec.integration_key)
    stage = await job.run.open_stage(Mode.ROLLBACK)

    await job.enter(progress.VERIFYING)
    difference = await stage.difference(_ANY_SCOPE)
    job.report.kept_newer = {str(entity): list(ids) for entity, ids in difference.kept_newer.items()}
    job.report.resync_required = None  # The PSA was not asked.
    await conclude(job, stage, difference, _ANY_SCOPE, {})


def require(name: str, run: Replaced | None, integration_key: str) -> None:
    """Raise RollbackError unless the run can be undone."""
    if run is None:
        raise RollbackError(
            f"There is no run {name} in the run history. Nothing was changed. The table run of the database "
            "has the names of all runs",
            reason="RunNotFound",
        )
    if run.integration_key != integration_key:
        raise RollbackError(
            f"Run {name} belongs to another integration ({run.integration_key}). Nothing was changed. Name a "
            "run of this one, or the other one in integrationRef",
            reason="RunOfAnotherIntegration",
        )
    if (obstacle := _obstacle(run)) is not None:
        reason, words = obstacle
        raise RollbackError(f"Run {name} {words}. {_WAY_OUT}", reason=reason)


def _obstacle(run: Replaced) -> tuple[str, str] | None:
    """Why a run of this integration cannot be undone."""
    if run.dry_run:
        return "RunNotPublished", "was a dry run, which changed nothing"
    if run.phase != progress.SUCCEEDED:
        return "RunNotPublished", f"has changed nothing (its phase is {run.phase})"
    if run.rolled_back_by:
        return "AlreadyRolledBack", f"was rolled back already, by {run.rolled_back_by}"
    if run.mode in {Mode.QUICK, Mode.ROLLBACK}:
        return "ModeNotReversible", f"was a {run.mode} run, of which nothing is kept"
    if run.baseline:
        return "FirstLoad", "was the first load or came before it, and nothing from before is kept"
    if run.until is None:
        return "NothingKept", "changed no row, or spec.rollbackWindow was 0s, so nothing is kept of it"
    if not run.kept:
        return "RollbackWindowEnded", f"could be undone until {run.until:%Y-%m-%d %H:%M} UTC"
    return None
