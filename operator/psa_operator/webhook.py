"""Send a message over HTTP to whom a tenant names, under the operator's rules for hosts.

The URL is a secret, so no error repeats it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

import httpx

from psa_operator.errors import ConfigurationError, RateLimitedError, UnavailableError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.failures import in_plain_words
from psa_operator.psa.hosts import GuardedTransport, connectable
from psa_operator.psa.http import retry_after

_WITHIN = 15.0
_CONNECTIONS = 32
_RECEIVER = "the receiver"
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@asynccontextmanager
async def posting(policy: HostPolicy) -> AsyncIterator["Poster"]:
    """Open one pool of connections to all receivers."""
    async with httpx.AsyncClient(
        headers={"User-Agent": "psa-operator"},
        transport=GuardedTransport(policy, _CONNECTIONS),
        timeout=httpx.Timeout(_WITHIN, pool=None),
    ) as client:
        yield Poster(client, policy)


class Poster:
    """Sends one message at a time, as often as it is asked to."""

    def __init__(self, client: httpx.AsyncClient, policy: HostPolicy) -> None:
        self._client = client
        self._policy = policy

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Send once. Raises ConfigurationError where a person must act, or a TransientError."""
        target = self._checked(url)
        try:
            async with (
                asyncio.timeout(_WITHIN),
                self._client.stream("POST", target, headers=dict(headers), content=body) as response,
            ):
                _judge(response)
        except TimeoutError as error:
            raise UnavailableError(f"{_RECEIVER} did not answer within {_WITHIN:g} s") from error
        except httpx.HTTPError as error:
            raise in_plain_words(error, _RECEIVER) from error
        except ConfigurationError as error:
            raise _forbidden() if error.reason == "HostNotAllowed" else error from error

    def _checked(self, url: str) -> httpx.URL:
        target = connectable(url)
        if target is None or target.scheme not in {"http", "https"} or not target.host:
            raise ConfigurationError(
                "what stands there is no URL: write one like https://hooks.example.com/...",
                reason="InvalidURL",
            )
        try:
            self._policy.check_scheme(target.scheme, target.host)
        except ConfigurationError:
            raise ConfigurationError(
                "the URL is not https, and only https is allowed (http takes allowHttp of the chart)",
                reason="HostNotAllowed",
            ) from None
        return target


def _forbidden() -> ConfigurationError:
    return ConfigurationError(
        f"{_RECEIVER} is at an address inside a private network: the operator's list of allowed hosts must "
        "name it (allowedHosts of its chart)",
        reason="HostNotAllowed",
    )


def _judge(response: httpx.Response) -> None:
    """Take 2xx for delivered, and say of the rest what to do; the answer's own words may hold the URL."""
    status = response.status_code
    if response.is_success:
        return
    if response.is_redirect:
        raise ConfigurationError(
            f"{_RECEIVER} redirects to another URL, which is not followed: put the final URL into the Secret",
            reason="Redirected",
        )
    words = f"{_RECEIVER} answered {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimitedError(words, retry_after=retry_after(response.headers, datetime.now(UTC)))
    if response.is_server_error or status in _AGAIN:
        raise UnavailableError(words, retry_after=retry_after(response.headers, datetime.now(UTC)))
    raise ConfigurationError(
        f"{words}: check the URL and what else the Secret holds, and that the receiver takes such messages",
        reason="MessageRefused",
    )
