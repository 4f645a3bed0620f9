"""A ReferenceData run brings boards, statuses, members and the like, and asks for no ticket."""

from psa_operator.sync.spec import Mode
from tests.world import World


async def settings(world: World, **changes: object) -> dict[str, int]:
    """A ReferenceData run that must succeed; returns what it created, updated and deleted."""
    outcome = await world.run(Mode.REFERENCE_DATA, **changes)
    assert outcome.phase == "Succeeded", outcome
    every = (await world.row()).report.counts.values()
    return {what: sum(getattr(each, what) for each in every) for what in ("created", "updated", "deleted")}


async def test_a_renamed_board_and_a_new_status_arrive_without_asking_for_tickets(world: World) -> None:
    await world.full()
    board = world.psa.state("boards")[0]["id"]
    world.psa.change(board, entity="boards", name="Renamed")
    [status] = world.psa.create(entity="statuses", name="Parked", board={"id": board})
    world.psa.clear_requests()

    counts = await settings(world)

    assert (counts["created"], counts["updated"]) == (1, 1)
    assert await world.sql("SELECT name FROM board WHERE psa_id = %s", board) == [{"name": "Renamed"}]
    assert await world.sql("SELECT name FROM status WHERE psa_id = %s", status) == [{"name": "Parked"}]
    asked = {path.removesuffix("/count").rpartition("/")[2] for path in world.psa.requests()["byPath"]}
    assert asked.isdisjoint({"tickets", "companies", "contacts"})
    assert "statuses" in asked


async def test_each_list_is_checked_against_the_count_of_the_psa(world: World) -> None:
    await settings(world)

    checks = {each.check: each.result for each in (await world.row()).report.checks}
    assert checks == dict.fromkeys(
        (f"Count/{each}" for each in
         ("boards", "statuses", "types", "subtypes", "items", "sources", "locations", "priorities",
          "members", "customFields", "companyStatuses", "companyTypes")), "Passed"
    )  # fmt: skip


async def test_it_moves_the_marks_of_what_it_read_only(world: World) -> None:
    await world.full()
    query = "SELECT * FROM mark WHERE entity IN ('companies', 'contacts', 'tickets') ORDER BY entity"
    before = await world.sql(query)
    await world.sql("UPDATE mark SET covered_until = '2020-01-01' WHERE entity = 'boards'")

    await settings(world)

    assert await world.sql(query) == before
    assert await world.sql("SELECT 1 AS n FROM mark WHERE covered_until < '2021-01-01'") == []


async def test_a_member_who_left_goes_unless_a_ticket_still_names_them(world: World) -> None:
    [unused] = world.psa.create(entity="members")
    await world.full()
    owner = next(each["owner_id"] for each in world.truth().values() if each["owner_id"])
    world.psa.fault("hide", "system/members", ids=[owner, unused])

    await settings(world)

    members = {row["psa_id"] for row in await world.sql("SELECT psa_id FROM member")}
    assert owner in members
    assert unused not in members


async def test_a_list_that_is_not_as_long_as_its_count_fails_the_run(world: World) -> None:
    await world.full()
    [hidden] = world.psa.create(entity="members")
    world.psa.fault("hide", "system/members", ids=[hidden], counts=False)

    outcome = await world.run(Mode.REFERENCE_DATA)

    assert (outcome.phase, outcome.reason) == ("Failed", "VerificationFailed")
    assert "members but listed" in outcome.message


async def test_a_dry_run_of_it_writes_nothing(world: World) -> None:
    await world.full()
    board = world.psa.state("boards")[0]["id"]
    world.psa.change(board, entity="boards", name="Renamed")

    assert (await settings(world, dry_run=True))["updated"] == 1

    assert await world.sql("SELECT 1 AS n FROM board WHERE name = 'Renamed'") == []


async def test_it_needs_no_row_to_begin_with(world: World) -> None:
    assert (await settings(world))["created"] > 10

    assert await world.sql("SELECT count(*) AS n FROM company") == [{"n": 0}]


async def test_it_leaves_the_word_of_the_last_comparison(world: World) -> None:
    await world.full()
    world.psa.delete(min(world.truth()))
    await world.quick()

    await settings(world)

    assert "mode: Prune or mode: Full mends that" in (await world.facts()).resync_required


async def test_the_first_load_after_it_is_one_event_and_keeps_no_row(world: World) -> None:
    await settings(world)

    first = await world.full()

    assert await world.sql("SELECT action FROM change_log") == [{"action": "baseline"}] * 2
    assert await world.sql("SELECT count(*) AS n FROM row_history") == [{"n": 0}]
    assert (await world.run(Mode.ROLLBACK, rollback_of=first.name)).reason == "FirstLoad"
