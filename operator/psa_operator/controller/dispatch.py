"""Between the watch, the queue and the reconcilers: who has to look at what, and when."""

from psa_operator.api.group import HOLD_ANNOTATION
from psa_operator.controller.courier import Courier
from psa_operator.controller.executor import Ended
from psa_operator.controller.integrations import Integrations
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.ledger import Ledger
from psa_operator.controller.line import behind
from psa_operator.controller.mirror import Body, Mirror, controller_of, version_of
from psa_operator.controller.resync import queue_order
from psa_operator.controller.runs import Runs
from psa_operator.controller.schedules import Schedules
from psa_operator.controller.workqueue import WorkQueue
from psa_operator.metrics import Metrics

_CONCURRENCY = 16  # a probe of a PSA that does not answer holds one of them for up to two minutes


class Dispatch:
    """Turns what happens into keys, and keys into reconciliations."""

    def __init__(
        self,
        mirror: Mirror,
        integrations: Integrations,
        runs: Runs,
        schedules: Schedules,
        courier: Courier,
        ledger: Ledger,
        metrics: Metrics,
    ) -> None:
        self._mirror = mirror
        self._integrations = integrations
        self._runs = runs
        self._schedules = schedules
        self._courier = courier
        self._ledger = ledger
        self.queue = WorkQueue(self._reconcile, metrics, concurrency=_CONCURRENCY)
        self.watched: dict[Kind, int] = dict.fromkeys(Kind, 0)  # the newest version that the watch brought

    async def run(self) -> None:
        """Reconcile until cancelled, everything that is known first; what others did meanwhile is not."""
        self._integrations.forget_probes()
        await self.queue.run(sorted(key for kind in Kind for key in self._mirror.keys(kind)))

    def changed(self, key: Key, body: Body) -> None:
        self._seen(key, body)
        before = self._mirror.get(key) if key.kind is Kind.INTEGRATION else None
        if self._mirror.put(key, body):
            self.queue.add(key)
            self._tell_schedule(key, body)
            self._tell_those_behind(key)
            if before is not None and _held_until(body) != _held_until(before):
                self._add_runs(key.namespace)

    def deleted(self, key: Key, body: Body) -> None:
        self._seen(key, body)
        if self._mirror.remove(key, body):
            self.queue.add(key)
            self._tell_schedule(key, body)
            if key.kind is Kind.INTEGRATION:
                self._probe(self._integrations.without_key())

    def secret_changed(self, namespace: str, name: str) -> None:
        self._courier.secret_changed(namespace)
        self._probe(self._integrations.using_secret(namespace, name))

    def worker_ended(self, uid: str, ended: Ended) -> None:
        self._ledger.worker_ended(uid, ended)
        if (key := self._runs.key_of(uid)) is not None:
            self.queue.add(key)

    def _probe(self, keys: list[Key]) -> None:
        for key in keys:
            self._integrations.probe_soon(key)
            self.queue.add(key)

    def _tell_schedule(self, key: Key, body: Body) -> None:
        """A schedule shows which of its runs are on, and keeps only so many that have ended."""
        if key.kind is Kind.RESYNC and (owner := controller_of(body)) is not None:
            self.queue.add(Key(Kind.SCHEDULE, key.namespace, owner["name"]))

    def _tell_those_behind(self, key: Key) -> None:
        """A new run may go before others, and changes the places in the queue that these have said."""
        run = self._mirror.resync(key.namespace, key.name) if key.kind is Kind.RESYNC else None
        if run is not None and run.status.phase is None:
            for each in behind(run, self._mirror):
                self.queue.add(Key(Kind.RESYNC, each.metadata.namespace, each.metadata.name))

    def _seen(self, key: Key, body: Body) -> None:
        self.watched[key.kind] = max(self.watched[key.kind], version_of(body))

    async def _reconcile(self, key: Key) -> float | None:
        if key.kind is Kind.INTEGRATION:
            after, matters = await self._integrations.reconcile(key)
            if matters:
                self._add_runs(key.namespace)
                self._add_schedules(key)
            return after
        if key.kind is Kind.SCHEDULE:
            after, concerned = await self._schedules.reconcile(key)
            if concerned is not None:
                self.queue.add(Key(Kind.INTEGRATION, key.namespace, concerned))
            return after
        run = self._mirror.resync(key.namespace, key.name)
        following = await self._runs.reconcile(key)
        self._courier.carry(key)
        if following.ripples:
            self._add_runs(None)
            if run is not None:
                integration = Key(Kind.INTEGRATION, key.namespace, run.spec.integration_ref.name)
                if following.suspect:
                    self._integrations.probe_soon(integration)
                self.queue.add(integration)
                if run.schedule is not None:
                    self.queue.add(Key(Kind.SCHEDULE, key.namespace, run.schedule.name))
        return following.after

    def _add_schedules(self, integration: Key) -> None:
        """Look at the schedules of an integration that came, went or changed."""
        for each in self._mirror.schedules_of(integration.namespace, integration.name):
            self.queue.add(Key(Kind.SCHEDULE, integration.namespace, each.metadata.name))

    def _add_runs(self, namespace: str | None) -> None:
        """Look at the runs that wait or are on: in one namespace, or everywhere, for they share accounts."""
        for run in sorted(self._mirror.unfinished(), key=queue_order):
            if namespace in {None, run.metadata.namespace}:
                self.queue.add(Key(Kind.RESYNC, run.metadata.namespace, run.metadata.name))


def _held_until(integration: Body) -> str | None:
    """What its annotation says of how long its Full runs are to wait."""
    until: str | None = (integration["metadata"].get("annotations") or {}).get(HOLD_ANNOTATION)
    return until
