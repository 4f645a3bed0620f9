"""What becomes of the rows of an integration that is deleted: the finalizer, and who takes it off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from psa_operator.api.conditions import Outlook, set_outlook
from psa_operator.api.group import FINALIZER
from psa_operator.api.integration import DeletionPolicy, PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.controller.announce import Announcement
from psa_operator.controller.keys import Key
from psa_operator.controller.kube import KubeApi, NotFoundError
from psa_operator.controller.mirror import Body, Mirror
from psa_operator.controller.ownership import key_problem
from psa_operator.controller.resync import finished, holds_account
from psa_operator.controller.secrets import Secrets
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import ConfigurationError, PendingLocalChangesError, PsaOperatorError
from psa_operator.store.removal import remove_rows

PATIENCE = timedelta(minutes=10)
"""So long an object is held on to whose rows cannot be deleted."""

_PAUSE = 5.0
_LETS_GO = "To let the object go at once and keep the rows, set spec.deletionPolicy to Retain"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Farewell:
    """What is said of the rows last, and whether the object may go."""

    reason: str
    message: str
    over: bool = True


def wanted_finalizers(integration: PSAIntegration) -> tuple[str, ...]:
    """The finalizers as they should be: ours where the rows are to go, and those of others as they are."""
    others = _of_others(integration)
    return (*others, FINALIZER) if integration.spec.deletion_policy is DeletionPolicy.DELETE else others


def _of_others(integration: PSAIntegration) -> tuple[str, ...]:
    return tuple(each for each in integration.metadata.finalizers if each != FINALIZER)


def before_removal(
    integration: PSAIntegration, runs: Iterable[TicketResync], others: Iterable[PSAIntegration]
) -> Farewell | None:
    """What stands against deleting rows, None if nothing does; `others` are all that may have its rows."""
    if integration.spec.deletion_policy is DeletionPolicy.RETAIN:
        return Farewell("RowsRetained", "spec.deletionPolicy is Retain; the rows stay in the database")
    if (problem := key_problem(integration, others)) is not None:
        return Farewell("RowsRetained", f"No row was its own, so none was deleted. {problem}")
    on = [run.metadata.name for run in runs if not finished(run) and holds_account(run)]
    if on:
        return Farewell("Deleting", f'"{on[0]}" is being stopped; then the rows are deleted', over=False)
    return None


def after_failure(integration: PSAIntegration, error: PsaOperatorError, now: datetime) -> Farewell:
    """What follows from rows that could not be deleted: they stay, or it is tried again for a while."""
    lasting = isinstance(error, PendingLocalChangesError | ConfigurationError)
    until = (integration.metadata.deletion_timestamp or now) + PATIENCE
    if lasting or until <= now:
        words = f"{error}. The rows stay in the database: an object with the same key goes on with them"
        return Farewell("RowsRetained", words)
    words = f"The rows cannot be deleted yet: {error}. It is tried again until {until:%H:%M} UTC. {_LETS_GO}"
    return Farewell("Deleting", words, over=False)


class Removal:
    """Holds on to integrations whose rows are to go with them, and lets them go."""

    def __init__(self, api: KubeApi, mirror: Mirror, writer: StatusWriter, secrets: Secrets) -> None:
        self._api = api
        self._mirror = mirror
        self._writer = writer
        self._secrets = secrets

    async def hold(self, key: Key, integration: PSAIntegration) -> None:
        """Set our finalizer, or take it off, as the policy says."""
        wanted = wanted_finalizers(integration)
        if set(wanted) != set(integration.metadata.finalizers):
            await self._set(key, wanted)

    async def reconcile(self, key: Key, integration: PSAIntegration) -> float | None:
        """Delete the rows of an integration that is going; returns when to look again."""
        if FINALIZER not in integration.metadata.finalizers:
            return None
        runs = self._mirror.runs_of(key.namespace, key.name)
        said = before_removal(integration, runs, self._mirror.claimants()) or await self._removed(integration)
        await self._say(key, integration, said)
        if not said.over:
            return _PAUSE
        log.info("integration.let_go", integration=str(key), reason=said.reason, message=said.message)
        await self._set(key, _of_others(integration))
        return None

    async def _removed(self, integration: PSAIntegration) -> Farewell:
        try:
            database = await self._secrets.database(integration, fresh=True)
            tickets = await remove_rows(database, integration.key)
        except PsaOperatorError as error:
            return after_failure(integration, error, datetime.now(UTC))
        return Farewell("RowsDeleted", f"{tickets:,} tickets and all that belonged to them were deleted")

    async def _say(self, key: Key, integration: PSAIntegration, said: Farewell) -> None:
        body = self._mirror.get(key)
        if body is None:
            return
        status = integration.status.replace(
            conditions=set_outlook(
                integration.status.conditions,
                Outlook.IN_PROGRESS,
                said.reason,
                said.message,
                now=datetime.now(UTC),
                generation=integration.metadata.generation,
            )
        )
        await self._writer.write(key, body, status, [Announcement("Warning", said.reason, said.message)])

    async def _set(self, key: Key, finalizers: tuple[str, ...]) -> None:
        body: Body | None = self._mirror.get(key)
        if body is None:
            return
        try:
            after = await self._api.set_finalizers(key, body["metadata"]["resourceVersion"], finalizers)
        except NotFoundError:
            return
        self._mirror.put(key, after)
