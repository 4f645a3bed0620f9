"""What is exposed at /metrics: as Prometheus wants it, as the page says it, and gone with its object."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import Metric
from prometheus_client.exposition import generate_latest

from psa_operator.devcluster.binaries import find_promcheck
from psa_operator.metrics import Metrics
from psa_operator.sync.outcome import Counts, Traffic

PAGE = Path(__file__).parents[3] / "docs/metrics.md"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", re.MULTILINE)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACME = ("tenant", "acme")


@pytest.fixture
def metrics() -> Metrics:
    """Every series once."""
    found = Metrics()
    found.depth(3)
    found.workers(1)
    found.reconciled("TicketResync", "Success", 0.1)
    found.coverage(*ACME, covered_until=NOW, quarantined=1, pending=2, succeeded={"Full": NOW})
    found.run_began(*ACME, "Full", 3.0)
    found.asked(*ACME, "Full", uid="uid", traffic=traffic(200, 429))
    found.expects(ACME[0], "nightly", ACME[1], "Full", 86400.0)
    end(found, lateness=12.0)
    return found


def traffic(*statuses: int, began: datetime = NOW) -> Traffic:
    asked = Traffic(began=began, throttled=1.5)
    for status in statuses:
        asked.count(str(status), 0.2)
    return asked


def end(metrics: Metrics, result: str = "Succeeded", lateness: float | None = None) -> None:
    counts = {"tickets": Counts(fetched=7, created=7)}
    metrics.run_ended(
        *ACME, "Full", uid="uid", result=result, ended=NOW, seconds=9.0, counts=counts, lateness=lateness
    )


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    place = {"namespace": "tenant", "integration": "acme"}
    return metrics.registry.get_sample_value(name, place | labels)


async def test_the_linter_of_prometheus_has_nothing_to_say(metrics: Metrics) -> None:
    said = await promcheck(generate_latest(metrics.registry))

    assert said == ""


async def test_the_linter_would_say_something() -> None:
    assert "no help text" in await promcheck(b"# TYPE foo gauge\nfoo 1\n")


async def promcheck(exposed: bytes) -> str:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(await find_promcheck(), stdin=pipe, stdout=pipe)
    said, _ = await process.communicate(exposed)
    return said.decode()


def test_the_page_lists_every_metric_with_its_type_and_labels(metrics: Metrics) -> None:
    listed = {
        name: (kind, set(re.findall(r"`(\w+)`", labels)))
        for name, kind, labels in ROW.findall(PAGE.read_text())
    }

    assert listed == dict(map(described, metrics.registry.collect()))


def described(metric: Metric) -> tuple[str, tuple[str, set[str]]]:
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    labels = {label for sample in metric.samples for label in sample.labels} - {"le"}
    return name, (metric.type, labels)


def test_every_series_of_an_object_goes_with_it(metrics: Metrics) -> None:
    metrics.forget(*ACME)
    metrics.forget_schedule(ACME[0], "nightly")

    left = [sample for metric in metrics.registry.collect() for sample in metric.samples]
    assert [each for each in left if "acme" in each.labels.values()] == []
    assert left  # those of the operator itself stay


def test_a_request_is_counted_once_however_often_it_is_reported() -> None:
    metrics = Metrics()

    for asked in (traffic(200), traffic(200, 200), traffic(200, 200)):
        metrics.asked(*ACME, "Full", uid="uid", traffic=asked)

    assert value(metrics, "psa_api_requests_total", status="200") == 2
    assert value(metrics, "psa_api_throttled_seconds_total") == 1.5
    assert value(metrics, "psa_api_request_duration_seconds_bucket", le="0.1") == 0
    assert value(metrics, "psa_api_request_duration_seconds_bucket", le="0.25") == 2
    assert value(metrics, "psa_api_request_duration_seconds_count") == 2


def test_each_attempt_begins_from_nought() -> None:
    metrics = Metrics()

    metrics.asked(*ACME, "Full", uid="uid", traffic=traffic(200, 503))
    metrics.asked(*ACME, "Full", uid="uid", traffic=traffic(200, 200, began=NOW.replace(hour=1)))

    assert value(metrics, "psa_api_requests_total", status="200") == 3
    assert value(metrics, "psa_api_requests_total", status="503") == 1


def test_the_first_failure_is_a_change_that_prometheus_sees() -> None:
    metrics = Metrics()
    metrics.asked(*ACME, "Full", uid="uid", traffic=traffic())
    before = value(metrics, "psa_resync_total", mode="Full", result="Failed")

    end(metrics, "Failed")

    assert (before, value(metrics, "psa_resync_total", mode="Full", result="Failed")) == (0, 1)


def test_a_run_that_cannot_know_leaves_the_lateness_of_the_last_that_could() -> None:
    metrics = Metrics()

    end(metrics, lateness=12.0)
    end(metrics)

    assert value(metrics, "psa_lateness_seconds") == 12
