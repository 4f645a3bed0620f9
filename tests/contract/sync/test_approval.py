"""A run that would delete too much waits for somebody who agrees to the number, and proves it again then."""

import asyncio
from email.utils import parsedate_to_datetime

from psa_operator.store.history import release_run
from psa_operator.sync.engine import Outcome
from psa_operator.sync.spec import Mode, RunSpec, TicketScope
from tests.world import World, replaced


async def stopped(world: World, deleted: int = 200) -> tuple[RunSpec, Outcome]:
    """A Full run that came to the guard, after so many tickets were deleted in the PSA."""
    await world.full()
    world.psa.delete(*sorted(world.truth())[:deleted])
    spec = world.spec()
    return spec, await world.attempt(spec)


async def approve(world: World, spec: RunSpec, deletions: int) -> Outcome:
    return await world.attempt(replaced(spec, approved_deletions=deletions))


async def test_too_many_deletions_wait_with_the_number_and_delete_nothing(world: World) -> None:
    _, outcome = await stopped(world)

    assert (outcome.phase, outcome.reason, outcome.charge) == ("", "DeletionGuard", False)
    assert "200 of" in outcome.message
    assert "set spec.approvedDeletions to 200" in outcome.message
    row = await world.row()
    assert (row.awaits_approval, row.report.to_approve) == (True, 200)
    assert (row.report.counts["tickets"].deleted, len(await world.tickets())) == (
        200,
        len(world.truth()) + 200,
    )


async def test_an_approval_of_the_number_lets_it_go_on(world: World) -> None:
    spec, _ = await stopped(world)

    outcome = await approve(world, spec, 200)

    assert outcome.phase == "Succeeded", outcome
    assert (await world.row()).report.counts["tickets"].deleted == 200
    await world.assert_equal_to_the_psa()


async def test_what_left_the_scope_goes_as_well_and_is_told_apart(world: World) -> None:
    await world.full()
    board = world.psa.state("boards")[0]
    scope = TicketScope(exclude_boards=(board["name"],))
    world.psa.delete(*[key for key, each in world.truth().items() if each["board_id"] != board["id"]][:200])
    left = sum(each["board_id"] == board["id"] for each in world.truth().values())

    waiting = await world.run(scope=scope)
    counts = (await world.row()).report.counts["tickets"]
    await world.run(scope=scope, dry_run=True)

    told = f"; {left:,} more tickets go without an approval"
    assert "set spec.approvedDeletions to 200," in waiting.message
    assert told in waiting.message
    assert told in (await world.row()).report.notices[0]
    assert (counts.deleted, counts.unguarded) == (200 + left, left)


async def test_a_company_whose_tickets_all_move_waits_for_their_number(world: World) -> None:
    await world.full()
    one, other = world.psa.state("companies")[:2]
    moved = [key for key, each in world.truth().items() if each["company_id"] == one["id"]]
    world.psa.change(*moved, company={"id": other["id"]})
    spec = world.spec()

    waiting = await world.attempt(spec)
    row = await world.row()
    outcome = await approve(world, spec, row.report.to_approve)

    told = f'would leave no ticket in company "{one["name"]}" ({len(moved)} moved elsewhere)'
    assert (waiting.reason, row.report.to_approve) == ("DeletionGuard", len(moved))
    assert told in waiting.message
    assert outcome.phase == "Succeeded", outcome
    await world.assert_equal_to_the_psa()


async def test_an_approval_of_fewer_changes_nothing_and_names_the_number(world: World) -> None:
    spec, _ = await stopped(world)

    outcome = await approve(world, spec, 199)

    assert outcome.reason == "DeletionGuard"
    assert "set spec.approvedDeletions to 200" in outcome.message
    assert len(await world.tickets()) == len(world.truth()) + 200


async def test_more_deletions_than_were_approved_wait_again(world: World) -> None:
    spec, _ = await stopped(world)
    world.psa.delete(*sorted(world.truth())[:3])

    outcome = await approve(world, spec, 200)

    assert outcome.reason == "DeletionGuard"
    assert (await world.row()).report.to_approve == 203


async def test_many_more_deletions_than_were_approved_wait_again_as_well(world: World) -> None:
    spec, _ = await stopped(world)
    world.psa.delete(*sorted(world.truth())[:600])

    outcome = await approve(world, spec, 200)

    assert outcome.reason == "DeletionGuard", outcome
    assert (await world.row()).report.to_approve == 800


async def test_quick_runs_go_on_while_it_waits_and_lose_nothing_to_it(world: World) -> None:
    spec, _ = await stopped(world)
    changed = sorted(world.truth())[:2]
    world.psa.change(changed[0], summary="before the Quick run")
    await world.quick()
    world.psa.change(changed[1], summary="after it")

    outcome = await approve(world, spec, 200)

    assert outcome.phase == "Succeeded", outcome
    await world.assert_equal_to_the_psa()


async def test_the_next_quick_run_begins_where_the_approved_attempt_did(world: World) -> None:
    spec, _ = await stopped(world)
    world.psa.clear_requests()
    world.psa.set(latency=0.2)
    run = asyncio.create_task(approve(world, spec, 200))
    await world.until("SELECT 1 FROM run WHERE attempt = 2 AND progress ->> 'phase' = 'Verifying'")
    world.psa.set(latency=0, clockSkew=60)  # A mark of the end would lie far from one of the begin.

    assert (await run).phase == "Succeeded"

    answers = [each for each in world.psa.requests()["log"] if each["path"].endswith("system/info")]
    began = parsedate_to_datetime(answers[1]["date"])  # The first one was about rights.
    marks = await world.sql("SELECT DISTINCT watermark, covered_until FROM mark")
    assert marks == [{"watermark": began, "covered_until": began}]


async def test_a_stage_that_is_gone_is_read_again_under_the_same_approval(world: World) -> None:
    spec, _ = await stopped(world)
    await world.sql("TRUNCATE psa_stage.stage")  # as a crash of PostgreSQL does

    outcome = await approve(world, spec, 200)

    assert outcome.phase == "Succeeded", outcome
    await world.assert_equal_to_the_psa()


async def test_the_time_that_it_waits_is_added_up(world: World) -> None:
    spec, _ = await stopped(world)
    await world.sql(
        "UPDATE run SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE phase LIKE 'Await%%'"
    )

    await approve(world, spec, 100)

    assert 3600 <= (await world.row()).approval_seconds < 3660


async def test_an_attempt_that_could_not_begin_leaves_the_wait_as_it_is(world: World) -> None:
    spec, _ = await stopped(world)
    before = await world.row()

    await release_run(spec.database, spec.run_id, "AnotherRunActive", "", charge=False, retry_after=60)

    after = await world.row()
    assert (after.awaits_approval, after.heartbeat_at) == (True, before.heartbeat_at)


async def test_a_dry_run_says_that_a_real_one_would_wait(world: World) -> None:
    await world.full()
    world.psa.delete(*sorted(world.truth())[:200])

    outcome = await world.run(Mode.FULL, dry_run=True)

    assert outcome.phase == "Succeeded"
    notices = (await world.row()).report.notices
    assert any(
        "would delete 200 of" in each and "wait for an approval of 200 rows" in each for each in notices
    )
