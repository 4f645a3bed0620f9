"""Explain: the answer about one ticket does not depend on how many there are."""

import statistics
import time
from collections.abc import Awaitable, Callable

import msgspec

from benchmarks import database
from benchmarks.report import Goal, Section
from benchmarks.site import Site, run_site
from benchmarks.worker import KEY, run_spec, run_worker
from psa_operator.hosts import HostPolicy
from psa_operator.psa.catalog import open_source
from psa_operator.store import open_archive
from psa_operator.sync.entities import Entity
from psa_operator.sync.explain import explain
from psa_operator.sync.spec import Mode, Selection

_ROUNDS = 7
_UNKNOWN = 40_000_000
_LOOPBACK = HostPolicy(frozenset({"127.0.0.1"}), allow_http=True)
_SCANNED = """
SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables
 WHERE schemaname = 'psa' AND relname IN ('ticket', 'ticket_technician', 'contact', 'company')
"""


async def measure(*, tiny: bool = False) -> Section:
    """One Full run, then questions about one ticket and about twenty."""
    tickets = 400 if tiny else 200_000
    async with run_site(tickets) as site:
        await run_worker(run_spec(site.psa, site.dsn, Mode.FULL))
        scanned = _scanned(site)
        shown = sorted(site.psa.ids())[:20]
        fetch = await _timed(lambda: _fetch(site, shown[0]))
        cases = {
            "one that is shown": await _timed(lambda: _explain(site, shown[0])),
            "one that nobody has": await _timed(lambda: _explain(site, _UNKNOWN)),
            "twenty that are shown": await _timed(lambda: _explain(site, *shown)),
        }
        scanned = _scanned(site) - scanned
    slowest = max(cases.values())
    return Section(
        f"Explain among {tickets:,} tickets",
        f"Medians of {_ROUNDS}, in a process that runs already, each with connections of its own to the PSA "
        "and the database, log-in and the trial of every area included. The simulator adds no latency: there "
        "are about eight round trips one after the other, so a PSA adds eight times its own.",
        ("asked for", "time", "times a fetch by id"),
        [("a fetch by id, nothing else", f"{fetch * 1000:.0f} ms", "1")]
        + [(name, f"{each * 1000:.0f} ms", f"{each / fetch:.1f}") for name, each in cases.items()],
        [
            Goal("an answer within 1 s", f"{slowest:.2f} s at most", slowest < 1),
            Goal("no large table is scanned", f"{scanned:,} rows read by scans", scanned == 0),
        ],
    )


async def _timed(ask: Callable[[], Awaitable[None]]) -> float:
    seconds = []
    for _ in range(_ROUNDS):
        began = time.monotonic()
        await ask()
        seconds.append(time.monotonic() - began)
    return statistics.median(seconds)


async def _fetch(site: Site, ticket_id: int) -> None:
    spec = run_spec(site.psa, site.dsn, Mode.QUICK)
    async with open_source(spec.account, spec.limits, _LOOPBACK) as source:
        await source.fetch(Entity.TICKETS, [ticket_id])


async def _explain(site: Site, *ticket_ids: int) -> None:
    spec = msgspec.structs.replace(run_spec(site.psa, site.dsn, Mode.QUICK), only=Selection(ticket_ids))
    async with (
        open_archive(spec.database, KEY) as archive,
        open_source(spec.account, spec.limits, _LOOPBACK) as source,
    ):
        await explain(spec, source, archive)


def _scanned(site: Site) -> int:
    with database.connect(site.dsn) as connection:
        (rows,) = connection.execute(_SCANNED).fetchone() or (0,)
    return int(rows)
