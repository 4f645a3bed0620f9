"""A Rollback puts back what a run replaced, and leaves what is newer."""

from datetime import timedelta
from typing import Any

from psa_operator.store.history import RunRow
from psa_operator.store.tables import TABLES
from psa_operator.sync.spec import Mode, TicketScope
from tests.world import World, replaced

Tables = dict[str, list[dict[str, Any]]]
# When a row was written is the time of the Rollback, for readers that look for news by it.
WRITTEN = "changed_at"


async def live(world: World) -> Tables:
    """Every column of every live table but the time of writing."""
    tables = {}
    for table in TABLES.values():
        found = await world.sql(f"SELECT * FROM {table.name} ORDER BY 1, 2, 3")
        tables[table.name] = [{name: row[name] for name in row if name != WRITTEN} for row in found]
    return tables


async def damage(world: World) -> None:
    """By hand: everything that a Full run mends."""
    ids = sorted(world.truth())
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = ANY(%s)", ids[:20])
    await world.sql("DELETE FROM ticket WHERE psa_id = ANY(%s)", ids[:20])
    await world.sql("UPDATE ticket SET summary = 'by hand', stale = true WHERE psa_id = ANY(%s)", ids[20:40])
    await world.sql("UPDATE company SET phone = NULL, city = 'Nowhere'")


async def much_happens(world: World) -> None:
    """In the PSA, seen by no run yet."""
    ids = sorted(world.truth())
    world.psa.create(7)
    world.psa.delete(*ids[100:130])
    world.psa.change(*ids[200:260], summary="changed")
    world.psa.live(200)


async def roll_back(world: World, run: RunRow, **changes: Any) -> RunRow:
    """A Rollback that must succeed."""
    outcome = await world.run(Mode.ROLLBACK, rollback_of=run.name, **changes)
    assert outcome.phase == "Succeeded", outcome
    return await world.row()


async def test_after_a_full_run_every_column_of_every_table_is_as_before(world: World) -> None:
    await world.full()
    await damage(world)
    await much_happens(world)
    before, marks = await live(world), await world.sql("SELECT * FROM mark ORDER BY entity")
    full = await world.full()
    assert await live(world) != before

    row = await roll_back(world, full)

    assert await live(world) == before
    assert await world.sql("SELECT * FROM mark ORDER BY entity") == marks
    assert not row.report.kept_newer


async def test_rows_that_a_quick_run_brought_since_are_kept_and_named(world: World) -> None:
    await world.full()
    first, second, *_ = sorted(world.truth())
    world.psa.change(first, second, summary="by the Full run")
    full = await world.full()
    world.psa.change(second, summary="by the Quick run")
    await world.quick()

    row = await roll_back(world, full)

    summaries = {key: each["summary"] for key, each in (await world.tickets()).items()}
    assert summaries[first] != "by the Full run"
    assert summaries[second] == "by the Quick run"
    assert (row.report.counts["tickets"].kept_newer, row.report.kept_newer) == (1, {"tickets": [second]})


async def test_the_next_quick_run_reads_again_what_the_undone_run_had_read(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:50], summary="changed")
    await roll_back(world, await world.full())

    await world.quick()

    await world.assert_equal_to_the_psa()


async def test_an_undone_run_is_known_until_another_full_run_has_succeeded(world: World) -> None:
    await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full()
    await roll_back(world, full)
    await world.quick()
    undone = (await world.facts()).rolled_back

    await world.full()

    assert (undone, (await world.facts()).rolled_back) == (full.name, "")


async def test_an_undone_run_is_no_longer_the_last_full_run(world: World) -> None:
    first = await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full()
    facts = await world.facts()
    assert facts.rollback_until == full.report.rollback_until is not None

    await roll_back(world, full)

    facts = await world.facts()
    assert (facts.last_full and facts.last_full.name, facts.rollback_until) == (first.name, None)


async def test_a_dry_run_changes_nothing_and_says_what_the_rollback_then_does(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:7], summary="changed")
    full = await world.full()
    before = await live(world)

    planned = await roll_back(world, full, dry_run=True)
    kept = await live(world)
    done = await roll_back(world, full)

    assert kept == before
    assert planned.report.counts == done.report.counts
    assert len(planned.report.samples["tickets"]["updated"]) == 7


