"""People are told over HTTP of what becomes of runs: once, soon, and by nobody but whom they chose."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Object, Tenant, condition
from tests.receiver import Receiver, receiving

SECRET_PATH = "/T0/B0/very-secret-path"
HOOK = {"type": "Webhook", "secretRef": {"name": "hook", "key": "url"}}


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as server:
        yield server


def hook(url: str, **more: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "hook", "labels": {"psa.msportal.ai/watched": "true"}},
        "stringData": {"url": url, **more},
    }


async def told(tenant: Tenant, name: str) -> list[tuple[str, str]]:
    """What the status says of the messages about a run, once none is pending."""

    def settled(found: Object) -> bool:
        notified = found["status"].get("notified", [])
        return bool(notified) and all(each["state"] != "Pending" for each in notified)

    found = await tenant.until("tres", name, settled)
    return [(each["event"], each["state"]) for each in found["status"]["notified"]]


async def test_each_transition_is_told_once_the_start_of_the_first_run_too(
    guest: Tenant, receiver: Receiver
) -> None:
    await guest.apply(hook(receiver.url + SECRET_PATH))
    await guest.connect(notifications=[HOOK])
    await guest.bring("first", requestedBy="eva")
    assert await told(guest, "first") == [("Started", "Delivered"), ("Succeeded", "Delivered")]
    await guest.condition("psai", guest.acme, "Notified", "True", "Delivered")
    await guest.bring("second", "Quick")
    assert await told(guest, "second") == [("Succeeded", "Delivered")]

    started, succeeded, second = (each.json for each in receiver.got)
    assert (started["run"], started["event"], second["event"]) == ("first", "Started", "Succeeded")
    facts = {key: succeeded[key] for key in ("run", "mode", "phase", "requestedBy", "requestReason")}
    assert facts == {
        "run": "first",
        "mode": "Full",
        "phase": "Succeeded",
        "requestedBy": "eva",
        "requestReason": "a test",
    }
    assert succeeded["counts"]["tickets"]["created"] == 300


async def test_a_failure_is_told_once_and_a_cancelled_run_to_those_who_asked(
    guest: Tenant, receiver: Receiver
) -> None:
    await guest.apply(hook(receiver.url))
    await guest.connect(notifications=[HOOK | {"events": ["Failed", "Cancelled"]}])
    await guest.bring("silent")
    await guest.apply(guest.resync("late", startingDeadlineSeconds=1, mode="Quick"))
    guest.psa.fault("status", "service/tickets", status=401)
    assert (await guest.sync("failing", reason="drill"))["phase"] == "Failed"
    guest.psa.clear_faults()
    await guest.apply(guest.resync("stopped", cancel=True))

    await told(guest, "failing")
    await told(guest, "stopped")

    assert receiver.events("failing") == ["Failed"]
    assert receiver.events("stopped") == ["Cancelled"]
    assert receiver.events("silent") == []


async def test_deletions_that_wait_for_an_approval_are_told_before_the_end(
    guest: Tenant, receiver: Receiver
) -> None:
    await guest.apply(hook(receiver.url))
    await guest.connect(notifications=[HOOK])
    await guest.bring("before")
    guest.psa.delete(*guest.psa.ids("tickets")[:100])
    await guest.apply(guest.resync("purge"))
    waiting = (await receiver.until(3))[-1].json
    assert (waiting["event"], waiting["phase"]) == ("AwaitingApproval", "AwaitingApproval")
    assert "100 of 300 tickets" in waiting["message"]

    await guest.patch("tres", "purge", {"spec": {"approvedDeletions": 100}})

    await guest.finished("purge")
    await told(guest, "purge")
    assert receiver.events("purge") == ["AwaitingApproval", "Succeeded"]


async def test_slack_gets_its_own_format(guest: Tenant, receiver: Receiver) -> None:
    await guest.apply(hook(receiver.url))
    await guest.connect(notifications=[HOOK | {"type": "Slack", "events": ["Succeeded"]}])
    await guest.bring("slacked", reason="a <!channel> & more")

    (message,) = await receiver.until(1)

    assert "*:white_check_mark: Succeeded*: Full Clear and Resync `slacked`" in message.json["text"]
    assert "a &lt;!channel&gt; &amp; more" in str(message.json["blocks"][-1])


async def test_what_was_not_told_when_the_operator_died_is_told_by_the_next_one(
    operator: OperatorProcess, tenant: Tenant, receiver: Receiver
) -> None:
    receiver.status = 500
    await tenant.apply(hook(receiver.url))
    await tenant.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await tenant.bring("survivor")
    await receiver.tried(1)
    await operator.kill()
    receiver.status = 200

    await operator.start()

    assert await told(tenant, "survivor") == [("Succeeded", "Delivered")]
    assert receiver.events("survivor") == ["Succeeded"]
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 1


async def test_a_restart_tells_nothing_twice(
    operator: OperatorProcess, tenant: Tenant, receiver: Receiver
) -> None:
    await tenant.apply(hook(receiver.url))
    await tenant.connect(notifications=[HOOK])
    await tenant.bring("once")
    await told(tenant, "once")

    await operator.kill()
    await operator.start()
    await tenant.bring("after")
    await told(tenant, "after")

    assert [each.json["event"] for each in receiver.got] == ["Started", "Succeeded", "Succeeded"]


async def test_an_orderly_stop_lets_arrive_what_is_being_sent_and_remembers_it(
    operator: OperatorProcess, tenant: Tenant, receiver: Receiver
) -> None:
    receiver.delay = 3.0
    await tenant.apply(hook(receiver.url))
    await tenant.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await tenant.bring("leaving")
    await receiver.asked.wait()

    assert await operator.terminate() == 0

    assert await told(tenant, "leaving") == [("Succeeded", "Delivered")]
    assert len(receiver.got) == 1


async def test_a_receiver_that_fails_is_shown_and_healed_by_the_next_success(
    guest: Tenant, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "1"}
    await guest.apply(hook(receiver.url + SECRET_PATH))
    await guest.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await guest.bring("throttled")
    found = await guest.condition("psai", guest.acme, "Notified", "False", "RateLimited")
    words = 'spec.notifications[0] (Webhook of Secret "hook", key "url"): the receiver answered 429'
    assert words in str(condition(found, "Notified"))
    assert (condition(found, "Ready") or {})["status"] == "True"

    receiver.status = 200

    await guest.condition("psai", guest.acme, "Notified", "True", "Delivered")
    assert await told(guest, "throttled") == [("Succeeded", "Delivered")]
    everything = await guest.kubectl("get", "psai,tres,events", "-o", "yaml")
    assert "very-secret-path" not in everything


async def test_a_secret_that_is_missing_or_has_another_key_is_named_and_mended(
    guest: Tenant, receiver: Receiver
) -> None:
    await guest.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await guest.bring("homeless")
    says = 'Secret "hook" (secretRef) is not in namespace'
    await guest.condition("psai", guest.acme, "Notified", "False", "SecretNotFound", says)
    wrong = hook(receiver.url)
    wrong["stringData"] = {"address": receiver.url}
    await guest.apply(wrong)
    says = 'The key "url" is missing in Secret "hook"'
    await guest.condition("psai", guest.acme, "Notified", "False", "InvalidNotificationSecret", says)

    await guest.apply(hook(receiver.url))

    await receiver.until(1)
    await guest.condition("psai", guest.acme, "Notified", "True")


async def test_a_receiver_where_we_may_not_go_is_not_asked(
    operator: OperatorProcess, tenant: Tenant, receiver: Receiver
) -> None:
    await tenant.apply(hook(receiver.url.replace("127.0.0.1", "127.0.0.2")))
    await tenant.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await tenant.bring("forbidden")

    await tenant.condition("psai", "acme", "Notified", "False", "HostNotAllowed", "inside a private network")

    receiver.status, receiver.headers = 302, {"Location": receiver.url + "/elsewhere"}
    await tenant.apply(hook(receiver.url))
    await tenant.condition("psai", "acme", "Notified", "False", "Redirected")
    assert {each.path for each in receiver.got} == {"/"}


async def test_a_slow_receiver_delays_no_run(guest: Tenant, receiver: Receiver) -> None:
    receiver.delay = 300.0
    await guest.apply(hook(receiver.url))
    await guest.connect(notifications=[HOOK])
    await guest.bring("before")
    statuses: list[Any] = [await guest.sync(f"quick-{number}", "Quick") for number in range(3)]

    assert [each["phase"] for each in statuses] == ["Succeeded"] * 3
    assert receiver.accepted == []


async def test_an_object_that_goes_by_itself_stays_until_it_was_told_of(
    guest: Tenant, receiver: Receiver
) -> None:
    receiver.status = 503
    await guest.apply(hook(receiver.url))
    await guest.connect(notifications=[HOOK | {"events": ["Succeeded"]}])
    await guest.bring("brief", ttlSecondsAfterFinished=1)
    await receiver.tried(2)
    assert await guest.get("tres", "brief")

    receiver.status = 200

    await receiver.until(1)
    await guest.kubectl("wait", "--for=delete", "tres/brief", "--timeout=15s")
