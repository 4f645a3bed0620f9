"""Full: how far the worker is from what PostgreSQL can load at best, and ahead of a plain script."""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import database
from benchmarks.bulk_load import BulkLoad
from benchmarks.report import Goal, Section
from benchmarks.site import Site, change, run_site
from benchmarks.worker import KEY, run_spec, run_worker
from psa_operator.sync.spec import Mode

CHANGED = 0.01
MOST_TIMES_COPY = 2.3
LEAST_TIMES_FASTER = 3.4
_SCRIPT = Path(__file__).with_name("plain_script.py")

Load = Callable[[], Awaitable[float]]


@dataclass(frozen=True)
class Round:
    """Seconds that one round took."""

    copy: float
    worker: float
    script: float
    worker_again: float
    script_again: float


@dataclass(frozen=True)
class Contest:
    """The three, each with a database of its own on the same server."""

    site: Site
    bulk_load: BulkLoad
    copied: str
    scripted: str

    async def round(self, number: int) -> Round:
        """Everyone loads all from nothing; then a part changes, and who can brings it up to date."""
        for dsn in (self.copied, self.site.dsn, self.scripted):
            database.empty(dsn)
        copy, worker, script = await _in_turn(number, self.bulk_load.run, self._work, self._script)
        self._compare(self.copied, self.site.dsn, self.scripted)
        change(self.site.psa, CHANGED, f"round {number}")
        worker_again, script_again = await _in_turn(number, self._work, self._script)
        self._compare(self.site.dsn, self.scripted)
        self.bulk_load.make_files(self.site.dsn)
        return Round(copy, worker, script, worker_again, script_again)

    async def _work(self) -> float:
        return (await run_worker(run_spec(self.site.psa, self.site.dsn, Mode.FULL))).seconds

    async def _script(self) -> float:
        given = self.site.psa.credentials | {
            "url": self.site.psa.url, "dsn": self.scripted, "integration": KEY,
        }  # fmt: skip
        began = time.monotonic()
        script = await asyncio.create_subprocess_exec(sys.executable, _SCRIPT, stdin=asyncio.subprocess.PIPE)
        await script.communicate(json.dumps(given).encode())
        if script.returncode != 0:
            raise RuntimeError("the plain script failed")
        return time.monotonic() - began

    @staticmethod
    def _compare(*databases: str) -> None:
        first, *others = map(database.contents, databases)
        for other in others:
            if other != first:
                raise RuntimeError(f"they did not bring the same rows: {first} and {other}")


async def measure(*, tiny: bool = False) -> Section:
    """Alternate the three, each from emptied tables."""
    tickets, rounds = (300, 1) if tiny else (50_000, 5)
    async with run_site(tickets) as site:
        await run_worker(run_spec(site.psa, site.dsn, Mode.FULL))
        copied = await site.postgres.create_database("copied", "benchmark")
        scripted = await site.postgres.create_database("scripted", "benchmark")
        with tempfile.TemporaryDirectory(prefix="psa-operator-benchmark-") as folder:
            bulk_load = BulkLoad(site.postgres, copied, Path(folder))
            bulk_load.make_files(site.dsn)
            contest = Contest(site, bulk_load, copied, scripted)
            # The first one is not counted: in it the simulator renders its pages.
            measured = [await contest.round(number) for number in range(rounds + 1)][1:]
        rows = {table: count for table, (count, _) in database.contents(site.dsn).items()}
    return _section(measured, rows)


async def _in_turn(number: int, *loads: Load) -> list[float]:
    """Run one after the other, another one first in each round; seconds in the order given."""
    order = [(number + place) % len(loads) for place in range(len(loads))]
    seconds = {place: await loads[place]() for place in order}
    return [seconds[place] for place in range(len(loads))]


def _section(measured: Sequence[Round], rows: dict[str, int]) -> Section:
    copy = [each.copy for each in measured]
    cases = {
        "first load": ([each.worker for each in measured], [each.script for each in measured]),
        "1 % changed": ([each.worker_again for each in measured], [each.script_again for each in measured]),
    }
    table, goals = [], []
    for case, (worker, script) in cases.items():
        slower, faster = _ratio(worker, copy), _ratio(script, worker)
        table.append(
            (case, *map(_seconds, (copy, worker, script)), f"{slower:.2f}", f"{faster:.2f}")
        )  # fmt: skip
        goals += [
            Goal(
                f"{case}: at most {MOST_TIMES_COPY} times `psql \\copy`",
                f"{slower:.2f} times",
                slower <= MOST_TIMES_COPY,
            ),
            Goal(
                f"{case}: at least {LEAST_TIMES_FASTER} times faster than the plain script",
                f"{faster:.2f} times",
                faster >= LEAST_TIMES_FASTER,
            ),
        ]
    title = f"Full of {rows['ticket']:,} tickets"
    columns = ("", "psql \\copy", "worker", "plain script", "worker / copy", "script / worker")
    return Section(title, _how(rows, len(measured)), columns, table, goals)


def _how(rows: dict[str, int], rounds: int) -> str:
    return (
        f"{rows['ticket']:,} tickets with {rows['ticket_technician']:,} technicians assigned, "
        f"{rows['contact']:,} contacts and {rows['company']:,} companies; {rounds} rounds after one that is "
        "not counted, each contestant first in turn, ratios within a round, medians of these. All three load "
        "into the same tables with the same keys, foreign keys and indexes, on the same server (its "
        "default settings, but autovacuum is off), each in a database of its own, emptied by TRUNCATE and "
        "followed by CHECKPOINT; "
        "after each step the tables of all three are compared by count and checksum. **`psql \\copy`** loads "
        "files that were made before the clock starts: the small tables over one connection, then halves of "
        "contacts, tickets and technicians over two at once. It fetches nothing, stages nothing, proves "
        "nothing, and its tables are half full meanwhile; with 1 % changed it loads everything again into "
        "empty tables. **The worker** is the process as the operator starts it, from its start to its end: "
        "imports, migrations checked, access probed, everything fetched over HTTP, staged, proven against "
        "the PSA's lists and counts, compared and published in one transaction. **The plain script** is "
        "`benchmarks/plain_script.py`: sequential httpx, pydantic, pipelined `executemany` upserts; with 1 % "
        "changed it upserts all rows again."
    )


def _ratio(above: Sequence[float], below: Sequence[float]) -> float:
    return median(one / other for one, other in zip(above, below, strict=True))


def _seconds(measured: Sequence[float]) -> str:
    return f"{median(measured):.1f} s ({min(measured):.1f}-{max(measured):.1f})"
