"""The definitions: made from the models, in one version everywhere, and fit for an API server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from psa_operator.api import render_crds
from psa_operator.api.crd import RESOURCES, Resource, Schema, custom_resource_definition

ROOT = Path(__file__).parents[3]
UNDERSTOOD = {
    "type",
    "format",
    "description",
    "enum",
    "default",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "maxProperties",
    "x-kubernetes-validations",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
}


def _walk(node: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    yield path, node
    for name, inner in node.get("properties", {}).items():
        yield from _walk(inner, f"{path}.{name}")
    for name in ("items", "additionalProperties"):
        if name in node:
            yield from _walk(node[name], f"{path}[]")


def _schema(resource: Resource) -> Schema:
    version: dict[str, Any] = custom_resource_definition(resource)["spec"]["versions"][0]
    return dict(version["schema"]["openAPIV3Schema"])


NODES = [
    pytest.param(node, id=path)
    for resource in RESOURCES
    for part in ("spec", "status")
    for path, node in _walk(_schema(resource)["properties"][part], f"{resource.kind}.{part}")
]


@pytest.mark.parametrize("folder", ["crds", "charts/psa-operator/files/crds"])
def test_the_files_are_what_the_models_say(folder: str) -> None:
    files = {path.name: path.read_text() for path in (ROOT / folder).iterdir()}

    assert files == render_crds(), "run `make crds`"


def test_the_text_says_what_the_definition_says() -> None:
    assert [yaml.safe_load(text) for text in render_crds().values()] == [
        custom_resource_definition(resource) for resource in RESOURCES
    ]


@pytest.mark.parametrize("node", NODES)
def test_a_schema_is_structural(node: Schema) -> None:
    assert set(node) <= UNDERSTOOD
    assert "type" in node


@pytest.mark.parametrize("node", NODES)
def test_everything_that_can_grow_has_a_maximum(node: Schema) -> None:
    limit = {"string": "maxLength", "array": "maxItems", "object": "maxProperties"}.get(node["type"])

    bounded = {"enum", "format", "properties"} & set(node)  # known beforehand, so they cannot grow
    assert limit is None or bounded or limit in node


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.kind)
def test_every_field_is_described_with_its_default(resource: Resource) -> None:
    for path, node in _walk(_schema(resource)["properties"]["spec"], "spec"):
        if not path.endswith("[]"):
            assert node["description"], path
        if isinstance(node.get("default"), str | int):
            assert f"default: {node['default']}".lower() in node["description"].lower(), path
