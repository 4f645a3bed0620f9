"""The API server, as far as the plugin speaks to it; a refusal becomes a word on what to do."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import urllib3
from kubernetes.client import ApiClient, ApiException

from psa_operator.api.group import API_VERSION
from psa_operator.errors import PermissionDeniedError, PsaOperatorError, UnavailableError
from psa_operator.plugin.kubeconfig import access

Body = dict[str, Any]
Query = Mapping[str, str | int]

_TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and between two pieces of an answer."""

_CHUNK = 500
_METHODS = {"get": "GET", "list": "GET", "create": "POST", "patch": "PATCH", "delete": "DELETE"}
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')
_POOL = re.compile(r"^(\w+\(host=[^)]*\)|<[^>]*>): (Failed to establish a new connection: )?")
"""What urllib3 puts before the reason."""

_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class Resource(NamedTuple):
    """Where the API server keeps one kind of object; without a group for its core."""

    plural: str
    version: str
    subresource: str = ""

    @property
    def written(self) -> str:
        """As RBAC and `kubectl auth can-i` name it."""
        group = self.version.partition("/")[0] if "/" in self.version else ""
        name = f"{self.plural}/{self.subresource}" if self.subresource else self.plural
        return f"{name}.{group}" if group else name

    def path(self, namespace: str | None, name: str) -> str:
        root = f"/apis/{self.version}" if "/" in self.version else f"/api/{self.version}"
        parts = [*(["namespaces", namespace] if namespace else []), self.plural, name, self.subresource]
        return "/".join([root, *(quote(part, safe="") for part in parts if part)])


INTEGRATIONS = Resource("psaintegrations", API_VERSION)
RUNS = Resource("ticketresyncs", API_VERSION)
SCHEDULES = Resource("ticketresyncschedules", API_VERSION)
EVENTS = Resource("events", "v1")
PODS = Resource("pods", "v1")
POD_LOGS = Resource("pods", "v1", "log")
DEPLOYMENTS = Resource("deployments", "apps/v1")
WHO_AM_I = Resource("selfsubjectreviews", "authentication.k8s.io/v1")


class NotFoundError(PsaOperatorError):
    """There is no such object."""

    reason = "NotFound"


class RefusedError(PsaOperatorError):
    """The API server does not take what was written; the message is its own."""

    reason = "Refused"


@dataclass(frozen=True)
class Answer:
    """What came back, and the warnings that came with it."""

    text: str
    warnings: tuple[str, ...] = ()

    @property
    def body(self) -> Body:
        try:
            found = json.loads(self.text)
        except ValueError:
            found = None
        if not isinstance(found, dict) or "kind" not in found:
            raise UnavailableError(
                f"What answers is no API server; it says: {_short(self.text)}. See where the context of your "
                "kubeconfig points to, and whether a proxy or a login page is on the way"
            )
        return found


class ApiServer:
    """What the user may read and write, under the user's own rights."""

    def __init__(self, client: ApiClient, namespace: str) -> None:
        self._client = client
        self.namespace = namespace
        self.host = str(client.configuration.host)

    def send(
        self,
        verb: str,
        resource: Resource,
        name: str = "",
        *,
        namespace: str | None,
        query: Query | None = None,
        body: Body | None = None,
    ) -> Answer:
        """Make one request; `namespace` None means all of them, or an object that lives in none."""
        with self._answered():
            response = self._ask(verb, resource, name, namespace, query, body)
            text = _text(response)
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise self._refused(response.status, text, verb, resource, namespace)
        warned = response.headers.getlist("Warning")
        return Answer(text, tuple(_unquoted(each) for line in warned for each in _WARNING.findall(line)))

    def lines(self, resource: Resource, name: str, *, namespace: str, query: Query) -> Iterator[str]:
        """Lines as they come, until the server ends them or says nothing for half a minute."""
        with self._answered():
            response = self._ask("get", resource, name, namespace, query, None)
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise self._refused(response.status, _text(response), "get", resource, namespace)
            for line in response.response:  # of urllib3: what comes is passed on at once
                yield line.decode(errors="replace").rstrip("\n")

    def listed(
        self, resource: Resource, namespace: str | None, query: Mapping[str, str] | None = None
    ) -> Iterator[Body]:
        """All objects of a kind, in chunks."""
        page: dict[str, str | int] = {**(query or {}), "limit": _CHUNK}
        while True:
            try:
                answer = self.send("list", resource, namespace=namespace, query=page).body
            except NotFoundError:
                raise NotFoundError(
                    f"The API server at {self.host} does not know {resource.written}: install the operator's "
                    "chart in this cluster first, or name another cluster with --context"
                ) from None
            yield from answer["items"]
            page["continue"] = answer["metadata"].get("continue") or ""
            if not page["continue"]:
                return

    def _ask(
        self,
        verb: str,
        resource: Resource,
        name: str,
        namespace: str | None,
        query: Query | None,
        body: Body | None,
    ) -> Any:
        headers = {"Accept": "application/json, */*", "Content-Type": "application/json"}
        if verb == "patch":
            headers["Content-Type"] = "application/merge-patch+json"
        request = self._client.param_serialize(
            _METHODS[verb],
            resource.path(namespace, name),
            query_params=list((query or {}).items()),
            header_params=headers,
            body=body,
            auth_settings=["BearerToken"],
        )
        return self._client.call_api(*request, _request_timeout=_TIMEOUT)

    @contextmanager
    def _answered(self) -> Iterator[None]:
        try:
            yield
        except (ApiException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._silent(error) from error

    def _silent(self, error: Exception) -> UnavailableError:
        why = _POOL.sub("", " ".join(str(getattr(error, "reason", None) or error).split()))
        return UnavailableError(
            f"The API server at {self.host} does not answer ({why[:300]}): see whether the cluster is up and "
            "whether you reach it from here, or name another one with --context"
        )

    def _refused(
        self, status: int, text: str, verb: str, resource: Resource, namespace: str | None
    ) -> PsaOperatorError:
        said = _message(text)
        if status == HTTPStatus.UNAUTHORIZED:
            return PermissionDeniedError(
                f"The API server at {self.host} does not accept your credentials: log in again, or name "
                "another --context",
                area="login",
            )
        if status == HTTPStatus.FORBIDDEN:
            where = f'in namespace "{namespace}"' if namespace else "in all namespaces"
            return PermissionDeniedError(
                f"You may not {verb} {resource.written} {where}: ask whoever administers the cluster for "
                f"that right. The API server says: {said}",
                area=resource.written,
            )
        if status == HTTPStatus.NOT_FOUND:
            return NotFoundError(said)
        if status in _BUSY:
            return UnavailableError(f"The API server at {self.host} cannot answer now ({status}): {said}")
        return RefusedError(f"The API server refuses it: {said}")


def connect(file: Path | None, context: str | None, namespace: str | None) -> ApiServer:
    """The API server that the user means. Raises ConfigurationError."""
    found = access(file, context)
    return ApiServer(found.client, namespace or found.namespace)


def _text(response: Any) -> str:
    content: bytes = response.read() or b""
    return content.decode(errors="replace")


def _message(text: str) -> str:
    try:
        status = json.loads(text)
        said = str(status["message"])
    except (ValueError, KeyError, TypeError):
        return _short(text)
    causes = (status.get("details") or {}).get("causes") or ()
    # The whole message repeats the causes between names and brackets; one without a field is about others.
    told = [
        f"{each.get('field')}: {each.get('message')}" for each in causes if each.get("field", "<")[0] != "<"
    ]
    return "; ".join(told) or said


def _short(text: str) -> str:
    return " ".join(text.split())[:300] or "nothing"


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
