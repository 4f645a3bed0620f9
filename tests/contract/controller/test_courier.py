"""Messages under way: to a real receiver, with an API server that is a dictionary."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from msgspec.structs import replace

from psa_operator.api.notifications import Notice
from psa_operator.controller.courier import Courier, Patience
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import ConflictError, KubeApi, Secret
from psa_operator.controller.mirror import Body, Mirror
from psa_operator.controller.secrets import Secrets
from psa_operator.controller.writer import StatusWriter
from psa_operator.hosts import HostPolicy
from psa_operator.settings import Settings
from psa_operator.webhook import Poster, posting
from tests.receiver import Receiver, receiving
from tests.unit.controller.objects import integration_body, resync_body

TO = 'Webhook of Secret "hook", key "url"'
HOOK = {"type": "Webhook", "secretRef": {"name": "hook", "key": "url"}}
ACME, RUN = Key(Kind.INTEGRATION, "tenant", "acme"), Key(Kind.RESYNC, "tenant", "run")
SOON = Patience(timedelta(seconds=0.01), timedelta(seconds=0.02))


class SmallApi(KubeApi):
    """As much of an API server as a courier sees: Secrets, and objects that others write to as well."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.conflicts = 0
        self.bodies: dict[Key, Body] = {}

    async def secret(self, namespace: str, name: str) -> Secret:
        return {("tenant", "hook"): Secret({"url": self.url}, "1")}[namespace, name]

    async def get(self, key: Key) -> Body | None:
        return self.bodies.get(key)

    async def patch_status(self, key: Key, version: str, status: Mapping[str, Any]) -> Body:
        before = self.bodies[key]
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError("somebody was quicker")
        metadata = before["metadata"] | {"resourceVersion": str(int(version) + 1)}
        self.bodies[key] = {**before, "metadata": metadata, "status": dict(status)}
        return self.bodies[key]


class Post:
    """A courier with one run to tell of."""

    def __init__(self, poster: Poster, url: str, patience: Patience = SOON) -> None:
        self.api, self.mirror, self.news = SmallApi(url), Mirror(), asyncio.Event()
        self.put(ACME, integration_body(notifications=[HOOK]))
        writer, secrets = StatusWriter(self.api, self.mirror), Secrets(self.api, Settings())
        self.courier = Courier(self.mirror, writer, secrets, poster, patience, lambda _: self.news.set())

    def put(self, key: Key, body: Body) -> None:
        self.api.bodies[key] = body
        self.mirror.put(key, body)

    def ends(self) -> None:
        """A run ends, and its message is pending."""
        notice = Notice(event="Failed", to=TO, time=datetime.now(UTC)).as_json()
        self.put(RUN, resync_body(status={"phase": "Failed", "notified": [notice]}))
        self.courier.carry(RUN)

    async def until(self, state: str) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while self.shown["state"] != state:
                self.news.clear()
                await self.news.wait()
        return self.shown

    @property
    def shown(self) -> dict[str, Any]:
        (found,) = self.api.bodies[RUN]["status"]["notified"]
        return dict(found)


@pytest_asyncio.fixture
async def poster() -> AsyncIterator[Poster]:
    async with posting(HostPolicy(frozenset({"127.0.0.1"}), allow_http=True)) as each:
        yield each


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as server:
        yield server


async def test_what_arrived_is_written_down_although_others_write_too(
    poster: Poster, receiver: Receiver
) -> None:
    post = Post(poster, receiver.url)
    post.api.conflicts = 2

    post.ends()

    assert (await post.until("Delivered"))["event"] == "Failed"
    assert len(receiver.got) == 1


async def test_a_receiver_that_never_answers_well_is_given_up_after_a_while(
    poster: Poster, receiver: Receiver
) -> None:
    # A message bears whole seconds, so that up to one of these has gone by when it begins.
    post = Post(poster, receiver.url, replace(SOON, gives_up_after=timedelta(seconds=3)))
    receiver.status = 500

    post.ends()

    shown = await post.until("GivenUp")
    assert (shown["reason"], shown["message"]) == ("Unavailable", "the receiver answered 500")
    assert len(receiver.got) > 3


async def test_a_message_of_long_ago_is_tried_once_before_it_is_given_up(
    poster: Poster, receiver: Receiver
) -> None:
    post = Post(poster, receiver.url, Patience(timedelta(0), timedelta(0), timedelta(hours=-1)))
    receiver.status = 500

    post.ends()

    await post.until("GivenUp")
    assert len(receiver.got) == 1


async def test_a_notification_that_was_removed_is_tried_no_more(poster: Poster, receiver: Receiver) -> None:
    post = Post(poster, receiver.url)
    receiver.status = 500
    post.ends()
    await receiver.tried(1)

    changed = integration_body(notifications=[])
    changed["metadata"]["resourceVersion"] = "2"
    post.put(ACME, changed)

    assert (await post.until("GivenUp"))["reason"] == "NotificationRemoved"


async def test_a_run_whose_object_goes_is_still_told_of(poster: Poster, receiver: Receiver) -> None:
    post = Post(poster, receiver.url)
    receiver.status = 500
    post.ends()
    await receiver.tried(1)

    post.mirror.remove(RUN, post.api.bodies[RUN])
    receiver.status = 200

    (message,) = await receiver.until(1)
    assert message.json["run"] == "run"


async def test_a_secret_that_changes_ends_the_pause(poster: Poster, receiver: Receiver) -> None:
    post = Post(poster, receiver.url, Patience(timedelta(hours=1), timedelta(hours=1)))
    receiver.status, receiver.headers = 429, {"Retry-After": "3600"}
    post.ends()
    await receiver.tried(1)
    await post.news.wait()
    receiver.status = 200
    await asyncio.sleep(0.1)  # it sleeps by now

    post.courier.secret_changed("tenant")

    await post.until("Delivered")


async def test_a_courier_that_closes_waits_for_what_is_under_way_and_for_no_pause(
    poster: Poster, receiver: Receiver
) -> None:
    slow, waiting = Post(poster, receiver.url), Post(poster, "https://127.0.0.1:1")
    receiver.delay = 0.5
    slow.ends()
    waiting.ends()
    await receiver.asked.wait()
    await asyncio.sleep(0.1)

    await asyncio.gather(slow.courier.close(), waiting.courier.close())

    assert (slow.shown["state"], waiting.shown["state"]) == ("Delivered", "Pending")


async def test_a_courier_that_was_stopped_goes_on_when_it_is_asked_again(
    poster: Poster, receiver: Receiver
) -> None:
    post = Post(poster, receiver.url)
    post.ends()
    post.courier.stop()
    await asyncio.sleep(0.1)
    assert receiver.got == []

    post.courier.carry(RUN)

    await post.until("Delivered")
