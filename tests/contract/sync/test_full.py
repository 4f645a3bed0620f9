"""A Full run makes the live tables what the PSA has, at once or not at all."""

from datetime import UTC, datetime

from psa_operator.store import migrate
from psa_operator.store.tables import TABLES
from psa_operator.sync.spec import Database, DateField, DateRange, Guard, TicketScope
from tests.simulator_process import start_simulator
from tests.world import World


async def test_the_first_run_brings_every_ticket_with_all_it_refers_to(world: World) -> None:
    row = await world.full()

    await world.assert_equal_to_the_psa()
    counts = row.report.counts["tickets"]
    assert counts.created == counts.fetched == len(world.truth())


async def test_a_second_run_without_changes_writes_no_row(world: World) -> None:
    await world.full()
    before = await world.sql("SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id")

    row = await world.full()

    assert row.report.counts["tickets"].unchanged == len(before)
    assert await world.sql("SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id") == before


async def test_damage_of_every_kind_is_repaired_and_counted(world: World) -> None:
    await world.full()
    ids = sorted(world.truth())
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = ANY(%s)", ids[:3])
    await world.sql("DELETE FROM ticket WHERE psa_id = ANY(%s)", ids[:3])
    await world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = ANY(%s)", ids[3:5])
    world.psa.delete(ids[5])

    counts = (await world.full()).report.counts["tickets"]

    await world.assert_equal_to_the_psa()
    assert (counts.created, counts.updated, counts.deleted) == (3, 2, 1)


async def test_a_list_of_many_pages_is_proven_in_intervals_while_the_psa_lives_on(database: str) -> None:
    await migrate(Database(database))
    with start_simulator(tickets=6_500, seed=11) as psa:
        world = World(psa, database)
        await world.full()
        gone, late = psa.ids()[::400], psa.ids()[7::500]
        psa.delete(*gone)
        psa.change(*late, summary="changed")
        psa.set(changeRate=3.0)

        await world.full()
        psa.set(changeRate=0.0)

        assert not set(gone) & (await world.tickets()).keys()
        await world.full()
        await world.assert_equal_to_the_psa()


async def test_portal_ids_never_change(world: World) -> None:
    await world.full()
    before = await world.sql("SELECT psa_id, id FROM ticket ORDER BY psa_id")
    world.psa.change(*sorted(world.truth())[:50], summary="changed")

    await world.full()

    assert await world.sql("SELECT psa_id, id FROM ticket ORDER BY psa_id") == before


async def test_a_dry_run_changes_nothing_and_says_what_the_real_run_then_does(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:7], summary="changed")

    planned = (await world.full(dry_run=True)).report.counts["tickets"]
    unchanged = await world.sql("SELECT count(*) AS n FROM ticket WHERE summary = 'changed'")
    done = (await world.full()).report.counts["tickets"]

    assert unchanged == [{"n": 0}]
    assert planned == done
    assert done.updated == 7


async def test_only_the_selected_boards_are_brought_and_the_others_are_counted(world: World) -> None:
    boards = world.psa.state("boards")
    scope = TicketScope(include_boards=(boards[0]["name"],))

    row = await world.full(scope=scope)

    wanted = {key for key, each in world.truth().items() if each["board_id"] == boards[0]["id"]}
    assert (await world.tickets()).keys() == wanted
    assert row.report.skipped["boardNotSelected"] == len(world.truth()) - len(wanted)


async def test_a_date_of_entry_that_the_psa_cannot_filter_is_filtered_here(world: World) -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)

    row = await world.full(scope=TicketScope(date_range=DateRange(DateField.DATE_ENTERED, start=start)))

    wanted = {key for key, each in world.truth().items() if each["entered_at"] >= start}
    assert (await world.tickets()).keys() == wanted
    assert row.report.skipped["outsideDateRange"] == len(world.truth()) - len(wanted)


async def test_tickets_that_leave_because_the_scope_changed_do_not_trip_the_guard(world: World) -> None:
    await world.full()
    boards = [each["name"] for each in world.psa.state("boards")]

    row = await world.full(scope=TicketScope(include_boards=(boards[0],)), guard=Guard(10, 1))

    assert row.report.counts["tickets"].deleted > 100


async def test_all_rows_of_a_first_run_are_of_that_run(world: World) -> None:
    row = await world.full()

    for table in TABLES.values():
        runs = await world.sql(f"SELECT DISTINCT changed_by_run::text AS run FROM {table.name}")
        assert runs == [{"run": row.run_id}], table.name


async def test_two_integrations_in_one_database_never_touch_each_others_rows(world: World) -> None:
    await world.full()
    other = World(world.psa, world.dsn, key="tests/other")
    await other.full()
    world.psa.change(*sorted(world.truth())[:20], summary="changed")

    await world.full()

    changed = "SELECT count(*) AS n FROM ticket JOIN integration i ON i.id = integration_id WHERE summary = "
    assert await world.sql(changed + "'changed' AND i.key = 'tests/other'") == [{"n": 0}]
    assert await world.sql(changed + "'changed' AND i.key = 'tests/acme'") == [{"n": 20}]
