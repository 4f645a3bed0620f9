"""Make the runs of each TicketResyncSchedule when they are due; every act may be repeated."""

from dataclasses import replace
from datetime import UTC, datetime

import structlog

from psa_operator.api.schedule import Skipped, TicketResyncSchedule, TicketResyncScheduleStatus
from psa_operator.controller.announce import of_schedule
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import ConflictError, KubeApi
from psa_operator.controller.mirror import Mirror, controller_of
from psa_operator.controller.schedule import (
    Plan,
    Slot,
    body_of,
    decide,
    expected_interval,
    stalled,
    working,
)
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import ConfigurationError, PermissionDeniedError
from psa_operator.metrics import Metrics

_REFUSED_AGAIN = 60.0

log = structlog.get_logger(__name__)


class Schedules:
    """The reconciler of TicketResyncSchedules."""

    def __init__(self, api: KubeApi, mirror: Mirror, writer: StatusWriter, metrics: Metrics) -> None:
        self._api = api
        self._mirror = mirror
        self._writer = writer
        self._metrics = metrics

    async def reconcile(self, key: Key) -> tuple[float | None, str | None]:
        """Do what is due; returns when to look again, and the integration that may show another time now."""
        body, schedule = self._mirror.get(key), self._mirror.schedule(key.namespace, key.name)
        if body is None or schedule is None or schedule.metadata.deletion_timestamp is not None:
            self._metrics.forget_schedule(key.namespace, key.name)
            return None, None
        now, after = datetime.now(UTC), None
        try:
            status = await self._turn(schedule, now)
        except (ConfigurationError, PermissionDeniedError, ConflictError) as error:
            status, after = stalled(schedule, error, now), _REFUSED_AGAIN
        early = await self._writer.write(key, body, status, of_schedule(schedule.status, status))
        due = status.next_schedule_time
        until = (
            None if due is None or after is not None else max(0.0, (due - datetime.now(UTC)).total_seconds())
        )
        waits = [seconds for seconds in (early, after, until) if seconds is not None]
        moved = schedule.status.next_schedule_time != due
        asked = schedule.spec.template.spec
        return min(waits, default=None), asked.integration_ref.name if moved else None

    async def _turn(self, schedule: TicketResyncSchedule, now: datetime) -> TicketResyncScheduleStatus:
        uid, namespace = schedule.metadata.uid, schedule.metadata.namespace
        integration = self._mirror.integration(namespace, schedule.spec.template.spec.integration_ref.name)
        plan = decide(schedule, self._mirror.made_by(uid), integration, now)
        self._expect(schedule, plan, now)
        for run in plan.cancel:
            await self._api.cancel(_key(namespace, run.metadata.name), run.metadata.uid)
        if plan.slot is not None:
            plan = await self._make(schedule, plan, plan.slot)
        for run in plan.delete:
            await self._api.delete(_key(namespace, run.metadata.name), run.metadata.uid)
        kept = [run for run in self._mirror.made_by(uid) if run not in plan.delete]
        return working(schedule, plan, kept, integration, now)

    async def _make(self, schedule: TicketResyncSchedule, plan: Plan, slot: Slot) -> Plan:
        """Create the run of a slot, unless that was done before and not written down."""
        key = _key(schedule.metadata.namespace, slot.name)
        try:
            made = await self._api.create(Kind.RESYNC, body_of(schedule, slot))
            log.info("schedule.run", schedule=str(key), due=slot.due.isoformat())
        except ConflictError as error:
            found = await self._api.get(key)
            if found is None:
                raise ConfigurationError(
                    f"The API server refuses the run of spec.template: {error}", reason="RunRefused"
                ) from error
            made = found
        owner = controller_of(made)
        if owner is None or owner["uid"] != schedule.metadata.uid:
            words = f'There is a TicketResync "{slot.name}" that this schedule did not make: delete it'
            return replace(plan, slot=None, skipped=Skipped(time=slot.due, reason="NameTaken", message=words))
        return plan

    def _expect(self, schedule: TicketResyncSchedule, plan: Plan, now: datetime) -> None:
        place = schedule.metadata.namespace, schedule.metadata.name
        if plan.next_at is None:
            self._metrics.forget_schedule(*place)
            return
        asked = schedule.spec.template.spec
        interval = expected_interval(plan.cron, now).total_seconds()
        self._metrics.expects(*place, asked.integration_ref.name, asked.mode.value, interval)


def _key(namespace: str, name: str) -> Key:
    return Key(Kind.RESYNC, namespace, name)
