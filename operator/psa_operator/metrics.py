"""What the operator counts, for Prometheus; every series of an object goes when the object goes."""

import time
from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from psa_operator.sync.outcome import Counts

_MINUTES = (1.0, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600)
_OBJECT = ("namespace", "integration")


class Metrics:
    """All series of one operator process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # half of all series, used by nobody
        self.registry = CollectorRegistry()
        self._reconcile = self._counter("psa_reconcile", "Reconciliations.", "kind", "result")
        self._reconcile_duration = Histogram(
            "psa_reconcile_duration_seconds", "Time of one reconciliation.", ["kind"], registry=self.registry
        )
        self._queue_depth = self._gauge("psa_queue_depth", "Objects that wait to be reconciled.")
        self._leader = self._gauge("psa_leader", "Whether this operator is the one that reconciles.")
        self._workers = self._gauge("psa_running_workers", "Workers that run now.")
        self._resync = self._counter("psa_resync", "Runs that ended.", *_OBJECT, "mode", "result")
        self._duration = self._spread("psa_resync_duration_seconds", "From the first attempt to the end.")
        self._queued = self._spread("psa_resync_queued_seconds", "From creation to the first attempt.")
        self._last_success = self._gauge(
            "psa_resync_last_success_timestamp_seconds",
            "End of the last run that succeeded.",
            *_OBJECT,
            "mode",
        )
        self._records = self._counter(
            "psa_records", "Records by what became of them.", *_OBJECT, "entity", "outcome"
        )
        self._quarantined = self._gauge("psa_quarantined", "Records that did not fit.", *_OBJECT)
        self._covered_age = self._gauge(
            "psa_covered_age_seconds", "Age of the last moment that the database covers.", *_OBJECT
        )

    def depth(self, keys: int) -> None:
        self._queue_depth.set(keys)

    def reconciled(self, kind: str, result: str, seconds: float) -> None:
        self._reconcile.labels(kind, result).inc()
        self._reconcile_duration.labels(kind).observe(seconds)

    def leader(self, *, leads: bool) -> None:
        self._leader.set(leads)

    def workers(self, running: int) -> None:
        self._workers.set(running)

    def run_began(self, namespace: str, integration: str, mode: str, queued: float) -> None:
        self._queued.labels(namespace, integration, mode).observe(queued)

    def run_ended(
        self,
        namespace: str,
        integration: str,
        mode: str,
        *,
        result: str,
        ended: datetime,
        seconds: float,
        counts: Mapping[str, Counts],
    ) -> None:
        self._resync.labels(namespace, integration, mode, result).inc()
        self._duration.labels(namespace, integration, mode).observe(seconds)
        if result == "Succeeded":
            self._last_success.labels(namespace, integration, mode).set(ended.timestamp())
        for entity, count in counts.items():
            for outcome in ("created", "updated", "unchanged", "deleted", "quarantined", "repaired"):
                number = getattr(count, outcome)
                self._records.labels(namespace, integration, entity, outcome).inc(number)

    def coverage(
        self, namespace: str, integration: str, *, covered_until: datetime | None, quarantined: int
    ) -> None:
        self._quarantined.labels(namespace, integration).set(quarantined)
        if covered_until is not None:
            since = covered_until.timestamp()
            self._covered_age.labels(namespace, integration).set_function(lambda: time.time() - since)

    def forget(self, namespace: str, integration: str) -> None:
        """Drop the series of an integration that is gone."""
        labels = {"namespace": namespace, "integration": integration}
        for series in (
            self._resync,
            self._duration,
            self._queued,
            self._last_success,
            self._records,
            self._quarantined,
            self._covered_age,
        ):
            series.remove_by_labels(labels)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, registry=self.registry)

    def _spread(self, name: str, about: str) -> Histogram:
        return Histogram(name, about, (*_OBJECT, "mode"), registry=self.registry, buckets=_MINUTES)
