"""ReferenceData ("PSA settings resync"): boards, statuses, types, priorities, members and other lists."""

from psa_operator.sync import parents, progress, reference
from psa_operator.sync.conclude import conclude
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark

_NO_TICKETS = ResolvedScope()


async def resync_settings(job: Job) -> None:
    """Bring the reference lists to what the PSA has; no ticket, company or contact is read or written."""
    job.report.effective_mode = Mode.REFERENCE_DATA
    job.report.resync_required = None  # No ticket was compared.
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    stage = await job.run.open_stage(Mode.REFERENCE_DATA, job.denied)
    job.notice(stage.state.notice)
    await stage.begin(server.now)
    intake = Intake(job, stage, _NO_TICKETS, bulk=False)

    await job.enter(progress.FETCHING)
    lists = await reference.read(job.source, job.denied)
    job.tracker.expect({entity: reference.size(lists, entity) for entity in lists})
    await reference.stage(job, intake, lists)

    await job.enter(progress.VERIFYING)
    await reference.prove(job, stage, intake, lists)
    await parents.complete(job, stage, intake)
    difference = await stage.difference(_NO_TICKETS)
    marks = dict.fromkeys(lists, Mark(server.now, server.now))
    await conclude(job, stage, difference, _NO_TICKETS, marks)
