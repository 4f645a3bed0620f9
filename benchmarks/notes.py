"""Whole tickets: what notes and time entries cost in requests, time and WAL."""

import random
from dataclasses import dataclass

from benchmarks import database
from benchmarks.memory import MOST_MEGABYTES
from benchmarks.report import Goal, Section
from benchmarks.site import Site, change, run_site
from benchmarks.watch import watching
from benchmarks.worker import UNLIMITED, run_spec, run_worker
from psa_operator.sync.progress import VERIFYING
from psa_operator.sync.spec import Mode, Notes, TicketScope

LATENCY = 0.05
NOTES, TIME_ENTRIES = 2, 1
_CHANGED = 0.01
_SLOWER_THAN_NEAR, _SLOWER_THAN_WAITING = 1.3, 1.15
_TICKETS_A_REQUEST = 25
_WAL_SHARE = 0.2
_VERIFYING = 0.15
_STALL = 0.1
_READ = 200
_COLUMNS = (
    "Full run", "time", "requests", "of these bundles", "WAL", "verifying", "longest point read", "memory",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One Full run."""

    what: str
    seconds: float
    requests: int
    bundles: int
    wal: int
    verifying: float
    longest_read: float
    megabytes: float

    def row(self) -> tuple[str, ...]:
        return (
            self.what,
            f"{self.seconds:.1f} s",
            f"{self.requests:,}",
            f"{self.bundles:,}",
            f"{self.wal / 2**20:,.0f} MB",
            f"{self.verifying:.0%}",
            f"{self.longest_read * 1000:.0f} ms",
            f"{self.megabytes:.0f} MB",
        )


async def measure(*, tiny: bool = False) -> Section:
    """Full runs of the same tickets: near, far, and again with each way to read notes."""
    tickets = 300 if tiny else 50_000
    async with run_site(tickets, notes=NOTES, time_entries=TIME_ENTRIES) as site:
        near = await _case(site, "first, 0 ms")
        database.empty(site.dsn)
        site.psa.set(latency=LATENCY)
        far = await _case(site, f"first, {LATENCY * 1000:.0f} ms")
        change(site.psa, _CHANGED, "notes")
        again = await _case(site, "1 % changed, Refetch")
        change(site.psa, _CHANGED, "again")
        reused = await _case(site, "1 % changed, ReuseUnchanged", Notes.REUSE_UNCHANGED)
        without = await _case(site, "None, the notes leave", Notes.NONE)
    cases = (near, far, again, reused, without)
    slowest = max(case.longest_read for case in cases)
    most_memory = max(case.megabytes for case in cases)
    waiting = far.requests * LATENCY / UNLIMITED.concurrency
    most = max(_SLOWER_THAN_NEAR * near.seconds, _SLOWER_THAN_WAITING * waiting)
    return Section(
        f"Whole tickets: {tickets:,}, each with {NOTES} notes and {TIME_ENTRIES} time entry",
        "A worker process for each row, over the same tickets; requests and bundles as the simulator counted "
        f"them, WAL as PostgreSQL did. The simulator waits {LATENCY * 1000:.0f} ms for every answer but in "
        f"the first row, and takes no longer for a bundle; {UNLIMITED.concurrency} requests at once, and as "
        "many a minute as we like. Verifying is the share of the time in which the run says so of itself, "
        "looked at ten times a second. All the while a reader asks for one ticket after the other, 5 ms "
        "apart, through the view. Memory is the worker's high-water mark. Every row but the first two is a "
        "Full run over the same live tables.",
        _COLUMNS,
        [case.row() for case in cases],
        [
            Goal(
                f"with {LATENCY * 1000:.0f} ms at most {_SLOWER_THAN_NEAR} x the time with 0 ms, or "
                f"{_SLOWER_THAN_WAITING} x (requests x {LATENCY * 1000:.0f} ms / {UNLIMITED.concurrency})",
                f"{far.seconds:.1f} s, allowed {most:.1f} s",
                far.seconds <= most,
            ),
            Goal(
                f"at most one request for the notes of {_TICKETS_A_REQUEST} tickets",
                f"one for {tickets / max(1, far.bundles):.0f}",
                far.bundles * _TICKETS_A_REQUEST <= tickets,
            ),
            Goal(
                "with 1 % changed at most a fifth of the WAL of the first run",
                f"{again.wal / far.wal:.2f}",
                again.wal <= _WAL_SHARE * far.wal,
            ),
            Goal(
                f"proving and checks at most {_VERIFYING:.0%} of the time of the first run",
                f"{far.verifying:.0%}",
                far.verifying <= _VERIFYING,
            ),
            Goal(
                f"no point reader waits longer than {_STALL * 1000:.0f} ms",
                f"{slowest * 1000:.0f} ms",
                slowest <= _STALL,
            ),
            Goal(f"at most {MOST_MEGABYTES} MB", f"{most_memory:.0f} MB", most_memory <= MOST_MEGABYTES),
        ],
    )


async def _case(site: Site, what: str, notes: Notes = Notes.REFETCH) -> Case:
    site.psa.clear_requests()
    before = database.wal(site.dsn)
    spec = run_spec(site.psa, site.dsn, Mode.FULL, scope=TicketScope(notes=notes))
    some = random.Random(what).sample(site.psa.ids(), _READ)
    async with watching(site.dsn, spec.run_id, some) as seen:
        attempt = await run_worker(spec)
    sent = site.psa.requests()
    bundles = sum(number for path, number in sent["byPath"].items() if path.endswith("system/bundles"))
    wal = database.wal(site.dsn) - before
    share = seen.share(VERIFYING)
    return Case(
        what, attempt.seconds, sent["total"], bundles, wal, share, seen.longest_read, attempt.megabytes
    )
