"""The API server, as far as we speak to it; the only module that knows its client."""

import json
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
from kubernetes.aio import client, config

from psa_operator.api.group import GROUP, VERSION
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.lease import Lease
from psa_operator.controller.mirror import Body
from psa_operator.errors import PermissionDeniedError, PsaOperatorError, TransientError, UnavailableError

TIMEOUT = 30.0
CHUNK = 500
_LEASES = ("coordination.k8s.io", "v1")
_CONFLICTS = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
_REFUSALS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class ConflictError(TransientError):
    """The object has changed since we read it: read it again and decide anew."""

    reason = "Conflict"


class NotFoundError(PsaOperatorError):
    """There is no such object, or no such kind."""

    reason = "NotFound"


class Secret(NamedTuple):
    """The values of a Secret, and the resource version that they are as of."""

    values: Mapping[str, str]
    version: str


class KubeApi:
    """What the operator reads and writes in the cluster, limited to its namespaces."""

    def __init__(self, api: client.ApiClient, namespaces: Collection[str]) -> None:
        self._objects = client.CustomObjectsApi(api)
        self._core = client.CoreV1Api(api)
        self._namespaces = sorted(namespaces)
        self.server = str(api.configuration.host)

    async def kinds(self) -> frozenset[Kind]:
        """The kinds of ours that the API server offers."""
        try:
            offered = await _said(
                self._objects.get_api_resources(GROUP, VERSION, _request_timeout=TIMEOUT), GROUP
            )
        except NotFoundError:
            return frozenset()
        names = {each.name for each in offered.resources}
        return frozenset(kind for kind in Kind if kind.value in names)

    async def objects(self, kind: Kind) -> tuple[list[Body], int]:
        """All objects of a kind, in chunks, and the resource version that they are as of."""
        if not self._namespaces:
            return await self._pages(self._objects.list_cluster_custom_object, GROUP, VERSION, kind.value)
        bodies: list[Body] = []
        oldest: int | None = None
        for namespace in self._namespaces:
            listed = self._objects.list_namespaced_custom_object
            found, version = await self._pages(listed, GROUP, VERSION, namespace, kind.value)
            bodies.extend(found)
            oldest = version if oldest is None else min(oldest, version)
        return bodies, oldest or 0

    async def _pages(self, listed: Callable[..., Awaitable[Any]], *where: str) -> tuple[list[Body], int]:
        bodies: list[Body] = []
        version: int | None = None
        token: str | None = None
        while True:
            page = await _said(listed(*where, limit=CHUNK, _continue=token, _request_timeout=TIMEOUT), *where)
            bodies.extend(page["items"])
            if version is None:
                version = int(page["metadata"]["resourceVersion"])
            token = page["metadata"].get("continue")
            if not token:
                return bodies, version

    async def get(self, key: Key) -> Body | None:
        """One object, None if it is not there."""
        asked = self._objects.get_namespaced_custom_object(
            GROUP, VERSION, key.namespace, key.kind.value, key.name, _request_timeout=TIMEOUT
        )
        try:
            body: Body = await _said(asked, str(key))
        except NotFoundError:
            return None
        return body

    async def patch_status(self, key: Key, version: str, status: Mapping[str, Any]) -> Body:
        """Replace the status of an object that is still as we saw it. Raises ConflictError, NotFoundError."""
        patch: list[dict[str, Any]] = [
            {"op": "test", "path": "/metadata/resourceVersion", "value": version},
            {"op": "add", "path": "/status", "value": status},
        ]
        return await _patched(self._objects.patch_namespaced_custom_object_status, key, patch)

    async def set_finalizers(self, key: Key, version: str, finalizers: Sequence[str]) -> Body:
        """Replace the finalizers of an object that is still as we saw it. Raises as `patch_status` does."""
        patch: list[dict[str, Any]] = [
            {"op": "test", "path": "/metadata/resourceVersion", "value": version},
            {"op": "add", "path": "/metadata/finalizers", "value": list(finalizers)},
        ]
        return await _patched(self._objects.patch_namespaced_custom_object, key, patch)

    async def create(self, kind: Kind, body: Body) -> Body:
        """Make a new object. Raises ConflictError if there is one of that name, or if it is refused."""
        namespace, name = body["metadata"]["namespace"], body["metadata"]["name"]
        asked = self._objects.create_namespaced_custom_object(
            GROUP, VERSION, namespace, kind.value, body, _request_timeout=TIMEOUT
        )
        made: Body = await _said(asked, f"{namespace}/{name}")
        return made

    async def cancel(self, key: Key, uid: str) -> None:
        """Ask for the end of this very run; no matter if it is gone already or was made anew."""
        patch: list[dict[str, Any]] = [
            {"op": "test", "path": "/metadata/uid", "value": uid},
            {"op": "add", "path": "/spec/cancel", "value": True},
        ]
        with suppress(NotFoundError, ConflictError):
            await _patched(self._objects.patch_namespaced_custom_object, key, patch)

    async def delete(self, key: Key, uid: str) -> None:
        """Delete this very object; no matter if it is gone already or was made anew."""
        options = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid=uid))
        asked = self._objects.delete_namespaced_custom_object(
            GROUP, VERSION, key.namespace, key.kind.value, key.name, body=options, _request_timeout=TIMEOUT
        )
        try:
            await _said(asked, str(key))
        except (NotFoundError, ConflictError):
            return

    async def secret(self, namespace: str, name: str) -> Secret:
        """What is in a Secret. Raises NotFoundError."""
        asked = self._core.read_namespaced_secret(name, namespace, _request_timeout=TIMEOUT)
        found = await _said(asked, f"Secret {namespace}/{name}")
        data = found.data or {}
        values = {key: b64decode(value).decode(errors="replace") for key, value in data.items()}
        return Secret(values, found.metadata.resource_version)

    async def lease(self, namespace: str, name: str) -> Lease | None:
        """A Lease, None if there is none."""
        where = (*_LEASES, namespace, "leases", name)
        asked = self._objects.get_namespaced_custom_object(*where, _request_timeout=TIMEOUT)
        try:
            return _lease(await _said(asked, f"Lease {namespace}/{name}"))
        except NotFoundError:
            return None

    async def write_lease(self, namespace: str, name: str, lease: Lease) -> Lease:
        """Replace a Lease that is still of its version, or make it. Raises ConflictError, NotFoundError."""
        where = (*_LEASES, namespace, "leases")
        body = _lease_body(name, lease)
        if lease.version:
            asked = self._objects.replace_namespaced_custom_object(
                *where, name, body, _request_timeout=TIMEOUT
            )
        else:
            asked = self._objects.create_namespaced_custom_object(*where, body, _request_timeout=TIMEOUT)
        return _lease(await _said(asked, f"Lease {namespace}/{name}"))

    async def create_event(self, namespace: str, event: Mapping[str, Any]) -> None:
        """Record a core/v1 event."""
        body: Any = client.CoreV1Event.from_dict(dict(event))
        asked = self._core.create_namespaced_event(namespace, body, _request_timeout=TIMEOUT)
        await _said(asked, f"event in {namespace}")


