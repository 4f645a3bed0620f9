"""The course of a run: every status that it ever had, as a watch saw them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise

from psa_operator.api.resync_status import RunPhase
from tests.cluster.tenant import Object, Tenant

_ORDER = [phase.value for phase in RunPhase]
_EACH = 'jsonpath={.metadata.resourceVersion} {.status}{"\\n"}'


@dataclass
class Seen:
    """One version of the object."""

    version: int
    status: Object

    @property
    def place(self) -> tuple[int, int, float]:
        """How far it was: attempt, phase and percent. Each attempt may begin again."""
        phase = self.status.get("phase", _ORDER[0])
        percent = self.status.get("progress", {}).get("percent", 0)
        return self.status.get("attempt", 0), _ORDER.index(phase), percent


@asynccontextmanager
async def course_of(tenant: Tenant, name: str) -> AsyncIterator[list[Seen]]:
    """Watch a run; what was seen is complete once the context is left."""
    seen: list[Seen] = []
    watch = await asyncio.create_subprocess_exec(
        tenant.cluster.kubectl_binary,
        *("get", "tres", name, "-n", tenant.namespace, "--watch", "-o", _EACH),
        env=tenant.cluster.kubectl_environment(),
        stdout=asyncio.subprocess.PIPE,
        limit=2**20,
    )
    reading = asyncio.create_task(_read(watch, seen))
    try:
        yield seen
        await asyncio.sleep(1)  # for the last event
    finally:
        with suppress(ProcessLookupError):
            watch.terminate()
        await reading
        await watch.wait()


async def _read(watch: asyncio.subprocess.Process, seen: list[Seen]) -> None:
    assert watch.stdout
    async for line in watch.stdout:
        version, _, status = line.decode().partition(" ")
        seen.append(Seen(int(version), json.loads(status)))


def assert_never_backwards(seen: list[Seen]) -> None:
    """Neither phase nor percent within an attempt, nor the attempt; and an end is for ever."""
    assert len(seen) > 2, seen
    for before, after in pairwise(seen):
        assert after.version > before.version
        assert after.place >= before.place, (before, after)
        if "completionTime" in before.status:
            assert after.status["completionTime"] == before.status["completionTime"]
