"""All tickets' notes: a shelf for each ticket, kept only once somebody changed something on it."""

import time
from collections.abc import Callable, Iterator, Sequence
from heapq import merge

from psa_operator.simulator.connectwise.notes import MOST
from psa_operator.simulator.shelf import Record, Row, Shelf


class NoteBook:
    """Notes by ticket; those of a ticket that is gone are gone with it."""

    def __init__(
        self, generate: Callable[[int], list[Record]], tickets: Sequence[Shelf], newest: int
    ) -> None:
        self._generate, self._tickets = generate, tickets
        self._touched: dict[int, Shelf] = {}
        self._homes: dict[int, int] = {}
        self._newest = newest * MOST + MOST

    def of(self, ticket: int) -> Shelf:
        """One ticket's notes."""
        shelf = self._touched.get(ticket)
        if shelf is None:
            return Shelf(self._generate(ticket))
        shelf.settle(time.monotonic())
        return shelf

    def true(self, number: int) -> Row | None:
        """A note by its own id, as it is."""
        ticket = self._home(number)
        exists = any(shelf.true(ticket) is not None for shelf in self._tickets)
        return self.of(ticket).true(number) if exists else None

    def true_rows(self) -> Iterator[Row]:
        for ticket in merge(*(shelf.true_ids() for shelf in self._tickets)):
            yield from self.of(ticket).true_rows()

    def next_id(self, gap: int) -> int:
        """An id that was never given before."""
        self._newest += gap
        return self._newest

    def put(self, record: Record, due: float) -> None:
        """Keep a new or changed note, shown from `due` on."""
        number = record["id"]
        self._newest = max(self._newest, number)
        self._homes[number] = record["ticketId"]
        self._kept(record["ticketId"]).put(record, due)

    def drop(self, number: int, due: float) -> None:
        """Forget a note; lists show it until `due`."""
        self._kept(self._home(number)).drop(number, due)

    def _home(self, number: int) -> int:
        return self._homes.get(number, number // MOST)

    def _kept(self, ticket: int) -> Shelf:
        return self._touched.setdefault(ticket, self.of(ticket))
