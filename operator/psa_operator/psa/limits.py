"""How much we may ask of one PSA account, and what we wait for when it is too much."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiolimiter import AsyncLimiter

from psa_operator.sync.spec import Limits

_SUCCESSES_TO_RECOVER = 20
_RATE_LIMIT = "the PSA's rate limit"


class Budget:
    """Requests per minute and at once for one account; who enters `request` may send one.

    In any minute at most `per_minute` requests are sent: a tenth at once, the rest evenly. An
    overload halves the number at once; it grows again by one for every twenty good answers.
    `throttled` are the seconds that requests waited for either.
    """

    def __init__(self, limits: Limits, per_minute_by_default: int) -> None:
        allowed = limits.requests_per_minute or per_minute_by_default
        self.per_minute = max(1, allowed * (100 - limits.reserve_percent) // 100)
        burst = max(1, self.per_minute // 10)
        self._bucket = AsyncLimiter(burst, 60 * burst / max(1, self.per_minute - burst))
        self._most = max(1, limits.concurrency)
        self.concurrency = self._most
        self._places = asyncio.Semaphore(self._most)
        self._surplus = 0  # places that must not be used again since the limit fell
        self._successes = 0
        self._sending = 0
        self._quiet_until = 0.0
        self.throttled = 0.0
        self._waits: dict[object, tuple[float | None, str]] = {}

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Wait for a free place, for the minute's share, and for silence to end."""
        await self._places.acquire()
        while self._surplus:  # this place has fallen away since
            self._surplus -= 1
            await self._places.acquire()
        try:
            began = time.monotonic()
            with self._waiting(None, f"the request budget of {self.per_minute} a minute"):
                await self._bucket.acquire()
            while (rest := self._quiet_until - time.monotonic()) > 0:
                await self.sleep(rest, _RATE_LIMIT)
            self.throttled += time.monotonic() - began
            self._sending += 1
            try:
                yield
            finally:
                self._sending -= 1
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._surplus:
            self._surplus -= 1
        else:
            self._places.release()

    def went_well(self) -> None:
        """Take note of a good answer."""
        self._successes += 1
        if self._successes >= _SUCCESSES_TO_RECOVER and self.concurrency < self._most:
            self._successes = 0
            self.concurrency += 1
            self._give_back()

    def overloaded(self, quiet: float) -> None:
        """Take note of a 429 or 503: fewer at once, and nobody asks for `quiet` seconds.

        Requests that were on their way together fail together: they count once.
        """
        now = time.monotonic()
        if self._quiet_until <= now:
            self._successes = 0
            fewer = max(1, self.concurrency // 2)
            self._surplus += self.concurrency - fewer
            self.concurrency = fewer
        self._quiet_until = max(self._quiet_until, now + quiet)

    async def sleep(self, seconds: float, reason: str) -> None:
        """Wait where people can see it."""
        with self._waiting(time.monotonic() + seconds, reason):
            await asyncio.sleep(seconds)

    @contextmanager
    def _waiting(self, until: float | None, reason: str) -> Iterator[None]:
        key = object()
        self._waits[key] = (until, reason)
        try:
            yield
        finally:
            del self._waits[key]

    @property
    def waiting_for(self) -> str | None:
        """What everybody waits for, None as long as one request is on its way."""
        if self._sending or not self._waits:
            return None
        until, reason = min(self._waits.values(), key=lambda wait: (wait[0] is None, wait[0] or 0.0))
        if until is None:
            return reason
        return f"{max(1, round(until - time.monotonic()))} s for {reason}"
