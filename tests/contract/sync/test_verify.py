"""Before the switch a Full run looks for the newest tickets another way, and reads some twice."""

from psa_operator.sync.spec import Mode, Verification
from tests.world import World

LISTED_BY_ID = r"service/tickets(/count)?(\?|$)(?!.*(lastUpdated|id in))"
READ_AT_FIRST = r"service/tickets\?.*fields=id,summary(?!.*conditions)"
READ_AGAIN = "service/tickets.*conditions=id in"


def by_change(world: World) -> list[int]:
    """All tickets, the one that was changed last first."""
    tickets = world.psa.state("tickets")
    return [
        each["id"] for each in sorted(tickets, key=lambda each: each["_info"]["lastUpdated"], reverse=True)
    ]


async def checks(world: World) -> dict[str, tuple[str, str, str]]:
    report = (await world.row()).report
    return {each.check: (each.result, each.expected, each.actual) for each in report.checks}


async def test_the_checks_say_what_was_looked_at(world: World) -> None:
    await world.full(verification=Verification(newest=5, sample=7))

    found = await checks(world)
    assert found["Newest/tickets"] == ("Passed", "5", "5")
    assert found["Sample/tickets"] == ("Passed", "7", "7")


async def test_a_check_can_be_left_out(world: World) -> None:
    await world.full(verification=Verification(newest=0, sample=0))

    assert {each.partition("/")[0] for each in await checks(world)} == {"Count"}


async def test_a_recent_ticket_that_the_list_by_id_hides_is_missed(world: World) -> None:
    await world.full()
    before = await world.tickets()
    hidden = by_change(world)[60]
    world.psa.fault("hide", LISTED_BY_ID, ids=[hidden])

    outcome = await world.run(Mode.FULL, verification=Verification(newest=100))

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed"), outcome
    assert f"lists by id lack: #{hidden}" in outcome.message
    assert await world.tickets() == before


async def test_tickets_that_are_another_each_time_fail_the_run(world: World) -> None:
    ids = world.psa.ids()
    await world.full()
    before = await world.tickets()
    world.psa.fault("garble", READ_AGAIN, ids=ids, record={"summary": "another answer"})

    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed"), outcome
    assert "50 of 50 tickets that were read twice differ" in outcome.message
    assert (await checks(world))["Sample/tickets"] == ("Failed", "50", "0")
    assert await world.tickets() == before


async def test_a_ticket_that_was_changed_twice_in_one_second_is_read_again(world: World) -> None:
    ids = world.psa.ids()
    world.psa.fault("garble", READ_AT_FIRST, ids=ids[:3], record={"summary": "a moment before"})

    row = await world.full(verification=Verification(sample=len(ids)))

    assert any(each.startswith("3 of ") and "without a new time" in each for each in row.report.notices)
    await world.assert_equal_to_the_psa()
