"""How an answer travels: whole, or cut, slow, of the wrong length, torn off."""

import asyncio
import socket
import struct
from http import HTTPStatus

from aiohttp import web

from psa_operator.simulator.connectwise.answers import Answer
from psa_operator.simulator.faults import Fault

_DRIPS = 20


async def deliver(request: web.Request, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    """Send the answer, in the way that the fault wants."""
    if fault is None:
        return _whole(answer)
    if fault.kind == "truncated":
        # Well-formed HTTP: only the JSON within breaks off.
        return _whole(Answer(answer.status, answer.body[: len(answer.body) * 2 // 3], answer.headers))
    if fault.kind == "drip":
        return await _drip(request, answer, fault.seconds)
    if fault.kind == "wrong-length":
        _write(request, answer, len(answer.body) + fault.delta, answer.body)
        if request.transport is not None:
            request.transport.close()
    else:
        _write(request, answer, len(answer.body), answer.body[: len(answer.body) // 2])
        await asyncio.sleep(0.05)  # let the first half arrive before the reset throws the rest away
        _reset(request)
    return web.Response()  # never sent: the connection is gone


def _whole(answer: Answer) -> web.Response:
    headers = answer.headers | {"Content-Type": answer.content_type}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


async def _drip(request: web.Request, answer: Answer, seconds: float) -> web.StreamResponse:
    """Send the body in small pieces over so many seconds."""
    headers = answer.headers | {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    step = max(1, -(-len(answer.body) // _DRIPS))
    for start in range(0, len(answer.body), step):
        await response.write(answer.body[start : start + step])
        await asyncio.sleep(seconds / _DRIPS)
    await response.write_eof()
    return response


def _write(request: web.Request, answer: Answer, promised: int, body: bytes) -> None:
    """Head and body as they are given, past the server's own care for right lengths."""
    headers = answer.headers | {"Content-Type": answer.content_type, "Content-Length": str(promised)}
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if request.transport is not None:
        request.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def _reset(request: web.Request) -> None:
    if request.transport is None:
        return
    sock = request.transport.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
