"""Conditions: the truth about an object, in the words that kubectl, Argo CD and Flux understand."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from psa_operator.api.model import Message, Model, Time

ConditionStatus = Literal["True", "False", "Unknown"]


class Condition(Model):
    """One statement about the object, and since when it holds."""

    type: str = Field(
        min_length=1, max_length=316, description="What the statement is about, for example Ready."
    )
    status: ConditionStatus = Field(description="Whether it holds: True, False, or Unknown.")
    observed_generation: int = Field(
        0, ge=0, description="metadata.generation of the object that the statement was made about."
    )
    last_transition_time: Time = Field(description="When status last changed.")
    reason: str = Field(
        min_length=1, max_length=256, description="Why, in one CamelCase word; the event has the same one."
    )
    message: Message = Field("", description="Why, in a sentence, and what to do about it.")


Conditions = Annotated[
    tuple[Condition, ...],
    Field(
        max_length=20,
        json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
    ),
]


class Outlook(StrEnum):
    """What anyone who waits for an object must know."""

    DONE = "Done"
    IN_PROGRESS = "InProgress"
    STALLED = "Stalled"


def find_condition(conditions: Iterable[Condition], type_: str) -> Condition | None:
    return next((each for each in conditions if each.type == type_), None)


def is_true(conditions: Iterable[Condition], type_: str) -> bool:
    found = find_condition(conditions, type_)
    return found is not None and found.status == "True"


def set_condition(
    conditions: tuple[Condition, ...],
    type_: str,
    status: ConditionStatus,
    reason: str,
    message: str = "",
    *,
    now: datetime,
    generation: int,
) -> tuple[Condition, ...]:
    """The conditions with this one in its place; its time moves only when its status flips."""
    before = find_condition(conditions, type_)
    since = before.last_transition_time if before is not None and before.status == status else now
    after = Condition(
        type=type_,
        status=status,
        observed_generation=generation,
        last_transition_time=since,
        reason=reason,
        message=message,
    )
    if before is None:
        return (*conditions, after)
    return tuple(after if each.type == type_ else each for each in conditions)


def remove_condition(conditions: tuple[Condition, ...], *types: str) -> tuple[Condition, ...]:
    return tuple(each for each in conditions if each.type not in types)


def set_outlook(
    conditions: tuple[Condition, ...],
    outlook: Outlook,
    reason: str,
    message: str = "",
    *,
    now: datetime,
    generation: int,
) -> tuple[Condition, ...]:
    """The conditions with Ready, Reconciling and Stalled as kstatus reads them.

    Reconciling and Stalled are there only while True: Ready=False alone reads as "in progress for ever".
    """
    ready: ConditionStatus = "True" if outlook is Outlook.DONE else "False"
    conditions = set_condition(conditions, "Ready", ready, reason, message, now=now, generation=generation)
    for type_, meant in (("Reconciling", Outlook.IN_PROGRESS), ("Stalled", Outlook.STALLED)):
        if outlook is meant:
            conditions = set_condition(
                conditions, type_, "True", reason, message, now=now, generation=generation
            )
        else:
            conditions = remove_condition(conditions, type_)
    return conditions
