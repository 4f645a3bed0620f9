"""Whom to tell of a run over HTTP, and of which of its transitions."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from psa_operator.api.model import Model, SecretKeyReference, Time, Word, clip, first, rule, rules


class Channel(StrEnum):
    """The form of a message."""

    WEBHOOK = "Webhook"
    SLACK = "Slack"


class Transition(StrEnum):
    """What a run can be told of; but for the first they are phases."""

    STARTED = "Started"
    AWAITING_APPROVAL = "AwaitingApproval"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


BY_DEFAULT = (Transition.STARTED, Transition.AWAITING_APPROVAL, Transition.SUCCEEDED, Transition.FAILED)


class Notification(Model):
    """Somebody who is told of runs over HTTP."""

    type: Channel = Field(
        description="Webhook: a POST of JSON, as docs/notifications.md describes it. Slack: the format of "
        "Slack's incoming webhooks."
    )
    secret_ref: SecretKeyReference = Field(
        description="The key of a Secret that holds the URL to send to, which is never shown. For a Webhook "
        "the same Secret may have signingSecret, with which messages are signed as Standard Webhooks do, "
        "and token, which is sent as Authorization: Bearer. The rules for hosts are those for the PSA's URL."
    )
    events: Annotated[tuple[Transition, ...], Field(min_length=1, max_length=5)] = Field(
        BY_DEFAULT,
        description="Of what to tell: Started (a run begins, and none has succeeded for this integration "
        "yet), AwaitingApproval (a run waits until somebody approves its deletions), Succeeded, Failed, "
        "Cancelled. Default: all of them but Cancelled.",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )

    @property
    def target(self) -> str:
        """The receiver as people read it, which does not change with its place in the list."""
        return str(clip(f'{self.type} of Secret "{self.secret_ref.name}", key "{self.secret_ref.key}"', 256))


Notifications = Annotated[
    tuple[Notification, ...],
    Field(
        max_length=5,
        json_schema_extra=rules(
            rule(
                "self.all(one, self.exists_one(other, one.type == other.type && "
                "one.secretRef.name == other.secretRef.name && one.secretRef.key == other.secretRef.key))",
                "two notifications have the same type and secretRef, so each message would come twice: write "
                "one of them, with all that it is to tell in its events",
            )
        ),
    ),
]


class Delivery(StrEnum):
    """What has become of a message."""

    PENDING = "Pending"
    DELIVERED = "Delivered"
    GIVEN_UP = "GivenUp"


class Notice(Model):
    """One message about a run to one receiver."""

    event: Transition = Field(description="What the message tells of.")
    to: Word = Field(description="The receiver: its type, and the Secret with its URL.")
    time: Time = Field(description="When that happened.")
    state: Delivery = Field(
        Delivery.PENDING,
        description="Pending: it is being sent. Delivered. GivenUp: it was tried for too long.",
    )
    tried_at: Time | None = Field(None, description="When the state or the reason last changed.")
    reason: Word | None = Field(None, description="Why it could not be delivered, in one word.")
    message: Word | None = Field(None, description="Why it could not be delivered, and what to do.")


Notices = Annotated[tuple[Notice, ...], Field(max_length=25), first(25)]