@asynccontextmanager
async def connect(namespaces: Collection[str]) -> AsyncIterator[KubeApi]:
    """The API server of KUBECONFIG, or that of the pod's service account."""
    configuration = client.Configuration()
    loader: Any = config  # its functions carry no types
    if (outside := _kubeconfig()) is not None:
        await loader.load_kube_config(outside, client_configuration=configuration)
    else:
        loader.load_incluster_config(client_configuration=configuration)
    async with client.ApiClient(configuration) as api:
        yield KubeApi(api, namespaces)


def _kubeconfig() -> str | None:
    """Where the kubeconfig of a person is who runs us outside a cluster."""
    default = Path("~/.kube/config").expanduser()
    return os.environ.get("KUBECONFIG") or (str(default) if default.exists() else None)


def _lease(body: Body) -> Lease:
    spec = body.get("spec", {})
    return Lease(
        holder=spec.get("holderIdentity") or "",
        seconds=spec.get("leaseDurationSeconds") or 0,
        transitions=spec.get("leaseTransitions") or 0,
        acquired=spec.get("acquireTime") or "",
        renewed=spec.get("renewTime") or "",
        version=body["metadata"]["resourceVersion"],
    )


def _lease_body(name: str, lease: Lease) -> Body:
    spec: dict[str, Any] = {
        "holderIdentity": lease.holder or None,
        "leaseDurationSeconds": lease.seconds,
        "leaseTransitions": lease.transitions,
        "acquireTime": lease.acquired,
        "renewTime": lease.renewed,
    }
    version = {"resourceVersion": lease.version} if lease.version else {}
    return {
        "apiVersion": "/".join(_LEASES),
        "kind": "Lease",
        "metadata": {"name": name, **version},
        "spec": spec,
    }


async def _patched(patching: Callable[..., Awaitable[Any]], key: Key, patch: list[dict[str, Any]]) -> Body:
    """Change an object, or its status, by a JSON patch."""
    asked = patching(
        GROUP,
        VERSION,
        key.namespace,
        key.kind.value,
        key.name,
        patch,
        _content_type="application/json-patch+json",
        _request_timeout=TIMEOUT,
    )
    body: Body = await _said(asked, str(key))
    return body


async def _said(asked: Awaitable[Any], *what: str) -> Any:
    """Await an answer and translate what went wrong: the border to the client's errors."""
    subject = " ".join(what)
    try:
        return await asked
    except client.ApiException as error:
        raise _translated(error, subject) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnavailableError(
            f"the API server did not answer about {subject}: {type(error).__name__} {error}".rstrip(),
            reason="ApiServerUnavailable",
        ) from error


def _translated(error: client.ApiException, subject: str) -> PsaOperatorError:
    words = f"{subject}: the API server said {error.status} {error.reason}: {_message(error.body)}"
    if error.status == HTTPStatus.NOT_FOUND:
        return NotFoundError(words)
    if error.status in _CONFLICTS:
        return ConflictError(words)
    if error.status in _REFUSALS:
        return PermissionDeniedError(words, area=subject, reason="OperatorForbidden")
    return UnavailableError(words, reason="ApiServerUnavailable")


def _message(body: object) -> str:
    try:
        return str(json.loads(str(body))["message"])
    except (ValueError, KeyError, TypeError):
        return str(body)[:200]
