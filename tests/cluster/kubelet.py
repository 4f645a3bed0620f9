"""A node's kubelet, as far as `kubectl logs` needs one: the API server fetches the log of a pod from it."""

import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from psa_operator.devcluster.certificates import Authority
from psa_operator.devcluster.processes import LOOPBACK, free_port


@asynccontextmanager
async def serving_log(log: Path, before: str = "") -> AsyncIterator[int]:
    """Serve a file as the log of every container, `before` as that of the one before; yields the port."""

    async def answer(request: web.Request) -> web.StreamResponse:
        previous = request.query.get("previous") == "true"
        return web.Response(text=before) if previous else web.FileResponse(log)

    application = web.Application()
    application.router.add_get("/containerLogs/{namespace}/{pod}/{container}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, LOOPBACK, port, ssl_context=_certified()).start()
    try:
        yield port
    finally:
        await runner.cleanup()


def node(name: str, port: int) -> dict[str, object]:
    """The node that this kubelet is of."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {
            "addresses": [{"type": "InternalIP", "address": LOOPBACK}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        },
    }


def _certified() -> ssl.SSLContext:
    now = datetime.now(UTC)
    pair = Authority.new("kubelet", now).server("kubelet", [LOOPBACK], now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kubelet.pem"
        file.touch(mode=0o600)
        file.write_bytes(pair.key + pair.certificate)
        context.load_cert_chain(file)
    return context
