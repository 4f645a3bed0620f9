"""What integrations keep in Secrets: credentials and URLs, read whenever they are needed, and DSNs."""

from collections.abc import Mapping

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.model import SecretKeyReference
from psa_operator.api.notifications import Notification
from psa_operator.controller.kube import KubeApi, NotFoundError, Secret
from psa_operator.errors import ConfigurationError
from psa_operator.settings import Settings
from psa_operator.sync.spec import Database
from psa_operator.wiring import database


class Secrets:
    """Reads Secrets; a DSN is kept, because a run's row is read once a second."""

    def __init__(self, api: KubeApi, settings: Settings) -> None:
        self._api = api
        self._default = settings.database_dsn
        self._allowed_hosts = settings.allowed_hosts
        self._databases: dict[tuple[str, int], Database] = {}

    async def credentials(self, integration: PSAIntegration) -> Secret:
        """What the integration logs in with. Raises ConfigurationError if the Secret is not there."""
        return await self._read(
            integration, integration.spec.credentials_secret_ref.name, "spec.credentialsSecretRef"
        )

    async def database(self, integration: PSAIntegration, *, fresh: bool = False) -> Database:
        """Where its rows are; `fresh` reads the Secret again. Raises ConfigurationError."""
        known = (integration.metadata.uid, integration.metadata.generation)
        if fresh or known not in self._databases:
            self._databases[known] = await self._named(integration)
        return self._databases[known]

    async def _named(self, integration: PSAIntegration) -> Database:
        reference = integration.spec.database.secret_ref
        if reference is None:
            if self._default is None:
                raise ConfigurationError(
                    "The operator has no database of its own: name a Secret with the DSN in "
                    "spec.database.secretRef, or set PSA_OPERATOR_DATABASE_DSN for the operator",
                    reason="NoDatabase",
                )
            return database(integration, self._default.get_secret_value())
        found = (await self._read(integration, reference.name, "spec.database.secretRef")).values
        dsn = _value(found, reference, "spec.database.secretRef", "InvalidDatabaseSecret")
        return database(integration, dsn, self._allowed_hosts)

    async def notification(
        self, integration: PSAIntegration, wanted: Notification
    ) -> tuple[str, Mapping[str, str]]:
        """The URL to send to, and all that its Secret holds. Raises ConfigurationError."""
        reference, field = wanted.secret_ref, "secretRef"
        found = (await self._read(integration, reference.name, field)).values
        return _value(found, reference, field, "InvalidNotificationSecret"), found

    async def _read(self, integration: PSAIntegration, name: str, field: str) -> Secret:
        namespace = integration.metadata.namespace
        try:
            return await self._api.secret(namespace, name)
        except NotFoundError:
            raise ConfigurationError(
                f'Secret "{name}" ({field}) is not in namespace "{namespace}": create it, or name another',
                reason="SecretNotFound",
            ) from None


def _value(found: Mapping[str, str], reference: SecretKeyReference, field: str, reason: str) -> str:
    """The value of one key. Raises ConfigurationError if nothing is there."""
    if not found.get(reference.key, "").strip():
        state = "is empty" if reference.key in found else "is missing"
        raise ConfigurationError(
            f'The key "{reference.key}" {state} in Secret "{reference.name}" ({field})', reason=reason
        )
    return found[reference.key].strip()
