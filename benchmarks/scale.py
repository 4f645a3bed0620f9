"""Scale: what many integrations, finished runs and schedules cost the operator."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks import reaction
from benchmarks.operator_site import OperatorSite, run_operator_site
from benchmarks.report import Goal, Section
from benchmarks.worker import peak_megabytes
from tests.cluster.tenant import Object

_SAMPLE = re.compile(r"^apiserver_request_total\{(.*)\} (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_LOOKS = re.compile(r"^psa_reconcile_total\{.*\} (\S+)$", re.MULTILINE)
_WAITING = re.compile(r"^psa_queue_depth (\S+)$", re.MULTILINE)
_OURS = {"psaintegrations", "ticketresyncs", "ticketresyncschedules", "secrets", "events"}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_TICKS = 100
_MOST_MEGABYTES = 256
_CHUNK = 500


@dataclass(frozen=True)
class Size:
    """How many of each there are, and how long to look."""

    integrations: int
    runs: int
    schedules: int
    relist: int
    periods: int
    reactions: int


TINY = Size(3, 4, 2, relist=5, periods=2, reactions=2)
WHOLE = Size(1_000, 2_000, 200, relist=60, periods=3, reactions=20)


@dataclass(frozen=True)
class Figures:
    """What one size costs: seconds, MB, requests to the API server and processor seconds per period."""

    ready: float
    settled: float
    megabytes: float
    lists: float
    writes: float
    processor: float
    reactions: list[float]


async def measure(*, tiny: bool = False) -> Section:
    """The same questions to an operator with one integration and to one with very many."""
    size = TINY if tiny else WHOLE
    settings = {"PSA_OPERATOR_RELIST_INTERVAL": str(size.relist), "PSA_OPERATOR_PROBE_INTERVAL": "7200"}
    async with run_operator_site(300, **settings) as site:
        await site.tenant.connect()
        finished = await site.tenant.bring("first")
        await site.operator.terminate()
        few = await _figures(site, size, objects=2)
        began = time.monotonic()
        await _integrations(site, size)
        connected = time.monotonic() - began
        await site.operator.terminate()
        await _runs_and_schedules(site, size, finished)
        many = await _figures(site, size, objects=size.integrations + size.runs + size.schedules)
    return _section(size, few, many, connected)


async def _integrations(site: OperatorSite, size: Size) -> None:
    tenant = site.tenant
    await tenant.apply(*(tenant.integration(f"acme-{number:04}") for number in range(1, size.integrations)))
    waiting = ("--for=condition=Ready", "psaintegrations", "--all", "--timeout=1800s")
    await tenant.kubectl("wait", *waiting)


async def _runs_and_schedules(site: OperatorSite, size: Size, finished: Object) -> None:
    """Made while the operator is away: runs that are over, spread over the integrations, and schedules."""
    tenant = site.tenant
    others = [f"acme-{number:04}" for number in range(1, size.integrations)]
    runs = [tenant.resync(f"done-{number:04}") for number in range(size.runs)]
    schedules = [tenant.schedule(f"yearly-{number:03}") for number in range(size.schedules)]
    asked = [each["spec"] for each in runs], [each["spec"]["template"]["spec"] for each in schedules]
    for specs in asked:
        for spec, name in zip(specs, cycle(others), strict=False):
            spec["integrationRef"]["name"] = name
    await tenant.apply(*runs, *schedules, how=("create",))
    over = ({**run, "status": finished} for run in runs)
    await tenant.apply(*over, how=("replace", "--subresource=status"))


async def _figures(site: OperatorSite, size: Size, objects: int) -> Figures:
    """Start the operator, look, and leave it running."""
    operator = site.operator
    began = time.monotonic()
    await operator.start()
    ready = time.monotonic() - began
    await _until_settled(site, objects)
    settled = time.monotonic() - began
    await asyncio.sleep(size.relist)
    before, busy = await _requests(site), _processor_seconds(operator.daemon.pid)
    await asyncio.sleep(size.relist * size.periods)
    found = await _requests(site) - before
    busy = _processor_seconds(operator.daemon.pid) - busy
    prefix = f"reaction-{objects}"
    return Figures(
        ready=ready,
        settled=settled,
        megabytes=peak_megabytes(operator.daemon.pid) or 0.0,
        lists=sum(number for (verb, _), number in found.items() if verb == "LIST") / size.periods,
        writes=sum(number for (verb, _), number in found.items() if verb in _WRITES) / size.periods,
        processor=busy / size.periods,
        reactions=await reaction.react(site, size.reactions, prefix),
    )


async def _until_settled(site: OperatorSite, objects: int) -> None:
    """Wait until every object was looked at, and none waits."""
    for _ in iter(int, 1):
        metrics = await site.operator.metrics()
        looks = sum(float(value) for value in _LOOKS.findall(metrics))
        if looks >= objects and all(float(value) == 0 for value in _WAITING.findall(metrics)):
            return
        await asyncio.sleep(0.2)


async def _requests(site: OperatorSite) -> Counter[tuple[str, str]]:
    text = (await site.cluster.kubectl("get", "--raw", "/metrics")).output()
    counts: Counter[tuple[str, str]] = Counter()
    for sample, value in _SAMPLE.findall(text):
        labels = dict(_LABEL.findall(sample))
        if labels.get("resource") in _OURS:
            counts[labels["verb"], labels["resource"]] += int(float(value))
    return counts


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _section(size: Size, few: Figures, many: Figures, connected: float) -> Section:
    slow = reaction.p95(many.reactions)
    world = f"{size.integrations:,} integrations, {size.runs:,} finished runs, {size.schedules:,} schedules"
    most_lists = sum(-(-number // _CHUNK) for number in (size.integrations, size.runs, size.schedules)) + 1
    return Section(
        "The operator at scale",
        "The operator as its own process under the chart's rights, against a real API server and PostgreSQL. "
        "Ready: from the start of the process until /readyz says so. Every object looked at: until it has "
        "reconciled each and its queue is empty. Memory: VmHWM before the runs. Requests: to the API server "
        "for the resources that the operator uses, from its own counters (apiserver_request_total), over "
        f"{size.periods} relist periods of {size.relist} s (default: 600 s), each page of {_CHUNK} objects "
        "being one list. Without probes, which are made every 600 s by default; that all integrations became "
        f"Ready after one kubectl apply took {connected:.0f} s. Reaction: as in the section above, "
        f"{size.reactions} Quick runs.",
        ("", "1 integration, 1 finished run", world),
        [
            ("ready", f"{few.ready:.1f} s", f"{many.ready:.1f} s"),
            ("every object looked at", f"{few.settled:.1f} s", f"{many.settled:.1f} s"),
            ("memory", f"{few.megabytes:.0f} MB", f"{many.megabytes:.0f} MB"),
            ("lists per relist period", f"{few.lists:.1f}", f"{many.lists:.1f}"),
            ("writes per relist period", f"{few.writes:.1f}", f"{many.writes:.1f}"),
            ("processor time per relist period", f"{few.processor:.1f} s", f"{many.processor:.1f} s"),
            ("reaction, p50", f"{median(few.reactions):.2f} s", f"{median(many.reactions):.2f} s"),
            ("reaction, p95", f"{reaction.p95(few.reactions):.2f} s", f"{slow:.2f} s"),
        ],
        [
            Goal("no write at rest", f"{many.writes:.1f}", many.writes == 0),
            Goal("at rest, a list of each kind per period", f"{many.lists:.1f}", many.lists <= most_lists),
            Goal(
                f"at most {_MOST_MEGABYTES} MB, what the chart requests",
                f"{many.megabytes:.0f} MB",
                many.megabytes <= _MOST_MEGABYTES,
            ),
            Goal("reaction: p95 below 1 s", f"{slow:.2f} s", slow < reaction.MOST_SECONDS),
        ],
    )
