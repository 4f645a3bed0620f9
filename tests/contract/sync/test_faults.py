"""What a PSA does wrong never costs a row: the run goes on, or fails with a clear word."""

from typing import Any

import pytest

from psa_operator.sync.spec import Guard, Mode, TicketScope, WriteBack
from tests.world import World

TICKETS = r"service/tickets(\?|$)"


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("status", {"status": 429, "retryAfter": 1, "count": 2}),
        ("status", {"status": 503, "count": 2}),
        ("status", {"status": 502, "count": 2}),
        ("truncated", {"count": 2}),
        ("html", {"count": 2}),
        ("wrong-length", {"count": 2}),
        ("reset", {"count": 2}),
        ("empty-body", {"count": 2}),
        ("repeat", {"count": 1, "after": 1}),
    ],
)
async def test_a_passing_fault_costs_time_only(world: World, kind: str, details: dict[str, Any]) -> None:
    world.psa.fault(kind, TICKETS, **details)

    await world.full()

    await world.assert_equal_to_the_psa()


@pytest.mark.parametrize(
    ("kind", "path", "details", "reason"),
    [
        ("unauthorized", "apis/3.0", {}, "AuthenticationFailed"),
        ("forbidden", "company/companies", {}, "PermissionDenied"),
        ("empty-list", "apis/3.0", {}, "EmptyAnswer"),
    ],
)
async def test_a_lasting_fault_fails_the_run_and_keeps_every_row(
    world: World, kind: str, path: str, details: dict[str, Any], reason: str
) -> None:
    await world.full()
    before = await world.tickets()
    world.psa.fault(kind, path, **details)

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("Failed", reason), outcome
    assert await world.tickets() == before


async def test_a_board_that_vanishes_from_the_answers_stops_at_the_guard(world: World) -> None:
    await world.full()
    before = await world.tickets()
    board = world.psa.state("boards")[0]
    world.psa.fault("hide", "", board=board["id"])

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("", "DeletionGuard"), outcome
    assert board["name"] in outcome.message
    assert await world.tickets() == before


async def test_a_psa_without_any_ticket_stops_at_the_guard(world: World) -> None:
    await world.full()
    before = await world.tickets()
    world.psa.fault("empty-list", "service/tickets")

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("", "DeletionGuard"), outcome
    assert f"all {len(before):,} tickets" in outcome.message
    assert await world.tickets() == before


@pytest.mark.parametrize("path", ["service/tickets", "company/contacts", "time/entries"])
async def test_an_empty_list_is_no_proof_whatever_the_guard_allows(world: World, path: str) -> None:
    world.settings |= {"write_back": WriteBack(enabled=True), "guard": Guard(1_000_000, 100)}
    await world.full()
    # A ticket with an unsent change stays, so that not quite all would go.
    await world.sql("UPDATE ticket SET summary = 'mine' WHERE psa_id = %s", min(await world.tickets()))
    before = await world.tickets()
    world.psa.fault("empty-list", path)

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("", "DeletionGuard"), outcome
    assert "of which the PSA lists none at all" in outcome.message
    assert await world.tickets() == before


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.REFERENCE_DATA])
@pytest.mark.parametrize(
    ("path", "table"),
    [("system/userDefinedFields", "custom_field"), ("company/companies/types", "company_type")],
)
async def test_an_empty_list_of_settings_is_no_proof_either(
    world: World, mode: Mode, path: str, table: str
) -> None:
    await world.full()
    before = await world.sql(f"SELECT * FROM {table} ORDER BY psa_id")
    world.psa.fault("empty-list", path)

    outcome = await world.run(mode)

    assert (outcome.phase, outcome.reason) == ("", "DeletionGuard"), outcome
    assert "of which the PSA lists none at all" in outcome.message
    assert await world.sql(f"SELECT * FROM {table} ORDER BY psa_id") == before != []


async def test_a_list_that_hides_a_ticket_deletes_nothing(world: World) -> None:
    await world.full()
    before = await world.tickets()
    hidden = sorted(before)[5]
    world.psa.fault("hide", "service/tickets", ids=[hidden], counts=False)

    await world.run(Mode.FULL)

    assert await world.tickets() == before


async def test_a_record_that_does_not_fit_keeps_its_last_good_row_and_heals(world: World) -> None:
    await world.full()
    victim = sorted(world.truth())[7]
    before = (await world.tickets())[victim]
    world.psa.change(victim, summary="newer")
    world.psa.fault("garble", "service/tickets", ids=[victim], record={"board": "nonsense"})

    row = await world.full()

    assert row.report.counts["tickets"].quarantined == 1
    assert [each.id for each in row.report.problems] == [victim]
    assert (await world.tickets())[victim] == before
    world.psa.clear_faults()
    await world.quick()
    assert (await world.tickets())[victim]["summary"] == "newer"
    assert await world.sql("SELECT * FROM quarantine") == []


async def test_too_many_records_that_do_not_fit_fail_the_run(world: World) -> None:
    await world.full()
    world.psa.fault("garble", "service/tickets", ids=sorted(world.truth())[:60], record={"board": "nonsense"})

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("Failed", "TooManyRecordsRefused")
    await world.assert_equal_to_the_psa()


async def test_another_company_behind_the_same_url_stops_everything(world: World) -> None:
    await world.full()
    world.psa.set(companyId="somebodyelse")

    outcome = await world.run(Mode.QUICK)

    assert (outcome.phase, outcome.reason) == ("Failed", "IntegrationIdentityChanged"), outcome


async def test_an_unknown_board_is_refused_with_the_known_ones(world: World) -> None:
    outcome = await world.run(Mode.FULL, scope=TicketScope(include_boards=("Hlep Desk",)))

    assert (outcome.phase, outcome.reason) == ("Failed", "UnknownBoard")
    assert '"Help Desk"' in outcome.message


async def test_tickets_that_change_and_go_while_we_read_are_neither_lost_nor_doubled(world: World) -> None:
    world.psa.set(changeRate=10, latency=0.05)

    await world.full()

    world.psa.set(changeRate=0, latency=0)
    await world.quick()
    live, truth = await world.tickets(), world.truth()
    assert {key: row for key, row in live.items() if key in truth} == truth


async def test_a_psa_that_forgets_what_it_gave_a_moment_ago_is_not_asked_for_each_ticket(
    world: World,
) -> None:
    await world.full()
    before = await world.tickets()
    for path in (r"fields=id(&|$)", r"id(%20)?in"):
        world.psa.fault("hide", path, ids=sorted(before)[:700], counts=False)

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed"), outcome
    assert await world.tickets() == before
