"""The alerts: Prometheus takes them, they speak of metrics that exist, and each has a page."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from psa_operator.devcluster.binaries import find_promcheck
from tests.contract.chart.rendering import CHART, only, rendered
from tests.contract.metrics.test_metrics import PAGE, ROW

FILE = CHART / "files/alerts.yaml"
RUNBOOK = PAGE.with_name("alerts.md")
GROUPS = yaml.safe_load(FILE.read_text())["groups"]
ALERTS: dict[str, dict[str, Any]] = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}


async def judged(path: Path) -> str:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(await find_promcheck(), str(path), stdout=pipe)
    return (await process.communicate())[0].decode()


async def test_prometheus_takes_the_rules() -> None:
    assert await judged(FILE) == ""


async def test_prometheus_would_refuse_wrong_ones(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(FILE.read_text().replace("absent(", "absence("))

    assert "unknown function" in await judged(wrong)


def test_every_alert_has_a_section_of_the_page_and_every_section_an_alert() -> None:
    sections = re.findall(r"^## (\w+)$", RUNBOOK.read_text(), re.MULTILINE)

    assert sections == list(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_leads_to_its_section_and_speaks_of_metrics_that_exist(name: str) -> None:
    rule = ALERTS[name]
    known = {metric for metric, _, _ in ROW.findall(PAGE.read_text())}

    assert rule["annotations"]["runbook"] == f"docs/alerts.md#{name.lower()}"
    asked = {each.removesuffix("_bucket") for each in re.findall(r"psa_\w+", rule["expr"])}
    assert asked
    assert asked <= known


async def test_the_chart_installs_them_only_when_asked_to() -> None:
    assert "PrometheusRule" not in {each["kind"] for each in await rendered()}

    manifests = await rendered("--set", "monitoring.prometheusRules=true")

    assert only(manifests, "PrometheusRule")["spec"]["groups"] == GROUPS
