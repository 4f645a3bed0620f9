"""What faults look like in this vendor's answers."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import formatdate
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from psa_operator.simulator.clock import Clock
from psa_operator.simulator.connectwise.answers import Answer, VendorError
from psa_operator.simulator.faults import Fault
from psa_operator.simulator.shelf import Row, reach, whole

_HTML: Final = (
    b"<html>\r\n<head><title>Service Unavailable</title></head>\r\n"
    b"<body><h1>The page cannot be displayed</h1></body>\r\n</html>\r\n"
)
_MESSAGES: Final = {
    401: ("ConnectWiseApi", "UserNotAuthenticated"),
    403: ("Forbidden", "You do not have security permission to perform this action."),
    404: ("NotFound", "The record was not found."),
    500: ("ConnectWiseApi", "Execution Timeout Expired.  The timeout period elapsed\r\nprior to completion."),
}
# Not the values of custom fields, which people write.
_STAMP: Final = re.compile(rb'(?<!"value":)"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')
_FROM_THE_PROXY: Final = frozenset({502, 503, 504})


def instead(fault: Fault, clock: Clock) -> Answer:
    """The answer that comes in place of the right one."""
    headers = _retry_after(fault, clock)
    if fault.kind == "empty-body":
        return Answer(fault.status or 200, b"", headers)
    status = fault.status or {"unauthorized": 401, "forbidden": 403}.get(fault.kind, 200)
    if fault.kind == "html" or status in _FROM_THE_PROXY:
        return Answer(status, _HTML, headers, "text/html")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        body = {"error": "ConnectWiseAPI", "message": "Too many requests. Slow down."}
        return Answer(status, msgspec.json.encode(body), headers)
    return refusal(status).answer(headers)


def refusal(status: int) -> VendorError:
    """The vendor's words for a status."""
    code, message = _MESSAGES.get(status, ("ConnectWiseApi", f"Simulated error {status}."))
    return VendorError(status, code, message)


def _retry_after(fault: Fault, clock: Clock) -> dict[str, str]:
    if fault.retry_after is None:
        return {}
    if fault.http_date:
        return {"Retry-After": formatdate(clock.now() + fault.retry_after, usegmt=True)}
    return {"Retry-After": str(fault.retry_after)}


def local_stamps(body: bytes, zone: str) -> bytes:
    """The same answer from a server whose stamps are in its own zone and carry none."""

    def local(found: re.Match[bytes]) -> bytes:
        moment = datetime.fromisoformat(found[1].decode()).astimezone(ZoneInfo(zone))
        return f'"{moment:%Y-%m-%dT%H:%M:%S}"'.encode()

    return _STAMP.sub(local, body)


def hides(entity: str, faults: Sequence[Fault]) -> Callable[[Row], bool]:
    """Whether a row is kept from the asker: by its id, or because it belongs to a hidden board."""
    ids = {number for fault in faults for number in fault.ids}
    boards = {fault.board for fault in faults if fault.board is not None}
    path = ("id",) if entity == "boards" else ("board", "id")

    def hidden(row: Row) -> bool:
        if not isinstance(row, dict):
            return row.id in ids or reach(getattr(row, "board", {}), path[-1:]) in boards
        return row["id"] in ids or reach(whole(row), path) in boards

    return hidden if faults else lambda _: False


def garble(ids: Sequence[int], bodies: list[bytes], faults: Sequence[Fault]) -> list[bytes]:
    """The records' bytes, with those that a fault means spoilt (the first one where it names none)."""
    spoilt = list(bodies)
    for fault in faults:
        for place, number in enumerate(ids):
            if number in fault.ids or (not fault.ids and place == 0):
                spoilt[place] = _spoil(spoilt[place], fault)
    return spoilt


def _spoil(body: bytes, fault: Fault) -> bytes:
    if fault.raw is not None:
        return fault.raw.encode()
    return msgspec.json.encode(msgspec.json.decode(body) | fault.record)
