"""The API server, asked by its administrator without a process for each question."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kubernetes import client, config

from psa_operator.api.crd import Resource
from psa_operator.api.group import GROUP, VERSION
from psa_operator.devcluster.cluster import Cluster

Manifest = dict[str, Any]
Refusal = client.ApiException


class Administrator:
    """Writes objects of one namespace. What is only `tried` is checked by the API server and not stored."""

    def __init__(self, api: Any, namespace: str) -> None:
        self._api = api
        self._namespace = namespace

    def create(self, resource: Resource, body: Manifest, *, tried: bool = False) -> Manifest:
        """What is stored. Raises Refusal."""
        made: Manifest = self._api.create_namespaced_custom_object(
            *self._place(resource), body, field_validation="Strict", **_options(tried=tried)
        )
        return made

    def change(self, resource: Resource, name: str, changes: Manifest, *, tried: bool = False) -> Manifest:
        """What is stored after a merge patch. Raises Refusal."""
        changed: Manifest = self._api.patch_namespaced_custom_object(
            *self._place(resource),
            name,
            changes,
            field_validation="Strict",
            _content_type="application/merge-patch+json",
            **_options(tried=tried),
        )
        return changed

    def delete(self, resource: Resource, name: str) -> None:
        self._api.delete_namespaced_custom_object(*self._place(resource), name)

    def objects(self, resource: Resource) -> list[Manifest]:
        listed: list[Manifest] = self._api.list_namespaced_custom_object(*self._place(resource))["items"]
        return listed

    def _place(self, resource: Resource) -> tuple[str, ...]:
        return GROUP, VERSION, self._namespace, resource.plural


def _options(*, tried: bool) -> dict[str, str]:
    return {"dry_run": "All"} if tried else {}


@contextmanager
def administrator(cluster: Cluster, namespace: str) -> Iterator[Administrator]:
    connect: Any = config.new_client_from_config
    with connect(str(cluster.kubeconfig)) as connection:
        yield Administrator(client.CustomObjectsApi(connection), namespace)
