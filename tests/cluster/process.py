"""The operator as its own process, under the rights that the chart gives it."""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

import aiohttp

from psa_operator.devcluster.processes import Daemon, Sandbox, free_port


class OperatorProcess:
    """An operator that can be stopped, killed and started again."""

    def __init__(
        self, box: Sandbox, kubeconfig: Path, settings: dict[str, str], name: str = "operator"
    ) -> None:
        self._box = box
        self._name = name
        self._daemon: Daemon | None = None
        self.port = free_port()
        self._environment = {
            "KUBECONFIG": str(kubeconfig),
            "PSA_OPERATOR_HTTP_PORT": str(self.port),
            "PSA_OPERATOR_ALLOW_HTTP": "true",
            "PSA_OPERATOR_ALLOWED_HOSTS": "127.0.0.1,::1,localhost",
            "PSA_OPERATOR_RETRY_BACKOFF": "0.5",
            **settings,
        }

    async def start(self, **settings: str) -> None:
        """Start it and wait until it says that it is ready."""
        self._environment |= settings
        self.spawn()
        end = time.monotonic() + 60
        while await self.http("/readyz") != 200:
            assert self.daemon.alive, self.daemon.last_words(20)
            assert time.monotonic() < end, self.daemon.last_words(20)
            await asyncio.sleep(0.1)

    def spawn(self) -> None:
        """Start it, whatever becomes of it."""
        self._daemon = self._box.start(
            self._name, [sys.executable, "-m", "psa_operator", "operator"], env=self._environment
        )

    @property
    def daemon(self) -> Daemon:
        assert self._daemon is not None
        return self._daemon

    async def http(self, path: str) -> int:
        """The status code of a GET, 0 if nobody listens."""
        try:
            async with aiohttp.ClientSession() as session, session.get(self.url(path)) as answer:
                return answer.status
        except aiohttp.ClientError:
            return 0

    async def metrics(self) -> str:
        async with aiohttp.ClientSession() as session, session.get(self.url("/metrics")) as answer:
            return await answer.text()

    def leads(self) -> bool:
        """Whether the last word of its log about the Lease is that it has it."""
        words = [each["event"] for each in self.log() if each["event"] in {"lease.taken", "lease.left"}]
        return words[-1:] == ["lease.taken"]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def kill(self) -> None:
        """SIGKILL: nothing can be tidied up."""
        await self._stop(signal.SIGKILL)

    async def terminate(self) -> int | None:
        """SIGTERM, as a pod is stopped; returns the exit code."""
        await self._stop(signal.SIGTERM)
        return self.daemon.exit_code

    def pause(self) -> None:
        """SIGSTOP: it stands still, its workers and its connections do not."""
        self.daemon.send(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT; nothing happens to one that does not stand still, or has ended."""
        self.daemon.send(signal.SIGCONT)

    async def _stop(self, number: signal.Signals) -> None:
        self.daemon.send(number)
        assert await self.daemon.ended(within=30), self.daemon.last_words(20)
        self._box.forget(self.daemon)

    def log(self) -> list[dict[str, object]]:
        """The lines of its log, all of which are JSON."""
        return [json.loads(line) for line in self.daemon.log.read_text().splitlines()]


def workers_of(operator: OperatorProcess) -> list[int]:
    """The process ids of its workers."""
    children = Path(f"/proc/{operator.daemon.pid}/task/{operator.daemon.pid}/children")
    return [int(pid) for pid in children.read_text().split()]
