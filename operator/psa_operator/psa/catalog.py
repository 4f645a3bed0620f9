"""The PSAs that we can read, by the name that users write."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.connectwise.account import open_connectwise, open_with_projects
from psa_operator.psa.http import DEFAULT_PATIENCE, Patience
from psa_operator.sync.ports import Source
from psa_operator.sync.spec import Account, Limits

Opener = Callable[[Account, Limits, HostPolicy, Patience], AbstractAsyncContextManager[Source]]


def _connectwise(
    account: Account, limits: Limits, policy: HostPolicy, patience: Patience
) -> AbstractAsyncContextManager[Source]:
    if account.project_tickets:
        return open_with_projects(account, limits, policy, patience)
    return open_connectwise(account, limits, policy, patience)


PROVIDERS: dict[str, Opener] = {"ConnectWise": _connectwise}


def open_source(
    account: Account, limits: Limits, policy: HostPolicy, patience: Patience = DEFAULT_PATIENCE
) -> AbstractAsyncContextManager[Source]:
    """Open one account for one run."""
    opener = PROVIDERS.get(account.provider)
    if opener is None:
        known = ", ".join(PROVIDERS)
        raise ConfigurationError(f'there is no provider "{account.provider}"; known are {known}')
    return opener(account, limits, policy, patience)
