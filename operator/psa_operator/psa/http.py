"""One way to ask a PSA over HTTP: within its budget, again where that can help, in plain words where not."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import NamedTuple, Self, TypeVar

import httpx
import msgspec
from msgspec import Struct
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception
from tenacity.wait import wait_random_exponential

from psa_operator.errors import ConfigurationError, RateLimitedError, TransientError, UnavailableError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.failures import in_plain_words
from psa_operator.psa.hosts import GuardedTransport, connectable
from psa_operator.psa.limits import Budget
from psa_operator.sync.outcome import Traffic

T = TypeVar("T")


class Patience(Struct, frozen=True):
    """How long we bear with a PSA, in seconds but for `attempts`."""

    attempts: int = 6
    first_pause: float = 1.0
    longest_pause: float = 30.0
    longest_retry_after: float = 300.0
    connect: float = 10.0
    silence: float = 60.0
    whole_answer: float = 180.0


DEFAULT_PATIENCE = Patience()


class Repeat(Enum):
    """When a request that failed may be sent again by itself.

    IN_PARTS is one that is asked in smaller parts instead. IF_UNSENT is one that makes something, which
    would be there twice if only the answer was lost.
    """

    ALWAYS = auto()
    IN_PARTS = auto()
    IF_UNSENT = auto()


class Request(Struct, frozen=True):
    """What to ask; `url` is percent-encoded and may carry a query, which no message repeats."""

    url: str
    headers: Mapping[str, str] = {}
    method: str = "GET"
    body: bytes | None = None
    repeat: Repeat = Repeat.ALWAYS


class Answer(NamedTuple):
    """An answer that came through: any status but 3xx, 408, 429 and 5xx; 501 is one that will not change."""

    source: str
    status: int
    headers: httpx.Headers
    content: bytes

    @property
    def date(self) -> datetime | None:
        """The server's clock, in UTC."""
        return http_date(self.headers.get("date", ""))

    def decode(self, shape: type[T]) -> T:
        """Read the body as JSON of one shape. Raises UnavailableError, for what came is garbled."""
        try:
            return msgspec.json.decode(self.content, type=shape)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise self.garbled(str(error)) from error

    def garbled(self, problem: str) -> UnavailableError:
        """Say that the body is not what it has to be."""
        kind = self.headers.get("content-type", "an unnamed type").partition(";")[0]
        what = f"{len(self.content)} bytes of {kind}" if self.content else "an empty body"
        return UnavailableError(
            f"{self.source} answered {self.status} with {what} that cannot be used: {problem}"
        )


class _OverloadedError(UnavailableError):
    pass


