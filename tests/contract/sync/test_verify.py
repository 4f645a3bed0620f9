"""Before the switch a Full run looks for the newest tickets another way, and reads some twice."""

from psa_operator.sync.spec import Guard, Mappings, Mode, TicketScope, Verification
from tests.world import World

LISTED_BY_ID = r"service/tickets(/count)?(\?|$)(?!.*(lastUpdated|id in))"
READ_AT_FIRST = r"service/tickets\?.*fields=id,summary(?!.*conditions)"
READ_WHOLE = r"service/tickets\?.*fields=id,summary(?!.*id in)"
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

    assert {each.partition("/")[0] for each in await checks(world)} == {"Count", "Boards", "Emptied", "Plan"}


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


async def test_what_is_staged_only_after_the_checks_is_checked_as_well(world: World) -> None:
    ids = world.psa.ids()
    world.psa.change(*ids[:3], closedFlag=False)
    # As they are listed, as what changed meanwhile is read, and as it is read again for the boards.
    world.psa.fault("garble", READ_WHOLE, ids=ids[:3], record={"closedFlag": True}, count=3)
    world.psa.fault("garble", READ_AGAIN, ids=ids[:3], record={"summary": "another answer"})

    row = await world.full(
        scope=TicketScope(include_closed=False), verification=Verification(sample=len(ids))
    )

    assert any(each.startswith("3 of ") and "without a new time" in each for each in row.report.notices)
    assert not [name for name in await checks(world) if name.startswith("Board/")]


async def test_a_board_of_which_the_psa_counts_another_number_is_named(world: World) -> None:
    one, two = world.psa.state("boards")[:2]
    moved = [each["id"] for each in world.psa.state() if each["board"]["id"] == one["id"]][:3]
    world.psa.fault("garble", "service/tickets", ids=moved, record={"board": {"id": two["id"]}})

    await world.full()

    found = await checks(world)
    counted = sum(each["board"]["id"] == one["id"] for each in world.psa.state())
    assert found[f"Board/{one['name']}"] == ("Warning", str(counted), str(counted - 3))
    assert f"Board/{two['name']}" in found
    boards = len(world.psa.state("boards"))
    assert found["Boards/tickets"] == ("Warning", str(boards), str(boards - 2))


async def test_what_is_not_mapped_is_a_warning_with_names_and_numbers(world: World) -> None:
    first, *others = world.psa.state("priorities")

    await world.full(mappings=Mappings(priorities={first["name"]: "Urgent"}))

    tickets = [each["priority"]["id"] for each in world.psa.state() if each["priority"]]
    [check] = [each for each in (await world.row()).report.checks if each.check == "Mapping/priorities"]
    assert (check.result, check.expected, check.actual) == (
        "Warning",
        str(len(tickets)),
        str(tickets.count(first["id"])),
    )
    assert all(each["name"] in check.message for each in others if each["id"] in tickets)


async def test_a_company_that_would_have_no_ticket_is_named(world: World) -> None:
    await world.full()
    [largest] = await world.sql(
        "SELECT name, company_id FROM ticket JOIN company ON company.psa_id = company_id"
        " GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"
    )
    gone = [each["id"] for each in world.psa.state() if each["company"]["id"] == largest["company_id"]]
    world.psa.delete(*gone)

    await world.run(Mode.FULL, guard=Guard(max_count=10_000, max_percent=50))

    [check] = [each for each in (await world.row()).report.checks if each.check == "Emptied"]
    assert (check.result, check.actual) == ("Warning", "1")
    assert largest["name"] in check.message