async def test_it_asks_the_psa_nothing(world: World) -> None:
    await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full()
    asked = world.psa.requests()["total"]

    await roll_back(world, full)

    assert world.psa.requests()["total"] == asked


async def test_too_many_rows_that_would_go_wait_for_an_approval_of_the_number(world: World) -> None:
    boards = world.psa.state("boards")
    await world.full(scope=TicketScope(include_boards=(boards[0]["name"],)))
    before = await live(world)
    full = await world.full()
    more = full.report.counts["tickets"].created
    spec = world.spec(Mode.ROLLBACK, rollback_of=full.name)

    waiting = await world.attempt(spec)
    approved = await world.attempt(replaced(spec, approved_deletions=(await world.row()).report.to_approve))

    assert (waiting.phase, waiting.reason) == ("", "DeletionGuard")
    assert f"{more:,} of {len(world.truth()):,} tickets" in waiting.message
    assert approved.phase == "Succeeded", approved
    assert await live(world) == before


async def refused(world: World, name: str, **changes: Any) -> tuple[str, str]:
    """Reason and message of a Rollback that fails and changes nothing."""
    before = await live(world)
    outcome = await world.run(Mode.ROLLBACK, rollback_of=name, **changes)
    assert outcome.phase == "Failed", outcome
    assert await live(world) == before
    assert "Nothing was changed." in outcome.message
    return outcome.reason, outcome.message


async def test_the_first_load_cannot_be_undone(world: World) -> None:
    first = await world.full()

    assert (await refused(world, first.name))[0] == "FirstLoad"


async def test_a_run_that_changed_nothing_kept_nothing(world: World) -> None:
    await world.full()
    unchanged = await world.full()

    assert (await refused(world, unchanged.name))[0] == "NothingKept"
    assert await world.sql("SELECT count(*) AS n FROM row_history") == [{"n": 0}]
    assert await world.sql("SELECT action FROM change_log") == [{"action": "baseline"}]


async def test_nothing_is_undone_twice(world: World) -> None:
    await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full()
    undone = await roll_back(world, full)

    reason, message = await refused(world, full.name)

    assert reason == "AlreadyRolledBack"
    assert undone.name in message
    assert (await refused(world, undone.name))[0] == "ModeNotReversible"


async def test_after_the_window_the_message_says_until_when_it_was(world: World) -> None:
    await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full(rollback_window=timedelta(microseconds=1))

    reason, message = await refused(world, full.name)

    assert reason == "RollbackWindowEnded"
    assert f"could be undone until {full.report.rollback_until:%Y-%m-%d %H:%M} UTC" in message
    assert await world.sql("SELECT count(*) AS n FROM row_history") == [{"n": 0}]


async def test_a_window_of_nothing_keeps_nothing(world: World) -> None:
    await world.full()
    world.psa.change(min(world.truth()), summary="changed")
    full = await world.full(rollback_window=timedelta())

    reason, message = await refused(world, full.name)

    assert (reason, full.report.rollback_until) == ("NothingKept", None)
    assert "spec.rollbackWindow was 0s" in message


async def test_a_run_that_did_not_publish_or_kept_nothing_cannot_be_undone(world: World) -> None:
    await world.full()
    dry, quick = await world.full(dry_run=True), await world.quick()
    world.psa.fault("empty-list", "service/tickets")
    await world.run(Mode.FULL)
    failed = await world.row()

    assert (await refused(world, dry.name))[0] == "RunNotPublished"
    assert (await refused(world, failed.name))[0] == "RunNotPublished"
    assert (await refused(world, quick.name))[0] == "ModeNotReversible"
    assert (await refused(world, "tests/never-made"))[0] == "RunNotFound"


async def test_a_run_of_another_integration_cannot_be_undone(world: World) -> None:
    await world.full()
    other = await World(world.psa, world.dsn, key="tests/other").full()

    reason, message = await refused(world, other.name)

    assert (reason, "tests/other" in message) == ("RunOfAnotherIntegration", True)
