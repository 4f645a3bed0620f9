"""CustomResourceDefinitions, made from the models: what Python reads is what the API server checks."""

from dataclasses import dataclass
from typing import Any

import yaml

from psa_operator.api import integration_status, resync_status, schedule
from psa_operator.api.group import CATEGORY, GROUP, VERSION
from psa_operator.api.integration import PSAIntegration, PSAIntegrationSpec
from psa_operator.api.model import RULES, Column, Model, rules
from psa_operator.api.resync import TicketResync, TicketResyncSpec

Schema = dict[str, Any]

_KEPT = {
    "type",
    "format",
    "description",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
}


@dataclass(frozen=True)
class Resource:
    """One kind, as the API server must know it."""

    kind: str
    plural: str
    short_name: str
    spec: type[Model]
    status: type[Model]
    description: str
    columns: tuple[Column, ...]
    rules: tuple[Schema, ...] = ()


RESOURCES = (
    Resource(
        kind="PSAIntegration",
        plural="psaintegrations",
        short_name="psai",
        spec=PSAIntegrationSpec,
        status=integration_status.PSAIntegrationStatus,
        description=PSAIntegration.__doc__ or "",
        columns=integration_status.COLUMNS,
    ),
    Resource(
        kind="TicketResync",
        plural="ticketresyncs",
        short_name="tres",
        spec=TicketResyncSpec,
        status=resync_status.TicketResyncStatus,
        description=TicketResync.__doc__ or "",
        columns=resync_status.COLUMNS,
    ),
    Resource(
        kind="TicketResyncSchedule",
        plural="ticketresyncschedules",
        short_name="tressched",
        spec=schedule.TicketResyncScheduleSpec,
        status=schedule.TicketResyncScheduleStatus,
        description=schedule.TicketResyncSchedule.__doc__ or "",
        columns=schedule.COLUMNS,
        rules=(schedule.NAME_RULE,),
    ),
)


def _resolved(node: Schema, definitions: Schema) -> Schema:
    """`node` with what it refers to in place; its own words go before those of the referred."""
    branches = [branch for branch in node.get("anyOf", ()) if branch.get("type") != "null"]
    target = node if "$ref" in node else branches[0] if branches else None
    if target is None:
        return node
    name = target.get("$ref")
    base = _resolved(definitions[name.rpartition("/")[2]] if name else target, definitions)
    own = {key: value for key, value in node.items() if key not in {"$ref", "anyOf"}}
    both = [*base.get(RULES, ()), *own.get(RULES, ())]
    return {**base, **own, **({RULES: both} if both else {})}


def _default(node: Schema) -> Schema:
    """The default as the API server fills it in: what stands deeper in has its own."""
    value = node.get("default")
    if node.get("properties"):
        return {} if value is None else {"default": {}}
    return {} if value in (None, [], {}) else {"default": value}


def structural(node: Schema, definitions: Schema, *, defaults: bool) -> Schema:
    """A pydantic schema as a structural one: no references, no nulls, no titles."""
    node = _resolved(node, definitions)

    def inner(schema: Schema) -> Schema:
        return structural(schema, definitions, defaults=defaults)

    result = {key: value for key, value in node.items() if key in _KEPT or key.startswith("x-")}
    if node.get("type") == "integer":
        result["format"] = "int64"
    if "properties" in node:
        result["properties"] = {name: inner(schema) for name, schema in node["properties"].items()}
        required = [name for name in node.get("required", ()) if not node["properties"][name].get("readOnly")]
        result |= {"required": required} if required else {}
    elif isinstance(values := node.get("additionalProperties"), dict):
        result["additionalProperties"] = inner(values)
    if "items" in node:
        result["items"] = inner(node["items"])
    return result | (_default(node) if defaults else {})


def schema_of(model: type[Model], *, defaults: bool) -> Schema:
    schema = model.model_json_schema(mode="serialization")
    return structural(schema, schema.get("$defs", {}), defaults=defaults)


def _openapi(resource: Resource) -> Schema:
    status = schema_of(resource.status, defaults=False)
    # Without it kstatus takes an object that nobody has looked at yet for one that is ready.
    status["default"] = {"observedGeneration": -1}
    return {
        "type": "object",
        "description": resource.description,
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string", "description": f"{GROUP}/{VERSION}."},
            "kind": {"type": "string", "description": f"{resource.kind}."},
            "metadata": {"type": "object"},
            "spec": schema_of(resource.spec, defaults=True),
            "status": status,
        },
        **(rules(*resource.rules) if resource.rules else {}),
    }


def custom_resource_definition(resource: Resource) -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{resource.plural}.{GROUP}",
            # Uninstalling the chart must not take every integration and run with it.
            "annotations": {"helm.sh/resource-policy": "keep"},
        },
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": resource.kind,
                "listKind": f"{resource.kind}List",
                "plural": resource.plural,
                "singular": resource.kind.lower(),
                "shortNames": [resource.short_name],
                "categories": [CATEGORY],
            },
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "additionalPrinterColumns": list(resource.columns),
                    "schema": {"openAPIV3Schema": _openapi(resource)},
                    "subresources": {"status": {}},
                }
            ],
        },
    }


class _Dumper(yaml.SafeDumper):
    """Never abbreviates with anchors: people read these files."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def render_crds() -> dict[str, str]:
    """File name to text of every definition, the same each time."""
    return {
        f"{GROUP}_{resource.plural}.yaml": yaml.dump(
            custom_resource_definition(resource),
            Dumper=_Dumper,
            sort_keys=False,
            width=110,
            allow_unicode=True,
        )
        for resource in RESOURCES
    }
