"""One entity's records: what lists show now, and what is true already but not shown yet."""

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

Record = dict[str, Any]


class Compact(Protocol):
    """A record that nobody changed yet: a few values, from which the whole record follows."""

    id: int
    entered: str
    updated: str

    def expand(self) -> Record: ...

    def pick(self, names: Collection[str]) -> Record:
        """The named fields, and maybe others; cheaper than all."""


Row = Compact | Record
Test = Callable[[Row], bool]

_REMEMBERED_QUERIES = 32
_RENDERED_BYTES = 600_000_000


def whole(row: Row) -> Record:
    """The record with all its fields."""
    return row if isinstance(row, dict) else row.expand()


def updated(row: Row) -> str:
    return str(row["_info"]["lastUpdated"]) if isinstance(row, dict) else row.updated


@dataclass(frozen=True)
class Bounds:
    """Where alone a test can find something.

    lastUpdated from `since` on, ids from `lowest` to `highest`, one of the `families` by which a shelf sorts.
    """

    since: str | None = None
    lowest: float = 0
    highest: float = inf
    families: frozenset[float] | None = None


@dataclass(frozen=True)
class _Change:
    """What lists will show of one record from an instant on; None: it is gone."""

    due: float
    id: int
    row: Record | None


class Shelf:
    """Records sorted by id, with lists of matching ids that are kept up to date change by change."""

    def __init__(self, rows: Iterable[Row], family: str | None = None) -> None:
        """With a `family`, records that share this field's value are found at once."""
        self._family, self._families = family, defaultdict[Any, list[int]](list)
        self._rows: dict[int, Row] = {_id(row): row for row in rows}
        self.ids = sorted(self._rows)
        self._by_change = sorted((updated(row), number) for number, row in self._rows.items())
        self._queries: OrderedDict[str, tuple[Test, list[int]]] = OrderedDict()
        self._rendered: dict[str, dict[int, bytes]] = {}
        self._rendered_bytes = 0
        self._waiting: deque[_Change] = deque()
        self._ahead: dict[int, _Change] = {}
        self._newest = self.ids[-1] if self.ids else 0
        for number in self.ids if family else ():
            self._families[self._family_of(self._rows[number])].append(number)

    def next_id(self, gap: int) -> int:
        """An id that was never given before."""
        self._newest += gap
        return self._newest

    def put(self, record: Record, due: float) -> None:
        """Keep a new or changed record, shown in lists from `due` on."""
        self._push(_Change(due, record["id"], record))

    def drop(self, number: int, due: float) -> None:
        """Forget a record; lists show it until `due`."""
        self._push(_Change(due, number, None))

    def settle(self, now: float) -> None:
        """Let lists show what is due."""
        while self._waiting and self._waiting[0].due <= now:
            change = self._waiting.popleft()
            if self._ahead.get(change.id) is change:
                del self._ahead[change.id]
            self._show(change.id, change.row)

    def true(self, number: int) -> Row | None:
        """The record as it is, shown in lists or not."""
        ahead = self._ahead.get(number)
        return ahead.row if ahead else self._rows.get(number)

    def true_ids(self) -> list[int]:
        """The ids of all that exist, in order."""
        known = {*self._rows, *self._ahead} if self._ahead else self._rows
        return sorted(number for number in known if self.true(number) is not None)

    def true_rows(self) -> Iterator[Row]:
        """All that exist, in the order of their ids."""
        rows = map(self.true, self.true_ids())
        return (row for row in rows if row is not None)

    def family(self, value: Any) -> Iterator[Row]:
        """The records of one family that lists show."""
        return map(self.shown, self._families.get(value, ()))

    def true_family(self, value: Any) -> list[Row]:
        """The records of one family as they are."""
        numbers = {*self._families.get(value, ()), *self._ahead}
        rows = map(self.true, sorted(numbers))
        return [row for row in rows if row is not None and self._family_of(row) == value]

    def shown(self, number: int) -> Row:
        return self._rows[number]

    def select(self, question: str, test: Test, bounds: Bounds) -> list[int]:
        """Ids that lists show and that pass the test, in order; only within the bounds can there be any."""
        if question in self._queries:
            self._queries.move_to_end(question)
            return self._queries[question][1]
        if bounds.families is not None and self._family:
            near = sorted(number for value in bounds.families for number in self._families.get(value, ()))
            found = [number for number in near if test(self._rows[number])]
        elif bounds.since is None:
            low, high = bisect_left(self.ids, bounds.lowest), bisect_right(self.ids, bounds.highest)
            found = [number for number in self.ids[low:high] if test(self._rows[number])]
        else:
            recent = self._by_change[bisect_left(self._by_change, (bounds.since, -1)) :]
            found = sorted(number for _, number in recent if test(self._rows[number]))
        self._queries[question] = (test, found)
        if len(self._queries) > _REMEMBERED_QUERIES:
            self._queries.popitem(last=False)
        return found

    def render(self, ids: Iterable[int], form: str, encode: Callable[[Row], bytes]) -> list[bytes]:
        """The records' bytes in one form, each made once."""
        known = self._rendered.setdefault(form, {})
        return [known.get(number) or self._make(number, known, encode) for number in ids]

    def _make(self, number: int, known: dict[int, bytes], encode: Callable[[Row], bytes]) -> bytes:
        made = encode(self._rows[number])
        if self._rendered_bytes > _RENDERED_BYTES:
            self._forget_other_forms(known)
        if self._rendered_bytes <= _RENDERED_BYTES:
            self._rendered_bytes += len(made)
            known[number] = made
        return made

    def _forget_other_forms(self, known: dict[int, bytes]) -> None:
        """Make room; what is being asked for now stays, since a walk that begins again asks for all of it."""
        for form in self._rendered.values():
            if form is not known:
                self._rendered_bytes -= sum(map(len, form.values()))
                form.clear()

    def _family_of(self, row: Row) -> Any:
        if self._family is None:
            return None
        return row.get(self._family) if isinstance(row, dict) else getattr(row, self._family)

    def _push(self, change: _Change) -> None:
        self._newest = max(self._newest, change.id)
        self._ahead[change.id] = change
        self._waiting.append(change)

    def _show(self, number: int, row: Record | None) -> None:
        before = self._rows.pop(number, None)
        if before is not None:
            _remove(self.ids, number)
            _remove(self._by_change, (updated(before), number))
            _remove(self._families[self._family_of(before)], number)
        if row is not None:
            self._rows[number] = row
            insort(self.ids, number)
            insort(self._by_change, (updated(row), number))
            insort(self._families[self._family_of(row)], number)
        for form in self._rendered.values():
            self._rendered_bytes -= len(form.pop(number, b""))
        for test, found in self._queries.values():
            _remove(found, number)
            if row is not None and test(row):
                insort(found, number)


class Shelves(dict[str, Shelf]):
    """Shelves by entity; those in `later` are filled when somebody first asks for them."""

    def __init__(self, ready: Mapping[str, Shelf]) -> None:
        super().__init__(ready)
        self.later: dict[str, Callable[[], Shelf]] = {}

    def __missing__(self, entity: str) -> Shelf:
        self[entity] = filled = self.later[entity]()
        return filled


def _id(row: Row) -> int:
    return int(row["id"]) if isinstance(row, dict) else row.id


def _remove(items: list[Any], item: Any) -> None:
    place = bisect_left(items, item)
    if place < len(items) and items[place] == item:
        del items[place]


def reach(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The value at a path, None where something on the way is missing."""
    value: Any = record
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
