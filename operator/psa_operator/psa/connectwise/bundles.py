"""Lists of many tickets in one request, as many at once as the server takes.

The vendor says neither how many requests a bundle may hold nor whether every server takes bundles: a bundle
that fails is halved, and what is left is asked for by itself.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import httpx
import msgspec
from msgspec import Raw, Struct

from psa_operator.errors import AuthenticationError, PsaOperatorError, StalledError
from psa_operator.psa.connectwise.areas import Area
from psa_operator.psa.connectwise.connection import Connection
from psa_operator.psa.http import Answer

_PATH = "system/bundles"
_LARGEST = 100
_VERSION = "2025.8"
_NOT_FOUND = "NotFound"


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
    entities: Raw = Raw()
    count: int | None = None
    error: _Error | None = None


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
        """Find out, once, whether the server takes bundles at all."""
        if self.available is None:
            self.available = ticket in await self.ask([ticket])

    async def ask(self, tickets: Sequence[int]) -> Parts:
        """Ask for the lists of these tickets; what does not come must be asked for in smaller parts."""
        try:
            parts = await self._ask(tickets)
        except AuthenticationError:
            raise
        except PsaOperatorError as error:
            fewer = max(1, len(tickets) // 2)
            self._size = min(self._size, fewer)
            if isinstance(error, StalledError):  # refused, so that it is no use to try as many again
                self._most = min(self._most, fewer)
            return {}
        self._size = min(self._most, self._size + 1)
        return parts

    async def _ask(self, tickets: Sequence[int]) -> Parts:
        written = msgspec.json.encode({"requests": [self._part(*each) for each in enumerate(tickets, 1)]})
        headers = {"Content-Type": "application/json"}
        return await self._connection.get(
            _PATH, self._read(tickets), right=self._area.right, headers=headers, bundle=written
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
                elif result.error and result.error.code == _NOT_FOUND:
                    parts[ticket] = None
            return parts

        return read
