"""What is sent about a run, in the form of each receiver."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from psa_operator.api.notifications import Channel, Notice
from psa_operator.controller.messages import body, headers
from psa_operator.errors import ConfigurationError
from tests.unit.controller.objects import NOW, condition, resync

FAILED = Notice(event="Failed", to="somebody", time=NOW)
STATUS = {
    "phase": "Failed",
    "message": "no <rights> & no tickets",
    "conditions": [condition("Ready", "False", "PermissionDenied")],
    "counts": {"tickets": {"fetched": 7}},
}
RUN = resync(mode="Full", reason="drill", requestedBy="eva", status=STATUS)


def sent(channel: str, **spec: Any) -> dict[str, Any]:
    run = resync(**({"mode": "Full", "reason": "drill", "status": STATUS} | spec)) if spec else RUN
    found: dict[str, Any] = json.loads(body(Channel(channel), run, FAILED))
    return found


def test_a_webhook_gets_these_fields_and_no_other() -> None:
    assert sent("Webhook") == {
        "id": "resync-run.Failed.20260302T090000Z",
        "event": "Failed",
        "time": "2026-03-02T09:00:00Z",
        "namespace": "tenant",
        "integration": "acme",
        "run": "run",
        "mode": "Full",
        "dryRun": False,
        "phase": "Failed",
        "reason": "PermissionDenied",
        "message": "no <rights> & no tickets",
        "counts": {"tickets": {**dict.fromkeys(sent("Webhook")["counts"]["tickets"], 0), "fetched": 7}},
        "requestedBy": "eva",
        "requestReason": "drill",
    }


def test_slack_gets_text_and_blocks_in_which_nobodys_words_are_markup() -> None:
    message = sent("Slack", requestedBy="<!channel>")

    assert "no &lt;rights&gt; &amp; no tickets" in message["text"]
    head, words, context = message["blocks"]
    assert head["text"]["text"].startswith("*:x: Failed*: Full Clear and Resync `run` of `acme`")
    assert words["text"] == {"type": "mrkdwn", "text": "no &lt;rights&gt; &amp; no tickets", "verbatim": True}
    assert "requested by &lt;!channel&gt;" in context["elements"][0]["text"]


def test_a_long_text_still_fits_into_a_block_of_slack() -> None:
    message = sent("Slack", status={**STATUS, "message": "&" * 1024}, requestedBy=">" * 256)

    assert all(len(each["text"]["text"]) < 3000 for each in message["blocks"][:2])


def test_a_message_is_signed_as_standard_webhooks_says() -> None:
    key = b"0123456789abcdef01234567"
    secret = {"signingSecret": "whsec_" + base64.b64encode(key).decode(), "token": "t0ken\n"}

    given = headers(Channel.WEBHOOK, secret, "the-id", b"{}", NOW)

    stamp = str(int(NOW.timestamp()))
    signed = hmac.new(key, f"the-id.{stamp}.{{}}".encode(), hashlib.sha256).digest()
    assert given == {
        "Content-Type": "application/json",
        "webhook-id": "the-id",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        "Authorization": "Bearer t0ken",
    }


def test_slack_gets_no_credentials() -> None:
    assert headers(Channel.SLACK, {"token": "t"}, "id", b"", NOW) == {"Content-Type": "application/json"}


def test_a_signing_secret_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(ConfigurationError, match="write it as whsec_ and base64") as refused:
        headers(Channel.WEBHOOK, {"signingSecret": "hush!"}, "id", b"", NOW)

    assert "hush" not in str(refused.value)
