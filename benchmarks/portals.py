"""Time to wait, with a PSA as slow as a real one, against what client portals state today."""

from benchmarks.report import Goal, Section
from benchmarks.site import change, run_site
from benchmarks.worker import WHOLE_TICKETS, run_spec, run_worker
from psa_operator.sync.spec import Limits, Mode

LATENCY = 0.2
MINUTES = {999: 5, 5_000: 15, 20_000: 30}
"""Tickets of a Full run, and the most minutes that portals state for it."""

QUICK_MINUTES = 3
_CHANGED = 0.01


async def measure(*, tiny: bool = False) -> Section:
    """A first Full run at each size, and a Quick run after it."""
    sizes = {50: 5} if tiny else MINUTES
    rows, goals = [], []
    for tickets, stated in sizes.items():
        async with run_site(tickets) as site:
            site.psa.set(latency=LATENCY)
            limits = Limits()
            full = await run_worker(run_spec(site.psa, site.dsn, Mode.FULL, limits, WHOLE_TICKETS))
            site.psa.clear_requests()
            changed = change(site.psa, _CHANGED, "portals")
            quick = await run_worker(run_spec(site.psa, site.dsn, Mode.QUICK, limits, WHOLE_TICKETS))
            requests = site.psa.requests()["total"]
        rows.append(
            (f"{tickets:,}", f"{full.seconds:.0f} s", f"{quick.seconds:.0f} s", f"{changed:,}", f"{requests}")
        )
        goals += [
            Goal(
                f"Full of {tickets:,} tickets within {stated} minutes",
                f"{full.seconds / 60:.1f} minutes",
                full.seconds <= stated * 60,
            ),
            Goal(
                f"Quick over {tickets:,} tickets within {QUICK_MINUTES} minutes",
                f"{quick.seconds / 60:.1f} minutes",
                quick.seconds <= QUICK_MINUTES * 60,
            ),
        ]
    return Section(
        "Against the times that portals state",
        f"The simulator waits {LATENCY * 1000:.0f} ms before every answer; the worker keeps to the default "
        "limits (1,000 requests a minute less the reserve of 20 %, 8 at once). Quick follows after 1 % of "
        "the tickets changed. Like those of the portals, these are whole tickets, each with some five notes "
        "and two time entries.",
        ("tickets", "first Full", "Quick", "changed", "requests of Quick"),
        rows,
        goals,
    )
