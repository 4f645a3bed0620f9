"""The run history answers the operator: what runs did, and what is known of an integration."""

import asyncio

import psycopg
from psycopg import sql

from psa_operator.store.facts import Facts, LastRun, integration_facts
from psa_operator.store.history import create_run, end_run, read_run, request_cancel, unfinished_runs
from psa_operator.sync.entities import LARGE, Entity
from psa_operator.sync.outcome import Counts, Progress, Report
from psa_operator.sync.ports import Refused
from psa_operator.sync.spec import Database, Mode
from psa_operator.sync.storage import Mark
from tests.contract.store.world import NOON, bring, claimed, publish, rows, spec, staged, tickets


async def test_a_database_without_our_tables_has_no_history(database_of_each_version: str) -> None:
    empty = Database(database_of_each_version)

    assert await read_run(empty, spec(empty.dsn).run_id) is None
    assert await unfinished_runs(empty, "msp/acme") == []
    assert await integration_facts(empty, "msp/acme") == Facts()


async def test_a_pending_run_keeps_what_was_asked_for(database: str) -> None:
    asked = spec(database, reason="boards changed", requested_by="ann", dry_run=True)
    await create_run(asked)
    await create_run(asked)

    row = await read_run(asked.database, asked.run_id)

    assert row
    assert (row.name, row.why, row.requested_by, row.dry_run) == ("msp/full", "boards changed", "ann", True)
    assert (row.phase, row.attempt, row.started_at, row.report) == ("Pending", 0, None, Report())
    assert row.config_hash == asked.config_hash


async def test_a_working_run_shows_what_its_worker_reports(database: str) -> None:
    asked = spec(database)
    progress = Progress("Fetching", percent=40, entity="tickets", fetched={"tickets": 7})
    async with claimed(asked) as run:
        await run.report(progress, Report(notices=["hello"]))
        row = await read_run(asked.database, asked.run_id)

    assert row
    assert (row.phase, row.active, row.progress) == ("Fetching", True, progress)
    assert row.report.notices == ["hello"]
    assert row.heartbeat_at


async def test_the_counts_of_a_published_run_stay_in_its_report(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1, 2)) as stage:
        await publish(stage)

    row = await read_run(asked.database, asked.run_id)

    assert row
    assert (row.phase, row.active, row.reason) == ("Succeeded", False, "Succeeded")
    assert row.report.counts["tickets"] == Counts(fetched=2, created=2)
    assert row.ended_at


async def test_a_cancel_request_is_kept_until_the_worker_reads_it(database: str) -> None:
    asked = spec(database)
    await create_run(asked)
    await request_cancel(asked.database, asked.run_id, "Not now")
    await request_cancel(asked.database, asked.run_id, "Not now either")

    async with claimed(asked) as run:
        signal = await run.report(Progress("Preparing"), Report())

    assert (signal.cancel_requested, signal.cancel_reason) == (True, "Not now")


async def test_ending_a_run_drops_what_it_staged(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass

    await end_run(asked.database, asked.run_id, "Cancelled", "IntegrationDeleted", "The integration is gone")

    row = await read_run(asked.database, asked.run_id)
    assert row
    assert (row.phase, row.reason, row.active) == ("Cancelled", "IntegrationDeleted", False)
    assert await rows(database, "SELECT relname FROM pg_class WHERE relname LIKE 'full_%'") == []


async def test_a_staged_table_that_somebody_reads_holds_up_no_end(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    [(table,)] = await rows(
        database, "SELECT relname FROM pg_class WHERE relname LIKE 'full_ticket_%' LIMIT 1"
    )

    async with await psycopg.AsyncConnection.connect(database) as reader, asyncio.timeout(20):
        await reader.execute(sql.SQL("SELECT FROM psa_stage.{}").format(sql.Identifier(table)))
        await end_run(asked.database, asked.run_id, "Cancelled", "IntegrationDeleted", "It is gone")

    row = await read_run(asked.database, asked.run_id)
    assert row
    assert row.phase == "Cancelled"


async def test_a_new_attempt_does_not_show_the_progress_of_the_one_before(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run:
        await run.report(Progress("Verifying", percent=90), Report())

    async with claimed(asked):
        row = await read_run(asked.database, asked.run_id)

    assert row
    assert (row.phase, row.progress) == ("Preparing", None)


async def test_runs_that_have_not_ended_are_listed_oldest_first(database: str) -> None:
    first, second, other = spec(database), spec(database, Mode.QUICK), spec(database, key="msp/other")
    ended = spec(database)
    for each in (first, ended, second, other):
        await create_run(each)
    await end_run(ended.database, ended.run_id, "Failed", "X", "Y")

    listed = await unfinished_runs(first.database, "msp/acme")

    assert [row.run_id for row in listed] == [first.run_id, second.run_id]


async def test_facts_of_an_integration(database: str) -> None:
    asked = spec(database)
    covered = {entity: Mark(NOON, NOON) for entity in LARGE}
    bad = Refused(9, "summary", "too long", "{}")
    async with claimed(asked) as run, staged(run, records=tickets(1, 2), refused=[bad]) as stage:
        await run.check_identity("ConnectWise", "acme")
        await publish(stage, marks=covered)

    facts = await integration_facts(asked.database, "msp/acme")

    assert (facts.counts[Entity.TICKETS], facts.quarantined, facts.identity) == (2, 1, "acme")
    assert (facts.covered_until, facts.full_config_hash) == (NOON, asked.config_hash)
    assert isinstance(facts.last_full, LastRun)
    assert facts.last_quick is None


async def test_a_dry_run_is_not_the_last_run(database: str) -> None:
    async with claimed(spec(database, dry_run=True)) as run, staged(run, records=tickets(1)):
        await run.finish("Succeeded", "DryRun", "Nothing was changed", Report())

    assert (await integration_facts(Database(database), "msp/acme")).last_full is None


async def test_a_found_difference_stands_until_a_run_without_one(database: str) -> None:
    await bring(database, tickets(1))
    await rows(database, """UPDATE run SET report = report || '{"resync_required": "1 is missing"}'""")
    facts = await integration_facts(Database(database), "msp/acme")
    assert facts.resync_required == "1 is missing"

    await bring(database, tickets(1))
    assert (await integration_facts(Database(database), "msp/acme")).resync_required == ""
