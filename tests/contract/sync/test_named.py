"""A run limited to named tickets brings these, removes at most these, and leaves every other as it is."""

import pytest

from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import Counts
from psa_operator.sync.scope import BOARD_NOT_SELECTED
from psa_operator.sync.spec import DateRange, Guard, Mode, Selection, TicketScope
from tests.world import World, replaced

OTHERS = "SELECT psa_id, xmin::text, ctid::text FROM ticket WHERE psa_id <> ALL (%s) ORDER BY psa_id"
UNKNOWN = 4_000_000


async def named(world: World, *ids: int, mode: Mode = Mode.FULL, **changes: object) -> RunRow:
    """A run of these tickets that must succeed."""
    outcome = await world.run(mode, only=Selection(ids), **changes)
    assert outcome.phase == "Succeeded", outcome
    return await world.row()


def tickets(row: RunRow) -> Counts:
    return row.report.counts["tickets"]


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_only_the_named_tickets_are_brought(world: World, mode: Mode) -> None:
    await world.full()
    changed = sorted(world.truth())[:6]
    world.psa.change(*changed, summary="changed")
    before = await world.sql(OTHERS, changed[:3])

    counts = tickets(await named(world, *changed[:3], mode=mode))

    assert (counts.fetched, counts.updated, counts.unchanged) == (3, 3, 0)
    assert {key: (await world.tickets())[key] for key in changed[:3]} == {
        key: world.truth()[key] for key in changed[:3]
    }
    assert await world.sql(OTHERS, changed[:3]) == before


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_damage_by_hand_to_a_named_ticket_is_repaired(world: World, mode: Mode) -> None:
    await world.full()
    damaged, lost, other = sorted(world.truth())[:3]
    await world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = ANY (%s)", [damaged, other])
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = %s", lost)
    await world.sql("DELETE FROM ticket WHERE psa_id = %s", lost)

    await named(world, damaged, lost, mode=mode)

    live, truth = await world.tickets(), world.truth()
    assert (live[damaged], live[lost]) == (truth[damaged], truth[lost])
    assert live[other]["summary"] == "damaged"


async def test_a_full_run_removes_the_named_that_are_gone_and_no_other_that_is(world: World) -> None:
    await world.full()
    gone, also_gone, there = sorted(world.truth())[:3]
    world.psa.delete(gone, also_gone)
    before = await world.sql(OTHERS, [gone])

    counts = tickets(await named(world, gone, there))

    assert (counts.deleted, counts.unchanged) == (1, 1)
    assert await world.sql(OTHERS, []) == before


async def test_a_quick_run_removes_nothing_and_says_what_is_gone(world: World) -> None:
    await world.full()
    gone = min(world.truth())
    world.psa.delete(gone)

    row = await named(world, gone, mode=Mode.QUICK)

    assert gone in await world.tickets()
    assert f"The PSA does not give #{gone}, which a Quick run leaves as it is" in row.report.notices


async def test_unknown_ids_and_those_named_twice_do_no_harm(world: World) -> None:
    await world.full()
    first = min(world.truth())

    row = await named(world, first, UNKNOWN, first)

    assert (tickets(row).fetched, tickets(row).deleted) == (1, 0)
    assert f"The PSA does not give #{UNKNOWN}, and it is not here either" in row.report.notices
    await world.assert_equal_to_the_psa()


async def test_a_thousand_tickets_are_named_at_once(world: World) -> None:
    await world.full()
    ids = sorted(world.truth())[:1000]
    await world.sql("UPDATE ticket SET summary = 'damaged'")

    assert tickets(await named(world, *ids)).updated == 1000

    live = await world.tickets()
    assert {key for key, row in live.items() if row["summary"] == "damaged"} == live.keys() - set(ids)


async def test_a_named_ticket_that_left_the_scope_goes_with_full_and_is_hidden_by_quick(world: World) -> None:
    await world.full()
    one, other = sorted(world.truth())[:2]
    boards = {each["name"] for each in world.psa.state("boards")}
    leaving = next(each["board"] for each in world.psa.state("tickets") if each["id"] == one)
    world.psa.change(other, board=leaving)
    scope = TicketScope(include_boards=tuple(sorted(boards - {leaving["name"]})))

    removed = await named(world, one, scope=scope)
    await named(world, other, mode=Mode.QUICK, scope=scope)

    assert tickets(removed).deleted == 1
    left = await world.sql("SELECT psa_id, out_of_scope FROM ticket WHERE psa_id = ANY (%s)", [one, other])
    assert left == [{"psa_id": other, "out_of_scope": BOARD_NOT_SELECTED}]


