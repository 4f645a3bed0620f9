"""What the API server last told us: a cache for decisions, never the truth."""

from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from pydantic import ValidationError

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.controller.keys import Key, Kind

Body = dict[str, Any]
Parsed = PSAIntegration | TicketResync

log = structlog.get_logger(__name__)


def version_of(body: Body) -> int:
    """The resource version, which the API server counts upwards."""
    return int(body["metadata"]["resourceVersion"])


def uid_of(body: Body) -> str:
    return str(body["metadata"]["uid"])


def key_of(kind: Kind, body: Body) -> Key:
    return Key(kind, body["metadata"]["namespace"], body["metadata"]["name"])


def _slim(body: Body) -> Body:
    """Without what kubectl keeps in an object and nobody here reads: half of its size."""
    metadata = {name: value for name, value in body["metadata"].items() if name != "managedFields"}
    return {**body, "metadata": metadata}


class Mirror:
    """The newest known body of every object that is reconciled."""

    def __init__(self) -> None:
        self._bodies: dict[Key, Body] = {}
        self._parsed: dict[Key, Parsed | None] = {}  # None for what cannot be read
        self._gone: set[str] = (
            set()
        )  # uids that a watch saw deleted, so that an older list cannot revive them

    def get(self, key: Key) -> Body | None:
        return self._bodies.get(key)

    def keys(self, kind: Kind) -> list[Key]:
        return [key for key in self._bodies if key.kind is kind]

    def integration(self, namespace: str, name: str) -> PSAIntegration | None:
        """The integration, unless it is going: others may hold on to the object for a while."""
        found = self._parse(Key(Kind.INTEGRATION, namespace, name))
        going = found is None or found.metadata.deletion_timestamp is not None
        return None if going or not isinstance(found, PSAIntegration) else found

    def resync(self, namespace: str, name: str) -> TicketResync | None:
        found = self._parse(Key(Kind.RESYNC, namespace, name))
        return found if isinstance(found, TicketResync) else None

    def integrations(self) -> Iterator[PSAIntegration]:
        for key in self.keys(Kind.INTEGRATION):
            if (found := self.integration(key.namespace, key.name)) is not None:
                yield found

    def resyncs(self, namespace: str) -> Iterator[TicketResync]:
        """The runs of a namespace, finished ones too."""
        for key in self.keys(Kind.RESYNC):
            if key.namespace == namespace and (run := self.resync(namespace, key.name)) is not None:
                yield run

    def unfinished(self) -> Iterator[TicketResync]:
        """The runs that wait or are on."""
        for key in self.keys(Kind.RESYNC):
            run = self.resync(key.namespace, key.name)
            if run is not None and not (run.status.phase and run.status.phase.finished):
                yield run

    def put(self, key: Key, body: Body) -> bool:
        """Keep `body` if it is news; False if it is known, older, or of a deleted object."""
        before = self._bodies.get(key)
        if uid_of(body) in self._gone or (before is not None and version_of(body) <= version_of(before)):
            return False
        self._bodies[key] = _slim(body)
        self._parsed.pop(key, None)
        return True

    def remove(self, key: Key, body: Body) -> bool:
        """Forget a deleted object, unless one of the same name has come since."""
        self._gone.add(uid_of(body))
        before = self._bodies.get(key)
        if before is None or uid_of(before) != uid_of(body):
            return False
        self._drop(key)
        return True

    def replace(self, kind: Kind, listed: Iterable[Body], version: int) -> None:
        """Take over a complete list as of `version`; what it lacks is gone, unless it came after it."""
        found = {key_of(kind, body): body for body in listed}
        for key, body in found.items():
            self.put(key, body)
        for key in self.keys(kind):
            if key not in found and version_of(self._bodies[key]) <= version:
                self._drop(key)
        self._gone.clear()

    def _drop(self, key: Key) -> None:
        del self._bodies[key]
        self._parsed.pop(key, None)

    def _parse(self, key: Key) -> Parsed | None:
        body = self._bodies.get(key)
        if body is not None and key not in self._parsed:
            model = PSAIntegration if key.kind is Kind.INTEGRATION else TicketResync
            try:
                self._parsed[key] = model.model_validate(body)
            except ValidationError as error:
                # The API server took it and we cannot: that must not stop the objects of others.
                log.warning("object.unreadable", key=str(key), error=str(error))
                self._parsed[key] = None
        return self._parsed.get(key)
