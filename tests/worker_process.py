"""The worker as the operator starts it, a process of its own, and its sudden end."""

import asyncio
import sys
from contextlib import suppress

import msgspec

from psa_operator.sync.spec import RunSpec


async def start_worker(spec: RunSpec) -> asyncio.subprocess.Process:
    """Hand a run over; its standard input stays open, or it would stop."""
    environment = {"PSA_OPERATOR_ALLOWED_HOSTS": "127.0.0.1", "PSA_OPERATOR_ALLOW_HTTP": "true"}
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "psa_operator", "worker",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )  # fmt: skip
    assert worker.stdin
    worker.stdin.write(msgspec.json.encode(spec) + b"\n")
    return worker


async def start_and_kill(spec: RunSpec, *, after: float) -> None:
    """Kill it after so many seconds, unless it has ended before."""
    worker = await start_worker(spec)
    try:
        await asyncio.wait_for(worker.wait(), after)
    except TimeoutError:
        with suppress(ProcessLookupError):  # it has ended in this very moment
            worker.kill()
        await worker.wait()
