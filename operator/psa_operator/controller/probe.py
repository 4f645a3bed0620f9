"""Try one integration: its Secret, its PSA, its database."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from psa_operator.api.integration import PSAIntegration
from psa_operator.controller.clock import windows_problem
from psa_operator.controller.findings import Probe
from psa_operator.controller.integration import probe_token
from psa_operator.controller.ownership import key_problem
from psa_operator.controller.secrets import Secrets
from psa_operator.errors import (
    AuthenticationError,
    ConfigurationError,
    PsaOperatorError,
    UnavailableError,
)
from psa_operator.hosts import HostPolicy
from psa_operator.settings import Settings
from psa_operator.store import check
from psa_operator.store.facts import Facts, integration_facts
from psa_operator.store.local import set_write_back
from psa_operator.wiring import PsaProbe, probe_psa, write_back

_WITHIN = 120.0

log = structlog.get_logger(__name__)


class Prober:
    """Asks the PSA and the database, and never raises: what went wrong is what it found."""

    def __init__(self, secrets: Secrets, settings: Settings) -> None:
        self._secrets = secrets
        self._policy = HostPolicy.of(settings)

    async def probe(
        self, integration: PSAIntegration, others: Iterable[PSAIntegration], failures: int, rejected: int
    ) -> Probe:
        """Try everything; `others` may have its rows, the numbers are what failed in a row before."""
        now, token = datetime.now(UTC), probe_token(integration)
        psa: PsaProbe | None = None
        database_error, facts, version = None, None, ""
        windows = integration.spec.maintenance_windows
        psa_error: PsaOperatorError | None = key_problem(integration, others) or windows_problem(windows)
        if psa_error is None:
            psa, psa_error, version = await self._psa(integration)
            facts, database_error = await self._database(integration)
        found = Probe(
            time=now,
            generation=integration.metadata.generation,
            token=token,
            psa=psa,
            psa_error=psa_error,
            database_error=database_error,
            facts=facts,
            secret_version=version,
            rejected=rejected + 1 if isinstance(psa_error, AuthenticationError) else 0,
        )
        if found.problem is None:
            return found
        log.warning(
            "probe.failed",
            integration=f"{integration.metadata.namespace}/{integration.metadata.name}",
            reason=found.problem.reason,
            message=str(found.problem),
        )
        return replace(found, failures=failures + 1)

    async def facts(self, integration: PSAIntegration) -> Facts:
        """What the store knows of the integration. Raises what the store raises."""
        return await integration_facts(await self._secrets.database(integration), integration.key)

    async def credentials_version(self, integration: PSAIntegration) -> str:
        """The version of the Secret with the credentials, "" if there is none."""
        try:
            return (await self._secrets.credentials(integration)).version
        except ConfigurationError:
            return ""

    async def _psa(self, integration: PSAIntegration) -> tuple[PsaProbe | None, PsaOperatorError | None, str]:
        version = ""
        try:
            credentials, version = await self._secrets.credentials(integration)
            async with asyncio.timeout(_WITHIN):
                return await probe_psa(integration, credentials, self._policy), None, version
        except PsaOperatorError as error:
            return None, error, version
        except TimeoutError:
            words = f"The PSA did not answer within {_WITHIN:.0f} s"
            return None, UnavailableError(words, reason="PsaTooSlow"), version

    async def _database(self, integration: PSAIntegration) -> tuple[Facts | None, PsaOperatorError | None]:
        try:
            database = await self._secrets.database(integration, fresh=True)
            async with asyncio.timeout(_WITHIN):
                await check(database)
                # At once: what the portal changes before the next run would be damage otherwise.
                await set_write_back(database, integration.key, write_back(integration))
                return await integration_facts(database, integration.key), None
        except PsaOperatorError as error:
            return None, error
        except TimeoutError:
            return None, UnavailableError(
                f"The database did not answer within {_WITHIN:.0f} s", reason="DatabaseUnreachable"
            )
