"""One message over HTTP: what counts as delivered, and what is said of the rest without the URL."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from psa_operator.errors import PsaOperatorError, RateLimitedError, StalledError, TransientError
from psa_operator.hosts import HostPolicy
from psa_operator.webhook import posting
from tests.receiver import Receiver, receiving

HERE = HostPolicy(frozenset({"127.0.0.1"}), allow_http=True)
PATH = "/hush?token=hush"


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as server:
        yield server


async def refusal(url: str, policy: HostPolicy = HERE) -> PsaOperatorError:
    with pytest.raises(PsaOperatorError) as refused:
        async with posting(policy) as poster:
            await poster.post(url, {}, b"{}")
    assert "hush" not in str(refused.value)
    return refused.value


async def test_any_2xx_is_delivered(receiver: Receiver) -> None:
    receiver.status = 204

    async with posting(HERE) as poster:
        await poster.post(receiver.url + PATH, {"webhook-id": "1"}, b"{}")

    assert [(each.path, each.headers["webhook-id"]) for each in receiver.got] == [("/hush", "1")]


@pytest.mark.parametrize("status", [408, 425, 500, 503])
async def test_what_may_pass_is_worth_another_try(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert isinstance(await refusal(receiver.url + PATH), TransientError)


async def test_who_is_told_to_wait_knows_how_long(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "7"}

    error = await refusal(receiver.url + PATH)

    assert isinstance(error, RateLimitedError)
    assert error.retry_after == 7


@pytest.mark.parametrize("status", [400, 401, 404, 410])
async def test_what_is_refused_needs_a_person(receiver: Receiver, status: int) -> None:
    receiver.status = status

    error = await refusal(receiver.url + PATH)

    assert isinstance(error, StalledError)
    assert f"answered {status}: check the URL" in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.headers = status, {"Location": f"{receiver.url}/elsewhere"}

    assert (await refusal(receiver.url + PATH)).reason == "Redirected"
    assert [each.path for each in receiver.got] == ["/hush"]


@pytest.mark.parametrize(
    "url", ["hush", "https://", "ftp://hush.example.com", "https://x:hush/", "https://xn--.hush/"]
)
async def test_what_is_no_url_is_said_to_be_none(url: str) -> None:
    assert (await refusal(url)).reason == "InvalidURL"


async def test_http_and_private_addresses_are_refused_unless_allowed(receiver: Receiver) -> None:
    for policy in (HostPolicy(), HostPolicy(allow_http=True), HostPolicy(frozenset({"127.0.0.1"}))):
        assert (await refusal(receiver.url + PATH, policy)).reason == "HostNotAllowed"

    assert receiver.got == []
