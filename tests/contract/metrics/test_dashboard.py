"""The dashboard: Prometheus takes its queries, they speak of metrics that exist, and the chart brings it."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import yaml

from tests.contract.chart.rendering import CHART, only, rendered
from tests.contract.metrics.test_alerts import judged
from tests.contract.metrics.test_metrics import PAGE, ROW

FILE = CHART / "files/dashboard.json"
DASHBOARD: dict[str, Any] = json.loads(FILE.read_text())
PANELS: list[dict[str, Any]] = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
QUERIES: list[str] = [target["expr"] for panel in PANELS for target in panel["targets"]]
SERIES = re.compile(r"psa_\w+")
OF_HISTOGRAM = re.compile(r"_(bucket|count|sum)$")


def as_rules(queries: list[str]) -> str:
    """Recording rules, which Prometheus reads as it reads queries; Grafana fills in its variables."""
    plain = [each.replace("$__rate_interval", "5m") for each in queries]
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(plain)]
    return yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]})


async def test_prometheus_takes_the_queries(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(as_rules(QUERIES))
    assert await judged(rules) == ""

    rules.write_text(as_rules([*QUERIES, "sum by (psa_queue_depth"]))
    assert await judged(rules) != ""


def test_every_metric_is_shown_and_every_one_that_is_shown_exists() -> None:
    asked = {OF_HISTOGRAM.sub("", each) for query in QUERIES for each in SERIES.findall(query)}
    known = {metric for metric, _, _ in ROW.findall(PAGE.read_text())}

    assert asked == known - {"psa_leader"}  # says which pod to look at, and nothing over time


def test_panels_are_told_apart_and_lie_beside_each_other() -> None:
    assert len({each["id"] for each in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert len({each["title"] for each in PANELS}) == len(PANELS)
    for one, other in itertools.combinations([each["gridPos"] for each in DASHBOARD["panels"]], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


async def test_the_chart_installs_it_only_when_asked_to() -> None:
    assert "ConfigMap" not in {each["kind"] for each in await rendered()}

    made = only(
        await rendered("--set", "monitoring.grafanaDashboard=true"), "ConfigMap", "psa-operator-dashboard"
    )

    assert made["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert json.loads(made["data"]["psa-operator.json"]) == DASHBOARD
