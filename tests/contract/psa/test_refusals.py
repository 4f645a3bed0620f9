"""What a person must mend is said at once, in words that name what and where."""

import socket

import pytest

from psa_operator.errors import (
    AuthenticationError,
    ConfigurationError,
    PermissionDeniedError,
    UnavailableError,
)
from psa_operator.hosts import HostPolicy
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Access
from tests.contract.psa.asking import walked
from tests.contract.psa.conftest import Open, Requests
from tests.simulator_process import SimulatorProcess


@pytest.mark.parametrize("key", ["publicKey", "privateKey"])
async def test_a_wrong_key_is_refused_at_the_first_try(open_psa: Open, requests: Requests, key: str) -> None:
    client = await open_psa(keys={key: "wrong"})

    with pytest.raises(AuthenticationError, match=r"401 .*check publicKey, privateKey and clientId"):
        await client.server()

    assert requests("system/info") == 1


async def test_keys_revoked_while_we_read_are_noticed_at_once(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(pageSizeCap=100)
    psa.fault("unauthorized", r"service/tickets\?", after=2)

    with pytest.raises(AuthenticationError):
        await walked(client, Entity.TICKETS)

    assert psa.faults()[0]["hits"] == 1


async def test_keys_that_a_cloud_host_answers_with_404_are_called_wrong(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("status", "apis/3.0", status=404)

    with pytest.raises(AuthenticationError, match="companyId, publicKey or privateKey is wrong"):
        await client.server()


async def test_an_unknown_company_is_named(open_psa: Open) -> None:
    client = await open_psa(company="nobody")

    with pytest.raises(ConfigurationError, match='knows no company "nobody"') as caught:
        await client.server()

    assert caught.value.reason == "UnknownCompany"


async def test_a_host_that_is_no_connectwise_is_called_so(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("status", "companyinfo", status=404)

    with pytest.raises(
        ConfigurationError, match=r"no ConnectWise PSA; check spec\.provider\.connectWise\.url"
    ):
        await client.server()


@pytest.mark.parametrize(
    ("entity", "path", "right"),
    [
        (Entity.TICKETS, "service/tickets", "Service Desk > Service Tickets: Inquire All"),
        (Entity.CONTACTS, "company/contacts", "Companies > Contacts: Inquire All"),
        (Entity.STATUSES, "service/boards/[0-9]+/statuses", "Table Setup"),
    ],
)
async def test_a_missing_right_is_named_with_its_area(
    psa: SimulatorProcess, client: ConnectWise, entity: Entity, path: str, right: str
) -> None:
    psa.fault("forbidden", path)

    with pytest.raises(PermissionDeniedError, match=right) as caught:
        await walked(client, entity)

    assert caught.value.area.startswith(path.split("[", maxsplit=1)[0])


async def test_a_list_that_a_role_hides_by_404_is_a_missing_right(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("status", "system/members", status=404)

    with pytest.raises(PermissionDeniedError, match="Member Maintenance"):
        await walked(client, Entity.MEMBERS)


async def test_a_question_that_the_psa_does_not_understand_is_quoted(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("status", "service/tickets", status=400)

    with pytest.raises(ConfigurationError, match=r"answered 400 .*Simulated error 400"):
        await client.count(Entity.TICKETS)


async def test_a_probe_finds_everything_granted(client: ConnectWise) -> None:
    permissions = await client.probe()

    assert {each.access for each in permissions} == {Access.GRANTED}
    assert len(permissions) == 18


async def test_a_probe_tells_denied_from_unknown_and_names_the_right(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(denied=["company/contacts"])
    psa.fault("status", "service/priorities", status=504)

    found = {each.area: each for each in await client.probe()}

    assert found["contacts"].access is Access.DENIED
    assert "Companies > Contacts: Inquire All" in found["contacts"].detail
    assert found["priorities"].access is Access.UNKNOWN
    assert found["tickets"].access is Access.GRANTED


async def test_a_probe_notices_a_role_that_hides_when_records_changed(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("garble", r"service/tickets\?", record={"_info": None})

    found = {each.area: each.detail for each in await client.probe()}

    assert "without _info.lastUpdated" in found["tickets"]


async def test_a_probe_without_boards_cannot_tell_of_statuses(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(denied=["service/boards"])

    found = {each.area: each.access for each in await client.probe()}

    assert (found["boards"], found["statuses"]) == (Access.DENIED, Access.UNKNOWN)


async def test_a_probe_with_wrong_keys_says_so(open_psa: Open) -> None:
    client = await open_psa(keys={"privateKey": "wrong"})

    with pytest.raises(AuthenticationError):
        await client.probe()


async def test_a_host_that_does_not_exist_is_named(open_psa: Open) -> None:
    client = await open_psa(url="https://psa.invalid")

    with pytest.raises(UnavailableError, match=r"cannot resolve host psa\.invalid") as caught:
        await client.server()

    assert caught.value.reason == "HostNotFound"


async def test_a_closed_port_is_named(open_psa: Open) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = await open_psa(url=url)

        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:\d+ refuses connections"):
            await client.server()


async def test_a_port_without_tls_is_called_so(psa: SimulatorProcess, open_psa: Open) -> None:
    client = await open_psa(url=psa.url.replace("http:", "https:"))

    with pytest.raises(UnavailableError, match="no TLS with") as caught:
        await client.server()

    assert caught.value.reason == "TLSFailed"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_address_inside_is_refused_unless_named(
    psa: SimulatorProcess, open_psa: Open, requests: Requests, host: str
) -> None:
    url = psa.url.replace("127.0.0.1", host)
    client = await open_psa(url=url, policy=HostPolicy(frozenset({"psa.example"}), allow_http=True))

    with pytest.raises(ConfigurationError, match=f"{host}.* is inside a private network") as caught:
        await client.server()

    assert caught.value.reason == "HostNotAllowed"
    assert requests("") == 0


async def test_a_named_host_is_reached_wherever_it_is(psa: SimulatorProcess, open_psa: Open) -> None:
    policy = HostPolicy(frozenset({"localhost"}), allow_http=True)
    client = await open_psa(url=psa.url.replace("127.0.0.1", "localhost"), policy=policy)

    assert (await client.server()).identity
