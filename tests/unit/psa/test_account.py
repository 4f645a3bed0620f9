"""What a user got wrong about an account is said before anything is asked."""

import pytest

from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.catalog import open_source
from psa_operator.sync.spec import Account, Limits

KEYS = {"publicKey": "pub", "privateKey": "priv", "clientId": "client"}


async def problem(url: str = "https://psa.example", company: str = "acme", **keys: str) -> ConfigurationError:
    account = Account("ConnectWise", {"url": url, "companyId": company}, KEYS | keys)
    with pytest.raises(ConfigurationError) as caught:
        async with open_source(account, Limits(), HostPolicy()):
            pass
    return caught.value


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "names no host"),
        ("https://", "names no host"),
        ("https://psa.example:x", "is no URL"),
        ("https://psa..example", "is no URL that can be connected to"),
        ("https://xn--.example", "is no URL that can be connected to"),
        ("https://psa.example:65536", "is no URL that can be connected to"),
        ("https://user:secret@psa.example", "carries credentials"),
        ("https://psa.example/v4_6_release/apis/3.0", "must end after the host: https://psa.example"),
    ],
)
async def test_a_bad_url_is_named_by_its_field(url: str, words: str) -> None:
    error = await problem(url)

    assert f"spec.provider.connectWise.url {words}" in str(error)
    assert "secret" not in str(error)
    assert error.reason == "InvalidURL"


async def test_clear_text_is_refused() -> None:
    assert (await problem("http://psa.example")).reason == "HostNotAllowed"


@pytest.mark.parametrize("key", KEYS)
async def test_a_missing_key_is_named(key: str) -> None:
    error = await problem(**{key: "\n"})

    assert str(error).startswith(f"the Secret's key {key} is missing or empty")
    assert error.reason == "InvalidCredentialsSecret"


async def test_a_key_that_no_header_takes_is_named_and_not_shown() -> None:
    error = await problem(privateKey="pri\nvate")

    assert "privateKey has characters that no key has" in str(error)
    assert "vate" not in str(error).replace("privateKey", "")


async def test_an_empty_company_is_named() -> None:
    assert "spec.provider.connectWise.companyId is empty" in str(await problem(company=" "))


async def test_an_unknown_provider_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match='no provider "Zendesk"; known are ConnectWise'):
        open_source(Account("Zendesk", {}, {}), Limits(), HostPolicy())


async def test_a_trailing_newline_in_a_secret_does_no_harm() -> None:
    keys = {name: f"{value}\n" for name, value in KEYS.items()}
    account = Account("ConnectWise", {"url": "https://psa.example", "companyId": "acme"}, keys)

    async with open_source(account, Limits(), HostPolicy()) as source:
        assert source.waiting_for is None
