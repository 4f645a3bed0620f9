"""A worker may die at any instant: readers never notice, and the next attempt makes it whole."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from psa_operator.sync.spec import Mode, RunSpec
from tests.worker_process import start_and_kill, start_worker
from tests.world import World

_CHECKSUM = b"SELECT count(*), sum(hashtext((to_jsonb(ticket) - 'changed_at')::text)::bigint) FROM psa.ticket"
_WAITING = b"SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

Sum = tuple[int, int]


@pytest.mark.parametrize("kills", [4, pytest.param(300, marks=pytest.mark.soak)])
async def test_killed_at_random_instants_readers_see_the_old_or_the_new(world: World, kills: int) -> None:
    await world.full()
    world.psa.set(latency=0.02)
    for seed in range(kills):
        await _damage(world, random.Random(seed))
        before = await _checksum(world.dsn)
        spec = world.spec()
        async with _readers(world.dsn) as seen:
            await start_and_kill(spec, after=random.Random(seed).uniform(0.5, 2.5))
            outcome = await world.attempt(spec)
        # It may have published before it was killed, and then there is nothing left to attempt.
        assert (await world.row()).phase == "Succeeded", f"seed {seed}: {outcome}"
        await world.assert_equal_to_the_psa()
        assert seen <= {before, await _checksum(world.dsn)}, f"seed {seed}"


@pytest.mark.parametrize("waiting_for", ["ticket", "mark"], ids=["before it writes", "before it commits"])
async def test_killed_while_rolling_back_it_has_not_happened_or_happens_once(
    world: World, waiting_for: str
) -> None:
    await world.full()
    await _damage(world, random.Random(1))
    before = await _checksum(world.dsn)
    full = await world.full()
    after = await _checksum(world.dsn)
    spec = world.spec(Mode.ROLLBACK, rollback_of=full.name)

    async with _readers(world.dsn) as seen:
        await _start_and_kill_when_waiting(spec, for_rows_of=waiting_for)
        assert await _checksum(world.dsn) == after
        outcome = await world.attempt(spec)

    assert outcome.phase == "Succeeded", outcome
    assert await _checksum(world.dsn) == before
    assert seen <= {before, after}


async def _damage(world: World, chance: random.Random) -> None:
    some = chance.sample(sorted(world.truth()), 40)
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = ANY(%s)", some[:20])
    await world.sql("DELETE FROM ticket WHERE psa_id = ANY(%s)", some[:20])
    await world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = ANY(%s)", some[20:])
    world.psa.live(20)


async def _start_and_kill_when_waiting(spec: RunSpec, *, for_rows_of: str) -> None:
    """Hold rows that the worker needs, until it waits for them."""
    async with (
        await psycopg.AsyncConnection.connect(spec.database.dsn) as holder,
        await psycopg.AsyncConnection.connect(spec.database.dsn, autocommit=True) as looker,
    ):
        await holder.execute(f"SELECT FROM psa.{for_rows_of} FOR UPDATE".encode())
        worker = await start_worker(spec)
        for _ in range(1000):
            if await (await looker.execute(_WAITING)).fetchone():
                break
            await asyncio.sleep(0.02)
        worker.kill()
        await worker.wait()


@asynccontextmanager
async def _readers(dsn: str) -> AsyncIterator[set[Sum]]:
    """Read all the time, each statement for itself and within transactions; gives what was seen."""
    seen: set[Sum] = set()
    readers = [
        asyncio.create_task(_read_committed(dsn, seen)),
        asyncio.create_task(_repeatable_read(dsn, seen)),
    ]
    try:
        yield seen
    finally:
        for reader in readers:
            reader.cancel()
        results = await asyncio.gather(*readers, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results), results


async def _read_committed(dsn: str, seen: set[Sum]) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while True:
            seen.add(await _read(connection))


async def _repeatable_read(dsn: str, seen: set[Sum]) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        while True:
            async with connection.transaction():
                first = await _read(connection)
                await asyncio.sleep(0.5)
                assert await _read(connection) == first
            seen.add(first)


async def _read(connection: psycopg.AsyncConnection[tuple[int, int]]) -> Sum:
    row = await (await connection.execute(_CHECKSUM)).fetchone()
    await asyncio.sleep(0.005)
    assert row
    return int(row[0]), int(row[1])


async def _checksum(dsn: str) -> Sum:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        return await _read(connection)
