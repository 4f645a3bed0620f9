"""A way to a TCP server that a test can cut: to PostgreSQL, for one operator of several."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from psa_operator.devcluster.processes import LOOPBACK


class Relay:
    """Passes bytes on in both directions, unless it is cut."""

    def __init__(self, dsn: str) -> None:
        self._parts = urlsplit(dsn)
        self._cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self.dsn = ""

    def cut(self) -> None:
        """End all connections, and each new one at once."""
        self._cut = True
        for writer in self._open:
            writer.transport.abort()

    def restore(self) -> None:
        self._cut = False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._relay, LOOPBACK, 0)
        port = server.sockets[0].getsockname()[1]
        user = self._parts.netloc.rpartition("@")[0]
        self.dsn = self._parts._replace(netloc=f"{user}@{LOOPBACK}:{port}").geturl()
        yield
        server.close()
        self.cut()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        there, away = await asyncio.open_connection(self._parts.hostname, self._parts.port)
        self._open |= {writer, away}
        await asyncio.gather(_copy(reader, away), _copy(there, writer))
        self._open -= {writer, away}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(2**16):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def relay(dsn: str) -> AsyncIterator[Relay]:
    """A way of its own to the server of `dsn`."""
    made = Relay(dsn)
    async with made.serving():
        yield made
