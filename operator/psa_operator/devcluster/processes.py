"""Server processes in a temporary folder, all of which end and vanish together."""

import asyncio
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from psa_operator.devcluster import guard
from psa_operator.errors import PsaOperatorError

POLL = 0.02
LOOPBACK = "127.0.0.1"


class DevclusterError(PsaOperatorError):
    """What is needed for a local cluster is missing or does not start; says what to do."""

    reason = "DevclusterFailed"


def free_port() -> int:
    """A loopback port below those that the system gives to outgoing connections.

    A server that restarts on its port would otherwise now and then find it taken by a client's own end.
    """
    for port in random.SystemRandom().sample(range(20_000, 32_000), k=200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return port
    raise DevclusterError(f"no free port on {LOOPBACK} between 20000 and 32000; stop some local servers")


class Daemon:
    """One server process and its log.

    It belongs to no event loop, so that one test may stop what another's loop has started.
    """

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.log = log
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    @property
    def alive(self) -> bool:
        return self.exit_code is None

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, within: float) -> bool:
        """Wait until the process has ended; False if it still runs after `within` seconds."""
        deadline = time.monotonic() + within
        while self.alive:
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(POLL)
        return True

    async def stop(self, number: signal.Signals, grace: float = 10.0) -> None:
        """Ask it to end, and insist after `grace` seconds."""
        self.send(number)
        if not await self.ended(grace):
            self.send(signal.SIGKILL)
            await self.ended(grace)

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for the message of whoever waited for it in vain."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Sandbox:
    """A temporary folder and the processes in it; both are gone afterwards, even if we are killed."""

    def __init__(self, name: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"psa-operator-{name}-"))
        self._daemons: list[Daemon] = []
        self._guard = subprocess.Popen(
            [sys.executable, "-E", "-S", guard.__file__, self.folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop what runs, newest first, and wait until the folder is gone."""
        for daemon in reversed(self._daemons):
            # Nothing will be read again, so at once: to PostgreSQL this is its immediate shutdown.
            await daemon.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        await Daemon("guard", self._guard, self.folder).ended(within=10.0)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        account: pwd.struct_passwd | None = None,
    ) -> Daemon:
        """Start a server in a session of its own, so that Ctrl-C reaches us and not it."""
        path = self.folder / f"{name}.log"
        with path.open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, **(env or {})},
                user=None if account is None else account.pw_uid,
                group=None if account is None else account.pw_gid,
                extra_groups=None if account is None else [],
                start_new_session=True,
            )
        daemon = Daemon(name, process, path)
        self._daemons.append(daemon)
        self._tell(f"+{daemon.pid}")
        return daemon

    async def stop(self, daemon: Daemon, number: signal.Signals, grace: float = 10.0) -> None:
        """Stop one server, with the first signal it is polite to send."""
        await daemon.stop(number, grace)
        self.forget(daemon)

    def forget(self, daemon: Daemon) -> None:
        """Say that a server has ended, before its process id can mean another."""
        self._daemons.remove(daemon)
        self._tell(f"-{daemon.pid}")

    def _tell(self, line: str) -> None:
        if self._guard.stdin is not None:
            self._guard.stdin.write(f"{line}\n".encode())
            self._guard.stdin.flush()
