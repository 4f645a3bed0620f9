"""Which hosts we talk to: a tenant writes URLs, and none of them may reach into our own network."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import httpcore
import httpx

from psa_operator.errors import ConfigurationError
from psa_operator.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_LAST_PORT = 65_535


def connectable(written: str) -> httpx.URL | None:
    """The URL; None for what is none, or names a host or a port that nobody can connect to."""
    try:
        url = httpx.URL(written)
        url.host.encode("idna")  # as the resolver will do, which raises what httpx does not expect
    except (httpx.InvalidURL, ValueError):
        return None
    return url if (url.port or 0) <= _LAST_PORT else None


@dataclass(frozen=True)
class HostPolicy:
    """The operator's allow-list: host names, addresses, networks (CIDR) or `*`.

    Public addresses need no entry; loopback, link-local and private ones do. https only, unless
    `allow_http`.
    """

    allowed: frozenset[str] = frozenset()
    allow_http: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The policy that the operator was given."""
        return cls(settings.allowed_hosts, settings.allow_http)

    def check_scheme(self, url: httpx.URL) -> None:
        """Refuse what would send credentials in clear text."""
        if url.scheme == "https" or (url.scheme == "http" and self.allow_http):
            return
        raise ConfigurationError(
            f"{url.scheme}://{url.host} is refused: only https is allowed (the operator can allow http)",
            reason="HostNotAllowed",
        )

    def permits(self, host: str, address: Address) -> bool:
        """Whether we may connect to `address`, to which `host` was resolved."""
        address = getattr(address, "ipv4_mapped", None) or address
        if address.is_global and not address.is_multicast:
            return True
        names = {entry.casefold().rstrip(".") for entry in self.allowed}
        if "*" in names or host.casefold().rstrip(".") in names:
            return True
        return any(address in network for network in _networks(names))


def _networks(entries: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for entry in entries:
        try:
            yield ipaddress.ip_network(entry, strict=False)
        except ValueError:
            continue


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
        for address in await self._addresses(host, port, timeout):
            try:
                return await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, seconds: float | None) -> list[Address]:
        try:
            async with asyncio.timeout(seconds):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:  # covers gaierror and TimeoutError
            raise httpcore.ConnectError(str(error)) from error
        addresses = [ipaddress.ip_address(sockaddr[0]) for *_, sockaddr in found]
        permitted = [address for address in addresses if self._policy.permits(host, address)]
        if addresses and not permitted:
            raise ConfigurationError(
                f"{host} is at {addresses[0]}, an address inside a private network: the operator's list"
                " of allowed hosts must name it",
                reason="HostNotAllowed",
            )
        return permitted
