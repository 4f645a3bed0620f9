"""Where a company's API is."""

import httpx
import pytest

from psa_operator.psa.connectwise.connection import Keys, api_root


@pytest.mark.parametrize(
    ("site", "api"),
    [
        ("https://na.myconnectwise.net", "https://api-na.myconnectwise.net/"),
        ("https://AUS.MyConnectWise.net", "https://api-aus.myconnectwise.net/"),
        ("https://staging.connectwisedev.com", "https://api-staging.connectwisedev.com/"),
        ("https://api-eu.myconnectwise.net", "https://api-eu.myconnectwise.net/"),
        ("https://sandbox-na.myconnectwise.net", "https://sandbox-na.myconnectwise.net/"),
        ("https://psa.acme.example:8443", "https://psa.acme.example:8443/"),
        ("https://na.myconnectwise.net.acme.example", "https://na.myconnectwise.net.acme.example/"),
    ],
)
def test_cloud_hosts_have_a_host_of_their_own_for_the_api(site: str, api: str) -> None:
    assert api_root(httpx.URL(site)) == api


def test_keys_are_not_shown() -> None:
    keys = Keys("acme", "public", "private", "client")

    assert repr(keys) == "Keys(company_id='acme')"


def test_the_login_is_company_and_public_key() -> None:
    headers = Keys("acme", "pub", "priv", "client").headers()

    assert headers["Authorization"] == "Basic YWNtZStwdWI6cHJpdg=="
    assert headers["clientId"] == "client"
