"""Lists of many tickets in one request, as many at once as the server takes.

The vendor says neither how many requests a bundle may hold nor whether every server takes bundles: a bundle
that fails is halved, and what is left is asked for by itself.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import httpx
import msgspec
from msgspec import Raw, Struct

from psa_operator.errors import AuthenticationError, StalledError, TransientError
from psa_operator.psa.connectwise.areas import Area
from psa_operator.psa.connectwise.connection import Connection
from psa_operator.psa.http import Answer, Repeat

T = TypeVar("T")
_PATH = "system/bundles"
_LARGEST = 100
_VERSION = "2025.8"
_NOT_FOUND = "NotFound"
_FAILED = httpx.codes.INTERNAL_SERVER_ERROR
_ASK_AGAIN = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS}


class Part(NamedTuple):
    """A list in its own shape, and how many records there are by the server's own count."""

    answer: Answer
    counted: int


Parts = dict[int, Part | None]
"""Lists by ticket; None for a ticket that is gone."""


class _Error(Struct):
    code: str | None = None


class _Result(Struct, rename="camel"):
    sequence_number: int
    success: bool = False
    status_code: int | None = None
    entities: Raw = Raw()
    count: int | None = None
    error: _Error | None = None

    @property
    def gone(self) -> bool:
        """Whether the ticket is."""
        return self.error is not None and self.error.code == _NOT_FOUND

    @property
    def refused(self) -> bool:
        """Whether the server takes no such part, rather than fail to answer it now."""
        status = self.status_code or 0
        failed = status >= _FAILED or status in _ASK_AGAIN
        return not (self.success or self.gone or failed)


class _Results(Struct):
    results: list[_Result]


class Bundles:
    """Asks for one kind of list; `size` is how many go into a bundle, learnt from what fails.

    `available` is unknown (None) until `probe`.
    """

    def __init__(self, connection: Connection, resource: str, area: Area, page_size: int) -> None:
        self._connection = connection
        self._resource = resource
        self._area = area
        self._page_size = page_size
        self._most = _LARGEST
        self._size = _LARGEST
        self.available: bool | None = None

    @property
    def size(self) -> int:
        """How many lists to ask for at once."""
        return self._size if self.available else 1

    async def probe(self, ticket: int) -> None:
        """Find out, once, whether the server takes bundles at all; one that fails says nothing of that."""
        if self.available is not None:
            return
        try:
            # There are no smaller parts of it to ask for.
            self.available = await self._ask([ticket], _is_taken, Repeat.ALWAYS)
        except AuthenticationError:
            raise
        except StalledError:
            self.available = False

    async def ask(self, tickets: Sequence[int]) -> Parts:
        """Ask for the lists of these tickets; what does not come must be asked for in smaller parts."""
        fewer = max(1, len(tickets) // 2)
        try:
            parts = await self._ask(tickets, self._read(tickets), Repeat.IN_PARTS)
        except AuthenticationError:
            raise
        except StalledError:  # It is no use to try as many again.
            self._most = min(self._most, fewer)
            self._size = min(self._size, fewer)
            return {}
        except TransientError:  # Two at least, for one is no bundle, and the size would never grow again.
            self._size = min(self._size, max(2, fewer))
            return {}
        self._size = min(self._most, self._size + 1)
        return parts

    async def _ask(self, tickets: Sequence[int], read: Callable[[Answer], T], repeat: Repeat) -> T:
        written = msgspec.json.encode({"requests": [self._part(*each) for each in enumerate(tickets, 1)]})
        headers = {"Content-Type": "application/json"}
        return await self._connection.get(
            _PATH, read, right=self._area.right, headers=headers, bundle=written, repeat=repeat
        )

    def _part(self, number: int, ticket: int) -> dict[str, object]:
        return {
            "sequenceNumber": number,
            "resourceType": self._resource,
            "version": _VERSION,
            "apiRequest": {
                "parentId": ticket,
                "filters": {"conditions": "", "orderBy": "id asc"},
                "page": {"page": 1, "pageSize": self._page_size},
                "fields": self._area.fields,
            },
        }

    def _read(self, tickets: Sequence[int]) -> Callable[[Answer], Parts]:
        def read(answer: Answer) -> Parts:
            parts: Parts = {}
            for result in answer.decode(_Results).results:
                if not 1 <= result.sequence_number <= len(tickets):
                    raise answer.garbled(f"nobody asked for part {result.sequence_number}")
                ticket = tickets[result.sequence_number - 1]
                if result.success:
                    path = self._area.path.format(ticket=ticket)
                    listed = Answer(path, httpx.codes.OK, answer.headers, bytes(result.entities))
                    parts[ticket] = Part(listed, result.count or 0)
                elif result.gone:
                    parts[ticket] = None
            return parts

        return read


def _is_taken(answer: Answer) -> bool:
    return any(not result.refused for result in answer.decode(_Results).results)
