"""The one place that writes a status, and that tells of transitions by events."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from psa_operator.api.group import API_VERSION
from psa_operator.api.model import Model, clip
from psa_operator.controller.announce import Announcement
from psa_operator.controller.cause import cause_of
from psa_operator.controller.keys import Key
from psa_operator.controller.kube import ConflictError, KubeApi, NotFoundError
from psa_operator.controller.mirror import Body, Mirror
from psa_operator.errors import PsaOperatorError

QUIET = 2.0
"""Seconds between two writes that carry no transition."""

COMPONENT = "psa-operator"

log = structlog.get_logger(__name__)


class StatusWriter:
    """Writes what changed, no more often than people can read."""

    def __init__(self, api: KubeApi, mirror: Mirror, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._mirror = mirror
        self._clock = clock
        self._written: dict[str, float] = {}

    async def write(
        self,
        key: Key,
        body: Body,
        status: Model,
        announcements: Sequence[Announcement],
        *,
        at_once: bool = False,
    ) -> float | None:
        """Write `status` if it differs from the object's; returns seconds to wait if it is too early.

        It never is for what carries an announcement, or is wanted `at_once`. Raises ConflictError when the
        object has changed since `body` was read.
        """
        wanted = status.as_json()
        if wanted == body.get("status"):
            return None
        uid = body["metadata"]["uid"]
        early = self._written.get(uid, -QUIET) + QUIET - self._clock()
        if early > 0 and not (announcements or at_once):
            return early
        try:
            after = await self._api.patch_status(key, body["metadata"]["resourceVersion"], wanted)
        except NotFoundError:
            return None  # it was deleted meanwhile; the watch will say so
        except ConflictError:
            if (fresh := await self._api.get(key)) is not None:
                self._mirror.put(key, fresh)
            raise
        if not at_once:
            self._written[uid] = self._clock()
        self._mirror.put(key, after)
        for each in announcements:
            await self._announce(key, body, each)
        return None

    def forget(self, uid: str) -> None:
        self._written.pop(uid, None)

    async def _announce(self, key: Key, body: Body, what: Announcement) -> None:
        cause = cause_of(key, body)
        log.info("transition", kind=key.kind.written, reason=what.reason, message=clip(what.message), **cause)
        try:
            await self._api.create_event(key.namespace, _event(key, body, what))
        except PsaOperatorError as error:
            # The status says the same; an event that cannot be written must not hold it up.
            log.warning("event.lost", key=str(key), reason=what.reason, error=str(error))


def _event(key: Key, body: Body, what: Announcement) -> dict[str, Any]:
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "metadata": {"name": f"{key.name[:200]}.{time.time_ns():x}", "namespace": key.namespace},
        "involvedObject": {
            "apiVersion": API_VERSION,
            "kind": key.kind.written,
            "namespace": key.namespace,
            "name": key.name,
            "uid": body["metadata"]["uid"],
            "resourceVersion": body["metadata"]["resourceVersion"],
        },
        "type": what.type,
        "reason": what.reason,
        "message": clip(what.message),
        "source": {"component": COMPONENT},
        "reportingComponent": COMPONENT,
        "reportingInstance": COMPONENT,
        "action": what.reason,
        "firstTimestamp": stamp,
        "lastTimestamp": stamp,
        "count": 1,
    }
