"""The simulated ConnectWise of the demo: a process of its own, and what happens in it."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from psa_operator.devcluster.processes import Daemon, DevclusterError, Sandbox

READY_WITHIN = 60.0


class Account(msgspec.Struct, frozen=True, rename="camel"):
    """What the simulator says in its first line."""

    url: str
    company_id: str
    client_id: str
    public_key: str
    private_key: str
    control_url: str


class SimulatedPsa:
    """A ConnectWise that answers over HTTP, seen by who can make things happen in it."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self.account = account
        self._session = session

    async def set(self, **settings: float) -> None:
        """Change how it behaves, for example `changeRate`: changes in a second."""
        await self._do("POST", "settings", settings)

    async def slow_down(self, path: str, seconds: float) -> None:
        """Let it take so long for each answer whose `path?query` matches the pattern."""
        await self._do("POST", "faults", [{"kind": "latency", "path": path, "seconds": seconds}])

    async def ticket_ids(self) -> list[int]:
        found = await self._do("GET", "state?entity=tickets&fields=id")
        return [record["id"] for record in found["tickets"]]

    async def summary(self, ticket: int) -> str:
        """What a ticket is called there."""
        found = await self._do("GET", "state?entity=tickets&fields=id,summary")
        return str(next(record["summary"] for record in found["tickets"] if record["id"] == ticket))

    async def change(self, ids: list[int], **values: object) -> None:
        await self._do("POST", "change", {"ids": ids, "set": values})

    async def create(self, count: int, **values: object) -> None:
        await self._do("POST", "create", {"count": count, "set": values})

    async def delete(self, ids: list[int]) -> None:
        await self._do("POST", "delete", {"ids": ids})

    async def _do(self, method: str, path: str, body: object = None) -> Any:
        async with self._session.request(method, f"{self.account.control_url}/{path}", json=body) as answer:
            if not answer.ok:
                raise DevclusterError(f"the simulated ConnectWise refused {path}: {await answer.text()}")
            return msgspec.json.decode(await answer.read())


@asynccontextmanager
async def run_simulated_psa(sandbox: Sandbox, tickets: int) -> AsyncIterator[SimulatedPsa]:
    """Start the simulator in the sandbox and wait for its first line."""
    command = [sys.executable, "-m", "psa_operator", "simulate", "connectwise"]
    daemon = sandbox.start("connectwise", [*command, "--tickets", str(tickets)])
    try:
        account = msgspec.json.decode(await _first_line(daemon), type=Account)
        async with aiohttp.ClientSession() as session:
            yield SimulatedPsa(account, session)
    finally:
        await sandbox.stop(daemon, signal.SIGTERM)


async def _first_line(daemon: Daemon) -> str:
    deadline = time.monotonic() + READY_WITHIN
    while "\n" not in (text := daemon.log.read_text()):
        if not daemon.alive or time.monotonic() > deadline:
            raise DevclusterError(f"the simulated ConnectWise did not start:\n{daemon.last_words()}")
        await asyncio.sleep(0.05)
    return text.partition("\n")[0]
