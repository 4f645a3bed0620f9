"""Who is told: an HTTP server that records what it gets, and answers as a test wants."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Message:
    """One request, and the status that it was answered with."""

    path: str
    headers: Mapping[str, str]
    content: bytes
    answer: int

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found


@dataclass
class Receiver:
    """Answers with `status` and `headers`, after `delay` seconds."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    got: list[Message] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # set when the first message begins to come

    @property
    def accepted(self) -> list[Message]:
        return [each for each in self.got if each.answer == 200]

    def events(self, run: str) -> list[str]:
        """Of what it was told about a run, in the order of arrival."""
        return [each.json["event"] for each in self.accepted if each.json["run"] == run]

    async def until(self, number: int) -> list[Message]:
        """Wait until so many messages were accepted."""
        return await self._wait(lambda: self.accepted, number)

    async def tried(self, number: int) -> list[Message]:
        """Wait until so many messages came, whatever was answered."""
        return await self._wait(lambda: self.got, number)

    async def _wait(self, messages: Callable[[], list[Message]], number: int) -> list[Message]:
        end = time.monotonic() + 30
        while len(messages()) < number:
            assert time.monotonic() < end, self.got
            await asyncio.sleep(0.05)
        return messages()

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.set()
        content, status, headers = await request.read(), self.status, self.headers
        await asyncio.sleep(self.delay)
        self.got.append(Message(request.path, dict(request.headers), content, status))
        return web.Response(status=status, headers=headers)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens on this machine."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        receiver.url = f"http://{host}:{port}"
        yield receiver
    finally:
        await runner.cleanup()
