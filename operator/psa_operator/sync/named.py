"""A run of named tickets: these and what they refer to are brought, and nothing else is looked at."""

from collections.abc import Collection, Sequence
from datetime import datetime

from psa_operator.errors import ConfigurationError, VerificationError
from psa_operator.sync import children, companies, parents, progress, reference
from psa_operator.sync.conclude import conclude
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job, listed
from psa_operator.sync.ports import Source
from psa_operator.sync.prove import gone, require_some
from psa_operator.sync.push import push, require_none
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode, RunSpec
from psa_operator.sync.storage import Archive, Stage


async def resync_named(job: Job) -> None:
    """Quick: read them again and remove none. Full: bring them to exactly what the PSA has in scope.

    Moves no mark and leaves the word of whether a Full run is needed, for of other tickets it knows nothing.
    """
    wanted = sorted(set(job.spec.only.ticket_ids))
    job.report.effective_mode = job.spec.mode
    job.report.resync_required = None
    if job.spec.mode is Mode.FULL:
        await require_none(job)
        await job.find_access()  # What a role hides would look as if it were gone.
    server = await job.source.server()
    await job.run.check_identity(job.spec.account.provider, server.identity)
    await push(job, server.now)
    scope = await known_scope(job.spec, job.source, job.run, server.now, job.denied)
    stage = await job.run.open_stage(job.spec.mode, job.denied)
    job.notice(stage.state.notice)
    job.notice(f"Limited to {len(wanted):,} named tickets")
    await stage.begin(server.now)
    intake = Intake(job, stage, scope, bulk=False)

    await job.enter(progress.FETCHING)
    job.tracker.expect({Entity.TICKETS: len(wanted)})
    given = await intake.fetch(Entity.TICKETS, wanted)

    await job.enter(progress.VERIFYING)
    missing = [each for each in wanted if each not in given]
    await _settle(job, stage, intake, missing)
    await companies.settle(job, stage, intake)
    await children.read_all(job, stage, intake)
    await parents.complete(job, stage, intake)
    difference = await stage.difference(intake.scope)
    job.report.skipped = dict(difference.dropped)
    job.report.newest = next(iter(await stage.newest(1)), None)
    await conclude(job, stage, difference, intake.scope, {})


async def known_scope(
    spec: RunSpec, source: Source, archive: Archive, now: datetime, denied: Collection[str]
) -> ResolvedScope:
    """The user's scope in ids, by the live lists, or by the PSA's if those lack a name.

    Raises ConfigurationError if the PSA does not have it either.
    """
    try:
        return await reference.live_scope(spec.scope, archive, now)
    except ConfigurationError:
        return reference.scope_of(spec.scope, await reference.read(source, denied), now)


async def _settle(job: Job, stage: Stage, intake: Intake, missing: Sequence[int]) -> None:
    """Take out what the PSA does not give; in a Full run, what is here of it has to be gone for certain."""
    here = await job.run.tickets(missing)
    unknown = [each for each in missing if each not in here]
    if unknown:
        which = "it is not" if len(unknown) == 1 else "they are not"
        job.notice(f"The PSA does not give {listed(unknown)}, and {which} here either")
    if job.spec.mode is Mode.QUICK:
        if here:
            job.notice(f"The PSA does not give {listed(sorted(here))}, which a Quick run leaves as it is")
    elif here:
        await _require_gone(job, intake, sorted(here))
    await stage.discard(Entity.TICKETS, missing)


async def _require_gone(job: Job, intake: Intake, ids: list[int]) -> None:
    """Raise VerificationError unless the PSA, which has others, says of each that it is no more."""
    certain = set(await gone(job.source, Entity.TICKETS, ids))
    doubtful = [each for each in ids if each not in certain]
    doubtful = sorted(set(doubtful) - await intake.fetch(Entity.TICKETS, doubtful))
    if doubtful:
        raise VerificationError(
            f"The PSA does not list {listed(doubtful)} but does not say either that it is gone; nothing was "
            "changed. Run again, and if it stays so, ask the PSA's support"
        )
    if certain:
        require_some(Entity.TICKETS, await job.source.count(Entity.TICKETS))
