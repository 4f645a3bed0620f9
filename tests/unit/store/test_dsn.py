"""Which DSNs are accepted: what reaches a server, nothing that reaches into our own machine."""

from pathlib import Path

import pytest

from psa_operator.errors import ConfigurationError
from psa_operator.store.dsn import connection_parameters, hosts

BASE = "host=db port=5432 dbname=psa user=me password=hidden"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def refusal(dsn: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        connection_parameters(dsn)
    assert caught.value.reason == "InvalidDsn"
    return str(caught.value)


def test_a_url_and_pairs_mean_the_same() -> None:
    url = connection_parameters("postgresql://me:hidden@db:5432/psa?sslmode=require")
    assert url == connection_parameters(f"{BASE} sslmode=require")


@pytest.mark.parametrize(
    "key", ["service", "passfile", "sslkey", "sslcert", "options", "hostaddr", "krbsrvname"]
)
def test_a_key_that_is_not_accepted_is_named(key: str) -> None:
    assert f'"{key}"' in refusal(f"{BASE} {key}=x")


@pytest.mark.parametrize("key", ["host", "dbname", "user"])
def test_a_key_that_is_missing_is_named(key: str) -> None:
    shortened = " ".join(pair for pair in BASE.split() if not pair.startswith(key))
    assert f'"{key}" is missing' in refusal(shortened)


@pytest.mark.parametrize(
    "dsn",
    [
        "hidden",
        "",
        "host=db password='hidden",
        "postgresql://me:secret@hidden@db:5432/psa",
        "postgresql://me:hidden/secret@db:5432/psa",
    ],
)
def test_what_cannot_be_read_is_not_repeated(dsn: str) -> None:
    assert "hidden" not in refusal(dsn)


def test_hosts_come_with_their_ports() -> None:
    def read(dsn: str) -> list[tuple[str, str]]:
        return hosts(connection_parameters(dsn))

    assert read("postgresql://me@a,b:6432/psa") == [("a", "5432"), ("b", "6432")]
    assert read("host=a,b port=6432 dbname=psa user=me") == [("a", "6432"), ("b", "6432")]
    assert read("host=a dbname=psa user=me") == [("a", "5432")]


def test_hosts_that_do_not_add_up_are_refused() -> None:
    assert "one of the hosts" in refusal("host=a, dbname=psa user=me")
    with pytest.raises(ConfigurationError, match="1 hosts and 2 ports"):
        hosts(connection_parameters("host=a port=1,2 dbname=psa user=me"))


def test_a_mode_of_tls_that_does_not_exist_is_refused() -> None:
    assert "verify-full" in refusal(f"{BASE} sslmode=always")


def test_a_certificate_comes_as_its_content_never_as_a_path() -> None:
    refusal(f"{BASE} sslrootcert=/etc/ssl/ca.pem")
    given = connection_parameters(f"{BASE} sslrootcert='{CERTIFICATE}'")
    assert Path(given["sslrootcert"]).read_text() == CERTIFICATE
