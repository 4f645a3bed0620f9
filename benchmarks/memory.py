"""Memory: the worker's peak does not follow the number of tickets."""

from benchmarks.report import Goal, Section
from benchmarks.site import run_site
from benchmarks.worker import run_spec, run_worker
from psa_operator.sync.spec import Mode

MOST_MEGABYTES = 250
MOST_GROWTH = 1.15


async def measure(*, tiny: bool = False) -> Section:
    """First load and repetition at two sizes."""
    sizes = (200, 800) if tiny else (50_000, 200_000)
    rows, peaks = [], []
    for tickets in sizes:
        async with run_site(tickets) as site:
            first = await run_worker(run_spec(site.psa, site.dsn, Mode.FULL))
            again = await run_worker(run_spec(site.psa, site.dsn, Mode.FULL))
        peaks.append(max(first.megabytes, again.megabytes))
        rows.append((f"{tickets:,}", f"{first.megabytes:.0f} MB", f"{again.megabytes:.0f} MB"))
    growth = peaks[1] / peaks[0]
    return Section(
        "Memory of the worker",
        "The high-water mark of the worker's resident memory (VmHWM) as the kernel keeps it, over the first "
        "Full run and over one that finds nothing changed.",
        ("tickets", "first Full", "Full again"),
        rows,
        [
            Goal(
                f"at most {MOST_MEGABYTES} MB at {sizes[1]:,} tickets",
                f"{peaks[1]:.0f} MB",
                peaks[1] <= MOST_MEGABYTES,
            ),
            Goal(f"within 15 % of {sizes[0]:,} tickets", f"{growth:.2f} times", growth <= MOST_GROWTH),
        ],
    )
