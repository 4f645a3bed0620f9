"""Specs as nobody would write them: made from the schema of our definitions, and from what lies around it."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from psa_operator.api.crd import Resource, custom_resource_definition
from psa_operator.api.group import API_VERSION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.model import Model
from psa_operator.api.resync import TicketResync
from psa_operator.api.schedule import TicketResyncSchedule
from tests.cluster.administrator import Manifest
from tests.cluster.api.user import merged
from tests.cluster.traps import ODD, RULED

Schema = dict[str, Any]
Values = st.SearchStrategy[Any]

MODELS: dict[str, type[Model]] = {
    each.__name__: each for each in (PSAIntegration, TicketResync, TicketResyncSchedule)
}
LARGEST = 9_223_372_036_854_775_807
SMALLEST: dict[str, Manifest] = {
    "PSAIntegration": {
        "provider": {"connectWise": {"url": "http://127.0.0.1:1", "companyId": "acme"}},
        "credentialsSecretRef": {"name": "keys"},
    },
    "TicketResync": {"integrationRef": {"name": "acme"}},
    "TicketResyncSchedule": {
        "schedule": "0 3 1 1 *",
        "template": {"spec": {"integrationRef": {"name": "acme"}}},
    },
}
"""The spec that has to be there, by kind."""

TEXTS = st.sampled_from(ODD) | st.text(max_size=40)
NONSENSE: Values = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, LARGEST, -LARGEST - 1, LARGEST + 1, 1.5, 1e300, 5.0]),
    st.sampled_from([[], [None], [[]], {}, {"": ""}, {"a": {"b": []}}, [0] * 2000]),
)


def _number(schema: Schema) -> Values:
    low, high = schema.get("minimum", 0), schema.get("maximum", LARGEST)
    return st.integers(low, min(high, low + 100)) | st.sampled_from([low, high, low - 1, high + 1])


def _text(schema: Schema) -> Values:
    most = schema.get("maxLength", 40)
    longest = st.builds(lambda letter, more: letter * (most + more), st.sampled_from("xé😀"), st.booleans())
    return st.text(max_size=min(most, 40)) | TEXTS | longest


def _value(schema: Schema, name: str = "") -> Values:
    """Mostly what the schema takes, with the traps of the field; sometimes just beyond."""
    if name in RULED:
        return RULED[name]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        return _fields(schema)
    match schema["type"]:
        case "boolean":
            return st.booleans()
        case "integer":
            return _number(schema)
        case "array":
            return st.lists(_value(schema["items"], name), max_size=3)
        case "object":
            return st.dictionaries(TEXTS, _value(schema["additionalProperties"]), max_size=3)
        case _:
            return _text(schema)


@st.composite
def _fields(draw: st.DrawFn, schema: Schema, smallest: Manifest | None = None) -> Manifest:
    """An object with all that it must have and a little of what it may have."""
    properties, required = schema["properties"], [] if smallest else schema.get("required", [])
    others = sorted(properties.keys() - set(required))
    chosen = draw(st.lists(st.sampled_from(others), max_size=3, unique=True)) if others else []
    drawn = {name: draw(_value(properties[name], name)) for name in [*required, *chosen]}
    return merged(smallest or {}, drawn)


@st.composite
def _damaged(draw: st.DrawFn, spec: Manifest) -> Manifest:
    """The spec with nonsense in one place: a value, or a field that there is not."""
    key = draw(st.sampled_from([*spec, "spce"]))
    inside = spec.get(key)
    if isinstance(inside, dict) and inside and draw(st.booleans()):
        return {**spec, key: draw(_damaged(inside))}
    return {**spec, key: draw(NONSENSE)}


def specs(resource: Resource) -> st.SearchStrategy[Manifest]:
    """Specs of a kind, made to come through often enough."""
    version = custom_resource_definition(resource)["spec"]["versions"][0]
    schema = version["schema"]["openAPIV3Schema"]["properties"]["spec"]
    return _fields(schema, SMALLEST[resource.kind])


def worse_specs(resource: Resource) -> st.SearchStrategy[Manifest]:
    """Half of them have something that no schema would take."""
    return specs(resource) | specs(resource).flatmap(_damaged)


def drawn(values: st.SearchStrategy[Manifest], number: int) -> list[Manifest]:
    """So many of them, or fewer where there are no more."""
    found: list[Manifest] = []

    @settings(
        max_examples=number,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(values)
    def collect(one: Manifest) -> None:
        found.append(one)

    collect()
    return found


def manifest(kind: str, name: str, spec: Manifest) -> Manifest:
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}


def read(stored: Manifest) -> Model:
    """What the operator makes of an object that the API server would store."""
    return MODELS[stored["kind"]].model_validate(stored)
