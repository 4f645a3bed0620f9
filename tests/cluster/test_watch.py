"""The watch by itself, in surroundings that are not those of this machine."""

import asyncio
import pwd
from pathlib import Path

import pytest

from psa_operator.controller.events import watch
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Body
from tests.cluster.tenant import Tenant


class Heard:
    """What a watch has told."""

    def __init__(self) -> None:
        self.told = asyncio.Queue[tuple[Key, Body]]()

    def changed(self, key: Key, body: Body) -> None:
        self.told.put_nowait((key, body))

    def deleted(self, key: Key, body: Body) -> None: ...

    def secret_changed(self, namespace: str, name: str) -> None: ...


async def test_a_user_without_a_name_can_watch(
    kubeconfig: Path, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless(number: int) -> pwd.struct_passwd:
        raise KeyError(f"getpwuid(): uid not found: {number}")  # as in a pod, whose user is but a number

    monkeypatch.setattr(pwd, "getpwuid", nameless)
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    heard, stop = Heard(), asyncio.Event()
    watching = asyncio.create_task(watch(heard, [tenant.namespace], stop, lambda: None))

    await tenant.apply(tenant.resync("one", "Quick"))
    hearing = asyncio.create_task(heard.told.get())
    await asyncio.wait((watching, hearing), return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await watching

    key, body = hearing.result()
    assert key == Key(Kind.RESYNC, tenant.namespace, "one")
    assert body["spec"]["mode"] == "Quick"
