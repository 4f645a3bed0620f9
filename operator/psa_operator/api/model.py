"""What all our resources are made of: the model base and the types of fields."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from psa_operator.api.durations import MAX_LENGTH, PATTERN, format_duration, parse_duration

RULES = "x-kubernetes-validations"
MESSAGE_LENGTH = 1024


def rule(
    expression: str, message: str, *, field: str | None = None, reason: str | None = None
) -> dict[str, object]:
    """One CEL rule of the API server; `message` says what to write instead."""
    optional = {"fieldPath": field, "reason": reason}
    return {
        "rule": expression,
        "message": message,
        **{key: value for key, value in optional.items() if value},
    }


def rules(*every: dict[str, object]) -> dict[str, Any]:
    """CEL rules as pydantic keeps them, for a field or a whole model."""
    return {RULES: list(every)}


def storable() -> dict[str, Any]:
    """The rule of text that goes into the database, which has no place for one character."""
    return rules(rule(r"!self.contains('\x00')", "write it without the character U+0000 (NUL)"))


def unchanged(field: str) -> str:
    """CEL: `field` is as it was, or still absent.

    Not `self.?field == oldSelf.?field`: the API server cannot bound the cost of comparing optional values.
    """
    before, now = f"oldSelf.{field}", f"self.{field}"
    return f"has({now}) == has({before}) && (!has({now}) || {now} == {before})"


class Model(BaseModel):
    """A value of the API: camelCase outside, frozen, deaf to fields of other versions."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
    )

    def as_json(self) -> dict[str, Any]:
        """The value as the API server takes it, without what is unset."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def replace(self, **changes: object) -> Self:
        """A checked copy with other values, named as in Python."""
        return type(self).model_validate({**dict(self), **changes})


def clip(text: object, limit: int = MESSAGE_LENGTH) -> object:
    """Text that fits its place; what is cut is marked, and what is no text is left to validation."""
    return text[: limit - 1] + "…" if isinstance(text, str) and len(text) > limit else text


def first(limit: int) -> BeforeValidator:
    """The first `limit` of a list, because a status must stay small."""
    return BeforeValidator(lambda items: tuple(items)[:limit] if isinstance(items, list | tuple) else items)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _name(limit: int) -> Any:
    return Field(min_length=1, max_length=limit)


Time = Annotated[
    AwareDatetime,
    PlainSerializer(_rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": MAX_LENGTH,
            **rules(
                rule(
                    f"self != '' && self.matches('{PATTERN}')", "write a duration like 90s, 30m, 24h or 1h30m"
                )
            ),
        }
    ),
]
Message = Annotated[str, BeforeValidator(clip), Field(max_length=MESSAGE_LENGTH)]
TicketId = Annotated[int, Field(ge=1, le=9_007_199_254_740_991)]
"""Number of a ticket in the PSA, as JSON can carry it."""

Word = Annotated[str, BeforeValidator(lambda text: clip(text, 256)), Field(max_length=256)]
ObjectName = Annotated[str, _name(253)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


# What is no name must not get into the path of a request. The empty one has been told so by its length.
_NAMED_RIGHTLY = rules(
    rule(
        "self.matches('^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$')",
        "write a name as objects have them: lower-case letters, digits, '-' and '.', with a letter or digit "
        "at both ends",
    )
)


class ObjectReference(Model):
    """An object of the same namespace."""

    name: ObjectName = Field(
        description="Its name, in the namespace of this object.", json_schema_extra=_NAMED_RIGHTLY
    )


class OwnerReference(Model):
    """The object that another one belongs to."""

    kind: str
    name: str
    uid: str
    controller: bool = False


class SecretKeyReference(Model):
    """One key of a Secret in the same namespace."""

    name: ObjectName = Field(
        description="Name of the Secret, in the namespace of this object.", json_schema_extra=_NAMED_RIGHTLY
    )
    key: str = Field(
        min_length=1,
        max_length=253,
        description="The key of the Secret that holds the value.",
        json_schema_extra=rules(
            rule(
                "self.matches('^[-._a-zA-Z0-9]*$')",
                "write a key as Secrets have them: letters, digits, '-', '_' and '.'",
            )
        ),
    )


class ObjectMeta(Model):
    """What we read of an object's metadata."""

    name: str
    namespace: str
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    creation_timestamp: AwareDatetime | None = None
    deletion_timestamp: AwareDatetime | None = None
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    owner_references: tuple[OwnerReference, ...] = ()
    finalizers: tuple[str, ...] = ()


Column = dict[str, object]


def column(name: str, path: str, kind: str = "string", *, wide: bool = False, about: str = "") -> Column:
    """One column of `kubectl get`."""
    entry: Column = {"name": name, "type": kind, "jsonPath": path, "priority": int(wide)}
    return {**entry, "description": about} if about else entry


def age() -> Column:
    return column("Age", ".metadata.creationTimestamp", "date")
