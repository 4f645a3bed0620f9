"""What the benchmarks run against: a PostgreSQL, and a simulated ConnectWise."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from psa_operator.devcluster.postgres import Postgres, run_postgres
from psa_operator.store.schema import migrate
from psa_operator.sync.spec import Database
from tests.simulator_process import SimulatorProcess, start_simulator

SEED = 1
SETTINGS = {"autovacuum": "off"}
"""Its defaults, but for what would start at a moment of its own and hit one contestant and not the other."""


@dataclass(frozen=True)
class Site:
    """One PSA, and one database with our tables, all of them empty."""

    postgres: Postgres
    dsn: str
    psa: SimulatorProcess


@asynccontextmanager
async def run_site(tickets: int, **options: float) -> AsyncIterator[Site]:
    """Start both, the PSA with more options if any; the end stops them and removes their files."""
    async with run_postgres(settings=SETTINGS) as postgres:
        dsn = await postgres.create_database("benchmark")
        await migrate(Database(dsn))
        psa = await asyncio.to_thread(start_simulator, tickets, SEED, **options)
        with psa:
            yield Site(postgres, dsn, psa)


def change(psa: SimulatorProcess, share: float, word: str) -> int:
    """Give so many of the tickets another summary, chosen at random; how many these are."""
    ids = psa.ids()
    chosen = random.Random(word).sample(ids, max(1, round(len(ids) * share)))
    psa.change(*chosen, summary=f"changed: {word}")
    return len(chosen)
