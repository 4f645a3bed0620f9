"""A Rollback puts back what a run replaced, and leaves what is newer."""

from typing import Any

from psa_operator.store.history import RunRow
from psa_operator.store.tables import TABLES
from psa_operator.sync.spec import Guard, Mode
from tests.world import World

Tables = dict[str, list[dict[str, Any]]]
# When a row was written is the time of the Rollback, for readers that look for news by it.
WRITTEN = "changed_at"
ANYTHING = Guard(max_count=10_000, max_percent=100)


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
