"""A PSA lives on while a run reads it, and between the attempts of a run."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from psa_operator.sync.spec import (
    CompanyFilter,
    DateField,
    DateRange,
    Mode,
    RunSpec,
    TicketScope,
    Verification,
)
from tests.world import World

NO_OVERLAP = timedelta(0)
ACTIVE, INACTIVE = {"id": 1}, {"id": 7}
NO_INACTIVE = TicketScope(companies=CompanyFilter(exclude_inactive=True))
A_SECOND = 1.1
"""Stamps have whole seconds."""


async def test_a_member_hired_during_a_full_run_is_brought_and_does_not_fail_it(world: World) -> None:
    world.psa.set(latency=0.1)
    run = asyncio.create_task(world.full())
    await _fetching(world)
    [hired] = world.psa.create(entity="members")
    await run

    assert hired in {row["psa_id"] for row in await world.sql("SELECT psa_id FROM member")}


async def test_a_ticket_that_leaves_the_scope_and_returns_during_a_full_run_stays(world: World) -> None:
    scope = TicketScope(include_closed=False)
    await world.full(scope=scope)
    ticket = min(await world.tickets())
    world.psa.set(latency=0.1)
    run = asyncio.create_task(world.full(scope=scope))
    await _fetching(world)
    world.psa.change(ticket, closedFlag=True)
    world.psa.set(latency=0.6)  # or a phase is over between two heartbeats
    await world.until("SELECT 1 FROM run WHERE active AND progress ->> 'phase' = 'Verifying'")
    world.psa.change(ticket, closedFlag=False)
    world.psa.set(latency=0)

    assert (await run).report.counts["tickets"].deleted == 0


@pytest.mark.parametrize(("was", "becomes"), [(ACTIVE, INACTIVE), (INACTIVE, ACTIVE)], ids=["out", "back"])
async def test_tickets_follow_their_company_while_a_full_run_reads_them(
    world: World, was: dict[str, int], becomes: dict[str, int]
) -> None:
    company = next(row["company_id"] for row in world.truth().values() if row["company_id"])
    for each in world.psa.state("companies"):
        world.psa.change(each["id"], entity="companies", status=ACTIVE, deletedFlag=False)
    world.psa.change(company, entity="companies", status=was)
    world.psa.set(latency=0.1)
    run = asyncio.create_task(world.full(scope=NO_INACTIVE))
    await world.until("SELECT 1 FROM psa_stage.segment WHERE entity = 'tickets'")
    world.psa.change(company, entity="companies", status=becomes)

    await run
    await world.quick(scope=NO_INACTIVE)  # for a change that was too late for the other

    gone = company if becomes is INACTIVE else None
    truth = world.truth()
    assert await world.tickets() == {key: truth[key] for key in truth if truth[key]["company_id"] != gone}


async def test_what_changes_while_a_run_catches_up_is_caught_up_as_well(small_world: World) -> None:
    unchecked = Verification(newest=0, sample=0)  # or the checks would bring it
    first, second = sorted(small_world.truth())[:2]
    small_world.psa.fault("latency", "time/entries", seconds=1)
    run = asyncio.create_task(small_world.full(verification=unchecked))
    await small_world.until("SELECT 1 FROM psa_stage.segment WHERE entity = 'timeEntries'")
    small_world.psa.change(first, summary="changed after it was read")
    await _changes_asked_for(small_world, "time/entries")
    small_world.psa.change(second, summary="changed after the changes were read")

    await run

    await small_world.assert_equal_to_the_psa()


async def test_what_no_list_shows_before_the_end_of_a_full_run_comes_with_the_next_quick_run(
    small_world: World,
) -> None:
    small_world.psa.fault("latency", "company/companies", seconds=1)
    run = asyncio.create_task(small_world.full(overlap=NO_OVERLAP))
    await small_world.until("SELECT 1 FROM psa_stage.segment WHERE entity = 'companies'")
    [late] = small_world.psa.create()
    small_world.psa.fault("hide", "service/tickets", ids=[late])
    small_world.psa.set(clockSkew=60)  # A mark of the end would lie beyond its stamp.
    await run
    assert late not in await small_world.tickets()
    small_world.psa.clear_faults()

    await small_world.quick(overlap=NO_OVERLAP)

    await small_world.assert_equal_to_the_psa()


async def test_reference_data_deleted_between_two_attempts_goes(world: World) -> None:
    [leaving] = world.psa.create(entity="members")
    spec = await _stopped_after_a_page(world, world.spec())
    world.psa.delete(leaving, entity="members")

    assert (await world.attempt(spec)).phase == "Succeeded"

    assert leaving not in {row["psa_id"] for row in await world.sql("SELECT psa_id FROM member")}


async def test_a_ticket_that_changes_between_two_attempts_of_a_quick_run_is_not_lost(world: World) -> None:
    await world.full()
    first, *_, last = sorted(world.truth())
    await world.sql("UPDATE mark SET watermark = NULL WHERE entity = 'tickets'")
    spec = await _stopped_after_a_page(world, world.spec(Mode.QUICK, overlap=NO_OVERLAP))
    world.psa.change(first, summary="read before it changed")
    await asyncio.sleep(A_SECOND)
    world.psa.change(last, summary="read after it changed")

    assert (await world.attempt(spec)).phase == "Succeeded"
    await world.quick(overlap=NO_OVERLAP)

    await world.assert_equal_to_the_psa()


async def test_a_list_shorter_than_its_count_is_read_again_by_the_next_quick_run(world: World) -> None:
    await world.full()
    hidden, *others = sorted(world.truth())[:5]
    world.psa.change(hidden, summary="hidden")
    await asyncio.sleep(A_SECOND)
    world.psa.change(*others, summary="shown")
    world.psa.fault("hide", "service/tickets", ids=[hidden], counts=False)

    row = await world.quick(overlap=NO_OVERLAP)
    world.psa.clear_faults()
    await world.quick(overlap=NO_OVERLAP)

    assert [each.kind for each in row.report.problems] == ["IncompleteList"]
    await world.assert_equal_to_the_psa()


async def test_a_ticket_made_during_a_quick_run_is_no_difference(world: World) -> None:
    await world.full()
    world.psa.set(latency=0.2)
    run = asyncio.create_task(world.quick())
    await _fetching(world)
    world.psa.create()

    assert (await run).report.resync_required == ""


async def test_a_date_range_that_the_psa_cannot_count_is_not_compared(world: World) -> None:
    dates = DateRange(DateField.DATE_ENTERED, start=datetime(2025, 6, 1, tzinfo=UTC))
    scope = TicketScope(date_range=dates)
    await world.full(scope=scope)

    assert (await world.quick(scope=scope)).report.resync_required is None


async def test_nothing_is_lost_when_the_psas_clock_is_put_back(world: World) -> None:
    world.psa.set(clockSkew=1800)
    await world.full()
    world.psa.set(clockSkew=0)
    world.psa.change(min(world.truth()), summary="stamped before the mark")

    row = await world.quick()

    assert "No usable mark for tickets" in " ".join(row.report.notices)
    await world.assert_equal_to_the_psa()


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_a_new_company_that_does_not_fit_does_not_fail_the_run(world: World, mode: Mode) -> None:
    await world.full()
    [company] = world.psa.create(entity="companies", name="New Ltd")
    [ticket] = world.psa.create(company={"id": company}, contact=None)
    world.psa.fault("garble", "company/companies", ids=[company], record={"name": ["no", "text"]})

    outcome = await world.run(mode)

    assert outcome.phase == "Succeeded", outcome
    assert (await world.tickets())[ticket]["company_id"] == company


async def _fetching(world: World) -> None:
    await world.until("SELECT 1 FROM run WHERE active AND progress ->> 'phase' = 'Fetching'")


async def _changes_asked_for(world: World, path: str) -> None:
    """Wait until a run has asked a list what changed."""
    async with asyncio.timeout(20):
        for _ in iter(int, 1):
            questions = [each for each in world.psa.requests()["log"] if each["path"].endswith(path)]
            if any("lastUpdated" in each["query"].get("conditions", "") for each in questions):
                return
            await asyncio.sleep(0.02)


async def _stopped_after_a_page(world: World, spec: RunSpec) -> RunSpec:
    """Make an attempt that stops when some tickets are staged and others are not."""
    stopping = asyncio.Event()
    world.psa.fault("latency", "service/tickets.*pageId", seconds=0.5)
    attempt = asyncio.create_task(world.attempt(spec, stopping))
    await world.until(
        "SELECT 1 FROM psa_stage.segment WHERE entity = 'tickets' AND done_until > 0 AND NOT complete"
    )
    stopping.set()
    assert (await attempt).reason == "Shutdown"
    world.psa.clear_faults()
    return spec
