"""End runs in the database whose TicketResync is gone: deleted while nobody watched."""

import structlog

from psa_operator.api.resync_status import RunPhase
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Mirror, uid_of
from psa_operator.controller.ownership import key_allowed
from psa_operator.controller.secrets import Secrets
from psa_operator.errors import PsaOperatorError
from psa_operator.store import history
from psa_operator.sync.spec import Database

log = structlog.get_logger(__name__)


class Sweeper:
    """Looks for such runs among those of the integrations that we reconcile."""

    def __init__(self, mirror: Mirror, secrets: Secrets) -> None:
        self._mirror = mirror
        self._secrets = secrets

    async def sweep(self) -> None:
        """End what has no object any more; what cannot be reached now is swept the next time."""
        for integration in list(self._mirror.integrations()):
            if not (integration.spec.enabled and key_allowed(integration)):
                continue
            try:
                database = await self._secrets.database(integration)
                await self._sweep(database, integration.key)
            except PsaOperatorError as error:
                log.warning(
                    "sweep.failed", integration=integration.key, reason=error.reason, error=str(error)
                )

    async def _sweep(self, database: Database, integration_key: str) -> None:
        for row in await history.unfinished_runs(database, integration_key):
            namespace, _, name = row.name.partition("/")
            body = self._mirror.get(Key(Kind.RESYNC, namespace, name))
            if body is None or uid_of(body) != row.run_id:
                log.info("sweep.run", run=row.name, uid=row.run_id)
                message = "The TicketResync is gone; the data is as it was before the run"
                await history.end_run(
                    database, row.run_id, RunPhase.CANCELLED.value, "TicketResyncDeleted", message
                )
