"""Lists of any kind: page by page, counted, or one record alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psa_operator.simulator.connectwise import conditions, fields
from psa_operator.simulator.connectwise.answers import Answer, Ask, bad_argument, not_found, rendered
from psa_operator.simulator.connectwise.disturbed import garble, hides
from psa_operator.simulator.connectwise.order import ordered
from psa_operator.simulator.connectwise.paging import Page, link_header, page_of
from psa_operator.simulator.connectwise.schema import Schema
from psa_operator.simulator.faults import Effects
from psa_operator.simulator.shelf import Row, Shelf, whole


@dataclass(frozen=True)
class Listed:
    """One list: all of a shelf, or what on it belongs to one board."""

    entity: str
    schema: Schema
    shelf: Shelf
    board: int | None = None
    ticket: int | None = None


class Lists:
    """Answers to questions about lists; it remembers the last page of each, for the fault that repeats it."""

    def __init__(self) -> None:
        self._last_pages: dict[str, Page] = {}

    def page(self, ask: Ask, listed: Listed, effects: Effects, cap: int) -> Answer:
        """The records that the question asks for."""
        ids: Sequence[int] = [] if effects.empty else _matching(ask, listed, effects.hidden)
        ids = ordered(ids, ask.query.get("orderBy"), listed.shelf.shown, listed.schema)
        page = page_of(ask, ids, cap)
        if effects.repeated:
            page = self._last_pages.get(ask.path, page)
        self._last_pages[ask.path] = page
        form = ask.query.get("fields", "")
        tree = fields.parse(form, listed.schema) if form else None
        parts = listed.shelf.render(page.ids, form, fields.encoder(tree))
        parts = garble(page.ids, parts, effects.garbled)
        return Answer(200, b"[" + b",".join(parts) + b"]", link_header(ask, page))

    def count(self, ask: Ask, listed: Listed, effects: Effects) -> Answer:
        """How many records the question means."""
        ids = _matching(ask, listed, [fault for fault in effects.hidden if fault.counts])
        return rendered({"count": 0 if effects.empty else len(ids)})

    def detail(self, ask: Ask, listed: Listed, number: int, effects: Effects) -> Answer:
        """One record as it is, shown in lists or not."""
        row = listed.shelf.true(number)
        spared = hides(listed.entity, [fault for fault in effects.hidden if fault.details])
        if row is None or spared(row) or (listed.board and whole(row)["board"]["id"] != listed.board):
            raise not_found(f"{listed.schema.singular} {number} not found")
        form = ask.query.get("fields", "")
        body = fields.encoder(fields.parse(form, listed.schema) if form else None)(row)
        return Answer(200, garble([number], [body], effects.garbled)[0])


def _matching(ask: Ask, listed: Listed, hidden: list[Any]) -> list[int]:
    """The ids that the question means, in order of id."""
    for name in ("childConditions", "customFieldConditions"):
        if ask.query.get(name):
            raise bad_argument(f"{name} is not supported by this server.")
    text = ask.query.get("conditions", "").strip()
    if not text and listed.board is None and not hidden:
        return listed.shelf.ids
    where = conditions.parse(text, listed.schema) if text else conditions.Where(lambda _: True)
    spared = hides(listed.entity, hidden)

    def test(row: Row) -> bool:
        mine = listed.board is None or whole(row)["board"]["id"] == listed.board
        return mine and not spared(row) and where.test(row)

    hiding = [(fault.ids, fault.board) for fault in hidden]
    return listed.shelf.select(f"{listed.board} {hiding} {text}", test, where.bounds)
