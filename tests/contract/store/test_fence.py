"""One writer per integration: who was taken over commits nothing, and nobody waits for a page."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import msgspec
import psycopg
import pytest

from psa_operator.errors import FencedError, TransientError, UnavailableError
from psa_operator.store import open_store
from psa_operator.store.claim import claim
from psa_operator.store.connection import connect
from psa_operator.store.history import create_run, end_run, read_run, release_run, request_cancel
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Progress, Report
from psa_operator.sync.ports import Page
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
    EVERYTHING,
    WHOLE,
    bring,
    claimed,
    publish,
    rows,
    spec,
    staged,
    summaries,
    tickets,
)

SILENT = "UPDATE run SET heartbeat_at = now() - interval '2 minutes' WHERE active"
FENCE = "SELECT 1 FROM psa.run FOR KEY SHARE"


async def test_who_was_taken_over_can_stage_nothing_more(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as old:
        stage = await old.open_stage(Mode.FULL)
        async with claimed(asked) as new:
            assert new.attempt == old.attempt + 1
            with pytest.raises(FencedError):
                await stage.append(Page(Entity.TICKETS, tickets(1)), WHOLE)


async def test_who_was_taken_over_can_publish_nothing(database: str) -> None:
    await bring(database, tickets(1, 2))
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        async with claimed(asked):
            with pytest.raises(FencedError):
                await stage.publish(EVERYTHING, {}, Report())

    assert set(await summaries(database)) == {1, 2}


async def test_who_was_taken_over_learns_it_from_its_heartbeat(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as old, claimed(asked):
        with pytest.raises(FencedError):
            await old.report(Progress("Fetching"), Report())


async def test_an_order_that_is_older_than_the_last_attempt_claims_nothing(database: str) -> None:
    asked = spec(database)
    await create_run(asked)
    order = msgspec.structs.replace(asked, attempts_before=0)
    async with claimed(order) as run:
        with pytest.raises(FencedError, match="attempt 1"):
            async with claimed(order):
                pass

        await run.report(Progress("Fetching"), Report())


async def test_a_worker_is_alive_while_it_is_heard_of_or_has_a_session(database: str) -> None:
    asked = spec(database)
    old = "UPDATE run SET heartbeat_at = now() - interval '30 seconds'"
    async with claimed(asked) as run:
        await rows(database, old)
        with_session = await read_run(asked.database, asked.run_id)
        await rows(database, SILENT)
        silent = await read_run(asked.database, asked.run_id)
        await run.report(Progress("Fetching"), Report())
    just_died = await read_run(asked.database, asked.run_id)
    await rows(database, old)
    dead = await read_run(asked.database, asked.run_id)

    assert [each and each.alive for each in (with_session, silent, just_died, dead)] == [
        True,
        False,
        True,
        False,
    ]


async def test_a_run_that_was_ended_from_outside_publishes_nothing(database: str) -> None:
    await bring(database, tickets(1, 2))
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        await end_run(asked.database, asked.run_id, "Cancelled", "IntegrationDeleted", "It is gone")
        with pytest.raises(FencedError):
            await stage.publish(EVERYTHING, {}, Report())

    assert set(await summaries(database)) == {1, 2}


async def test_an_end_from_outside_comes_too_late_once_it_is_published(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)) as stage:
        await publish(stage)

    await end_run(asked.database, asked.run_id, "Cancelled", "DeadlineExceeded", "Too slow")

    row = await read_run(asked.database, asked.run_id)
    assert row
    assert row.phase == "Succeeded"


async def test_another_run_is_refused_while_one_works(database: str) -> None:
    async with claimed(spec(database)):
        with pytest.raises(TransientError, match=r"msp/full \(Full\) is working on this") as refusal:
            async with claimed(spec(database, Mode.QUICK)):
                pass

    assert refusal.value.reason == "AnotherRunActive"


async def test_runs_of_two_integrations_work_at_once(database: str) -> None:
    async with claimed(spec(database, key="msp/one")), claimed(spec(database, key="msp/two")):
        active = await rows(database, "SELECT count(*) FROM run WHERE active")

    assert active == [(2,)]


async def test_a_worker_that_fell_silent_is_fenced_off_by_the_next_run(database: str) -> None:
    async with claimed(spec(database)) as dead, staged(dead, records=tickets(1)) as stage:
        await rows(database, SILENT)
        async with claimed(spec(database, Mode.QUICK)):
            with pytest.raises(FencedError):
                await stage.merge(Page(Entity.TICKETS, tickets(2)))


async def test_a_silent_worker_that_hangs_in_a_transaction_is_disconnected(database: str) -> None:
    dead = spec(database)
    async with claimed(dead):
        await rows(database, SILENT)
        name = f"psa-operator {dead.run_id}/1"
        hung = await psycopg.AsyncConnection.connect(database, application_name=name)
        await hung.execute(FENCE)

        async with asyncio.timeout(20), claimed(spec(database, Mode.QUICK)):
            pass

        with pytest.raises(psycopg.OperationalError):
            await hung.execute("SELECT 1")
        with suppress(psycopg.Error):
            await hung.close()


async def test_a_session_of_another_role_that_hangs_holds_up_no_new_attempt(database: str) -> None:
    asked = spec(database)
    await create_run(asked)
    name = f"psa-operator {asked.run_id}/1"
    async with await psycopg.AsyncConnection.connect(database, application_name=name):
        await rows(database, "GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA psa TO pg_read_all_data")
        async with connect(asked.database) as newcomer:
            await newcomer.execute("SET ROLE pg_read_all_data")
            claimed_by_another = await claim(newcomer, asked)

    assert claimed_by_another.attempt == 1


async def test_heartbeats_and_cancel_requests_do_not_wait_for_a_page(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, run._worker.writing(), asyncio.timeout(5):
        await request_cancel(asked.database, asked.run_id, "No more")
        signal = await run.report(Progress("Fetching"), Report())

    assert (signal.cancel_requested, signal.cancel_reason) == (True, "No more")


async def test_an_end_from_outside_waits_for_what_is_being_committed(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, run._worker.writing():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await end_run(asked.database, asked.run_id, "Cancelled", "Deleted", "It is gone")


async def test_a_page_that_hangs_holds_up_no_new_attempt(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run:
        with pytest.raises(UnavailableError):
            async with run._worker.writing() as hung, asyncio.timeout(20), claimed(asked):
                await hung.execute("SELECT 1")


async def test_a_run_that_has_ended_is_not_begun_again(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run:
        await run.finish("Failed", "Guard", "Too many deletions", Report())

    with pytest.raises(FencedError, match="ended already"):
        async with claimed(asked):
            pass


async def test_a_released_attempt_leaves_the_integration_to_others(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run:
        await run.release("Unavailable", "PSA is down", charge=True, retry_after=30)

    async with claimed(spec(database, Mode.QUICK)):
        row = await read_run(asked.database, asked.run_id)
    assert row
    assert (row.failures, row.active, row.reason, row.ended_at) == (1, False, "Unavailable", None)
    assert row.retry_at


async def test_an_attempt_that_died_silently_can_be_released_from_outside(database: str) -> None:
    asked = spec(database)
    await create_run(asked)
    async with claimed(asked):
        pass

    await release_run(asked.database, asked.run_id, "Killed", "Signal 9", charge=True, retry_after=None)

    row = await read_run(asked.database, asked.run_id)
    assert row
    assert (row.active, row.failures, row.attempt, row.retry_at) == (False, 1, 1, None)


async def test_what_a_run_that_is_over_had_staged_is_swept_by_the_next_claim(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    await rows(database, "UPDATE run SET finished_at = now(), active = false")

    async with open_store(asked.database) as store, store.claim(spec(database)):
        assert await rows(database, "SELECT relname FROM pg_class WHERE relname LIKE 'full_%'") == []


async def test_two_claims_at_the_same_moment_leave_one_writer(database: str) -> None:
    asked = [spec(database, run_id=str(uuid4())) for _ in range(4)]

    async def claim(number: int) -> bool:
        try:
            async with claimed(asked[number]):
                await asyncio.sleep(1)
                return True
        except TransientError:
            return False

    assert sum(await asyncio.gather(*map(claim, range(4)))) == 1
