"""A node's kubelet, as far as `kubectl logs` needs one: the API server fetches the log of a pod from it."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from psa_operator.devcluster.certificates import Authority
from psa_operator.devcluster.processes import LOOPBACK, free_port


@asynccontextmanager
async def serving_log(log: Path, before: str = "") -> AsyncIterator[int]:
    """Serve a file as the log of every container, `before` as that of the one before; yields the port."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.query.get("previous") == "true":
            return web.Response(text=before)
        stamped = request.query.get("timestamps") == "true"
        sent = web.StreamResponse()
        await sent.prepare(request)
        with suppress(ConnectionError):  # who asked has gone
            async for number, line in _lines(log, follow=request.query.get("follow") == "true"):
                await sent.write((f"{_stamp(number)} {line}" if stamped else line).encode())
        return sent

    application = web.Application()
    application.router.add_get("/containerLogs/{namespace}/{pod}/{container}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, LOOPBACK, port, ssl_context=_certified()).start()
    try:
        yield port
    finally:
        await runner.cleanup()


async def _lines(log: Path, *, follow: bool) -> AsyncIterator[tuple[int, str]]:
    """The whole lines of a file; with `follow` those to come as well, until none comes for a second.

    Something on the way between people and pods always cuts connections that are silent.
    """
    number, line, silent = 0, "", 0
    with log.open() as opened:
        while silent < 20:
            line += opened.readline()
            if line.endswith("\n") or (line and not follow):
                yield number, line
                number, line, silent = number + 1, "", 0
            elif follow:
                await asyncio.sleep(0.05)
                silent += 1
            else:
                return


def _stamp(number: int) -> str:
    """When a line came: always the same for the same line, and all within one second."""
    return f"2026-01-01T00:00:00.{number:09d}Z"


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
