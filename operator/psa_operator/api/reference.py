"""The tables of fields in docs/, made from the same models as the definitions."""

from collections.abc import Iterator
from pathlib import Path

from psa_operator.api.crd import RESOURCES, Resource, Schema, schema_of
from psa_operator.api.markdown import table, with_section
from psa_operator.api.model import RULES
from psa_operator.api.reasons import render_conditions

_SCALARS = {"string", "integer", "number", "boolean"}


def render_reference(page: str, resource: Resource) -> str:
    """The page with the tables between its marks made anew. Raises ValueError if it lacks the marks."""
    for part, model in (("spec", resource.spec), ("status", resource.status)):
        fields = _fields(schema_of(model, defaults=False), "")
        rows = [_row(path, node, required=required) for path, node, required in fields]
        text = table(("field", "type", "meaning"), rows)
        page = with_section(page, part, text, of=f"The page of {resource.kind}")
    return page


def write_reference(directory: Path) -> None:
    """Make the tables of every kind's page anew, and the page of conditions and reasons."""
    for resource in RESOURCES:
        page = directory / page_name(resource)
        page.write_text(render_reference(page.read_text(), resource))
    (directory / "conditions.md").write_text(render_conditions())


def page_name(resource: Resource) -> str:
    return f"{resource.kind.lower()}.md"


def _fields(node: Schema, path: str, *, required: bool = False) -> Iterator[tuple[str, Schema, bool]]:
    """Each field with its path, its schema, and whether it is required."""
    if path:
        yield path, node, required
    inner, place = node, path
    if node.get("type") == "array":
        inner, place = node["items"], f"{path}[]"
    elif isinstance(values := node.get("additionalProperties"), dict):
        inner, place = values, f"{path}.<key>"
    needed = inner.get("required", ())
    for name, child in inner.get("properties", {}).items():
        yield from _fields(child, f"{place}.{name}".lstrip("."), required=name in needed)


def _row(path: str, node: Schema, *, required: bool) -> tuple[str, str, str]:
    meaning = [node.get("description", "").replace("\n", " ")]
    if required:
        meaning.insert(0, "**Required.**")
    rules = [rule["message"] for rule in node.get(RULES, ()) if "message" in rule]
    if rules:
        meaning.append(f"*Refused otherwise: {'; '.join(rules)}.*")
    text = " ".join(meaning).replace("|", "\\|").replace("<", "&lt;")
    return f"`{path}`", _type(node), text


def _type(node: Schema) -> str:
    if "enum" in node:
        return " or ".join(f"`{value}`" for value in node["enum"])
    if node.get("type") == "array":
        return f"list of {_plural(node['items'])}"
    if isinstance(values := node.get("additionalProperties"), dict):
        return f"map to {_plural(values)}"
    return "time" if node.get("format") == "date-time" else str(node["type"])


def _plural(node: Schema) -> str:
    if "enum" in node:
        return _type(node)
    return f"{node['type']}s" if node.get("type") in _SCALARS else "objects"
