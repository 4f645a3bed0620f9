"""What happens in the cluster, as keys in our queue; the only module that knows kopf.

kopf watches and nothing more: its handlers of level "event" write no annotation and hold nothing up.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Protocol

import kopf

from psa_operator.api.group import GROUP, VERSION, WATCHED_LABEL
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Body, key_of


class Listener(Protocol):
    """Who wants to know."""

    def changed(self, key: Key, body: Body) -> None:
        """An object was there at the start, came, or changed."""

    def deleted(self, key: Key, body: Body) -> None:
        """An object went."""

    def secret_changed(self, namespace: str, name: str) -> None:
        """A Secret with our label came, changed or went."""


async def watch(
    listener: Listener, namespaces: Collection[str], stop: asyncio.Event, on_started: Callable[[], None]
) -> None:
    """Watch the kinds that there are until `stop` is set; raises what ended a watch before."""
    me: Any = GROUP  # for peers, which we have not; kopf would ask for our user's name, and a pod's has none
    tasks = await kopf.spawn_tasks(
        registry=_registry(listener),
        settings=_settings(),
        clusterwide=not namespaces,
        namespaces=sorted(namespaces),
        standalone=True,
        identity=me,
        stop_flag=stop,
    )
    on_started()  # kopf has put its own signal handlers in place by now
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # Not by kopf's own `run_tasks`, which cancels whatever else runs in the process, too.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


def _settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.persistence.finalizer = f"{GROUP}/finalizer"
    settings.process.ultimate_exiting_timeout = None  # it would also kill a process that watches anew
    settings.scanning.disabled = True
    settings.posting.enabled = False
    settings.networking.request_timeout = 30
    settings.networking.connect_timeout = 5
    settings.watching.server_timeout = 300
    settings.watching.client_timeout = 310
    settings.watching.connect_timeout = 30
    settings.watching.chunk_size = 500
    settings.watching.label_selectors["", "v1", "secrets"] = f"{WATCHED_LABEL}=true"
    settings.queueing.worker_limit = None
    return settings


def _registry(listener: Listener) -> kopf.OperatorRegistry:
    registry = kopf.OperatorRegistry()

    @kopf.on.login(registry=registry)
    def login(**about: Any) -> kopf.ConnectionInfo | None:
        return kopf.login_with_kubeconfig(**about) or kopf.login_with_service_account(**about)

    for kind in Kind:

        @kopf.on.event(GROUP, VERSION, kind.value, registry=registry, id=kind.value, param=kind)
        async def on_event(**about: Any) -> None:
            body: Body = dict(about["event"]["object"])
            key = key_of(about["param"], body)
            if about["type"] == "DELETED":
                listener.deleted(key, body)
            else:
                listener.changed(key, body)

    @kopf.on.event("", "v1", "secrets", registry=registry, labels={WATCHED_LABEL: "true"})
    async def on_secret(**about: Any) -> None:
        listener.secret_changed(about["namespace"], about["name"])

    return registry