async def test_what_the_date_range_left_behind_is_hidden_only_if_it_is_named(world: World) -> None:
    await world.full()
    one, other = sorted(world.truth())[:2]
    now = max(row["updated_at"] for row in world.truth().values())

    await named(world, one, mode=Mode.QUICK, scope=TicketScope(date_range=DateRange(start=now)))

    assert one not in await world.tickets()
    assert other in await world.tickets()


async def test_a_role_that_may_not_read_has_nothing_deleted(world: World) -> None:
    await world.full()
    gone = min(world.truth())
    world.psa.delete(gone)
    world.psa.fault("forbidden", "company/companies")

    outcome = await world.run(Mode.FULL, only=Selection((gone,)))

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")
    assert gone in await world.tickets()


async def test_what_a_named_ticket_refers_to_is_there_on_an_empty_database(world: World) -> None:
    one = next(key for key, row in world.truth().items() if row["contact_id"] and row["technicians"])

    row = await named(world, one, mode=Mode.QUICK)

    assert row.report.effective_mode is Mode.QUICK
    assert await world.tickets() == {one: world.truth()[one]}


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_marks_last_runs_and_the_word_on_a_full_run_stay(world: World, mode: Mode) -> None:
    await world.full()
    world.psa.delete(min(world.truth()))
    await world.quick()
    marks, before = await world.sql("SELECT * FROM mark ORDER BY entity"), await world.facts()

    changed = {"scope": TicketScope(include_closed=False)}
    await named(world, max(world.truth()), mode=mode, **changed)

    after = await world.facts()
    assert await world.sql("SELECT * FROM mark ORDER BY entity") == marks
    assert (after.last_quick, after.last_full) == (before.last_quick, before.last_full)
    assert (after.resync_required, after.full_config_hash) == (
        before.resync_required,
        before.full_config_hash,
    )
    assert "1 were probably deleted there" in after.resync_required


@pytest.mark.parametrize("fault", ["empty-list", "status-500", "status-404"])
async def test_a_psa_out_of_order_has_nothing_deleted(world: World, fault: str) -> None:
    await world.full()
    gone, there = sorted(world.truth())[:2]
    world.psa.delete(gone)
    before = await world.sql(OTHERS, [])
    world.psa.fault("empty-list", "service/tickets") if fault == "empty-list" else world.psa.fault(
        "status", "service/tickets", status=int(fault[-3:])
    )

    outcome = await world.run(Mode.FULL, only=Selection((gone, there)))

    assert outcome.phase != "Succeeded"
    assert await world.sql(OTHERS, []) == before


async def test_a_ticket_that_a_list_hides_while_its_own_path_gives_it_stays(world: World) -> None:
    await world.full()
    hidden = min(world.truth())
    world.psa.fault("hide", "service/tickets", ids=[hidden])

    outcome = await world.run(Mode.FULL, only=Selection((hidden,)))

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed")
    assert f"does not list #{hidden} but does not say either that it is gone" in outcome.message
    assert hidden in await world.tickets()


async def test_too_many_named_deletions_wait_for_an_approval(world: World) -> None:
    await world.full()
    gone = sorted(world.truth())[:20]
    world.psa.delete(*gone)
    spec = world.spec(Mode.FULL, only=Selection(tuple(gone)), guard=Guard(max_count=15))

    waiting = await world.attempt(spec)
    approved = await world.attempt(replaced(spec, approved_deletions=20))

    assert (waiting.phase, waiting.reason) == ("", "DeletionGuard")
    assert approved.phase == "Succeeded", approved
    await world.assert_equal_to_the_psa()


async def test_a_named_record_that_does_not_fit_keeps_its_last_good_row(world: World) -> None:
    await world.full()
    one, other = sorted(world.truth())[:2]
    await world.sql(
        "INSERT INTO quarantine SELECT integration_id, 'tickets', %s, 'summary', 'x', '{}', changed_by_run,"
        " now(), now() FROM ticket WHERE psa_id = %s",
        other,
        other,
    )
    world.psa.change(one, board={"id": "no number"})

    counts = tickets(await named(world, one))

    assert counts.quarantined == 1
    assert (await world.tickets())[one]["summary"]
    aside = await world.sql("SELECT psa_id FROM quarantine ORDER BY psa_id")
    assert [row["psa_id"] for row in aside] == [one, other]


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_the_first_load_after_it_is_one_event_and_keeps_no_row(world: World, mode: Mode) -> None:
    await named(world, *sorted(world.truth())[:2])

    await world.full() if mode is Mode.FULL else await world.quick()

    assert (await world.row()).report.counts["tickets"].created == len(world.truth()) - 2
    assert await world.sql("SELECT action FROM change_log") == [{"action": "baseline"}] * 2
    assert await world.sql("SELECT count(*) AS n FROM row_history") == [{"n": 0}]
