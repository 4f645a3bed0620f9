"""How a model is described: its fields, their kinds, and what a name in a question means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from psa_operator.simulator.connectwise.answers import bad_condition

Kind = Literal["number", "text", "flag", "date", "reference", "array", "info", "any"]
Path = tuple[str, ...]

_REFERENCE: Final[Mapping[str, Kind]] = {
    "id": "number",
    "name": "text",
    "identifier": "text",
    "sort": "number",
    "_info": "info",
}
_INFO: Final[Mapping[str, Kind]] = {
    "lastUpdated": "date",
    "updatedBy": "text",
    "dateEntered": "date",
    "enteredBy": "text",
}


_BELOW: Final[Mapping[Kind, Mapping[str, Kind]]] = {"reference": _REFERENCE, "info": _INFO}


@dataclass(frozen=True)
class Schema:
    """One entity: its name in messages, its path, and the kind of each field."""

    singular: str
    path: str
    fields: Mapping[str, Kind]

    def resolve(self, written: str) -> tuple[Path, Kind]:
        """The path and kind of a name in a condition; names are not case-sensitive there."""
        if written.lower() == "lastupdated":
            return ("_info", "lastUpdated"), "date"
        path: Path = ()
        known = self.fields
        kind: Kind = "reference"
        for part in written.split("/"):
            name = _match(part, known)
            if name is None:
                raise bad_condition(f"{written} is not a recognized name.")
            path, kind = (*path, name), known[name]
            known = _BELOW.get(kind, {})
        return path, kind

    def resolve_comparable(self, written: str) -> tuple[Path, Kind]:
        """As `resolve`, for names that hold one value; a reference may only be compared with null."""
        path, kind = self.resolve(written)
        if kind in ("array", "info", "any"):
            raise bad_condition(f"{written} is not a recognized name.")
        return path, kind


def _match(part: str, known: Mapping[str, Kind]) -> str | None:
    if part in known:
        return part
    return next((name for name in known if name.lower() == part.lower()), None)


def schema(singular: str, path: str, **kinds: str) -> Schema:
    """A model from the names of its fields, by their kind; every record has an id and its `_info`."""
    fields: dict[str, Kind] = {"id": "number"}
    for kind, names in kinds.items():
        fields |= dict.fromkeys(names.split(), kind)  # type: ignore[arg-type]
    return Schema(singular, path, fields | {"_info": "info"})
