"""Two-way: sending what the portal's users changed, before a run reads, at the cost of neither side."""

from datetime import datetime

from psa_operator.errors import PendingLocalChangesError
from psa_operator.sync import progress
from psa_operator.sync.entities import OF_A_TICKET, Entity
from psa_operator.sync.job import Job, listed
from psa_operator.sync.sender import Sender
from psa_operator.sync.spec import LocalChanges


async def require_none(job: Job) -> int:
    """Count unsent changes, before anything is read.

    Raises PendingLocalChangesError if the user wants no run while there are some.
    """
    pending = await job.run.outgoing.pending()
    if pending.count:
        job.report.local = await job.run.outgoing.outcome()
    unwanted = job.spec.write_back.enabled and job.spec.local_changes is LocalChanges.ABORT
    if unwanted and pending.count:
        tickets = sorted({each.ticket_id for each in pending.first})
        raise PendingLocalChangesError(
            f"{pending.count:,} local changes were not sent yet (the first are of {listed(tickets)}), and "
            "spec.localChanges is Abort; nothing was read or changed. A Quick run sends them, and so does a "
            "Full run with localChanges: Push"
        )
    return pending.count


async def push(job: Job, now: datetime) -> list[int]:
    """Send what can be sent; returns the tickets that the run has to read again.

    `now` is the PSA's time. What cannot be sent stays visible here, and the next run tries again.
    """
    unwanted = job.spec.dry_run or job.spec.local_changes is LocalChanges.DISCARD
    if unwanted or not job.spec.write_back.enabled or not job.spec.only.includes(Entity.TICKETS):
        return []
    await job.enter(progress.PUSHING)
    outgoing = job.run.outgoing
    for ticket_id, message in await outgoing.refused():
        job.warn("LocalChangeRefused", ticket_id, message)
    sender = Sender(job, now)
    await sender.send_changes()
    for entity in OF_A_TICKET:
        await sender.send_letters(entity)
    job.report.local = await outgoing.outcome()
    job.written |= sender.touched
    return sorted(job.written.union(await outgoing.on_their_way()))
