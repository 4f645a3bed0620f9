"""The `orderBy` parameter: in which order records are listed."""

from collections.abc import Callable, Sequence
from typing import Any

from psa_operator.simulator.connectwise.answers import bad_condition
from psa_operator.simulator.connectwise.schema import Schema
from psa_operator.simulator.connectwise.values import folding, getter
from psa_operator.simulator.shelf import Row


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
        get, fold = getter(path), folding(kind)

        def key(number: int, get: Any = get, fold: Any = fold) -> tuple[bool, Any]:
            value = get(row_of(number))
            return (value is not None, None if value is None else fold(value))

        ids = sorted(ids, key=key, reverse=direction.strip().lower() == "desc")
    return ids
