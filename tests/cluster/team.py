"""Several operators that share a Lease, each with ways of its own to the API server and to PostgreSQL."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.process import OperatorProcess
from tests.fault_proxy import FaultProxy, fault_proxy
from tests.relay import Relay, relay

LEASE = {
    "PSA_OPERATOR_LEASE_NAMESPACE": "psa-system",
    "PSA_OPERATOR_LEASE_DURATION": "3",
    "PSA_OPERATOR_LEASE_RENEW_DEADLINE": "2",
    "PSA_OPERATOR_LEASE_RETRY": "0.5",
}
WITHIN = 30.0
"""Seconds in which somebody leads; ten times the lease, because machines that test are slow."""


@dataclass
class Replica:
    """One operator and its two ways."""

    process: OperatorProcess
    api: FaultProxy
    database: Relay


class Team:
    """Operators by the names that the Lease calls them."""

    def __init__(self, cluster: Cluster, replicas: dict[str, Replica]) -> None:
        self._cluster = cluster
        self.replicas = replicas

    async def holder(self) -> str:
        """The name of the operator that holds the Lease, empty if none of ours does."""
        done = await self._cluster.kubectl(
            "get", "lease", "psa-operator", "-n", LEASE["PSA_OPERATOR_LEASE_NAMESPACE"], "--ignore-not-found",
            "-o", "jsonpath={.spec.holderIdentity}",
        )  # fmt: skip
        name = done.output().partition("_")[0]
        return name if name in self.replicas else ""

    async def leader(self, other_than: Replica | None = None) -> Replica:
        """Wait until one of them leads, but for one that must not."""
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            found = self.replicas.get(await self.holder())
            if found is not None and found is not other_than:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"after {WITHIN:.0f} s it is still {await self.holder() or 'nobody'} who leads")

    def others(self, than: Replica) -> list[Replica]:
        return [each for each in self.replicas.values() if each is not than]


@asynccontextmanager
async def team_of(
    roles: list[str], cluster: Cluster, kubeconfig: Path, folder: Path, dsn: str, **settings: str
) -> AsyncIterator[Team]:
    """As many operators, ready."""
    # A Lease that an earlier test has left names none of these.
    names = [f"{role}-{secrets.token_hex(3)}" for role in roles]
    async with AsyncExitStack() as stack:
        ways = {
            name: (
                await stack.enter_async_context(fault_proxy(kubeconfig, folder / name)),
                await stack.enter_async_context(relay(dsn)),
            )
            for name in names
        }
        box = await stack.enter_async_context(Sandbox("team"))
        replicas = {}
        for name, (api, database) in ways.items():
            own = {"PSA_OPERATOR_POD_NAME": name, "PSA_OPERATOR_DATABASE_DSN": database.dsn}
            process = OperatorProcess(box, folder / name, {**LEASE, **own, **settings}, name=name)
            replicas[name] = Replica(process, api, database)
        await asyncio.gather(*(each.process.start() for each in replicas.values()))
        try:
            yield Team(cluster, replicas)
        finally:
            for each in replicas.values():
                each.process.go_on()
