"""One attempt at sending what the portal changed: what the PSA takes, refuses, or has changed as well."""

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from psa_operator.errors import PermissionDeniedError, TransientError, WriteRefusedError
from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import named
from psa_operator.sync.job import Job
from psa_operator.sync.judge import fields, judge, merged, same
from psa_operator.sync.outgoing import Created, Letter, LocalChange, NewNote, Settled
from psa_operator.sync.records import Note, Ticket, TimeEntry

_FAILURES = 3
_STAMPED_IN_SECONDS = timedelta(seconds=1)


@dataclass
class Sender:
    """How many edits were sent so far, and which tickets have to be read again."""

    job: Job
    now: datetime
    sent: int = 0
    touched: set[int] = field(default_factory=set)

    async def send_changes(self) -> None:
        """Send edits of tickets, in the order of each ticket's oldest one."""
        changes = await self.job.run.outgoing.changes(self.job.spec.only.ticket_ids)
        first = {each.ticket_id: each.id for each in reversed(changes)}
        changes.sort(key=lambda each: (first[each.ticket_id], each.id))
        of_tickets = [list(group) for _, group in groupby(changes, key=lambda each: each.ticket_id)]
        known: dict[int, Ticket] = {}
        unfit: set[int] = set()
        async for page in named(self.job.source, Entity.TICKETS, list(first)):
            known |= {each.id: each for each in page.records if isinstance(each, Ticket)}
            unfit |= {each.id for each in page.refused}
        await self._each(
            self._without_ticket(group)
            if (ticket := known.get(group[0].ticket_id)) is None
            else self.settle(group, ticket)
            for group in of_tickets
            if group[0].ticket_id not in unfit
        )

    async def send_letters(self, entity: Entity) -> None:
        """Send new notes or time entries."""
        letters = await self.job.run.outgoing.letters(entity, self.job.spec.only.ticket_ids)
        await self._each(self._deliver(letter) for letter in letters)

    async def _each(self, works: Iterable[Awaitable[None]]) -> None:
        """Let a PSA that takes no writes now keep nobody from reading, and one bad record no other."""
        failed = 0
        for work in works:
            try:
                await work
            except (PermissionDeniedError, TransientError) as error:
                self.job.warn("LocalChangesNotSent", None, f"{error}. What was not sent stays as it is here")
                failed += 1
                if isinstance(error, PermissionDeniedError) or failed == _FAILURES:
                    return

    async def settle(self, changes: Sequence[LocalChange], ticket: Ticket) -> None:
        """Send those changes of one ticket that stand against nothing."""
        judgement = judge(changes, ticket, self.job.spec.write_back.conflict_policy)
        for settled in judgement.in_conflict:
            await self._note(ticket.id, settled)
        if judgement.to_send:
            await self._send(judgement.to_send, ticket)

    async def _send(self, changes: Sequence[LocalChange], ticket: Ticket) -> Ticket:
        """Write them together, or each alone if the PSA refuses them together; how the ticket is then."""
        edit, outgoing = merged(changes, ticket), self.job.run.outgoing
        if fields(edit):
            await outgoing.check_fence()
            try:
                ticket = await self.job.source.change(ticket.id, edit)
            except WriteRefusedError as error:
                if len(changes) == 1:
                    await self._note(ticket.id, Settled(changes[0].id, "Refused", str(error)))
                    return ticket
                for change in changes:
                    ticket = await self._send([change], ticket)
                return ticket
        await self._read_back(changes, ticket)
        return ticket

    async def _read_back(self, changes: Sequence[LocalChange], ticket: Ticket) -> None:
        """Only what the PSA's answer has is sent: it may say that all is well, and keep its own value."""
        kept = fields(merged(changes, ticket)).keys()
        lost = [each for each in changes if kept & fields(each.value).keys()]
        for change in lost:
            named = ", ".join(sorted(kept & fields(change.value).keys()))
            message = f"The PSA took the change, but has another value of {named} after it"
            await self._note(ticket.id, Settled(change.id, "Refused", message))
        taken = [each.id for each in changes if each not in lost]
        if taken:
            await self.job.run.outgoing.sent(taken, ticket.updated_at)
            self.sent += len(taken)
            self.touched.add(ticket.id)

    async def _without_ticket(self, changes: Sequence[LocalChange]) -> None:
        ticket_id = changes[0].ticket_id
        if not await self.job.source.is_gone(Entity.TICKETS, ticket_id):
            self.job.warn(
                "LocalChangesNotSent",
                ticket_id,
                "The PSA does not show the ticket; its changes stay as they are",
            )
            return
        for change in changes:
            await self._note(ticket_id, Settled(change.id, "Refused", "The PSA has no such ticket any more"))

    async def _note(self, ticket_id: int, settled: Settled) -> None:
        await self.job.run.outgoing.settle(settled)
        if settled.state == "Refused":
            self.touched.add(ticket_id)
        self.job.warn(f"LocalChange{settled.state}", ticket_id, settled.message)

    async def _deliver(self, letter: Letter) -> None:
        outgoing, ticket_id = self.job.run.outgoing, letter.record.ticket_id
        created = await self._found(letter) if letter.tried_at else None
        if created is None and self._may_be_listed_late(letter):
            self.job.warn(
                "LocalChangesNotSent",
                ticket_id,
                "The PSA's answer to something new was lost; it may list it late, so it is sent again unless "
                f"it was listed within {self.job.spec.overlap.total_seconds():,.0f} s",
            )
            return
        if created is None:
            await outgoing.trying(letter, self.now)
            try:
                created = await self._write(letter)
            except WriteRefusedError as error:
                await outgoing.returned(letter, str(error))
                self.job.warn("LocalChangeRefused", ticket_id, str(error))
                return
        await outgoing.delivered(letter, created)
        self.touched.add(ticket_id)

    def _may_be_listed_late(self, letter: Letter) -> bool:
        return letter.last_tried_at is not None and self.now < letter.last_tried_at + self.job.spec.overlap

    async def _write(self, letter: Letter) -> Created:
        if isinstance(letter.record, NewNote):
            return await self.job.source.add_note(letter.record)
        return await self.job.source.add_time_entry(letter.record)

    async def _found(self, letter: Letter) -> Created | None:
        """What an attempt whose answer was lost has made, if it has."""
        candidates = [
            each
            async for page in self.job.source.of_tickets(letter.entity, [letter.record.ticket_id])
            for each in page.records
            if isinstance(each, Note | TimeEntry) and _may_be(each, letter)
        ]
        taken = await self.job.run.outgoing.taken(letter.entity, [each.id for each in candidates])
        return next((Created(each.id, _author(each)) for each in candidates if each.id not in taken), None)


def _may_be(record: Note | TimeEntry, letter: Letter) -> bool:
    """Whether a record was made since, by us as far as that is known, and says the same."""
    wanted, tried_at = letter.record, letter.tried_at
    made_at = record.created_at if isinstance(record, Note) else record.entered_at
    if tried_at is None or made_at is None or made_at < tried_at - _STAMPED_IN_SECONDS:
        return False
    if letter.author is not None and _author(record) != letter.author:
        return False
    if isinstance(record, Note) and isinstance(wanted, NewNote):
        flags = (record.discussion, record.internal, record.resolution)
        equal = flags == (wanted.discussion, wanted.internal, wanted.resolution)
        return equal and record.text.strip() == wanted.text.strip()
    if isinstance(record, TimeEntry) and not isinstance(wanted, NewNote):
        equal = same(record.started_at, wanted.started_at) and same(record.notes, wanted.notes)
        return equal and wanted.member_id in {None, record.member_id}
    return False


def _author(record: Note | TimeEntry) -> str | None:
    return record.author if isinstance(record, Note) else record.entered_by
