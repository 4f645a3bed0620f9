"""A tenant's DSN leads into private networks only where the operator's list allows it."""

from urllib.parse import urlsplit

import pytest

from psa_operator.devcluster.processes import free_port
from psa_operator.errors import ConfigurationError, PsaOperatorError, UnavailableError
from psa_operator.store.connection import pool
from psa_operator.store.health import ping
from psa_operator.sync.spec import Database


def named(dsn: str, hosts: str, *allowed: str) -> Database:
    """The database as a tenant names it: at these hosts, each with its port if it has one."""
    url = urlsplit(dsn)
    places = ",".join(place if ":" in place else f"{place}:{url.port}" for place in hosts.split(","))
    whole = url._replace(netloc=f"{url.username}:{url.password}@{places}").geturl()
    return Database(whole, allowed_hosts=frozenset(allowed))


async def refusal(database: Database) -> PsaOperatorError:
    with pytest.raises(PsaOperatorError) as caught:
        await ping(database)
    return caught.value


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_an_address_inside_is_refused_and_named(database: str, host: str) -> None:
    error = await refusal(named(database, host, "db.example", "10.0.0.0/8"))

    assert (type(error), error.reason) == (ConfigurationError, "HostNotAllowed")
    assert "list of allowed hosts must name it (allowedHosts of its chart)" in str(error)


@pytest.mark.parametrize(("host", "entry"), [("localhost", "localhost"), ("localhost", "127.0.0.0/8")])
async def test_what_the_list_names_is_reached_under_its_own_name(
    database: str, host: str, entry: str
) -> None:
    await ping(named(database, host, entry))


async def test_the_connections_of_a_worker_keep_to_the_list(database: str) -> None:
    async with (
        pool(named(database, "localhost", "localhost"), "worker") as connections,
        connections.connection() as connection,
    ):
        assert (connection.info.host, connection.info.hostaddr) == ("localhost", "127.0.0.1")


async def test_of_several_hosts_each_is_tried_and_each_must_be_allowed(database: str) -> None:
    dead = f"127.0.0.1:{free_port()}"

    await ping(named(database, f"{dead},localhost", "127.0.0.1"))
    error = await refusal(named(database, "127.0.0.1,10.255.255.1", "127.0.0.1"))

    assert error.reason == "HostNotAllowed"
    assert "10.255.255.1" in str(error)


async def test_an_unknown_host_beside_a_known_one_does_no_harm(database: str) -> None:
    await ping(named(database, "nowhere.invalid,127.0.0.1", "127.0.0.1"))


@pytest.mark.parametrize("host", ["nowhere.invalid", "x" * 70])
async def test_a_host_that_nobody_knows_heals_by_itself(database: str, host: str) -> None:
    error = await refusal(named(database, host))

    assert isinstance(error, UnavailableError)
    assert host in str(error)


async def test_a_socket_of_our_own_machine_is_refused(database: str) -> None:
    pairs = "host=/var/run/postgresql dbname=portal user=portal"

    assert (await refusal(Database(pairs, allowed_hosts=frozenset("*")))).reason == "HostNotAllowed"
