"""Others may hold live rows: the run gives way, tries again, and names them."""

import asyncio

import psycopg
import pytest

from psa_operator.errors import LiveRowsLockedError, TransientError
from psa_operator.sync.outcome import Report
from tests.contract.store.world import (
    EVERYTHING,
    bring,
    claimed,
    publish,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)

BY_HAND = """
INSERT INTO ticket (integration_id, psa_id, summary, closed, changed_by_run, changed_at)
SELECT integration_id, 9, 'by hand', closed, changed_by_run, changed_at FROM ticket WHERE psa_id = 1
"""
HELD = "SELECT 1 FROM psa.ticket WHERE psa_id = 1 FOR UPDATE"


async def test_who_holds_a_row_for_long_is_named(database: str) -> None:
    await bring(database, tickets(1))
    async with await psycopg.AsyncConnection.connect(database, application_name="portal") as portal:
        await portal.execute(HELD)
        async with claimed(spec(database)) as run, staged(run, records=[ticket(1, "new")]) as stage:
            with pytest.raises(LiveRowsLockedError, match=rf"portal \(pid {portal.info.backend_pid}"):
                await publish(stage)

    assert await summaries(database) == {1: "Printer on fire"}


async def test_who_holds_a_row_for_a_moment_is_waited_for(database: str) -> None:
    await bring(database, tickets(1))
    async with await psycopg.AsyncConnection.connect(database) as portal:
        await portal.execute(HELD)
        asyncio.get_running_loop().call_later(1.5, lambda: asyncio.ensure_future(portal.commit()))
        await bring(database, [ticket(1, "new")])

    assert await summaries(database) == {1: "new"}


async def test_a_foreign_key_of_the_portal_holds_up_no_update(database: str) -> None:
    await bring(database, tickets(1))
    async with await psycopg.AsyncConnection.connect(database) as portal:
        await portal.execute("SELECT 1 FROM psa.ticket WHERE psa_id = 1 FOR KEY SHARE")
        async with asyncio.timeout(5):
            await bring(database, [ticket(1, "new")])

    assert await summaries(database) == {1: "new"}


async def test_no_more_is_deleted_than_was_verified(database: str) -> None:
    await bring(database, tickets(1, 2))
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        columns = (
            "integration_id, 9, 'by hand', closed, changed_by_run, changed_at FROM ticket WHERE psa_id = 1"
        )
        insert = "INSERT INTO ticket (integration_id, psa_id, summary, closed, changed_by_run, changed_at)"
        await rows(database, f"{insert} SELECT {columns}")
        with pytest.raises(TransientError, match="2 tickets where 1 were verified"):
            await stage.publish(EVERYTHING, {}, Report())

    assert set(await summaries(database)) == {1, 2, 9}
