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
    idle, half, one = cases
    exact = all(changed == written for changed, _, written, _ in cases)
    extra = half[1] - idle[1], one[1] - idle[1]
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
            Goal("as many rows written as tickets changed, none for unchanged ones", _yes(exact), exact),
            Goal(
                "twice the changes ask for at most twice as many pages, beyond a run without changes",
                f"{extra[0]} and {extra[1]} requests more",
                extra[1] <= 2 * extra[0],
            ),
        ],
    )


def _yes(holds: bool) -> str:  # noqa: FBT001 - it is what it says
    return "yes" if holds else "no"


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
