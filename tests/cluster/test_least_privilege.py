"""Each right of the shipped role is needed: without it something fails, and the log names the right."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from psa_operator.devcluster.processes import Sandbox
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Object, Tenant
from tests.cluster.test_schedules import due, scheduled
from tests.contract.chart.rendering import rendered
from tests.fault_proxy import FaultProxy, fault_proxy

WITHIN = 45.0
ACCOUNT = "operator"
RESYNCS = "ticketresyncs"
KINDS = ["psaintegrations", RESYNCS, "ticketresyncschedules"]
GROUPS = {"secrets": "", "events": "", "leases": "coordination.k8s.io"}
LEASE = {
    "PSA_OPERATOR_LEASE_NAME": "psa-operator",
    "PSA_OPERATOR_LEASE_DURATION": "3",
    "PSA_OPERATOR_LEASE_RENEW_DEADLINE": "2",
    "PSA_OPERATOR_LEASE_RETRY": "0.5",
}


class Right(NamedTuple):
    """One verb on one resource, of one object or of all."""

    verb: str
    resource: str
    names: tuple[str, ...] = ()

    @property
    def rule(self) -> Object:
        group = GROUPS.get(self.resource, "psa.msportal.ai")
        names = {"resourceNames": list(self.names)} if self.names else {}
        return {"apiGroups": [group], "resources": [self.resource], "verbs": [self.verb], **names}

    @property
    def refusal(self) -> str:
        """What the API server or the policy says to those who lack it."""
        if self.verb in {"full", "discard", "attribute"}:
            return f"the verb {self.verb} on ticketresyncs"
        return f'cannot {self.verb} resource \\"{self.resource}\\"'


@dataclass
class Scene:
    """A tenant, and an operator that lacks something."""

    tenant: Tenant
    process: OperatorProcess
    api: FaultProxy

    async def connected(self, **spec: Any) -> None:
        await self.tenant.apply(self.tenant.secret(), self.tenant.integration(**spec))


async def nothing(_: Scene) -> None:
    """It fails by itself."""


async def an_integration(scene: Scene) -> None:
    await scene.connected()


async def an_integration_whose_rows_go_with_it(scene: Scene) -> None:
    await scene.connected(deletionPolicy="Delete")


async def a_run(scene: Scene) -> None:
    await scene.tenant.apply(scene.tenant.resync("asked"))


async def a_run_that_is_cleared_away(scene: Scene) -> None:
    await scene.tenant.apply(scene.tenant.resync("asked", cancel=True, ttlSecondsAfterFinished=0))


async def a_schedule(scene: Scene) -> None:
    await scene.tenant.apply(scene.tenant.schedule("nightly"))


async def the_button(scene: Scene) -> None:
    await scene.connected()
    await scene.tenant.kubectl("annotate", "psai", "acme", "psa.msportal.ai/quick-sync=now")


def conflicts(about: str, provoked: "Provocation") -> "Provocation":
    """Somebody else always writes a moment earlier."""

    async def provoke(scene: Scene) -> None:
        scene.api.fault("status", f"PATCH .*/{about}/.*/status", status=409)
        await provoked(scene)

    return provoke


def by_the_clock(mode: str = "Quick", **spec: Any) -> "Provocation":
    async def provoke(scene: Scene) -> None:
        await made_by_the_clock(scene, {**scene.tenant.resync("unused", mode)["spec"], **spec})

    return provoke


async def one_that_replaces_another(scene: Scene) -> None:
    scene.tenant.psa.set(latency=2)
    await made_by_the_clock(scene, scene.tenant.resync("unused")["spec"])
    await scene.tenant.until("tressched", "nightly", lambda each: each["status"].get("activeCount"))
    await scene.tenant.patch("tressched", "nightly", {"spec": {"schedule": "0 0 1 2 *"}})
    await scene.tenant.until(
        "tressched", "nightly", lambda each: each["status"]["nextScheduleTime"].endswith("-02-01T00:00:00Z")
    )
    await due(scene.tenant, "nightly")


async def made_by_the_clock(scene: Scene, run: Object) -> None:
    await scene.connected()
    await scheduled(scene.tenant, "nightly", concurrencyPolicy="Replace", template={"spec": run})
    await due(scene.tenant, "nightly")


Provocation = Callable[[Scene], Awaitable[None]]
NEEDED: dict[Right, Provocation] = {
    **{Right(verb, kind): nothing for verb in ("list", "watch") for kind in KINDS},
    Right("get", "psaintegrations"): conflicts("psaintegrations", an_integration),
    Right("get", RESYNCS): conflicts(RESYNCS, a_run),
    Right("get", "ticketresyncschedules"): conflicts("ticketresyncschedules", a_schedule),
    Right("patch", "psaintegrations/status"): an_integration,
    Right("patch", "ticketresyncs/status"): a_run,
    Right("patch", "ticketresyncschedules/status"): a_schedule,
    Right("patch", "psaintegrations"): an_integration_whose_rows_go_with_it,
    Right("create", RESYNCS): the_button,
    Right("patch", RESYNCS): one_that_replaces_another,
    Right("delete", RESYNCS): a_run_that_is_cleared_away,
    Right("attribute", RESYNCS): by_the_clock(),
    Right("full", RESYNCS): by_the_clock("Full"),
    Right("discard", RESYNCS): by_the_clock("Full", localChanges="Discard", acknowledgeDataLoss=True),
    Right("get", "secrets"): an_integration,
    Right("list", "secrets"): nothing,
    Right("watch", "secrets"): nothing,
    Right("create", "events"): an_integration,
    Right("create", "leases"): nothing,
    Right("get", "leases", ("psa-operator",)): nothing,
    Right("update", "leases", ("psa-operator",)): nothing,
}


async def shipped() -> list[Right]:
    """All rights of the operator's own account, one by one."""
    roles = [each for each in await rendered("--set", "watchNamespaces={here}") if each["kind"] == "Role"]
    return [
        Right(verb, resource, tuple(rule.get("resourceNames", ())))
        for role in roles
        for rule in role["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    ]


@asynccontextmanager
async def operator_with(
    rights: list[Right], tenant: Tenant, kubeconfig: Path, database: str, folder: Path
) -> AsyncIterator[Scene]:
    """An operator of the tenant's namespace that has these rights there, not yet ready."""
    subject = f"{tenant.namespace}:{ACCOUNT}"
    await tenant.kubectl("create", "serviceaccount", ACCOUNT)
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": ACCOUNT},
        "rules": [right.rule for right in rights],
    }
    await tenant.apply(role)
    await tenant.kubectl("create", "rolebinding", ACCOUNT, f"--role={ACCOUNT}", f"--serviceaccount={subject}")
    own = await tenant.cluster.kubeconfig_for(ACCOUNT, tenant.namespace)
    settings = {
        "PSA_OPERATOR_NAMESPACES": tenant.namespace,
        "PSA_OPERATOR_DATABASE_DSN": database,
        "PSA_OPERATOR_LEASE_NAMESPACE": tenant.namespace,
        "PSA_OPERATOR_RELIST_INTERVAL": "2",
        **LEASE,
    }
    async with Sandbox("operator") as box, fault_proxy(own, folder / "kubeconfig") as api:
        yield Scene(tenant, OperatorProcess(box, folder / "kubeconfig", settings), api)


def test_nothing_is_shipped_that_nobody_looked_at() -> None:
    assert set(asyncio.run(shipped())) == set(NEEDED)


@pytest.mark.parametrize("missing", NEEDED, ids=[f"{each.verb}-{each.resource}" for each in NEEDED])
async def test_without_any_right_something_fails_and_the_log_names_it(
    missing: Right, tenant: Tenant, kubeconfig: Path, database: str, tmp_path: Path
) -> None:
    rights = [each for each in await shipped() if each != missing]
    async with operator_with(rights, tenant, kubeconfig, database, tmp_path) as scene:
        scene.process.spawn()
        await NEEDED[missing](scene)
        end = time.monotonic() + WITHIN
        while missing.refusal not in (said := scene.process.daemon.log.read_text()):
            assert time.monotonic() < end, said[-4000:]
            await asyncio.sleep(0.2)
