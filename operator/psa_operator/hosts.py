"""Which hosts we talk to: a tenant names them, and none of them may reach into our own network."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from psa_operator.errors import ConfigurationError
from psa_operator.settings import Settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


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

    def check_scheme(self, scheme: str, host: str) -> None:
        """Refuse what would send credentials in clear text."""
        if scheme == "https" or (scheme == "http" and self.allow_http):
            return
        raise ConfigurationError(
            f"{scheme}://{host} is refused: only https is allowed (http takes allowHttp of the chart)",
            reason="HostNotAllowed",
        )

    async def addresses(self, host: str) -> list[Address]:
        """Resolve a host to where we may connect to, so that nobody resolves it again to elsewhere.

        Raises OSError for a host that is not found, ConfigurationError for one of a private network only.
        """
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # a name that DNS cannot hold
            raise OSError(str(error)) from error
        addresses = [ipaddress.ip_address(sockaddr[0]) for *_, sockaddr in found]
        permitted = [address for address in addresses if self.permits(host, address)]
        if addresses and not permitted:
            place = host if host == str(addresses[0]) else f"{host}, which is at {addresses[0]},"
            raise ConfigurationError(
                f"{place} is inside a private network: the operator's list of allowed hosts must name it "
                "(allowedHosts of its chart)",
                reason="HostNotAllowed",
            )
        return permitted

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
