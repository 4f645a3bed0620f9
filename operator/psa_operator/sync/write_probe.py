"""Trying two-way sync on a ticket that the user named: a change that goes, comes back, and is undone."""

from datetime import datetime

from psa_operator.errors import PermissionDeniedError, TransientError
from psa_operator.sync.entities import Entity
from psa_operator.sync.job import Job
from psa_operator.sync.outgoing import Edit
from psa_operator.sync.ports import Query
from psa_operator.sync.records import Ticket
from psa_operator.sync.sender import Sender

_LONGEST = 70
"""So many letters of the summary stay, for the PSA takes 100."""
_THERE_AND_BACK = 2


async def probe_writing(job: Job, now: datetime) -> None:
    """Change the ticket's summary and undo it, if a ticket is named; what fails is a warning."""
    ticket_id = job.spec.verification.write_probe
    if not ticket_id or job.spec.dry_run or not job.spec.write_back.enabled:
        return
    found = await _try(job, ticket_id, now)
    job.check(
        "WriteProbe",
        passed=not found,
        hard=False,
        expected=f"a change of #{ticket_id} comes back and is undone",
        actual=found or "it did",
        message=f"{found}. Two-way sync may not work" if found else "",
    )


async def _try(job: Job, ticket_id: int, now: datetime) -> str:
    """What went wrong, in a few words."""
    ticket = await _read(job, ticket_id)
    if ticket is None:
        return "the PSA has no such ticket"
    if await job.run.outgoing.changes([ticket_id]):
        return "the ticket has local changes that are not sent yet, so it was not tried"
    summary = f"{ticket.summary[:_LONGEST].rstrip()} (write probe {now:%H:%M:%S})"
    there, back = await job.run.outgoing.add_probe(
        ticket_id, Edit(summary=summary), Edit(summary=ticket.summary)
    )
    sender = Sender(job, now)
    try:
        await sender.settle([there], ticket)
        came_back = await _comes_back(job, ticket_id, summary, now)
        await sender.settle([back], await _read(job, ticket_id) or ticket)
    except (PermissionDeniedError, TransientError) as error:
        return f"the change could not be written: {error}"
    if not came_back:
        return "the change did not come back"
    return "" if sender.sent == _THERE_AND_BACK else "the change could not be undone"


async def _read(job: Job, ticket_id: int) -> Ticket | None:
    page = await job.source.fetch(Entity.TICKETS, [ticket_id])
    return next((each for each in page.records if isinstance(each, Ticket)), None)


async def _comes_back(job: Job, ticket_id: int, summary: str, now: datetime) -> bool:
    """Whether the window of a Quick run has the ticket, as it was changed."""
    window = Query(changed_since=now - job.spec.overlap, after=ticket_id - 1, upto=ticket_id)
    return any(
        isinstance(each, Ticket) and each.summary == summary
        for page in [page async for page in job.source.walk(Entity.TICKETS, window)]
        for each in page.records
    )
