"""The page of conditions and reasons has all that the code can say, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from psa_operator.api.reasons import CONDITIONS, REASONS, render_conditions

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "operator/psa_operator"
PARTS = ("api", "sync", "psa", "store", "controller", "errors.py", "wiring.py", "worker.py", "webhook.py")
WORD = re.compile(r"[A-Z][a-z]\w*[a-z]|TLSFailed|InvalidURL")
SAYING = {"Obstacle", "End", "Outcome", "Farewell", "Announcement", "_said", "set_outlook", "warn"}
# Modules whose functions return reasons in tuples and tables.
TELLING = ("controller/findings.py", "controller/zones.py", "controller/named.py", "sync/scope.py",
           "sync/rollback.py", "store/border.py")  # fmt: skip
# Log lines, signals between processes, and words that are no reasons.
NOT_FOR_USERS = {
    "Fenced", "Shutdown", "Conflict", "LeaseLost", "WatchIsDeaf", "NotificationRemoved", "NotFound",
    "True", "False", "Unknown", "Normal", "Warning", "Succeeded", "PSAIntegration",
    "FieldValueRequired", "ResolvedScope",
}  # fmt: skip
MADE = {"LocalChangeHeld"}
"""Put together from two words."""
TYPES = {name for conditions in CONDITIONS.values() for name in conditions}
WRITTEN = {name for reasons in REASONS.values() for name in reasons}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for part in PARTS:
        place = SOURCE / part
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            if path.name != "reasons.py":
                yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text())


def words(nodes: Iterator[ast.AST] | list[ast.expr]) -> set[str]:
    constants = (each.value for each in nodes if isinstance(each, ast.Constant))
    return {each for each in constants if isinstance(each, str) and WORD.fullmatch(each)}


def said(name: str, module: ast.Module) -> set[str]:
    """The words that a module uses as reasons."""
    if name in TELLING:
        return words(ast.walk(module))
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            found |= words([each.value for each in node.keywords if each.arg == "reason"])
            found |= words(node.args) if called in SAYING else set()
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
            found |= words([node.value])
    return found


def test_every_reason_is_explained() -> None:
    used: set[str] = set()
    for name, module in modules():
        used |= said(name, module)

    assert used - WRITTEN - TYPES - NOT_FOR_USERS == set()


def test_every_reason_that_is_explained_exists() -> None:
    text = "\n".join(ast.unparse(module) for _, module in modules())

    assert {each for each in WRITTEN if f"'{each}'" not in text and each not in MADE} == set()


def test_a_reason_is_explained_once() -> None:
    every = [name for reasons in REASONS.values() for name in reasons]

    assert sorted(every) == sorted(WRITTEN)


def test_the_page_is_what_the_tables_make_it() -> None:
    assert (ROOT / "docs/conditions.md").read_text() == render_conditions(), "run `make crds`"
