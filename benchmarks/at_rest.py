"""At rest: what the operator asks of the API server when nothing happens."""

import asyncio
import re
from collections import Counter

from benchmarks.operator_site import OperatorSite, run_operator_site
from benchmarks.report import Goal, Section

_SAMPLE = re.compile(r"^apiserver_request_total\{(.*)\} (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_OURS = {"psaintegrations", "ticketresyncs", "secrets", "events"}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_RELIST_SECONDS = 60
_PERIODS = 3


async def measure(*, tiny: bool = False) -> Section:
    """Many integrations that are all connected, over some relist periods."""
    integrations, relist, periods = (3, 5, 3) if tiny else (200, _RELIST_SECONDS, _PERIODS)
    settings = {"PSA_OPERATOR_RELIST_INTERVAL": str(relist), "PSA_OPERATOR_PROBE_INTERVAL": "3600"}
    async with run_operator_site(300, **settings) as site:
        await _connect(site, integrations)
        before = await _requests(site)
        await asyncio.sleep(relist * periods)
        found = await _requests(site) - before
    writes = sum(count for (verb, _), count in found.items() if verb in _WRITES)
    lists = sum(count for (verb, _), count in found.items() if verb == "LIST")
    rows = [
        (verb, resource, f"{count / periods:.1f}")
        for (verb, resource), count in sorted(found.items())
        if count
    ]
    return Section(
        f"The operator at rest with {integrations} integrations",
        f"Requests to the API server for the resources that the operator uses, from its own counters "
        f"(apiserver_request_total), over {periods} relist periods of {relist} s (default: 600 s) after all "
        "integrations had become Ready, without probes (default: every 600 s each, to the PSA and the "
        "database). A watch is counted when it ends: the operator renews each after 5 minutes.",
        ("verb", "resource", "requests per relist period"),
        rows,
        [
            Goal("no write", f"{writes:.0f}", writes == 0),
            Goal(
                "a list of each kind per period, in chunks of 500",
                f"{lists / periods:.1f} lists",
                lists / periods <= 3 + 1,
            ),
        ],
    )


async def _connect(site: OperatorSite, integrations: int) -> None:
    tenant = site.tenant
    names = [f"acme-{number:03}" for number in range(integrations)]
    await tenant.apply(tenant.secret(), *(tenant.integration(name) for name in names))
    await tenant.kubectl("wait", "--for=condition=Ready", "psaintegrations", "--all", "--timeout=300s")
    await asyncio.sleep(5)


async def _requests(site: OperatorSite) -> Counter[tuple[str, str]]:
    text = (await site.cluster.kubectl("get", "--raw", "/metrics")).output()
    counts: Counter[tuple[str, str]] = Counter()
    for sample, value in _SAMPLE.findall(text):
        labels = dict(_LABEL.findall(sample))
        if labels.get("resource") in _OURS:
            counts[labels["verb"], labels["resource"]] += int(float(value))
    return counts
