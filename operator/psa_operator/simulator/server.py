"""The simulator's process: one HTTP server, which lives as long as whoever started it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from aiohttp import web

from psa_operator.simulator.connectwise import bundles
from psa_operator.simulator.connectwise.answers import Ask
from psa_operator.simulator.connectwise.founding import Size
from psa_operator.simulator.connectwise.settings import Settings
from psa_operator.simulator.control import Control
from psa_operator.simulator.delivery import deliver
from psa_operator.simulator.world import World

_TICK = 0.05
_PARENT_CHECK = 0.5
_LONGEST_LINE = 65_536


def simulate_connectwise(
    *,
    port: int = 0,
    tickets: int = 2_000,
    seed: int = 1,
    companies: int | None = None,
    notes: int | None = None,
    time_entries: int | None = None,
    change_rate: float = 0.0,
    latency: float = 0.0,
    visibility_delay: float = 1.0,
) -> None:
    """Serve a simulated ConnectWise on loopback until SIGTERM, SIGINT or the death of the parent process.

    The first line on standard output is one JSON object with the address and the keys.
    """
    parent = os.getppid()
    listening = _listen(port)
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = Settings(change_rate=change_rate, latency=latency, visibility_delay=visibility_delay)
    world = World(seed, Size.of(tickets, companies, notes, time_entries), settings, origin)
    asyncio.run(_serve(world, listening, origin, parent))


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=256)
    except OSError as error:
        advice = "choose another one, or 0 for any free one"
        sys.exit(f"Cannot listen on port {port} ({error.strerror}): {advice}.")


async def _serve(world: World, listening: socket.socket, origin: str, parent: int) -> None:
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.add_routes(Control(world).routes())
    app.add_routes([web.route("*", "/{path:.*}", _api_handler(world, origin))])
    runner = web.AppRunner(
        app, access_log=None, max_line_size=_LONGEST_LINE, max_field_size=_LONGEST_LINE, shutdown_timeout=1.0
    )
    await runner.setup()
    await web.SockSite(runner, listening).start()
    stopped = _stopped_by_signal()
    _introduce(world.settings, origin)
    living = asyncio.create_task(_live(world))
    try:
        await _until(stopped, parent)
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
        await runner.cleanup()


def _api_handler(world: World, origin: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    turn = asyncio.Lock()

    async def handle(request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        with world.traffic.request(request.method, request.path, query) as entry:
            target = request.path + (f"?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else "")
            effects = world.faults.strike(request.method, target)
            body, length = await request.read(), len(request.raw_path)
            ask = Ask(request.method, request.path, query, request.headers, body, origin, length)
            parts = bundles.size(ask)
            if parts is not None:
                entry["parts"] = parts
            elif body:
                entry["body"] = body.decode(errors="replace")
            await asyncio.sleep(effects.wait + world.settings.wait_for(parts or 0))
            async with turn:
                # Others are heard in between, or those of a burst would begin to wait only when it is over.
                await asyncio.sleep(0)
                answer = world.api.answer(ask, effects)
            entry |= {"status": answer.status, "date": answer.headers["Date"]}
            return await deliver(request, answer, effects.transfer)

    return handle


def _introduce(settings: Settings, origin: str) -> None:
    line = {
        "url": origin,
        "companyId": settings.login,
        "clientId": settings.client_id,
        "publicKey": settings.public_key,
        "privateKey": settings.private_key,
        "controlUrl": f"{origin}/_control",
    }
    sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
    sys.stdout.flush()


async def _live(world: World) -> None:
    """Let the MSP live at its rate of changes per second."""
    loop = asyncio.get_running_loop()
    due, before = 0.0, loop.time()
    while True:
        await asyncio.sleep(_TICK)
        now = loop.time()
        due, before = due + world.settings.change_rate * (now - before), now
        while due >= 1:
            due -= 1
            world.happen()


def _stopped_by_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def _until(stopped: asyncio.Event, parent: int) -> None:
    """Wait for a signal, or for the death of whoever started this process."""
    while not stopped.is_set() and os.getppid() == parent:
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), _PARENT_CHECK)
