"""What a run replaces is kept until its window ends, and no longer."""

from datetime import timedelta

import pytest

from psa_operator.errors import RollbackError
from psa_operator.store.history import forget
from psa_operator.sync.outcome import Report
from psa_operator.sync.spec import Database, Mode, RunSpec
from tests.contract.store.world import (
    EVERYTHING,
    bring,
    changed,
    claimed,
    publish,
    rows,
    spec,
    staged,
    ticket,
    tickets,
)

KEPT = "SELECT entity, psa_id, action::text, former ->> 'summary' FROM row_history ORDER BY psa_id"
NOW = [changed(ticket(1), 1, summary="New"), ticket(2), ticket(4)]


async def bring_now(asked: RunSpec) -> Report:
    """A Full run with these tickets: one is new, one changed, one gone."""
    report = Report()
    async with claimed(asked) as run, staged(run, records=NOW) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        await stage.publish(EVERYTHING, {}, report)
    return report


async def end_the_window(database: str) -> None:
    await rows(database, "UPDATE run SET rollback_until = now() - interval '1 second'")


async def test_a_full_run_keeps_the_rows_that_it_replaces_and_the_ids_that_are_new(database: str) -> None:
    await bring(database, tickets(1, 2, 3))

    report = await bring_now(spec(database))

    assert await rows(database, KEPT) == [
        ("tickets", 1, "u", "Printer on fire"),
        ("tickets", 3, "d", "Printer on fire"),
        ("tickets", 4, "c", None),
    ]
    assert await rows(database, "SELECT rollback_until FROM run WHERE NOT baseline") == [
        (report.rollback_until,)
    ]


async def test_the_first_load_keeps_nothing_but_a_note(database: str) -> None:
    await bring(database, tickets(1, 2, 3))

    assert await rows(database, KEPT) == []
    assert await rows(database, "SELECT baseline, rollback_until FROM run") == [(True, None)]


async def test_a_run_that_changes_nothing_keeps_nothing(database: str) -> None:
    await bring(database, NOW)
    await bring_now(spec(database))

    assert await rows(database, KEPT) == []


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_a_quick_run_and_a_window_of_nothing_keep_nothing(database: str, mode: Mode) -> None:
    await bring(database, tickets(1, 2))
    async with (
        claimed(spec(database, mode, rollback_window=timedelta())) as run,
        staged(run, mode, NOW) as stage,
    ):
        await publish(stage)

    assert await rows(database, KEPT) == []


async def test_the_next_run_forgets_what_cannot_be_put_back_any_more(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring_now(spec(database))
    await rows(
        database, "UPDATE change_log SET changed_at = now() - interval '31 days' WHERE action = 'baseline'"
    )
    await end_the_window(database)

    async with claimed(spec(database, Mode.QUICK)):
        assert await rows(database, KEPT) == []
        assert await rows(database, "SELECT count(*) FROM change_log WHERE action = 'baseline'") == [(0,)]
        assert await rows(database, "SELECT count(*) FROM change_log") == [(3,)]


async def test_it_is_forgotten_where_no_run_comes_as_well(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring_now(spec(database))
    await forget(Database(database))
    assert len(await rows(database, KEPT)) == 3

    await end_the_window(database)
    await forget(Database(database))

    assert await rows(database, KEPT) == []


async def test_a_database_without_our_tables_has_nothing_to_forget(database_of_each_version: str) -> None:
    await forget(Database(database_of_each_version))


async def test_what_can_be_put_back_stays(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring_now(spec(database))

    async with claimed(spec(database, Mode.QUICK)):
        assert len(await rows(database, KEPT)) == 3


async def test_a_window_that_ends_while_it_is_undone_stops_it_whole(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring_now(spec(database))
    asked = spec(database, Mode.ROLLBACK, rollback_of="msp/full")
    async with claimed(asked) as run:
        await run.undo("msp/full")
        stage = await run.open_stage(Mode.ROLLBACK)
        await stage.seal(await stage.difference(EVERYTHING))
        await end_the_window(database)
        with pytest.raises(RollbackError, match="just ended"):
            await stage.publish(EVERYTHING, {}, Report())

    assert await rows(database, "SELECT psa_id FROM ticket ORDER BY 1") == [(1,), (2,), (4,)]


async def test_the_run_to_undo_stays_the_same_for_all_attempts(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring_now(spec(database))
    asked = spec(database, Mode.ROLLBACK, rollback_of="msp/full")
    async with claimed(asked) as run:
        first = await run.undo("msp/full")
        await run.release("", "", charge=False, retry_after=None)
    await bring(database, NOW)

    async with claimed(asked) as run:
        assert await run.undo("msp/full") == first
