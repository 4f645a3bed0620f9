"""Quick: the cost follows the changes, not the size of the copy."""

import time

from benchmarks import database
from benchmarks.report import Goal, Section
from benchmarks.site import Site, change, run_site
from benchmarks.worker import run_spec, run_worker
from psa_operator.sync.spec import Mode

SHARES = (0.0, 0.005, 0.01)


async def measure(*, tiny: bool = False) -> Section:
    """One Full run, then Quick runs after ever more changes."""
    tickets = 400 if tiny else 200_000
    async with run_site(tickets) as site:
        await run_worker(run_spec(site.psa, site.dsn, Mode.FULL))
        cases = [await _case(site, share) for share in SHARES]
    nothing, half, one = (seconds for *_, seconds in cases)
    untouched = all(changed >= updated for changed, _, updated, _ in cases)
    per_change = (one - nothing) / (half - nothing) if half > nothing else 1.0
    rows = [
        (f"{changed:,}", f"{requests}", f"{updated:,}", f"{seconds:.1f} s")
        for changed, requests, updated, seconds in cases
    ]
    return Section(
        f"Quick over {tickets:,} tickets",
        "A worker process for each row, after so many tickets got another summary; requests as the simulator "
        "counted them, rows as PostgreSQL's own statistics count inserts, updates and deletes of the live "
        "tables. The changes of the run before lie within the overlap and are read again, not written. Its "
        "first row is what a Quick run costs without any change: process, log-in, reference data, counts.",
        ("changed", "requests", "rows written", "time"),
        rows,
        [
            Goal("no row written for an unchanged ticket", "none" if untouched else "some", untouched),
            Goal(
                "twice the changes cost at most twice as much, beyond the run without changes (tolerance: 3)",
                f"{per_change:.1f} times",
                per_change <= 3,
            ),
        ],
    )


async def _case(site: Site, share: float) -> tuple[int, int, int, float]:
    changed = change(site.psa, share, f"share {share} {time.time()}") if share else 0
    site.psa.clear_requests()
    before = sum(database.written(site.dsn))
    attempt = await run_worker(run_spec(site.psa, site.dsn, Mode.QUICK))
    return (
        changed,
        site.psa.requests()["total"],
        sum(database.written(site.dsn)) - before,
        attempt.seconds,
    )
