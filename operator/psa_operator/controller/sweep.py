"""End runs in the database whose TicketResync is gone or has ended while nobody could tell the database.

What cannot be rolled back any more is forgotten on the same round, also where no run comes.
"""

import structlog

from psa_operator.api.conditions import find_condition
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.mirror import Body, Mirror, uid_of
from psa_operator.controller.ownership import key_allowed
from psa_operator.controller.resync import End
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
                await history.forget(database)
            except PsaOperatorError as error:
                log.warning(
                    "sweep.failed", integration=integration.key, reason=error.reason, error=str(error)
                )

    async def _sweep(self, database: Database, integration_key: str) -> None:
        for row in await history.unfinished_runs(database, integration_key):
            namespace, _, name = row.name.partition("/")
            body = self._mirror.get(Key(Kind.RESYNC, namespace, name))
            end = overdue_end(row.run_id, body, self._mirror.resync(namespace, name))
            if end is not None:
                log.info("sweep.run", run=row.name, uid=row.run_id, reason=end.reason)
                await history.end_run(database, row.run_id, end.phase.value, end.reason, end.message)


def overdue_end(run_id: str, body: Body | None, run: TicketResync | None) -> End | None:
    """How a run must end in the database that goes on there; None if it may go on."""
    if body is None or uid_of(body) != run_id:
        message = "The TicketResync is gone; the data is as it was before the run"
        return End(RunPhase.CANCELLED, "TicketResyncDeleted", message)
    phase = run.status.phase if run else None
    if run is None or phase not in {RunPhase.FAILED, RunPhase.CANCELLED}:
        return None
    said = find_condition(run.status.conditions, "Finished")
    return End(phase, said.reason if said else phase.value, run.status.message or "")
