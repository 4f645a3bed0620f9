"""A Quick run brings what changed and never removes anything."""

from datetime import UTC, datetime, timedelta

from psa_operator.sync.spec import DateRange, Mode, TicketScope
from tests.world import World


async def test_the_first_quick_run_becomes_full_and_says_so(world: World) -> None:
    row = await world.quick()

    assert row.report.effective_mode == Mode.FULL
    assert "Quick became Full" in row.report.notices[0]
    await world.assert_equal_to_the_psa()


async def test_only_what_changed_is_asked_for_and_written(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    world.psa.clear_requests()

    row = await world.quick()

    await world.assert_equal_to_the_psa()
    assert row.report.effective_mode == Mode.QUICK
    assert row.report.counts["tickets"].updated == 3
    assert world.psa.requests()["total"] < 30


async def test_new_tickets_arrive_with_their_new_company_and_contact(world: World) -> None:
    await world.full()
    [company] = world.psa.create(entity="companies", name="New Ltd")
    [ticket] = world.psa.create(company={"id": company}, contact=None)

    await world.quick()

    assert (await world.tickets())[ticket]["company_id"] == company


async def test_a_ticket_deleted_in_the_psa_stays_and_is_reported(world: World) -> None:
    await world.full()
    gone = min(world.truth())
    world.psa.delete(gone)

    row = await world.quick()

    assert gone in await world.tickets()
    assert "1 were probably deleted there" in (row.report.resync_required or "")


async def test_a_psa_that_lists_nothing_fails_the_run_and_hides_no_change_from_the_next(world: World) -> None:
    await world.full()
    world.psa.fault("empty-list", "service/tickets")
    world.psa.change(min(world.truth()), summary="changed while nothing was listed")

    outcome = await world.run(Mode.QUICK, overlap=timedelta(0))
    world.psa.clear_faults()
    await world.quick(overlap=timedelta(0))

    assert (outcome.phase, outcome.reason) == ("Failed", "EmptyAnswer")
    await world.assert_equal_to_the_psa()


async def test_a_psa_that_has_tickets_but_none_in_scope_any_more_is_believed(world: World) -> None:
    scope = TicketScope(include_closed=False)
    await world.full(scope=scope)
    world.psa.delete(*(await world.tickets()))

    row = await world.quick(scope=scope)

    assert "The PSA has 0 tickets in scope" in (row.report.resync_required or "")


async def test_a_ticket_that_leaves_the_scope_is_hidden_and_one_that_comes_back_is_shown(
    world: World,
) -> None:
    one, two = world.psa.state("boards")[:2]
    scope = TicketScope(include_boards=(one["name"],))
    await world.full(scope=scope)
    ticket = min(await world.tickets())

    world.psa.change(ticket, board={"id": two["id"]})
    await world.quick(scope=scope)
    hidden = ticket not in await world.tickets()
    world.psa.change(ticket, board={"id": one["id"]})
    await world.quick(scope=scope)

    assert hidden
    assert ticket in await world.tickets()


async def test_a_changed_scope_asks_for_a_full_run(world: World) -> None:
    await world.full()

    row = await world.quick(scope=TicketScope(include_closed=False))

    assert "scope changed" in (row.report.resync_required or "")


async def test_garbled_marks_make_the_window_long_and_delete_nothing(world: World) -> None:
    await world.full()
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    await world.sql("UPDATE mark SET watermark = 'infinity', covered_until = NULL")

    row = await world.quick()

    assert row.report.effective_mode == Mode.QUICK
    assert "No usable mark for tickets" in " ".join(row.report.notices)
    await world.assert_equal_to_the_psa()


async def test_a_run_that_failed_moves_no_mark(world: World) -> None:
    await world.full()
    marks = await world.sql("SELECT * FROM mark ORDER BY entity")
    world.psa.fault("forbidden", "service/tickets")

    outcome = await world.run(Mode.QUICK)

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")
    assert await world.sql("SELECT * FROM mark ORDER BY entity") == marks


async def test_a_scope_too_long_for_the_psa_to_count_is_not_compared(world: World) -> None:
    board = world.psa.state("boards")[0]
    retired = world.psa.create(400, entity="statuses", name="Retired", board={"id": board["id"]})
    left_out = sorted(world.truth())[:3]
    world.psa.change(*left_out, board={"id": board["id"]}, status={"id": retired[0]})
    scope = TicketScope(excluded_statuses=("Retired",))
    full = await world.full(scope=scope)

    row = await world.quick(scope=scope)

    assert full.report.skipped["statusExcluded"] == len(left_out)
    assert row.report.resync_required is None
    assert (await world.tickets()).keys() == world.truth().keys() - set(left_out)


async def test_tickets_out_of_scope_that_do_not_fit_are_none_of_ours(world: World) -> None:
    one = world.psa.state("boards")[0]
    scope = TicketScope(include_boards=(one["name"],))
    elsewhere = [each["id"] for each in world.psa.state() if each["board"]["id"] != one["id"]][:30]
    await world.full(scope=scope)
    world.psa.fault("garble", "service/tickets", ids=elsewhere, record={"summary": ["no", "text"]})
    world.psa.change(*elsewhere, severity="High")

    row = await world.quick(scope=scope)

    assert row.report.resync_required == ""
    assert (row.report.warnings, row.report.counts["tickets"].quarantined) == (0, 0)
    assert await world.sql("SELECT * FROM quarantine") == []


async def test_tickets_in_scope_that_do_not_fit_are_set_aside_and_not_missing(world: World) -> None:
    one, two = world.psa.state("boards")[:2]
    scope = TicketScope(include_boards=(one["name"],))
    there = [each["id"] for each in world.psa.state() if each["board"]["id"] == two["id"]]
    await world.full(scope=scope)
    here = min(await world.tickets())
    world.psa.fault("garble", "service/tickets", ids=[here, *there[:2]], record={"summary": ["no", "text"]})
    world.psa.change(there[0], board={"id": one["id"]})
    world.psa.change(there[1], severity="High")
    world.psa.change(here, board={"id": two["id"]})

    row = await world.quick(scope=scope)

    aside = {each["psa_id"] for each in await world.sql("SELECT psa_id FROM quarantine")}
    assert aside == {here, there[0]}
    [stale] = await world.sql("SELECT stale FROM ticket WHERE psa_id = %s", here)
    assert stale == {"stale": True}
    assert row.report.counts["tickets"].quarantined == len(aside)


async def test_tickets_that_grow_older_than_the_scope_are_hidden_and_nothing_is_missing(world: World) -> None:
    scope = TicketScope(date_range=DateRange(lookback_days=30))
    await world.full(scope=scope)
    before = await world.tickets()
    world.psa.set(clockSkew=timedelta(days=10).total_seconds())
    started = datetime.now(UTC) - timedelta(days=20)

    row = await world.quick(scope=scope)

    assert (await world.tickets()).keys() == {key for key in before if before[key]["updated_at"] >= started}
    assert (await world.tickets()).keys() < before.keys()
    assert row.report.resync_required == ""
    assert "were hidden" in " ".join(row.report.notices)


async def test_a_ticket_stamped_by_a_clock_that_was_fast_follows_its_later_changes(world: World) -> None:
    ticket = min(world.truth())
    world.psa.set(clockSkew=1800)
    world.psa.change(ticket, summary="stamped half an hour ahead")
    await world.full()
    world.psa.set(clockSkew=0)
    world.psa.change(ticket, summary="stamped rightly")

    await world.quick()

    await world.assert_equal_to_the_psa()
