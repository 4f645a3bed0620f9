"""A tenant of the cluster: a namespace, a PSA, and what its people read."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from psa_operator.devcluster.cluster import Cluster
from tests.simulator_process import SimulatorProcess

Object = dict[str, Any]
PATIENCE = 60.0

_NOT_YET = "There can be a delay between when CustomResourceDefinitions are created"

NEW_YEAR = "0 0 1 1 *"
"""A schedule that is not due while tests run."""


@dataclass
class Tenant:
    """One namespace, spoken to with kubectl as its owner would."""

    cluster: Cluster
    namespace: str
    psa: SimulatorProcess
    acme: str = "acme"

    async def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        done = await self.cluster.kubectl(*arguments, "-n", self.namespace, stdin=stdin)
        return done.output()

    async def apply(self, *manifests: Object, how: Sequence[str] = ("apply",)) -> None:
        text = "\n---\n".join(json.dumps(each) for each in manifests)
        arguments = (*how, "-f", "-", "-n", self.namespace)
        end = time.monotonic() + PATIENCE
        # After a start the policies of an API server forget kinds now and then, for a moment.
        while _NOT_YET in (done := await self.cluster.kubectl(*arguments, stdin=text)).stderr:
            assert time.monotonic() < end, done.stderr
            await asyncio.sleep(0.5)
        done.output()

    async def patch(self, kind: str, name: str, changes: Object) -> None:
        await self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps(changes))

    async def delete(self, kind: str, name: str) -> None:
        await self.kubectl("delete", kind, name, "--wait=false")

    async def get(self, kind: str, name: str) -> Object | None:
        text = await self.kubectl("get", kind, name, "-o", "json", "--ignore-not-found")
        found: Object | None = json.loads(text) if text.strip() else None
        return found

    async def events(self, name: str) -> list[tuple[str, str, str]]:
        """Type, reason and message of the events about an object."""
        text = await self.kubectl(
            "get", "events", f"--field-selector=involvedObject.name={name}", "-o", "json"
        )
        return [(each["type"], each["reason"], each["message"]) for each in json.loads(text)["items"]]

    async def until(
        self, kind: str, name: str, holds: Callable[[Object], bool], within: float = PATIENCE
    ) -> Object:
        """Wait until the object is as described; the failure says how it was."""
        end, found = time.monotonic() + within, None
        while time.monotonic() < end:
            found = await self.get(kind, name)
            if found is not None and holds(found):
                return found
            await asyncio.sleep(0.2)
        raise AssertionError(f"{kind} {name} is still {json.dumps(found and found.get('status'), indent=1)}")

    async def condition(
        self, kind: str, name: str, type_: str, status: str, reason: str | None = None, says: str = ""
    ) -> Object:
        """Wait for a condition, and for the words in its message; returns the object."""

        def holds(found: Object) -> bool:
            now = condition(found, type_)
            if now is None or now["status"] != status or reason not in {None, now["reason"]}:
                return False
            return says in now["message"]

        return await self.until(kind, name, holds)

    async def in_phase(self, name: str, phase: str = "Fetching") -> Object:
        """Wait until a run is in a phase; one that is over by then was never seen in it."""
        return await self.until("tres", name, lambda each: each.get("status", {}).get("phase") == phase)

    async def finished(self, name: str, within: float = PATIENCE) -> Object:
        """Wait for the end of a run; returns its status."""
        done = await self.until("tres", name, lambda each: "completionTime" in each.get("status", {}), within)
        status: Object = done["status"]
        return status

    def secret(self, name: str = "keys", **changes: str | None) -> Object:
        account = self.psa.account
        values: dict[str, str | None] = {
            "publicKey": account.publicKey,
            "privateKey": account.privateKey,
            "clientId": account.clientId,
            **changes,
        }
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "labels": {"psa.msportal.ai/watched": "true"}},
            "stringData": {key: value for key, value in values.items() if value is not None},
        }

    def integration(self, name: str | None = None, **spec: Any) -> Object:
        account = self.psa.account
        return {
            "apiVersion": "psa.msportal.ai/v1alpha1",
            "kind": "PSAIntegration",
            "metadata": {"name": name or self.acme},
            "spec": {
                "provider": {"connectWise": {"url": account.url, "companyId": account.companyId}},
                "credentialsSecretRef": {"name": "keys"},
                "limits": {"requestsPerMinute": 100_000},
                **spec,
            },
        }

    def resync(self, name: str, mode: str = "Full", **spec: Any) -> Object:
        why = {"reason": "a test"} if mode in {"Full", "Prune", "Rollback"} else {}
        return {
            "apiVersion": "psa.msportal.ai/v1alpha1",
            "kind": "TicketResync",
            "metadata": {"name": name},
            "spec": {"integrationRef": {"name": self.acme}, "mode": mode, **why, **spec},
        }

    def schedule(self, name: str, cron: str = NEW_YEAR, mode: str = "Quick", **spec: Any) -> Object:
        return {
            "apiVersion": "psa.msportal.ai/v1alpha1",
            "kind": "TicketResyncSchedule",
            "metadata": {"name": name},
            "spec": {"schedule": cron, "template": {"spec": self.resync("unused", mode)["spec"]}, **spec},
        }

    async def connect(self, **spec: Any) -> None:
        """Apply the Secret and the integration, and wait until it is ready."""
        await self.apply(self.secret(), self.integration(**spec))
        await self.condition("psai", self.acme, "Ready", "True")

    async def sync(self, name: str, mode: str = "Full", **spec: Any) -> Object:
        """Apply a run and wait for its end; returns its status."""
        await self.apply(self.resync(name, mode, **spec))
        return await self.finished(name)

    async def bring(self, name: str, mode: str = "Full", **spec: Any) -> Object:
        """Apply a run that has to succeed; returns its status."""
        status = await self.sync(name, mode, **spec)
        assert status["phase"] == "Succeeded", status
        return status

    async def shows_tickets(self, number: int) -> None:
        """The integration's own status follows its runs within a moment."""
        await self.until(
            "psai", self.acme, lambda found: found["status"].get("counts", {}).get("tickets") == number
        )


def condition(found: Object, type_: str) -> Object | None:
    conditions = found.get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == type_), None)
