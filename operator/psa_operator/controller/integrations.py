"""Keep each PSAIntegration's status true: probe when it is due, ask the store, write what has changed."""

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from psa_operator.api.conditions import find_condition
from psa_operator.api.group import QUICK_SYNC_ANNOTATION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import PSAIntegrationStatus
from psa_operator.api.resync_status import Mode
from psa_operator.controller.announce import of_integration
from psa_operator.controller.button import pressed, quick_run
from psa_operator.controller.findings import Probe
from psa_operator.controller.integration import connected, disabled, due, look_again, pause, stopped, unknown
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import ConflictError, KubeApi
from psa_operator.controller.mirror import Body, Mirror
from psa_operator.controller.notices import with_notified
from psa_operator.controller.probe import Prober
from psa_operator.controller.removal import Removal
from psa_operator.controller.resync import finished, holds_account
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import PsaOperatorError
from psa_operator.metrics import Metrics
from psa_operator.settings import Settings
from psa_operator.store.facts import Facts
from psa_operator.wiring import current_config_hash


@dataclass(frozen=True)
class Known:
    """The last probe of an integration, and when the next one is due."""

    probe: Probe
    next_at: datetime


class Integrations:
    """The reconciler of PSAIntegrations."""

    def __init__(
        self,
        api: KubeApi,
        mirror: Mirror,
        writer: StatusWriter,
        prober: Prober,
        removal: Removal,
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        self._api = api
        self._mirror = mirror
        self._writer = writer
        self._prober = prober
        self._removal = removal
        self._settings = settings
        self._metrics = metrics
        self._known: dict[Key, Known] = {}
        self._doubted: set[Key] = set()  # apart, for a look that is on would overwrite it in what is known

    def forget_probes(self) -> None:
        """Begin as if nothing were known: another operator may have found out more meanwhile."""
        self._known.clear()
        self._doubted.clear()

    def probe_soon(self, key: Key) -> None:
        """Something has changed that only a probe can judge, such as a Secret."""
        self._doubted.add(key)

    def using_secret(self, namespace: str, name: str) -> list[Key]:
        """The integrations whose credentials or DSN are in this Secret."""
        return [
            Key(Kind.INTEGRATION, namespace, each.metadata.name)
            for each in self._mirror.integrations()
            if each.metadata.namespace == namespace and name in _secrets_of(each)
        ]

    def without_key(self) -> list[Key]:
        """Those that found the rows of their key taken, and may have them when another one is gone."""
        return [
            Key(Kind.INTEGRATION, each.metadata.namespace, each.metadata.name)
            for each in self._mirror.integrations()
            if (ready := find_condition(each.status.conditions, "Ready"))
            and ready.reason == "IntegrationKeyTaken"
        ]

    async def reconcile(self, key: Key) -> tuple[float | None, bool]:
        """Bring the status up to date; returns when to look again, and whether runs may go on or must end."""
        if (going := self._mirror.going(key.namespace, key.name)) is not None:
            self._forget(key)
            return await self._removal.reconcile(key, going), True
        if (present := self._mirror.integration(key.namespace, key.name)) is not None:
            await self._removal.hold(key, present)
        body, integration = self._mirror.get(key), self._mirror.integration(key.namespace, key.name)
        if body is None or integration is None:
            self._forget(key)
            return None, True
        if integration.spec.enabled:
            if await self._stopped(integration):
                self._known.pop(key, None)
                return None, False
            body, integration = await self._greeted(key, body, integration)
            known = await self._current(key, integration)
            status = await self._pressed(integration, self._connected(integration, known.probe))
            after = look_again(integration, known.next_at, datetime.now(UTC))
        else:
            self._known.pop(key, None)
            status, after = disabled(integration, datetime.now(UTC)), None
        status = with_notified(
            integration, status, self._mirror.runs_of(key.namespace, key.name), datetime.now(UTC)
        )
        early = await self._writer.write(key, body, status, of_integration(integration.status, status))
        due_in = [seconds for seconds in (early, after) if seconds is not None]
        return min(due_in, default=None), _matters(integration.status, status)

    def _forget(self, key: Key) -> None:
        self._known.pop(key, None)
        self._doubted.discard(key)
        self._metrics.forget(key.namespace, key.name)

    async def _pressed(
        self, integration: PSAIntegration, status: PSAIntegrationStatus
    ) -> PSAIntegrationStatus:
        """Start the Quick Sync that an annotation asks for, and say that it was heard."""
        token = pressed(integration)
        if not token:
            return status
        with suppress(ConflictError):  # it was made before, and that could not be written down
            await self._api.create(Kind.RESYNC, quick_run(integration, token))
        return status.replace(
            last_handled_requests={**status.last_handled_requests, QUICK_SYNC_ANNOTATION: token}
        )

    async def _greeted(
        self, key: Key, body: Body, integration: PSAIntegration
    ) -> tuple[Body, PSAIntegration]:
        """Say of a new object that it is looked at: the first probe may take a while."""
        if integration.status.phase is not None:
            return body, integration
        await self._writer.write(key, body, unknown(integration, datetime.now(UTC)), ())
        known = self._mirror.integration(key.namespace, key.name)
        return self._mirror.get(key) or body, known or integration

    def _connected(self, integration: PSAIntegration, probe: Probe) -> PSAIntegrationStatus:
        place = integration.metadata.namespace, integration.metadata.name
        if probe.facts is not None:
            self._metrics.coverage(
                *place,
                covered_until=probe.facts.covered_until,
                quarantined=probe.facts.quarantined,
                pending=probe.facts.pending.count,
                succeeded=_last_successes(probe.facts),
            )
        runs = self._mirror.runs_of(*place)
        syncing = any(holds_account(run) for run in runs if not finished(run))
        status = connected(
            integration, probe, current_config_hash(integration), datetime.now(UTC), syncing=syncing
        )
        return status.replace(next_full_sync=self._next_full(*place))

    def _next_full(self, namespace: str, name: str) -> datetime | None:
        """When a schedule makes the next Full run."""
        times = [
            each.status.next_schedule_time
            for each in self._mirror.schedules_of(namespace, name)
            if each.spec.template.spec.mode is Mode.FULL
        ]
        return min((time for time in times if time is not None), default=None)

    async def _current(self, key: Key, integration: PSAIntegration) -> Known:
        """The last probe with what the store says now, or a new probe."""
        now, known = datetime.now(UTC), self._known.get(key)
        doubted = key in self._doubted
        self._doubted.discard(key)
        if known is not None and not doubted and not due(integration, known.probe, known.next_at, now):
            known = await self._refreshed(integration, known)
        else:
            failures = known.probe.failures if known else 0
            rejected = integration.status.rejected_logins
            probe = await self._prober.probe(integration, self._mirror.claimants(), failures, rejected)
            settings, jitter = self._settings, random.random()  # noqa: S311 - spreads load, guards no secret
            next_at = datetime.now(UTC) + pause(
                probe, settings.probe_interval, settings.retry_backoff, jitter
            )
            known = Known(probe, next_at)
        self._known[key] = known
        return known

    async def _stopped(self, integration: PSAIntegration) -> bool:
        """Whether it was stopped, and nothing has changed since, its Secret included."""
        if not stopped(integration):
            return False
        return await self._prober.credentials_version(integration) == integration.status.credentials_version

    async def _refreshed(self, integration: PSAIntegration, known: Known) -> Known:
        if known.probe.database_error is not None or known.probe.facts is None:
            return known
        try:
            return replace(known, probe=replace(known.probe, facts=await self._prober.facts(integration)))
        except PsaOperatorError as error:
            soon = datetime.now(UTC) + self._settings.retry_backoff
            return Known(replace(known.probe, database_error=error, failures=1), min(known.next_at, soon))


def _last_successes(facts: Facts) -> dict[str, datetime]:
    last = {Mode.QUICK: facts.last_quick, Mode.FULL: facts.last_full}
    return {mode.value: run.ended_at for mode, run in last.items() if run is not None}


def _secrets_of(integration: PSAIntegration) -> set[str]:
    database = integration.spec.database.secret_ref
    return {integration.spec.credentials_secret_ref.name} | ({database.name} if database else set())


def _matters(before: PSAIntegrationStatus, after: PSAIntegrationStatus) -> bool:
    """Whether runs that wait for this integration may find their obstacle changed."""
    was, now = find_condition(before.conditions, "Ready"), find_condition(after.conditions, "Ready")
    readiness = [(each.status, each.reason) if each else None for each in (was, now)]
    return readiness[0] != readiness[1] or before.observed_generation != after.observed_generation
