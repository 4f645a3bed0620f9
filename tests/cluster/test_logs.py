"""The operator's log, for whoever has to find out later what happened, and who was behind it."""

from collections import Counter
from typing import Any

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant
from tests.receiver import receiving

HOOK = {"type": "Webhook", "secretRef": {"name": "hook", "key": "url"}}


def transitions(operator: OperatorProcess, run: str) -> list[dict[str, Any]]:
    return [each for each in operator.log() if (each["event"], each.get("run")) == ("transition", run)]


async def test_each_transition_of_a_run_is_one_line_that_says_who_is_behind_it(
    landlord: OperatorProcess, guest: Tenant
) -> None:
    await guest.connect()
    await guest.bring("followed", requestedBy="eva")
    uid = ((await guest.get("tres", "followed")) or {})["metadata"]["uid"]
    told = [reason for _, reason, _ in await guest.events("followed")]

    lines = transitions(landlord, f"{guest.namespace}/followed")

    assert Counter(each["reason"] for each in lines) == Counter(told)
    assert set(Counter(told).values()) == {1}
    assert {"Preparing", "Succeeded"} <= set(told)  # what is between may be over between two looks
    assert {(each["integration"], each["uid"], each["mode"], each["requested_by"]) for each in lines} == {
        (f"{guest.namespace}/{guest.acme}", uid, "Full", "eva")
    }


async def test_no_line_shows_a_secret_of_the_run(landlord: OperatorProcess, guest: Tenant) -> None:
    hidden = {"signingSecret": "whsec_aHVzaC1odXNoLWh1c2g=", "token": "t0p-s3cret"}
    async with receiving() as receiver:
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "hook"},
            "stringData": {"url": f"{receiver.url}/h1dden-path", **hidden},
        }
        await guest.apply(secret)
        await guest.connect(notifications=[HOOK])
        await guest.bring("discreet")
        await receiver.until(2)

    text = landlord.daemon.log.read_text()
    account = guest.psa.account
    for each in ("h1dden-path", *hidden.values(), account.publicKey, account.privateKey, account.clientId):
        assert each not in text
    # Another tenant of this operator is told how a DSN is written.
    own = [line for line in text.splitlines() if guest.acme in line or "discreet" in line]
    assert own
    assert "postgresql://" not in "\n".join(own)
