"""Which addresses a tenant's URL may lead to."""

import ipaddress

import pytest

from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy

PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1"]
PRIVATE += ["::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1"]


def permits(host: str, address: str, *allowed: str) -> bool:
    return HostPolicy(frozenset(allowed)).permits(host, ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_need_to_be_named(address: str) -> None:
    assert not permits("psa.example", address)
    assert not permits("psa.example", address, "other.example", "203.0.113.0/24")


@pytest.mark.parametrize("address", PRIVATE)
def test_a_named_host_may_be_anywhere(address: str) -> None:
    assert permits("PSA.example.", address, "psa.example")
    assert permits("psa.example", address, "*")


def test_public_addresses_need_no_name() -> None:
    assert permits("psa.example", "8.8.8.8")
    assert permits("psa.example", "2606:4700::1111")


def test_a_network_names_all_its_hosts() -> None:
    assert permits("psa.example", "10.1.2.3", "10.1.0.0/16")
    assert permits("psa.example", "::ffff:10.1.2.3", "10.1.0.0/16")
    assert not permits("psa.example", "10.2.2.3", "10.1.0.0/16")


def test_clear_text_is_refused_unless_allowed() -> None:
    HostPolicy(allow_http=True).check_scheme("http", "psa.example")
    with pytest.raises(ConfigurationError, match="only https is allowed"):
        HostPolicy(frozenset("*")).check_scheme("http", "psa.example")


def test_other_schemes_are_refused_always() -> None:
    with pytest.raises(ConfigurationError, match=r"ftp://psa\.example is refused"):
        HostPolicy(allow_http=True).check_scheme("ftp", "psa.example")
