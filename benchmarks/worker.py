"""The real worker process, timed from its start to its end."""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import msgspec

from psa_operator.sync.spec import Account, Database, Limits, Mode, Notes, RunSpec, TicketScope
from tests.simulator_process import SimulatorProcess

KEY = "benchmarks/connectwise"
UNLIMITED = Limits(requests_per_minute=1_000_000, reserve_percent=0)
"""For where our own speed is measured and not that of a PSA."""

TICKETS_ONLY = TicketScope(notes=Notes.NONE, time_entries=False)
WHOLE_TICKETS = TicketScope()

_ENVIRONMENT = {"PSA_OPERATOR_ALLOWED_HOSTS": "127.0.0.1", "PSA_OPERATOR_ALLOW_HTTP": "true"}
_LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Attempt:
    """What one worker process took: seconds of a wall clock, and the most memory it ever held."""

    run_id: str
    seconds: float
    megabytes: float


def run_spec(
    psa: SimulatorProcess,
    dsn: str,
    mode: Mode,
    limits: Limits = UNLIMITED,
    scope: TicketScope = TICKETS_ONLY,
) -> RunSpec:
    """A new run, as the operator would hand it over."""
    account = psa.account
    keys = {"publicKey": account.publicKey, "privateKey": account.privateKey, "clientId": account.clientId}
    return RunSpec(
        run_id=str(uuid.uuid4()),
        name=f"benchmarks/{mode.lower()}",
        integration_key=KEY,
        mode=mode,
        reason="benchmark",
        account=Account("ConnectWise", {"url": account.url, "companyId": account.companyId}, keys),
        database=Database(dsn),
        limits=limits,
        scope=scope,
    )


async def run_worker(spec: RunSpec) -> Attempt:
    """Run one worker to its end, which must be a success."""
    began = time.monotonic()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "psa_operator", "worker",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=_ENVIRONMENT,
    )  # fmt: skip
    if worker.stdin is None or worker.stdout is None or worker.stderr is None:
        raise RuntimeError("the worker has no pipes")
    # Its standard input stays open: a worker stops when that closes.
    worker.stdin.write(msgspec.json.encode(spec) + b"\n")
    most = asyncio.create_task(_most_memory(worker.pid))
    said, log, _ = await asyncio.gather(worker.stdout.read(), worker.stderr.read(), worker.wait())
    seconds = time.monotonic() - began
    outcome = json.loads(said.splitlines()[-1]) if said else {"phase": "", "message": log.decode()}
    if outcome["phase"] != "Succeeded":
        raise RuntimeError(f"the run did not succeed: {outcome}")
    return Attempt(spec.run_id, seconds, await most)


async def _most_memory(pid: int) -> float:
    """Its most memory in MB, as the kernel keeps it, read until the process is gone."""
    most = 0.0
    while (now := peak_megabytes(pid)) is not None:
        most = now
        await asyncio.sleep(_LOOK_SECONDS)
    return most


def peak_megabytes(pid: int) -> float | None:
    """The high-water mark of resident memory (VmHWM), None once the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024 if "VmHWM" in lines else None
