"""URLs that can be connected to, and a transport that connects to none but permitted hosts."""

import asyncio
from collections.abc import Iterable

import httpcore
import httpx

from psa_operator.hosts import Address, HostPolicy

_LAST_PORT = 65_535


def connectable(written: str) -> httpx.URL | None:
    """The URL; None for what is none, or names a host or a port that nobody can connect to."""
    try:
        url = httpx.URL(written)
        url.host.encode("idna")  # as the resolver will do, which raises what httpx does not expect
    except (httpx.InvalidURL, ValueError):
        return None
    return url if (url.port or 0) <= _LAST_PORT else None


class GuardedTransport(httpx.AsyncHTTPTransport):
    """HTTP/1.1 that looks at the resolved address before it connects, each time it connects."""

    def __init__(self, policy: HostPolicy, connections: int) -> None:
        context = httpx.create_ssl_context()  # SSL_CERT_FILE may name other authorities
        super().__init__(verify=context)
        # httpx has no parameter for this, and a check before the request would look at one DNS
        # answer and connect to another.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=30.0,
            network_backend=_GuardedNetwork(policy),
        )


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    def __init__(self, policy: HostPolicy) -> None:
        self._policy = policy
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError(f"no address for {host}")
        for address in await self._addresses(host, timeout):
            try:
                return await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, seconds: float | None) -> list[Address]:
        try:
            async with asyncio.timeout(seconds):
                return await self._policy.addresses(host)
        except OSError as error:  # covers gaierror and TimeoutError
            raise httpcore.ConnectError(str(error)) from error
