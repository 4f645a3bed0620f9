"""What is sent about a run: the body and the headers of one message."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from psa_operator.api.conditions import find_condition
from psa_operator.api.model import clip
from psa_operator.api.notifications import Channel, Notice, Transition
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode
from psa_operator.controller.notices import message_id
from psa_operator.errors import ConfigurationError

_LONGEST = 500
"""Characters of a text in a Slack message: five times as many, escaped, still fit into a block."""

_MODES = {
    Mode.QUICK: "Quick Sync",
    Mode.FULL: "Full Clear and Resync",
    Mode.REFERENCE_DATA: "PSA settings resync",
    Mode.PRUNE: "Prune",
    Mode.ROLLBACK: "Rollback",
}
_HAPPENED = {
    Transition.STARTED: ":arrow_forward: The first run has begun",
    Transition.AWAITING_APPROVAL: ":raised_hand: Waits for an approval",
    Transition.SUCCEEDED: ":white_check_mark: Succeeded",
    Transition.FAILED: ":x: Failed",
    Transition.CANCELLED: ":no_entry_sign: Cancelled",
}


def body(channel: Channel, run: TicketResync, notice: Notice) -> bytes:
    """The message in the form that the receiver expects."""
    return msgspec.json.encode(_slack(run, notice) if channel is Channel.SLACK else facts(run, notice))


def facts(run: TicketResync, notice: Notice) -> dict[str, Any]:
    """What a Webhook gets, as docs/notifications.md promises it."""
    status, said = run.status, find_condition(run.status.conditions, "Ready")
    return {
        "id": message_id(run.metadata.uid, notice),
        "event": notice.event,
        "time": notice.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "namespace": run.metadata.namespace,
        "integration": run.spec.integration_ref.name,
        "run": run.metadata.name,
        "mode": status.effective_mode or run.spec.mode,
        "dryRun": run.spec.dry_run,
        "phase": status.phase,
        "reason": said.reason if said else "",
        "message": status.message or "",
        "counts": {entity: each.as_json() for entity, each in status.counts.items()},
        "requestedBy": run.spec.requested_by or "",
        "requestReason": run.spec.reason or "",
    }


def headers(
    channel: Channel, secret: Mapping[str, str], message: str, content: bytes, now: datetime
) -> dict[str, str]:
    """Headers as Standard Webhooks names them, signed if there is a secret. Raises ConfigurationError."""
    given = {"Content-Type": "application/json"}
    if channel is Channel.SLACK:
        return given
    stamp = str(int(now.timestamp()))
    given |= {"webhook-id": message, "webhook-timestamp": stamp}
    if token := secret.get("token", "").strip():
        given["Authorization"] = f"Bearer {token}"
    if signing := secret.get("signingSecret", "").strip():
        given["webhook-signature"] = _signature(signing, f"{message}.{stamp}.".encode() + content)
    return given


def _signature(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ConfigurationError(
            'the key "signingSecret" of the Secret is not base64: write it as whsec_ and base64, like the '
            "output of: echo whsec_$(openssl rand -base64 32)",
            reason="InvalidSigningSecret",
        ) from None
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _slack(run: TicketResync, notice: Notice) -> dict[str, Any]:
    what = f"{_MODES[run.status.effective_mode or run.spec.mode]} `{run.metadata.name}`"
    dry = ", a dry run" if run.spec.dry_run else ""
    head = (
        f"*{_HAPPENED[notice.event]}*: {what}{dry} of `{run.spec.integration_ref.name}` in namespace "
        f"`{run.metadata.namespace}`"
    )
    asked = f"requested by {run.spec.requested_by}" if run.spec.requested_by else ""
    parts = (run.spec.reason, asked, f"{notice.time:%Y-%m-%d %H:%M} UTC")
    message = _escaped(run.status.message or "")
    return {
        "text": f"{head}\n{message}".strip(),
        "blocks": [
            _section(head),
            *([_section(message)] if message else []),
            {"type": "context", "elements": [_text(" · ".join(_escaped(part) for part in parts if part))]},
        ],
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(text)}


def _text(text: str) -> dict[str, Any]:
    # verbatim: nobody's words become links, mentions or channels.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _escaped(text: str) -> str:
    """Text as Slack wants it, so that no <!channel> in it calls everybody."""
    short = str(clip(text, _LONGEST))
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
