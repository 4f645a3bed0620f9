"""What the API server last told us: a cache for decisions, never the truth."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from pydantic import ValidationError

from psa_operator.api.group import FINALIZER
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.api.schedule import TicketResyncSchedule
from psa_operator.controller.keys import Key, Kind

Body = dict[str, Any]
Parsed = PSAIntegration | TicketResync | TicketResyncSchedule
_MODELS: dict[Kind, type[Parsed]] = {
    Kind.INTEGRATION: PSAIntegration,
    Kind.RESYNC: TicketResync,
    Kind.SCHEDULE: TicketResyncSchedule,
}
_ENDS = frozenset(phase.value for phase in RunPhase if phase.finished)

log = structlog.get_logger(__name__)


def version_of(body: Body) -> int:
    """The resource version, which the API server counts upwards."""
    return int(body["metadata"]["resourceVersion"])


def uid_of(body: Body) -> str:
    return str(body["metadata"]["uid"])


def key_of(kind: Kind, body: Body) -> Key:
    return Key(kind, body["metadata"]["namespace"], body["metadata"]["name"])


def controller_of(body: Body) -> Body | None:
    """The owner reference that says who made the object, None if a person did."""
    owners = body["metadata"].get("ownerReferences", ())
    return next((each for each in owners if each.get("controller")), None)


def _finished(body: Body) -> bool:
    return body.get("status", {}).get("phase") in _ENDS


_OF_KUBECTL = "kubectl.kubernetes.io/last-applied-configuration"


def _slim(body: Body) -> Body:
    """Without what kubectl keeps in an object and nobody here reads: half of its size."""
    metadata = {name: value for name, value in body["metadata"].items() if name != "managedFields"}
    if _OF_KUBECTL in (annotations := metadata.get("annotations", {})):
        kept = {name: value for name, value in annotations.items() if name != _OF_KUBECTL}
        metadata["annotations"] = kept
    return {**body, "metadata": metadata}


@dataclass(frozen=True)
class _Kept:
    """A body; that of a run that is over as text, for it is seldom read and takes a tenth of the room."""

    uid: str
    version: int
    content: Body | bytes

    @property
    def body(self) -> Body:
        if not isinstance(self.content, bytes):
            return self.content
        body: Body = msgspec.json.decode(self.content)
        return body


def _kept(kind: Kind, body: Body) -> _Kept:
    over = kind is Kind.RESYNC and _finished(body)
    slim = _slim(body)
    return _Kept(uid_of(body), version_of(body), msgspec.json.encode(slim) if over else slim)


class Mirror:
    """The newest known body of every object that is reconciled."""

    def __init__(self) -> None:
        self._known: dict[Key, _Kept] = {}
        self._by_kind: dict[Kind, dict[Key, None]] = {kind: {} for kind in Kind}
        self._unfinished: dict[Key, None] = {}
        self._made_by: dict[str, dict[Key, None]] = {}  # by the uid of who made them
        self._runs_of: dict[tuple[str, str], dict[Key, None]] = {}  # by namespace and integration
        self._schedules_of: dict[tuple[str, str], dict[Key, None]] = {}
        self._parsed: dict[Key, Parsed | None] = {}  # None for what cannot be read
        self._gone: set[str] = (
            set()
        )  # uids that a watch saw deleted, so that an older list cannot revive them

    def get(self, key: Key) -> Body | None:
        kept = self._known.get(key)
        return None if kept is None else kept.body

    def keys(self, kind: Kind) -> list[Key]:
        return list(self._by_kind[kind])

    def integration(self, namespace: str, name: str) -> PSAIntegration | None:
        """The integration, unless it is going: it, or others, may hold on to the object for a while."""
        found = self._integration(namespace, name)
        return None if found is None or found.metadata.deletion_timestamp is not None else found

    def going(self, namespace: str, name: str) -> PSAIntegration | None:
        """The integration, if it is going."""
        found = self._integration(namespace, name)
        return None if found is None or found.metadata.deletion_timestamp is None else found

    def _integration(self, namespace: str, name: str) -> PSAIntegration | None:
        found = self._parse(Key(Kind.INTEGRATION, namespace, name))
        return found if isinstance(found, PSAIntegration) else None

    def resync(self, namespace: str, name: str) -> TicketResync | None:
        found = self._parse(Key(Kind.RESYNC, namespace, name))
        return found if isinstance(found, TicketResync) else None

    def schedule(self, namespace: str, name: str) -> TicketResyncSchedule | None:
        found = self._parse(Key(Kind.SCHEDULE, namespace, name))
        return found if isinstance(found, TicketResyncSchedule) else None

    def schedules_of(self, namespace: str, integration: str) -> list[TicketResyncSchedule]:
        """The schedules that make runs of an integration."""
        keys = self._schedules_of.get((namespace, integration), ())
        found = (self.schedule(key.namespace, key.name) for key in keys)
        return [schedule for schedule in found if schedule is not None]

    def made_by(self, uid: str) -> list[TicketResync]:
        """The runs that a schedule has made."""
        return self._runs(self._made_by.get(uid, ()))

    def runs_of(self, namespace: str, integration: str) -> list[TicketResync]:
        """The runs of an integration, ended ones included."""
        return self._runs(self._runs_of.get((namespace, integration), ()))

    def _runs(self, keys: Iterable[Key]) -> list[TicketResync]:
        found = (self.resync(key.namespace, key.name) for key in keys)
        return [run for run in found if run is not None]

    def integrations(self) -> Iterator[PSAIntegration]:
        for key in self.keys(Kind.INTEGRATION):
            if (found := self.integration(key.namespace, key.name)) is not None:
                yield found

    def claimants(self) -> Iterator[PSAIntegration]:
        """Those that may have rows: one that is going may until these are gone."""
        for key in self.keys(Kind.INTEGRATION):
            found = self._integration(key.namespace, key.name)
            if found is None:
                continue
            if found.metadata.deletion_timestamp is None or FINALIZER in found.metadata.finalizers:
                yield found

    def unfinished(self) -> Iterator[TicketResync]:
        """The runs that wait or are on."""
        for key in list(self._unfinished):
            if (run := self.resync(key.namespace, key.name)) is not None:
                yield run

    def put(self, key: Key, body: Body) -> bool:
        """Keep `body` if it is news; False if it is known, older, or of a deleted object."""
        before = self._known.get(key)
        if uid_of(body) in self._gone or (before is not None and version_of(body) <= before.version):
            return False
        if before is not None:
            self._drop(key)
        self._known[key] = _kept(key.kind, body)
        self._by_kind[key.kind][key] = None
        if key.kind is Kind.RESYNC and not _finished(body):
            self._unfinished[key] = None
        for index, value in self._indexed(key, body):
            index.setdefault(value, {})[key] = None
        return True

    def remove(self, key: Key, body: Body) -> bool:
        """Forget a deleted object, unless one of the same name has come since."""
        self._gone.add(uid_of(body))
        before = self._known.get(key)
        if before is None or before.uid != uid_of(body):
            return False
        self._drop(key)
        return True

    def replace(self, kind: Kind, listed: Iterable[Body], version: int) -> None:
        """Take over a complete list as of `version`; what it lacks is gone, unless it came after it."""
        found = {key_of(kind, body): body for body in listed}
        for key, body in found.items():
            self.put(key, body)
        for key in self.keys(kind):
            if key not in found and self._known[key].version <= version:
                self._drop(key)
        self._gone.clear()

    def forget(self, kind: Kind) -> None:
        """Forget every object of a kind that is no more."""
        for key in self.keys(kind):
            self._drop(key)

    def _drop(self, key: Key) -> None:
        body = self._known.pop(key).body
        self._parsed.pop(key, None)
        self._by_kind[key.kind].pop(key)
        self._unfinished.pop(key, None)
        for index, value in self._indexed(key, body):
            index[value].pop(key)
            if not index[value]:
                del index[value]

    def _indexed(self, key: Key, body: Body) -> Iterator[tuple[dict[Any, dict[Key, None]], Any]]:
        """Where an object can be found without a look at all."""
        if key.kind is Kind.RESYNC:
            yield self._runs_of, (key.namespace, body["spec"]["integrationRef"]["name"])
            if (owner := controller_of(body)) is not None:
                yield self._made_by, owner["uid"]
        if key.kind is Kind.SCHEDULE:
            asked = body["spec"]["template"]["spec"]
            yield self._schedules_of, (key.namespace, asked["integrationRef"]["name"])

    def _parse(self, key: Key) -> Parsed | None:
        kept = self._known.get(key)
        if kept is None:
            return None
        if key in self._parsed:
            return self._parsed[key]
        found = _read(key, kept.body)
        if found is None or not isinstance(kept.content, bytes):
            self._parsed[key] = found
        return found


def _read(key: Key, body: Body) -> Parsed | None:
    """The object, None if it cannot be read."""
    try:
        return _MODELS[key.kind].model_validate(body)
    except ValidationError as error:
        # The API server took it and we cannot: that must not stop the objects of others.
        log.warning("object.unreadable", key=str(key), error=str(error))
        return None
