"""The operator as its own process, with exactly the rights that the chart gives it."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.processes import LOOPBACK, Daemon, DevclusterError, Sandbox, free_port

CHART = Path(__file__).parents[3] / "charts" / "psa-operator"
NAMESPACE = "psa-operator"
SERVICE_ACCOUNT = "psa-operator"
READY_WITHIN = 60.0


@asynccontextmanager
async def run_operator_process(cluster: Cluster, sandbox: Sandbox, dsn: str) -> AsyncIterator[Daemon]:
    """The operator, ready, acting as the chart's ServiceAccount."""
    kubeconfig = await cluster.kubeconfig_for(SERVICE_ACCOUNT, NAMESPACE)
    port = free_port()
    environment = {
        "KUBECONFIG": str(kubeconfig),
        "PSA_OPERATOR_DATABASE_DSN": dsn,
        "PSA_OPERATOR_HTTP_PORT": str(port),
        # The simulated ConnectWise is on this machine and has no certificate.
        "PSA_OPERATOR_ALLOWED_HOSTS": LOOPBACK,
        "PSA_OPERATOR_ALLOW_HTTP": "true",
    }
    daemon = sandbox.start("operator", [sys.executable, "-m", "psa_operator", "operator"], env=environment)
    await _ready(daemon, f"http://{LOOPBACK}:{port}/readyz")
    try:
        yield daemon
    finally:
        # As a cluster would, so that it can end its workers itself.
        await sandbox.stop(daemon, signal.SIGTERM)


async def _ready(daemon: Daemon, url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    async with aiohttp.ClientSession() as session:
        while not await _answers(session, url):
            if not daemon.alive or time.monotonic() > deadline:
                raise DevclusterError(f"The operator did not become ready:\n{daemon.last_words()}")
            await asyncio.sleep(0.1)


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.ok
    except aiohttp.ClientError:
        return False
