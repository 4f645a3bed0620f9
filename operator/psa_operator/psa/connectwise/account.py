"""From a user's account to a client: what is missing or malformed is named in the user's own terms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.psa.connectwise.connection import Connection, Keys
from psa_operator.psa.connectwise.projects import WithProjects
from psa_operator.psa.hosts import connectable
from psa_operator.psa.http import DEFAULT_PATIENCE, Patience, PsaHttp
from psa_operator.psa.limits import Budget
from psa_operator.psa.records import zone_of
from psa_operator.sync.spec import Account, Limits

REQUESTS_PER_MINUTE = 1000
_SPEC = "spec.provider.connectWise"


@asynccontextmanager
async def open_connectwise(
    account: Account, limits: Limits, policy: HostPolicy, patience: Patience = DEFAULT_PATIENCE
) -> AsyncIterator[ConnectWise]:
    """A client for one run; nothing is asked before its first call."""
    zone = zone_of(account.time_zone)
    async with _connection(account, limits, policy, patience) as connection:
        yield ConnectWise(connection, zone)


@asynccontextmanager
async def open_with_projects(
    account: Account, limits: Limits, policy: HostPolicy, patience: Patience = DEFAULT_PATIENCE
) -> AsyncIterator[WithProjects]:
    """The same where project tickets are wanted as well."""
    zone = zone_of(account.time_zone)
    async with _connection(account, limits, policy, patience) as connection:
        yield WithProjects(connection, zone)


@asynccontextmanager
async def _connection(
    account: Account, limits: Limits, policy: HostPolicy, patience: Patience
) -> AsyncIterator[Connection]:
    site, keys = _site(account), _keys(account)
    policy.check_scheme(site.scheme, site.host)
    async with PsaHttp(Budget(limits, REQUESTS_PER_MINUTE), policy, patience) as http:
        yield Connection(http, site, keys)


def _site(account: Account) -> httpx.URL:
    written = account.settings.get("url", "").strip()
    url = connectable(written if "://" in written else f"https://{written}")
    if url is None:
        raise _bad_url("is no URL that can be connected to")
    if not url.host:
        raise _bad_url("names no host")
    if url.userinfo:
        raise _bad_url("carries credentials, which belong into the Secret")
    if url.path.strip("/") or url.query or url.fragment:
        raise _bad_url(f"must end after the host: {url.scheme}://{url.netloc.decode()}")
    return url


def _bad_url(problem: str) -> ConfigurationError:
    return ConfigurationError(
        f"{_SPEC}.url {problem}; write, for example, https://na.myconnectwise.net", reason="InvalidURL"
    )


def _keys(account: Account) -> Keys:
    company_id = account.settings.get("companyId", "").strip()
    if not company_id:
        raise ConfigurationError(f"{_SPEC}.companyId is empty; write the company id used to log in")
    found = {
        name: account.credentials.get(name, "").strip() for name in ("publicKey", "privateKey", "clientId")
    }
    for name, value in found.items():
        if not value or not value.isascii() or not value.isprintable():
            problem = "has characters that no key has" if value else "is missing or empty"
            raise ConfigurationError(
                f"the Secret's key {name} {problem}; copy it from ConnectWise again",
                reason="InvalidCredentialsSecret",
            )
    return Keys(company_id, found["publicKey"], found["privateKey"], found["clientId"])
