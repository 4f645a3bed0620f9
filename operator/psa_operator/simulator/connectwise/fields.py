"""The `fields` parameter: which part of a record is sent, and the record's bytes in that form."""

from collections.abc import Callable
from typing import Any

import msgspec

from psa_operator.simulator.connectwise.answers import bad_argument
from psa_operator.simulator.connectwise.schema import Schema
from psa_operator.simulator.shelf import Record, Row, whole

Tree = dict[str, Any]

_encode = msgspec.json.Encoder().encode


def parse(text: str, schema: Schema) -> Tree:
    """The named parts as a tree; an empty branch means everything below it."""
    tree: Tree = {}
    for written in text.split(","):
        path, kind = schema.resolve(written.strip())
        if len(path) > 1 and kind == "array":
            raise bad_argument(f"{written} is not a recognized field.")
        branch = tree
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = {}
    return tree


def project(row: Row, tree: Tree) -> Record:
    """Only what the tree names; what the record lacks is null."""
    return _part(row if isinstance(row, dict) else row.pick(tree), tree)


def _part(record: Record, tree: Tree) -> Record:
    picked: Record = {}
    for name, branch in tree.items():
        value = record.get(name)
        picked[name] = _part(value, branch) if branch and isinstance(value, dict) else value
    return picked


def encoder(tree: Tree | None) -> Callable[[Row], bytes]:
    """How a row becomes bytes."""
    if tree is None:
        return lambda row: _encode(whole(row))
    return lambda row: _encode(project(row, tree))
