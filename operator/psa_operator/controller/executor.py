"""Run a worker as a child process: its work order goes in by a pipe, its verdict comes out by its last line.

The pipe stays open while the worker may work: when this process dies, however it dies, the worker reads
the end of it and stops at a safe point.
"""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import IntEnum

import msgspec
import structlog
from msgspec import Struct

from psa_operator.sync.engine import Outcome

GRACE = 20.0
LINE_LIMIT = 1 << 20
_UNSHARED = frozenset({"PSA_OPERATOR_DATABASE_DSN", "KUBECONFIG"})

log = structlog.get_logger(__name__)


class ExitCode(IntEnum):
    """What the end of a worker means."""

    DONE = 0
    FAILED = 1
    TRY_AGAIN = 75


class Ended(Struct, frozen=True):
    """How a worker ended: with an exit code, negative for the signal that killed it."""

    exit_code: int
    verdict: Outcome


_INTERRUPTED = Ended(ExitCode.TRY_AGAIN, Outcome("", "Shutdown", "the operator went down", charge=False))

WORKER = (sys.executable, "-m", "psa_operator", "worker")


class LocalExecutor:
    """Workers beside the operator, in the same pod."""

    def __init__(
        self,
        *,
        memory_mb: int,
        on_exit: Callable[[str, Ended], None],
        command: Sequence[str] = WORKER,
        grace: float = GRACE,
    ) -> None:
        self._memory = memory_mb * 1024 * 1024
        self._on_exit = on_exit
        self._command = command
        self._grace = grace
        self._running: dict[str, asyncio.Task[None]] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._unwanted: set[str] = set()  # to be stopped, but without a process as yet

    def running(self) -> set[str]:
        """The ids of the runs that have a worker."""
        return set(self._running)

    def start(self, run_id: str, order: bytes) -> None:
        """Start a worker; `on_exit` hears of its end."""
        self._running[run_id] = asyncio.create_task(self._run(run_id, order))

    def stop(self, run_id: str) -> None:
        """Ask a worker to stop at a safe point, and make it after a grace."""
        process = self._processes.get(run_id)
        if process is None:
            self._unwanted |= {run_id} & self.running()
            return
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        asyncio.get_running_loop().call_later(self._grace, _kill, process)

    async def close(self) -> None:
        """Stop all workers and wait for their end; what they have staged is kept."""
        for run_id in self.running():
            self.stop(run_id)
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _run(self, run_id: str, order: bytes) -> None:
        ended = _INTERRUPTED  # if this task is cancelled: somebody takes the whole operator down
        try:
            ended = await self._work(run_id, order)
        except OSError as error:
            ended = Ended(
                ExitCode.TRY_AGAIN, Outcome("", "WorkerNotStarted", f"the worker did not start: {error}")
            )
        finally:
            self._running.pop(run_id, None)
            self._processes.pop(run_id, None)
            self._unwanted.discard(run_id)
            self._on_exit(run_id, ended)

    async def _work(self, run_id: str, order: bytes) -> Ended:
        pipe = asyncio.subprocess.PIPE
        environment = {name: value for name, value in os.environ.items() if name not in _UNSHARED}
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=environment,
            limit=LINE_LIMIT,
            start_new_session=True,  # a Ctrl-C at the terminal is for the operator, who tells its workers
        )
        self._processes[run_id] = process
        try:
            self._limit_memory(process.pid)
            log.info("worker.started", run=run_id, pid=process.pid)
            if run_id in self._unwanted:
                self.stop(run_id)
            last = await _converse(process, order)
            exit_code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
        log.info("worker.ended", run=run_id, pid=process.pid, exit_code=exit_code)
        return Ended(exit_code, _verdict(exit_code, last))

    def _limit_memory(self, pid: int) -> None:
        if hasattr(resource, "prlimit"):  # Linux; elsewhere the machine's own limits must do
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_DATA, (self._memory, self._memory))


def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def _converse(process: asyncio.subprocess.Process, order: bytes) -> bytes:
    """Hand over the order, listen until the worker falls silent; returns its last line."""
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    if stdin is None or stdout is None or stderr is None:
        raise AssertionError("all three are pipes")
    with suppress(ConnectionError):
        stdin.write(order + b"\n")
        await stdin.drain()
    last, _ = await asyncio.gather(_last_line(stdout), _forward(stderr))
    stdin.close()
    return last


async def _last_line(stream: asyncio.StreamReader) -> bytes:
    last = b""
    async for line in stream:
        last = line.strip() or last
    return last


async def _forward(stream: asyncio.StreamReader) -> None:
    """Pass the worker's log lines on as they are: they are JSON already."""
    async for line in stream:
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()


def _verdict(exit_code: int, last: bytes) -> Outcome:
    """The worker's own words, or ours where it could not say any."""
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(last, type=Outcome)
    if exit_code < 0:
        name = signal.Signals(-exit_code).name
        return Outcome(
            "",
            "WorkerKilled",
            f"the worker was killed by {name}; if it ran out of memory, raise the worker's memory limit",
        )
    return Outcome("", "WorkerDied", f"the worker ended with exit code {exit_code} and without a word")
