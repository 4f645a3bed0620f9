"""What the operator counts, for Prometheus; every series of an object goes when the object goes."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

from psa_operator.sync.outcome import ANSWERED_WITHIN, Counts, Traffic

_MINUTES = (1.0, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600)
_RESULTS = ("Succeeded", "Failed", "Cancelled")
_OBJECT = ("namespace", "integration")
_SCHEDULE = ("namespace", "schedule", "integration", "mode")


class _Answers(Collector):
    """Durations of requests that another process has sorted already."""

    def __init__(self) -> None:
        self.known: defaultdict[tuple[str, str], Traffic] = defaultdict(Traffic)

    def collect(self) -> Iterable[HistogramMetricFamily]:
        family = HistogramMetricFamily(
            "psa_api_request_duration_seconds", "Time until the PSA had answered a request.", labels=_OBJECT
        )
        borders = [*map(str, ANSWERED_WITHIN), "+Inf"]
        for place, traffic in self.known.items():
            buckets = list(zip(borders, map(float, accumulate(traffic.within)), strict=True))
            family.add_metric(place, buckets, sum_value=traffic.seconds)
        yield family


class _Requests:
    """What runs have asked of the PSA."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._sent = Counter(
            "psa_api_requests", "Requests to the PSA.", (*_OBJECT, "status"), registry=registry
        )
        self._throttled = Counter(
            "psa_api_throttled_seconds",
            "Time that requests waited for the budget.",
            _OBJECT,
            registry=registry,
        )
        self._answers = _Answers()
        registry.register(self._answers)
        self._counted: dict[str, Traffic] = {}  # by run

    def count(self, namespace: str, integration: str, uid: str, traffic: Traffic) -> None:
        """Add what a run's last attempt has asked since it was counted before."""
        before = self._counted.get(uid, Traffic())
        new = traffic.since(before if before.began == traffic.began else Traffic())
        self._counted[uid] = traffic
        for status, number in new.answers.items():
            self._sent.labels(namespace, integration, status).inc(number)
        self._throttled.labels(namespace, integration).inc(new.throttled)
        every = self._answers.known[namespace, integration]
        every.within = [before + more for before, more in zip(every.within, new.within, strict=True)]
        every.seconds += new.seconds

    def ended(self, uid: str) -> None:
        self._counted.pop(uid, None)

    def forget(self, namespace: str, integration: str) -> None:
        """Drop the series of an integration that is gone."""
        for series in (self._sent, self._throttled):
            series.remove_by_labels({"namespace": namespace, "integration": integration})
        self._answers.known.pop((namespace, integration), None)


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
        self._pending = self._gauge(
            "psa_pending_local_changes", "Local changes that the PSA does not have.", *_OBJECT
        )
        self._requests = _Requests(self.registry)
        self._lateness = self._gauge(
            "psa_lateness_seconds", "By how much a ticket came too late for the run before.", *_OBJECT
        )
        self._covered_age = self._gauge(
            "psa_covered_age_seconds", "Age of the last moment that the database covers.", *_OBJECT
        )
        self._expected = self._gauge(
            "psa_schedule_expected_interval_seconds",
            "Longest time between two of the next runs of a schedule.",
            *_SCHEDULE,
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
        uid: str,
        result: str,
        ended: datetime,
        seconds: float,
        counts: Mapping[str, Counts],
        lateness: float | None,
    ) -> None:
        self._requests.ended(uid)
        self._resync.labels(namespace, integration, mode, result).inc()
        self._duration.labels(namespace, integration, mode).observe(seconds)
        if result == "Succeeded":
            self._last_success.labels(namespace, integration, mode).set(ended.timestamp())
        if lateness is not None:
            self._lateness.labels(namespace, integration).set(lateness)
        for entity, count in counts.items():
            for outcome in ("created", "updated", "unchanged", "deleted", "quarantined", "repaired"):
                number = getattr(count, outcome)
                self._records.labels(namespace, integration, entity, outcome).inc(number)

    def asked(self, namespace: str, integration: str, mode: str, *, uid: str, traffic: Traffic) -> None:
        """Count what a run's last attempt says that it has asked so far, each request once."""
        for result in _RESULTS:  # so that Prometheus sees the first end of a run as a change
            self._resync.labels(namespace, integration, mode, result)
        self._requests.count(namespace, integration, uid, traffic)

    def coverage(
        self,
        namespace: str,
        integration: str,
        *,
        covered_until: datetime | None,
        quarantined: int,
        pending: int,
        succeeded: Mapping[str, datetime],
    ) -> None:
        """What the database says of an integration; `succeeded` has the last success by mode."""
        for mode, ended in succeeded.items():
            self._last_success.labels(namespace, integration, mode).set(ended.timestamp())
        self._pending.labels(namespace, integration).set(pending)
        self._quarantined.labels(namespace, integration).set(quarantined)
        if covered_until is not None:
            since = covered_until.timestamp()
            self._covered_age.labels(namespace, integration).set_function(lambda: time.time() - since)

    def expects(self, namespace: str, schedule: str, integration: str, mode: str, interval: float) -> None:
        """A schedule makes runs at least once in so many seconds."""
        self.forget_schedule(namespace, schedule)  # it may have been for others before
        self._expected.labels(namespace, schedule, integration, mode).set(interval)

    def forget_schedule(self, namespace: str, schedule: str) -> None:
        """Drop the series of a schedule that makes no more runs."""
        self._expected.remove_by_labels({"namespace": namespace, "schedule": schedule})

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
            self._pending,
            self._lateness,
            self._covered_age,
        ):
            series.remove_by_labels(labels)
        self._requests.forget(namespace, integration)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, registry=self.registry)

    def _spread(self, name: str, about: str) -> Histogram:
        return Histogram(name, about, (*_OBJECT, "mode"), registry=self.registry, buckets=_MINUTES)
