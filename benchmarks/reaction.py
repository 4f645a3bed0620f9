"""Reaction: from `kubectl apply` of a run until it is no longer Pending."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median, quantiles

from benchmarks.operator_site import OperatorSite, run_operator_site
from benchmarks.report import Goal, Section

MOST_SECONDS = 1.0
_FINISHED = {"Succeeded", "Failed", "Cancelled"}
_WATCH = "/apis/psa.msportal.ai/v1alpha1/namespaces/{}/ticketresyncs?watch=1&timeoutSeconds=3600"

Phases = AsyncIterator[tuple[str, str]]


async def measure(*, tiny: bool = False) -> Section:
    """Quick runs, one after the other, all seen by one watch."""
    runs = 3 if tiny else 40
    async with run_operator_site(300) as site:
        await site.tenant.connect()
        await site.tenant.bring("first")
        seconds = await react(site, runs)
    slow = p95(seconds)
    return Section(
        "From kubectl apply to the first phase",
        f"{runs} Quick runs, one after the other: the clock starts before the process `kubectl apply` does "
        "and stops when a watch brings a phase that is not Pending. The process itself is part of it.",
        ("runs", "p50", "p95", "slowest"),
        [(f"{runs}", f"{median(seconds):.2f} s", f"{slow:.2f} s", f"{max(seconds):.2f} s")],
        [Goal("p95 below 1 s", f"{slow:.2f} s", slow < MOST_SECONDS)],
    )


async def react(site: OperatorSite, runs: int, prefix: str = "run") -> list[float]:
    """Seconds until each of so many Quick runs had a phase; one run at least has been before."""
    async with _watch(site) as phases:
        await anext(phases)  # that of a former run: the watch has begun
        return [await _one(site, phases, f"{prefix}-{number}") for number in range(runs)]


def p95(seconds: list[float]) -> float:
    """What nineteen of twenty stay below."""
    return quantiles(seconds, n=20, method="inclusive")[-1]


async def _one(site: OperatorSite, phases: Phases, name: str) -> float:
    began, reacted = time.monotonic(), 0.0
    await site.tenant.apply(site.tenant.resync(name, "Quick"))
    async for run, phase in phases:
        if run == name and phase != "Pending":
            reacted = reacted or time.monotonic() - began
            if phase in _FINISHED:
                return reacted
    raise RuntimeError("the watch has ended")


@asynccontextmanager
async def _watch(site: OperatorSite) -> AsyncIterator[Phases]:
    """Name and phase of each run, whenever the API server says something new of it."""
    path = _WATCH.format(site.tenant.namespace)
    watch = await asyncio.create_subprocess_exec(
        site.cluster.kubectl_binary, "get", "--raw", path,
        stdout=asyncio.subprocess.PIPE, env=site.cluster.kubectl_environment(), limit=2**20,
    )  # fmt: skip
    if watch.stdout is None:
        raise RuntimeError("the watch has no output")
    try:
        yield _phases(watch.stdout)
    finally:
        watch.kill()
        await watch.wait()


async def _phases(lines: asyncio.StreamReader) -> Phases:
    async for line in lines:
        found = json.loads(line)["object"]
        yield found["metadata"]["name"], found.get("status", {}).get("phase", "Pending")
