"""The vendor's `conditions` language: read it, refuse what is not understood, turn it into a test."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from psa_operator.simulator.connectwise.answers import bad_condition
from psa_operator.simulator.connectwise.schema import Kind, Path, Schema
from psa_operator.simulator.connectwise.values import FAMILY, LAST_UPDATED, date_literal, folding, getter
from psa_operator.simulator.shelf import Bounds, Row, Test

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
EVERYWHERE: Final = Bounds()
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
    """A test of a row, and where alone something can pass it."""

    test: Test
    bounds: Bounds = EVERYWHERE


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


def _tokens(text: str) -> Iterator[_Token]:
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise bad_condition(f"Syntax error in conditions at position {place}: {text[place : place + 20]}")
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
        return Where(lambda row: any(test(row) for test in tests), _hull(part.bounds for part in parts))

    def _both(self) -> Where:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        return Where(lambda row: all(test(row) for test in tests), _overlap([part.bounds for part in parts]))

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
        order, get, fold = _ORDERS[sign], getter(path), folding(kind)

        def test(row: Row) -> bool:
            # As in SQL, an empty value compares with nothing.
            found = get(row)
            return found is not None and order(fold(found), value)

        return Where(test, _bounds(path, sign, value))

    def _within(self, path: Path, kind: Kind, *, negated: bool) -> Where:
        self._demand("(")
        values = {self._literal(path, kind)}
        while self._take(","):
            values.add(self._literal(path, kind))
        self._demand(")")
        get, fold = getter(path), folding(kind)

        def test(row: Row) -> bool:
            found = get(row)
            return found is not None and (fold(found) in values) is not negated

        if negated or path not in (("id",), FAMILY):
            return Where(test)
        if path == FAMILY:
            return Where(test, Bounds(families=frozenset(values)))
        return Where(test, Bounds(lowest=min(values), highest=max(values)))

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
            return date_literal(token.text[1:-1])
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


def _bounds(path: Path, sign: str, value: Any) -> Bounds:
    """What follows from one comparison; `<` and `>` include the border, which the test then leaves out."""
    if path == LAST_UPDATED and sign in ("=", ">", ">="):
        return Bounds(since=value)
    if path == FAMILY and sign == "=":
        return Bounds(families=frozenset({value}))
    if path == ("id",) and sign != "!=":
        return Bounds(
            lowest=0 if sign in ("<", "<=") else value, highest=inf if sign in (">", ">=") else value
        )
    return EVERYWHERE


def _overlap(all_of: list[Bounds]) -> Bounds:
    families = [each.families for each in all_of if each.families is not None]
    return Bounds(
        since=max((each.since for each in all_of if each.since is not None), default=None),
        lowest=max(each.lowest for each in all_of),
        highest=min(each.highest for each in all_of),
        families=frozenset.intersection(*families) if families else None,
    )


def _hull(any_of: Iterable[Bounds]) -> Bounds:
    parts = list(any_of)
    stamps = [each.since for each in parts if each.since is not None]
    families = [each.families for each in parts if each.families is not None]
    return Bounds(
        since=min(stamps) if len(stamps) == len(parts) else None,
        lowest=min(each.lowest for each in parts),
        highest=max(each.highest for each in parts),
        families=frozenset.union(*families) if len(families) == len(parts) else None,
    )


def _wildcards(pattern: str) -> str:
    return ".*".join(re.escape(part) for part in re.split(r"[%*]", pattern))