class PsaHttp(AbstractAsyncContextManager["PsaHttp"]):
    """One pool of connections for one run. `waited` is in seconds, over all `requests` sent."""

    def __init__(self, budget: Budget, policy: HostPolicy, patience: Patience) -> None:
        self.budget = budget
        self.waited = 0.0
        self.requests = 0
        self.traffic = Traffic()
        self._policy = policy
        self._patience = patience
        self._backoff = wait_random_exponential(multiplier=patience.first_pause, max=patience.longest_pause)
        self._client = httpx.AsyncClient(
            headers={"User-Agent": "psa-operator"},
            transport=GuardedTransport(policy, budget.concurrency),
            timeout=httpx.Timeout(patience.silence, connect=patience.connect, pool=None),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Ask until `read` accepts the answer; TransientErrors, those of `read` too, are tried again.

        That is so where the request may be repeated: see `Repeat`.
        """
        began = time.monotonic()
        retrying = AsyncRetrying(
            retry=retry_if_exception(partial(_may_repeat, request.repeat)),
            wait=self._pause,
            stop=self._has_enough,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return await retrying(self._try, request, read)
        except TransientError as error:
            if request.repeat is not Repeat.ALWAYS and isinstance(error, RateLimitedError | _OverloadedError):
                self.budget.overloaded(error.retry_after or self._patience.first_pause)
            tried = f"tried {retrying.statistics['attempt_number']} times in {time.monotonic() - began:.0f} s"
            kind = UnavailableError if isinstance(error, _OverloadedError) else type(error)
            raise kind(f"{error} ({tried})", reason=error.reason, retry_after=error.retry_after) from error
        finally:
            self.waited += time.monotonic() - began

    def _pause(self, state: RetryCallState) -> float:
        if self._has_enough(state):
            return 0.0
        error = state.outcome.exception() if state.outcome else None
        pause = self._backoff(state)
        if isinstance(error, TransientError) and error.retry_after is not None:
            pause += error.retry_after
        if isinstance(error, RateLimitedError | _OverloadedError):
            self.budget.overloaded(pause)  # all requests pause together, this one included
            return 0.0
        return pause

    def _has_enough(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        asked_for = error.retry_after if isinstance(error, TransientError) else None
        too_long = (asked_for or 0.0) > self._patience.longest_retry_after
        return too_long or state.attempt_number >= self._patience.attempts

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            await self.budget.sleep(seconds, "the PSA to recover")

    async def _try(self, request: Request, read: Callable[[Answer], T]) -> T:
        url = httpx.URL(request.url)
        self._policy.check_scheme(url.scheme, url.host)
        host = url.netloc.decode()
        async with self.budget.request():
            self.requests += 1
            self.traffic.throttled = self.budget.throttled
            response, content = await self._timed(url, request, host)
        source = f"{host}{url.path}"
        _refuse_redirect(response, source)
        _refuse_overload(response, source)
        result = read(Answer(source, response.status_code, response.headers, content))
        self.budget.went_well()
        return result

    async def _timed(self, url: httpx.URL, request: Request, host: str) -> tuple[httpx.Response, bytes]:
        began, status = time.monotonic(), "none"
        try:
            response, content = await self._send(url, request, host)
            status = str(response.status_code)
        finally:
            self.traffic.count(status, time.monotonic() - began)
        return response, content

    async def _send(self, url: httpx.URL, request: Request, host: str) -> tuple[httpx.Response, bytes]:
        streamed = self._client.stream(
            request.method, url, headers=dict(request.headers), content=request.body
        )
        try:
            async with asyncio.timeout(self._patience.whole_answer), streamed as response:
                # A response refers to itself: a body that it kept would wait for the garbage collector.
                return response, b"".join([part async for part in response.aiter_bytes()])
        except TimeoutError as error:
            seconds = self._patience.whole_answer
            raise UnavailableError(f"{host} did not complete an answer within {seconds:g} s") from error
        except httpx.HTTPError as error:
            raise in_plain_words(error, host) from error


def _may_repeat(repeat: Repeat, error: BaseException) -> bool:
    if not isinstance(error, TransientError):
        return False
    unsent = isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout)
    return repeat is Repeat.ALWAYS or (repeat is Repeat.IF_UNSENT and unsent)


def _refuse_redirect(response: httpx.Response, source: str) -> None:
    if not response.is_redirect:
        return
    here = response.url
    try:
        there = connectable(str(here.join(response.headers["location"]))) or here
    except httpx.InvalidURL:
        there = here
    if (there.scheme, there.host) == (here.scheme, here.host):
        raise UnavailableError(f"{source} redirects to {there.path} instead of answering")
    raise ConfigurationError(
        f"{source} redirects to {there.scheme}://{there.host}, which is not followed, so that the credentials"
        " go nowhere else; if that is the right host, make it the URL",
        reason="Redirected",
    )


def _refuse_overload(response: httpx.Response, source: str) -> None:
    status = response.status_code
    passing = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
    if status == HTTPStatus.NOT_IMPLEMENTED or not (response.is_server_error or status in passing):
        return
    message = f"{source} answered {status} ({response.reason_phrase or 'no reason given'})"
    seconds = retry_after(response.headers, datetime.now(UTC))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        advice = "lower spec.limits.requestsPerMinute if this goes on"
        raise RateLimitedError(f"{message}; {advice}", retry_after=seconds)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        raise _OverloadedError(message, retry_after=seconds)
    raise UnavailableError(message)


def http_date(text: str) -> datetime | None:
    """Read the date of an HTTP header, in UTC."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header, a number or a date (by the server's own clock, if it shows one)."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    until = http_date(text)
    if until is None:
        return None
    now = http_date(headers.get("date", "")) or now
    return max(0.0, (until - now).total_seconds())
