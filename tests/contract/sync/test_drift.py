"""A Full run says what the Quick runs before it had missed, and why."""

from psa_operator.sync.outcome import Drift
from psa_operator.sync.spec import Mode, TicketScope
from tests.world import World

ON_TIME = Drift()


async def test_what_was_missed_is_sorted_by_its_cause(world: World) -> None:
    await world.full()
    new, changed, deleted, damaged, *_ = sorted(world.truth())
    await world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = %s", damaged)
    world.psa.delete(deleted)
    # As a PSA does that shows a change only after a Quick run has gone past its stamp.
    for table in ("note", "time_entry", "ticket_technician"):
        await world.sql(f"DELETE FROM {table} WHERE ticket_id = %s", new)
    await world.sql("DELETE FROM ticket WHERE psa_id = %s", new)
    await world.sql(
        "UPDATE ticket SET summary = 'old', updated_at = updated_at - interval '1 day' WHERE psa_id = %s",
        changed,
    )

    row = await world.full()

    assert row.report.drift == Drift(missing=1, stale=1, damaged=1, undeleted=1)
    last = (await world.facts()).last_full
    assert last
    assert last.drift == row.report.drift


async def test_what_changed_since_the_last_quick_run_is_no_drift(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    world.psa.create(2)

    row = await world.full()

    assert row.report.counts["tickets"].updated + row.report.counts["tickets"].created == 5
    assert row.report.drift == ON_TIME


async def test_nothing_is_said_where_nothing_was_missed_or_can_be_known(world: World) -> None:
    first = await world.full()
    board = world.psa.ids("boards")[0]
    fewer = await world.full(scope=TicketScope(exclude_boards=(str(board),)))
    await world.run(Mode.QUICK)
    again = await world.full()

    assert (first.report.drift, fewer.report.drift, again.report.drift) == (None, None, None)
