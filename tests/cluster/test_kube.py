"""Our few words with the API server, and what its refusals become."""

import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import ConflictError, KubeApi, NotFoundError, connect
from psa_operator.errors import PermissionDeniedError, UnavailableError
from tests.cluster.tenant import Tenant


@pytest_asyncio.fixture
async def api(kubeconfig: Path, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KubeApi]:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    async with connect({tenant.namespace}) as opened:
        yield opened


@pytest_asyncio.fixture
async def key(tenant: Tenant) -> Key:
    """A run in the cluster."""
    await tenant.apply(tenant.resync("one", "Quick"))
    return Key(Kind.RESYNC, tenant.namespace, "one")


async def test_a_status_is_written_once_for_one_version(api: KubeApi, key: Key) -> None:
    body = await api.get(key)
    assert body
    version = body["metadata"]["resourceVersion"]

    after = await api.patch_status(key, version, {"observedGeneration": 1, "phase": "Pending"})

    assert after["status"]["phase"] == "Pending"
    with pytest.raises(ConflictError):
        await api.patch_status(key, version, {"observedGeneration": 1, "phase": "Failed"})


async def test_what_is_not_there_is_said(api: KubeApi, tenant: Tenant) -> None:
    lost = Key(Kind.RESYNC, tenant.namespace, "lost")

    assert await api.get(lost) is None
    with pytest.raises(NotFoundError):
        await api.patch_status(lost, "1", {})
    with pytest.raises(NotFoundError):
        await api.secret(tenant.namespace, "lost")


async def test_only_the_very_object_is_deleted(api: KubeApi, key: Key) -> None:
    await api.delete(key, uid="another")
    body = await api.get(key)
    assert body

    await api.delete(key, body["metadata"]["uid"])
    await api.delete(key, body["metadata"]["uid"])

    assert await api.get(key) is None


async def test_a_long_list_comes_whole(api: KubeApi, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psa_operator.controller.kube.CHUNK", 2)
    names = {f"run-{number}" for number in range(5)}
    await tenant.apply(*(tenant.resync(name, "Quick") for name in names))

    bodies, version = await api.objects(Kind.RESYNC)

    assert {each["metadata"]["name"] for each in bodies} == names
    assert version >= max(int(each["metadata"]["resourceVersion"]) for each in bodies)


async def test_the_operator_may_not_read_what_it_does_not_need(api: KubeApi) -> None:
    with pytest.raises(PermissionDeniedError):
        await api.delete(Key(Kind.INTEGRATION, "default", secrets.token_hex(4)), uid="any")


async def test_a_server_that_is_away_is_a_passing_trouble(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = {"server": "https://127.0.0.1:1"}
    away = tmp_path / "kubeconfig"
    away.write_text(
        json.dumps(
            {
                "clusters": [{"name": "nowhere", "cluster": server}],
                "users": [{"name": "nobody", "user": {}}],
                "contexts": [{"name": "away", "context": {"cluster": "nowhere", "user": "nobody"}}],
                "current-context": "away",
            }
        )
    )
    monkeypatch.setenv("KUBECONFIG", str(away))
    async with connect({tenant.namespace}) as api:
        with pytest.raises(UnavailableError, match="did not answer"):
            await api.objects(Kind.RESYNC)
