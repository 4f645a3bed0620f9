"""The vendor's `conditions` language: read it, refuse what is not understood, turn it into a test."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from psa_operator.simulator.connectwise.answers import bad_condition
from psa_operator.simulator.connectwise.schema import Kind, Path, Schema
from psa_operator.simulator.shelf import Row, Test, reach, whole

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<date>\[[^\]]*\])
      | (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<name>[A-Za-z_]\w*(?:/[A-Za-z_]\w*)*)
      | (?P<sign><=|>=|!=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_LAST_UPDATED: Final = ("_info", "lastUpdated")
_DATE_FORMATS: Final = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Where:
    """A test of a row, and the earliest lastUpdated that can pass it, if that follows."""

    test: Test
    since: str | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind in ("name", "sign") else ""


def parse(text: str, schema: Schema) -> Where:
    """The test that a `conditions` text describes for one entity."""
    return _Parser(list(_tokens(text)), schema).where()


def getter(path: Path) -> Callable[[Row], Any]:
    """How to take one value from a row, without building the whole record where that can be spared."""
    default: tuple[str, Path] = (path[0], path[1:])
    head, rest = _COMPACT_NAMES.get(path, default)

    def get(row: Row) -> Any:
        if isinstance(row, dict):
            return reach(row, path)
        value: Any = getattr(row, head, _MISSING)
        if value is _MISSING:
            return reach(whole(row), path)
        return reach(value, rest) if rest and value is not None else value

    return get


_COMPACT_NAMES: Final[dict[Path, tuple[str, Path]]] = {
    _LAST_UPDATED: ("updated", ()),
    ("_info", "dateEntered"): ("entered", ()),
}
_MISSING: Final = object()


def ordered(
    ids: Sequence[int], order_by: str | None, row_of: Callable[[int], Row], schema: Schema
) -> Sequence[int]:
    """The ids in the order that an `orderBy` text asks for; by id without one, and among equals."""
    if order_by is None or order_by.strip().lower() in ("id", "id asc"):
        return ids
    for part in reversed(order_by.split(",")):
        name, _, direction = part.strip().partition(" ")
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise bad_condition(f"{direction} is not a recognized order.")
        path, kind = schema.resolve_comparable(name)
        get, fold = getter(path), _folding(kind)

        def key(number: int, get: Any = get, fold: Any = fold) -> tuple[bool, Any]:
            value = get(row_of(number))
            return (value is not None, None if value is None else fold(value))

        ids = sorted(ids, key=key, reverse=direction.strip().lower() == "desc")
    return ids


def _tokens(text: str) -> Iterator[_Token]:
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise bad_condition(f"Syntax error in conditions at position {place}: {text[place:place + 20]}")
        place = match.end()
        kind = match.lastgroup or ""
        yield _Token(kind, match.group(kind))


class _Parser:
    """Recursive descent: `or` of `and` of comparisons and brackets."""

    def __init__(self, tokens: list[_Token], schema: Schema) -> None:
        self._tokens = tokens
        self._schema = schema
        self._place = 0

    def where(self) -> Where:
        where = self._either()
        if self._place < len(self._tokens):
            raise self._unexpected()
        return where

    def _either(self) -> Where:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        bounds = [part.since for part in parts]
        since = min(b for b in bounds if b is not None) if None not in bounds else None
        return Where(lambda row: any(test(row) for test in tests), since)

    def _both(self) -> Where:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        since = max((part.since for part in parts if part.since is not None), default=None)
        return Where(lambda row: all(test(row) for test in tests), since)

    def _one(self) -> Where:
        if self._take("("):
            where = self._either()
            self._demand(")")
            return where
        name = self._next("name")
        path, kind = self._schema.resolve_comparable(name.text)
        negated = self._take("not")
        for word, build in (("in", self._within), ("contains", self._contains), ("like", self._like)):
            if self._take(word):
                return build(path, kind, negated=negated)
        if negated:
            raise self._unexpected()
        return self._comparison(path, kind)

    def _comparison(self, path: Path, kind: Kind) -> Where:
        sign = self._next("sign").text
        if sign not in _ORDERS:
            raise bad_condition(f"{sign} is not a recognized operator.")
        if self._take("null"):
            return _null_test(path, sign)
        value = self._literal(path, kind)
        if kind == "flag" and sign not in ("=", "!="):
            raise bad_condition(f"{sign} cannot be used with {'/'.join(path)}.")
        order, get, fold = _ORDERS[sign], getter(path), _folding(kind)
        since = value if path == _LAST_UPDATED and sign in ("=", ">", ">=") else None

        def test(row: Row) -> bool:
            # As in SQL, an empty value compares with nothing.
            found = get(row)
            return found is not None and order(fold(found), value)

        return Where(test, since)

    def _within(self, path: Path, kind: Kind, *, negated: bool) -> Where:
        self._demand("(")
        values = {self._literal(path, kind)}
        while self._take(","):
            values.add(self._literal(path, kind))
        self._demand(")")
        get, fold = getter(path), _folding(kind)

        def test(row: Row) -> bool:
            found = get(row)
            return found is not None and (fold(found) in values) is not negated

        return Where(test)

    def _contains(self, path: Path, kind: Kind, *, negated: bool) -> Where:
        return self._pattern(path, kind, re.escape, negated=negated, anchored=False)

    def _like(self, path: Path, kind: Kind, *, negated: bool) -> Where:
        return self._pattern(path, kind, _wildcards, negated=negated, anchored=True)

    def _pattern(
        self, path: Path, kind: Kind, regex: Callable[[str], str], *, negated: bool, anchored: bool
    ) -> Where:
        if kind != "text":
            raise bad_condition(f"{'/'.join(path)} is not a text.")
        pattern = re.compile(regex(self._literal(path, kind)), re.DOTALL)
        find, get = (pattern.fullmatch if anchored else pattern.search), getter(path)

        def test(row: Row) -> bool:
            found = get(row)
            return found is not None and (find(str(found).casefold()) is not None) is not negated

        return Where(test)

    def _literal(self, path: Path, kind: Kind) -> Any:
        """The next value, of the kind that the field holds."""
        token = self._next()
        if token.kind == kind == "text":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1]).casefold()
        if token.kind == kind == "date":
            return _date(token.text[1:-1])
        if token.kind == kind == "number":
            return float(token.text)
        if kind == "flag" and token.word in ("true", "false"):
            return token.word == "true"
        raise bad_condition(f"{token.text} is not a valid value for {'/'.join(path)}.")

    def _next(self, kind: str | None = None) -> _Token:
        if self._place >= len(self._tokens):
            raise bad_condition("Unexpected end of conditions.")
        token = self._tokens[self._place]
        if kind is not None and token.kind != kind:
            raise self._unexpected()
        self._place += 1
        return token

    def _take(self, word: str) -> bool:
        found = self._place < len(self._tokens) and self._tokens[self._place].word == word
        self._place += found
        return found

    def _demand(self, sign: str) -> None:
        if not self._take(sign):
            raise self._unexpected()

    def _unexpected(self) -> Exception:
        rest = self._tokens[self._place].text if self._place < len(self._tokens) else "the end"
        return bad_condition(f"Unexpected {rest} in conditions.")


def _null_test(path: Path, sign: str) -> Where:
    if sign not in ("=", "!="):
        raise bad_condition(f"{sign} cannot be used with null.")
    get, wanted = getter(path), sign == "="
    return Where(lambda row: (get(row) is None) is wanted)


def _folding(kind: Kind) -> Callable[[Any], Any]:
    """How a value is made comparable; what is of the wrong kind equals nothing."""
    if kind == "text":
        return lambda value: str(value).casefold()
    if kind == "number":
        return lambda value: value if isinstance(value, int | float) else float("nan")
    return str if kind == "date" else lambda value: value


def _wildcards(pattern: str) -> str:
    return ".*".join(re.escape(part) for part in re.split(r"[%*]", pattern))


def _date(text: str) -> str:
    """A date literal as records write it; fractions of a second are dropped."""
    for form in _DATE_FORMATS:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - zone-less means UTC here
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise bad_condition(f"[{text}] is not a valid date.")
