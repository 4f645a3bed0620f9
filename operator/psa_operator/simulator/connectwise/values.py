"""Values of records in conditions and orders: how they are found, compared, and written as literals."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from psa_operator.simulator.connectwise.answers import bad_condition
from psa_operator.simulator.connectwise.schema import Kind, Path
from psa_operator.simulator.shelf import Row, reach

LAST_UPDATED: Final = ("_info", "lastUpdated")
FAMILY: Final = ("chargeToId",)  # by which time entries are found without looking at all of them
_DATE_FORMATS: Final = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_COMPACT_NAMES: Final[dict[Path, tuple[str, Path]]] = {
    LAST_UPDATED: ("updated", ()),
    ("_info", "dateEntered"): ("entered", ()),
}
_MISSING: Final = object()


def getter(path: Path) -> Callable[[Row], Any]:
    """How to take one value from a row, without building the whole record where that can be spared."""
    default: tuple[str, Path] = (path[0], path[1:])
    head, rest = _COMPACT_NAMES.get(path, default)

    def get(row: Row) -> Any:
        if isinstance(row, dict):
            return reach(row, path)
        value: Any = getattr(row, head, _MISSING)
        if value is _MISSING:
            return reach(row.pick((path[0],)), path)
        return reach(value, rest) if rest and value is not None else value

    return get


def folding(kind: Kind) -> Callable[[Any], Any]:
    """How a value is made comparable; what is of the wrong kind equals nothing."""
    if kind == "text":
        return lambda value: str(value).casefold()
    if kind == "number":
        return lambda value: value if isinstance(value, int | float) else float("nan")
    return str if kind == "date" else lambda value: value


def date_literal(text: str) -> str:
    """A date literal as records write it; fractions of a second are dropped."""
    for form in _DATE_FORMATS:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - zone-less means UTC here
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise bad_condition(f"[{text}] is not a valid date.")
