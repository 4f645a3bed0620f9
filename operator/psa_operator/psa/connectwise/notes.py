"""All notes of many tickets: by bundles where the server takes them, else by a list for each ticket."""

from collections.abc import Coroutine, Iterator, Sequence
from datetime import tzinfo
from itertools import chain

from msgspec.structs import replace

from psa_operator.psa.connectwise.areas import Area
from psa_operator.psa.connectwise.bundles import Bundles, Part
from psa_operator.psa.connectwise.connection import Connection, NotFoundError
from psa_operator.psa.connectwise.listing import Listing, pages
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Batch, page_of
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page


class Notes:
    """Reads the notes of tickets; those of a ticket that is gone are on no page."""

    def __init__(self, connection: Connection, area: Area, zone: tzinfo, page_size: int) -> None:
        self._connection = connection
        self._area = area
        self._zone = zone
        self._page_size = page_size
        self._bundles = Bundles(connection, area.bundled, area, page_size)

    async def probe(self, ticket: int) -> None:
        """Find out, once, whether the server takes bundles."""
        await self._bundles.probe(ticket)

    def requests(self, tickets: int) -> int:
        """How many requests the notes of so many tickets take."""
        return -(-tickets // self._bundles.size)

    def questions(self, tickets: Sequence[int]) -> Iterator[Coroutine[None, None, Page]]:
        """Ask for the notes of many tickets, some at a time, as many as the server takes by then."""
        done = 0
        while done < len(tickets):
            some = tickets[done : done + self._bundles.size]
            done += len(some)
            yield self._page_of(some)

    async def _page_of(self, tickets: Sequence[int]) -> Page:
        found = await self._of(tickets)
        return replace(page_of(Entity.NOTES, chain.from_iterable(found.values())), whole_for=tuple(found))

    async def _of(self, tickets: Sequence[int]) -> dict[int, list[Batch]]:
        """The notes by ticket; one that is gone is missing."""
        parts = await self._bundles.ask(tickets) if len(tickets) > 1 else {}
        if len(tickets) > 1 and not parts:
            half = len(tickets) // 2
            return await self._of(tickets[:half]) | await self._of(tickets[half:])
        found: dict[int, list[Batch]] = {}
        for ticket in tickets:
            if ticket in parts and parts[ticket] is None:
                continue
            batches = self._whole_part(parts.get(ticket)) or await self._alone(ticket)
            if batches is not None:
                found[ticket] = [_belonging(batch, ticket) for batch in batches]
        return found

    def _whole_part(self, part: Part | None) -> list[Batch] | None:
        """What a bundle brought of one ticket, if that is all: the lack of a note would delete another."""
        if part is None or not part.answer.content.startswith(b"["):
            return None
        batch = self._read(part.answer)
        return [batch] if part.counted <= len(batch.rows) < self._page_size else None

    async def _alone(self, ticket: int) -> list[Batch] | None:
        listing = Listing(
            self._area.path.format(ticket=ticket),
            self._area.right,
            self._area.fields,
            page_size=self._page_size,
        )
        try:
            return [batch async for batch in pages(self._connection, listing, self._read)]
        except NotFoundError:
            return None

    def _read(self, answer: Answer) -> Batch:
        return self._area.shape.read(answer, self._zone)


def _belonging(batch: Batch, ticket: int) -> Batch:
    """What a ticket's own list has is the ticket's, whatever it says, and so is what does not fit."""
    batch.rows = {each: replace(row, ticket_id=ticket) for each, row in batch.rows.items()}
    return batch
