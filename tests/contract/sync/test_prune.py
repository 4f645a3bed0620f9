"""A Prune removes what the PSA no longer has, after it has said so twice, and changes nothing else."""

import pytest

from psa_operator.store.history import RunRow
from psa_operator.sync.spec import DateField, DateRange, Mode, TicketScope
from tests.world import World, replaced

PLACES = "SELECT psa_id, xmin::text, ctid::text FROM ticket WHERE psa_id <> ALL (%s) ORDER BY psa_id"


async def prune(world: World, **changes: object) -> RunRow:
    """A Prune that must succeed."""
    outcome = await world.run(Mode.PRUNE, **changes)
    assert outcome.phase == "Succeeded", outcome
    return await world.row()


async def test_what_was_deleted_in_the_psa_goes_and_nothing_else_is_written(world: World) -> None:
    await world.full()
    gone = sorted(world.truth())[:5]
    world.psa.delete(*gone)
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    before = await world.sql(PLACES, gone)

    counts = (await prune(world)).report.counts["tickets"]

    assert await world.sql(PLACES, []) == before
    assert (counts.deleted, counts.created, counts.updated) == (5, 0, 0)


async def test_a_contact_that_a_ticket_names_stays_and_another_goes(world: World) -> None:
    [unused] = world.psa.create(entity="contacts")
    await world.full()
    named = next(each["contact_id"] for each in world.truth().values() if each["contact_id"])
    world.psa.fault("hide", "company/contacts", ids=[named, unused], details=True)

    await prune(world)

    contacts = {row["psa_id"] for row in await world.sql("SELECT psa_id FROM contact")}
    assert named in contacts
    assert unused not in contacts


async def test_a_ticket_that_a_list_and_its_count_hide_stays(world: World) -> None:
    await world.full()
    hidden = min(world.truth())
    world.psa.fault("hide", "service/tickets", ids=[hidden])

    assert (await prune(world)).report.counts["tickets"].deleted == 0

    assert hidden in await world.tickets()


async def test_tickets_that_left_the_scope_stay(world: World) -> None:
    await world.full()
    board = world.psa.state("boards")[0]["name"]
    before = await world.tickets()

    await prune(world, scope=TicketScope(include_boards=(board,)))

    assert await world.tickets() == before


async def test_a_list_shorter_than_its_count_fails_the_run(world: World) -> None:
    await world.full()
    world.psa.fault("hide", "service/tickets", ids=[min(world.truth())], counts=False)

    outcome = await world.run(Mode.PRUNE)

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed")
    assert "tickets but listed" in outcome.message


async def test_an_empty_answer_fails_the_run(world: World) -> None:
    await world.full()
    before = await world.tickets()
    world.psa.fault("empty-list", "service/tickets")

    outcome = await world.run(Mode.PRUNE)

    assert (outcome.phase, outcome.reason) == ("Failed", "EmptyAnswer")
    assert await world.tickets() == before


async def test_too_many_deletions_wait_for_an_approval_of_the_number(world: World) -> None:
    await world.full()
    world.psa.delete(*sorted(world.truth())[:200])
    spec = world.spec(Mode.PRUNE)

    waiting = await world.attempt(spec)
    approved = await world.attempt(replaced(spec, approved_deletions=200))

    assert (waiting.phase, waiting.reason) == ("", "DeletionGuard")
    assert approved.phase == "Succeeded", approved
    await world.assert_equal_to_the_psa()


async def test_a_dry_run_of_it_deletes_nothing_and_says_what_the_real_run_then_does(world: World) -> None:
    await world.full()
    world.psa.delete(*sorted(world.truth())[:5])

    planned = await prune(world, dry_run=True)
    kept = len(await world.tickets()) - len(world.truth())
    done = await prune(world)

    assert kept == 5
    assert planned.report.counts == done.report.counts
    assert len(planned.report.samples["tickets"]["deleted"]) == 5


async def test_its_plan_says_what_it_asks_and_it_keeps_to_it(world: World) -> None:
    await world.full()

    report = (await prune(world)).report

    [requests] = [each for each in report.checks if each.check == "Plan/requests"]
    assert report.plan
    assert report.plan.rows["tickets"] == len(world.truth())
    assert report.plan.pages == sum(-(-each // 1000) for each in report.plan.rows.values())
    assert (report.plan.requests, report.plan.budget_percent) == (int(requests.expected), 1)
    assert requests.result == "Passed"


async def test_with_no_row_here_there_is_nothing_to_do(world: World) -> None:
    row = await prune(world)

    assert sum(each.deleted + each.created for each in row.report.counts.values()) == 0
    assert await world.sql("SELECT count(*) AS n FROM board") == [{"n": 0}]


async def test_it_moves_no_mark(world: World) -> None:
    await world.full()
    before = await world.sql("SELECT * FROM mark ORDER BY entity")
    world.psa.delete(min(world.truth()))

    await prune(world)

    assert await world.sql("SELECT * FROM mark ORDER BY entity") == before


async def test_it_settles_the_difference_that_a_quick_run_found(world: World) -> None:
    await world.full()
    world.psa.delete(min(world.truth()))
    await world.quick()
    before = (await world.facts()).resync_required

    await prune(world)

    assert "1 were probably deleted there" in before
    assert (await world.facts()).resync_required == ""


@pytest.mark.parametrize(
    "scope",
    [
        TicketScope(include_closed=False),
        TicketScope(date_range=DateRange(DateField.DATE_ENTERED, lookback_days=300)),
    ],
    ids=["closed", "entered"],
)
async def test_a_changed_scope_stays_in_the_word_of_the_last_comparison(
    world: World, scope: TicketScope
) -> None:
    await world.full()
    await world.quick(scope=scope)

    row = await prune(world, scope=scope)

    assert row.report.counts["tickets"].deleted == 0
    assert "The scope changed" in (await world.facts()).resync_required
