"""A proxy between the operator and the API server, as bad as networks are: a test says how.

It speaks TLS to the API server as any client does, and plain HTTP to the operator, on loopback.
"""

import asyncio
import base64
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

import aiohttp
from aiohttp import web

from psa_operator.devcluster.cluster import write_kubeconfig
from psa_operator.devcluster.processes import LOOPBACK

Kind = Literal["status", "cut", "lose", "delay", "drop", "duplicate", "late"]
"""To a request: answer `status`, cut the connection before it or lose the answer to it, delay it.

To the events of a watch: drop, duplicate, and `late` for those that come so many seconds later.
"""

_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "host"})
_LONGEST_EVENT = 2**22


@dataclass
class Fault:
    """What happens to requests whose `METHOD path?query` the regular expression `path` matches."""

    kind: Kind
    path: str
    status: int = 0
    seconds: float = 0.0
    times: float = float("inf")
    hits: int = 0


class FaultProxy:
    """Passes everything on, but for the faults that are on and while it is cut off."""

    def __init__(self, kubeconfig: Path) -> None:
        self._config: dict[str, Any] = json.loads(kubeconfig.read_text())
        cluster = self._config["clusters"][0]["cluster"]
        self._server: str = cluster["server"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._tls = ssl.create_default_context(cadata=authority)
        self._faults: list[Fault] = []
        self._connected = asyncio.Event()
        self._connected.set()
        self._session: aiohttp.ClientSession | None = None
        self._watches: list[web.Request] = []
        self.requests: list[str] = []

    def fault(
        self, kind: Kind, path: str, *, status: int = 0, seconds: float = 0.0, times: float = float("inf")
    ) -> Fault:
        """Let something go wrong, so many times or until `heal`; returns what counts how often it did."""
        made = Fault(kind, path, status, seconds, times)
        self._faults.append(made)
        return made

    def heal(self) -> None:
        self._faults.clear()

    def cut_off(self) -> None:
        """From now on nothing passes in either direction and nobody is told: what is sent waits here."""
        self._connected.clear()

    def restore(self) -> None:
        """Let pass what has waited, however old it is."""
        self._connected.set()

    def end_watches(self) -> None:
        """Cut those that are open, so that new ones meet the faults."""
        for watch in self._watches:
            _cut(watch)

    @asynccontextmanager
    async def serving(self, kubeconfig: Path) -> AsyncIterator[None]:
        """Listen; whoever uses what is written to `kubeconfig` passes through here."""
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        self._config["clusters"][0]["cluster"] = {"server": f"http://{LOOPBACK}:{runner.addresses[0][1]}"}
        write_kubeconfig(kubeconfig, self._config)
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._tls, limit=0),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            read_bufsize=_LONGEST_EVENT,
        ) as self._session:
            yield
            self.restore()
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = f"{request.method} {request.path_qs}"
        self.requests.append(asked)
        await self._connected.wait()
        if (fault := self._next(asked, "delay")) is not None:
            await asyncio.sleep(fault.seconds)
        if (fault := self._next(asked, "status")) is not None:
            return _refusal(fault.status, watch="watch=" in request.query_string)
        if self._next(asked, "cut") is not None:
            return _cut(request)
        with suppress(aiohttp.ClientConnectionResetError):  # who asked has gone
            return await self._pass(request, asked)
        return _cut(request)

    async def _pass(self, request: web.Request, asked: str) -> web.StreamResponse:
        assert self._session
        sent = self._session.request(
            request.method,
            self._server + request.path_qs,
            headers=_end_to_end(request.headers),
            data=await request.read() or None,
        )
        async with sent as answer:
            if self._next(asked, "lose") is not None:
                return _cut(request)
            passed = web.StreamResponse(status=answer.status, headers=_end_to_end(answer.headers))
            await passed.prepare(request)
            if "watch=" in request.query_string:
                self._watches.append(request)
                try:
                    await self._pass_events(answer, passed, asked)
                finally:
                    self._watches.remove(request)
            else:
                await self._connected.wait()
                await passed.write(await answer.read())
            await passed.write_eof()
            return passed

    async def _pass_events(
        self, answer: aiohttp.ClientResponse, passed: web.StreamResponse, asked: str
    ) -> None:
        """One line is one event."""
        async for event in answer.content:
            await self._connected.wait()
            if (fault := self._next(asked, "late")) is not None:
                await asyncio.sleep(fault.seconds)
            if self._next(asked, "drop") is not None:
                continue
            await passed.write(event)
            if self._next(asked, "duplicate") is not None:
                await passed.write(event)

    def _next(self, asked: str, kind: Kind) -> Fault | None:
        """The fault of this kind that strikes, counted."""
        for fault in self._faults:
            if fault.kind == kind and fault.hits < fault.times and re.search(fault.path, asked):
                fault.hits += 1
                return fault
        return None


@asynccontextmanager
async def fault_proxy(kubeconfig: Path, copy: Path) -> AsyncIterator[FaultProxy]:
    """A proxy to the API server of `kubeconfig`; `copy` becomes one that leads through the proxy."""
    proxy = FaultProxy(kubeconfig)
    async with proxy.serving(copy):
        yield proxy


def _end_to_end(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OF_ONE_CONNECTION}


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refusal(status: int, *, watch: bool) -> web.Response:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "message": "a fault that a test has made",
        "code": status,
    }
    if watch and status == HTTPStatus.GONE:  # which the API server says in an event, and by no status code
        return web.json_response({"type": "ERROR", "object": body})
    headers = {"Retry-After": "1"} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return web.json_response(body, status=status, headers=headers)
