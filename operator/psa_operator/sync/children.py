"""Notes and time entries: what is read a ticket at a time, all of one ticket at once."""

from collections.abc import Sequence
from contextlib import aclosing

from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.spec import Notes
from psa_operator.sync.storage import Stage
from psa_operator.sync.tasks import concurrently
from psa_operator.sync.walk import LOADERS, Queue, load

_TICKETS_AT_ONCE = 100_000


async def read(job: Job, stage: Stage, intake: Intake, entity: Entity, *, reuse: bool = False) -> None:
    """Read those of staged tickets in scope that were not read since these changed."""
    after = 0
    while tickets := await stage.unread(entity, after, _TICKETS_AT_ONCE, reuse=reuse):
        await read_of(job, intake, entity, tickets)
        after = tickets[-1]


async def read_all(job: Job, stage: Stage, intake: Intake) -> None:
    """Read notes and time entries of staged tickets, as far as they are wanted."""
    for entity in job.of_a_ticket:
        await read(job, stage, intake, entity)


async def read_of(job: Job, intake: Intake, entity: Entity, tickets: Sequence[int]) -> None:
    """Read and stage those of the named tickets."""
    queue = Queue(LOADERS)

    async def ask() -> None:
        async with aclosing(job.source.of_tickets(entity, tickets)) as pages:
            async for page in pages:
                await queue.put((page, None))
                del page  # Memory: it must not wait here for the next one.
        for _ in range(LOADERS):
            await queue.put(None)

    await concurrently([ask(), *(load(intake, queue) for _ in range(LOADERS))])


async def read_notes(job: Job, stage: Stage, intake: Intake) -> None:
    """Read the notes that a Full run needs, as `spec.tickets.notes` says."""
    if Entity.NOTES not in job.of_a_ticket:
        return
    reuse = job.spec.scope.notes is Notes.REUSE_UNCHANGED and await _trustworthy(job)
    await read(job, stage, intake, Entity.NOTES, reuse=reuse)
    if not reuse:
        return
    await read_of(job, intake, Entity.NOTES, await stage.sample(job.spec.verification.sample))
    if outdated := await stage.outdated(Entity.NOTES):
        job.notice(
            f"{outdated:,} tickets that did not change have other notes than the stored ones, so the notes "
            "of all tickets were read again"
        )
        await read(job, stage, intake, Entity.NOTES)


async def _trustworthy(job: Job) -> bool:
    """Whether the stored notes of every ticket were read as the ticket is now, and under these settings."""
    same_settings = await job.run.last_full_config() == job.spec.config_hash
    return same_settings and Entity.NOTES not in await job.run.left_out()
