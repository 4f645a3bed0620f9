"""Integrations, runs and schedules, read with the operator's own models and changed as a user may."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from psa_operator.api.group import API_VERSION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.api.schedule import TicketResyncSchedule
from psa_operator.errors import ConfigurationError, PermissionDeniedError, PsaOperatorError
from psa_operator.plugin.apiserver import (
    INTEGRATIONS,
    RUNS,
    SCHEDULES,
    WHO_AM_I,
    ApiServer,
    Body,
    NotFoundError,
    Resource,
)

_MOST_NAMED = 20
_LONGEST_NAME = 256

Object = TypeVar("Object", PSAIntegration, TicketResync, TicketResyncSchedule)


class Created(NamedTuple):
    """A run that was just created, and what the API server warned of."""

    body: Body
    warnings: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.body["metadata"]["name"])


class Resources:
    """Our objects in one namespace, or in all of them to look at."""

    def __init__(self, server: ApiServer, *, everywhere: bool = False) -> None:
        self.server = server
        self.namespace = server.namespace
        self._read_in = None if everywhere else server.namespace

    def integrations(self) -> list[PSAIntegration]:
        return [_read(PSAIntegration, each) for each in self.server.listed(INTEGRATIONS, self._read_in)]

    def runs(self) -> list[TicketResync]:
        return [_read(TicketResync, each) for each in self.server.listed(RUNS, self._read_in)]

    def schedules(self) -> list[TicketResyncSchedule]:
        return [_read(TicketResyncSchedule, each) for each in self.server.listed(SCHEDULES, self._read_in)]

    def integration(self, name: str) -> PSAIntegration:
        """Raises NotFoundError, which names those that are there."""
        return _read(PSAIntegration, self._object(INTEGRATIONS, "PSAIntegration", name))

    def run(self, name: str) -> TicketResync:
        """Raises NotFoundError, which names those that are there."""
        return _read(TicketResync, self._object(RUNS, "TicketResync", name))

    def create(self, kind: str, spec: dict[str, Any]) -> Created:
        """Create a run of an integration, named after it and what it is for."""
        integration = spec["integrationRef"]["name"]
        body = {
            "apiVersion": API_VERSION,
            "kind": "TicketResync",
            "metadata": {"generateName": f"{integration}-{kind}-", "namespace": self.namespace},
            "spec": {**spec, **self._requested_by()},
        }
        answer = self.server.send("create", RUNS, namespace=self.namespace, body=body)
        return Created(answer.body, answer.warnings)

    def change(self, name: str, **spec: object) -> tuple[str, ...]:
        """Change what may be changed of a run; returns the API server's warnings."""
        patch: Body = {"spec": spec}
        return self.server.send("patch", RUNS, name, namespace=self.namespace, body=patch).warnings

    def delete(self, name: str) -> None:
        self.server.send("delete", RUNS, name, namespace=self.namespace)

    def _object(self, resource: Resource, kind: str, name: str) -> Body:
        try:
            return self.server.send("get", resource, name, namespace=self.namespace).body
        except NotFoundError:
            missing = f'There is no {kind} "{name}" in namespace "{self.namespace}"'
            try:
                there = [each["metadata"]["name"] for each in self.server.listed(resource, self.namespace)]
            except PermissionDeniedError:
                raise NotFoundError(missing) from None
            raise NotFoundError(f"{missing}; {_listed(there)}") from None

    def _requested_by(self) -> dict[str, str]:
        """Who asks, as the API server knows them; nothing where it does not say."""
        review: Body = {"apiVersion": WHO_AM_I.version, "kind": "SelfSubjectReview"}
        try:
            answer = self.server.send("create", WHO_AM_I, namespace=None, body=review).body
        except PsaOperatorError:
            return {}
        name = answer.get("status", {}).get("userInfo", {}).get("username", "")
        return {"requestedBy": name} if 0 < len(name) <= _LONGEST_NAME else {}


def _read(model: type[Object], body: Body) -> Object:
    try:
        return model.model_validate(body)
    except ValidationError:
        metadata = body.get("metadata", {})
        raise ConfigurationError(
            f"{body.get('kind')} {metadata.get('namespace')}/{metadata.get('name')} was written by "
            "another release of the operator, which this kubectl psa cannot read: install that one's"
        ) from None


def _listed(names: Iterable[str]) -> str:
    every = sorted(names)
    if not every:
        return "there is none: name another namespace with --namespace"
    more = f" and {len(every) - _MOST_NAMED} more" if len(every) > _MOST_NAMED else ""
    return f"there {'is' if len(every) == 1 else 'are'} {', '.join(every[:_MOST_NAMED])}{more}"
