"""Project tickets come with those of the service desk if the user wants them, and go if no longer."""

from typing import Any

import pytest
from msgspec.structs import replace

from psa_operator.sync.spec import CompanyFilter, Mode, Notes, TicketScope
from tests.world import Rows, World, expected

WANTED = TicketScope(project_tickets=True)


@pytest.fixture
def projects(world: World) -> World:
    """A world in which project tickets are wanted."""
    account = replace(world.spec().account, project_tickets=True)
    world.settings = {"account": account, "scope": WANTED}
    return world


def both(world: World) -> Rows:
    """All tickets as the PSA has them, in the words of the live table."""
    members = {each["identifier"]: each["id"] for each in world.psa.state("members")}
    theirs = {each["id"]: expected(each, members) for each in world.psa.state("projectTickets")}
    return world.truth() | theirs


async def assert_all(world: World) -> None:
    live, truth = await world.tickets(), both(world)
    assert live.keys() == truth.keys()
    assert {key: row for key, row in live.items() if row != truth[key]} == {}


async def shown(world: World) -> dict[int, tuple[Any, ...]]:
    rows = await world.sql("SELECT psa_id, project_name, phase FROM visible_ticket WHERE project")
    return {row["psa_id"]: (row["project_name"], row["phase"]) for row in rows}


async def count(world: World, query: str) -> int:
    [row] = await world.sql(f"SELECT count(*) AS n {query}")
    return int(row["n"])


async def test_both_kinds_come_in_one_list_with_project_and_phase(projects: World) -> None:
    row = await projects.full()

    await assert_all(projects)
    theirs = projects.psa.state("projectTickets")
    assert await shown(projects) == {
        each["id"]: (each["project"]["name"], each["phase"]["name"]) for each in theirs
    }
    assert row.report.counts["tickets"].created == len(both(projects))
    assert {each.result for each in row.report.checks} == {"Passed"}


async def test_their_notes_and_time_entries_come_with_them(projects: World) -> None:
    await projects.full()

    of_projects = "JOIN ticket ON ticket.psa_id = ticket_id WHERE project"
    ids = set(projects.psa.ids("projectTickets"))
    entries = [each for each in projects.psa.state("timeEntries") if each["chargeToId"] in ids]
    notes = [each for each in projects.psa.state("notes") if each["ticketId"] in ids]
    assert await count(projects, f"FROM time_entry {of_projects}") == len(entries) > 0
    assert await count(projects, f"FROM note {of_projects}") == len(notes) > 0


async def test_without_them_none_is_asked_for(world: World) -> None:
    await world.full()

    await world.assert_equal_to_the_psa()
    assert not any("project" in path for path in world.psa.requests()["byPath"])


async def test_a_quick_run_brings_what_changed_of_both(projects: World) -> None:
    await projects.full()
    theirs = projects.psa.ids("projectTickets")[0]
    projects.psa.change(theirs, entity="projectTickets", summary="changed")
    projects.psa.change(min(projects.truth()), summary="changed")
    projects.psa.create(entity="projectTickets")

    row = await projects.quick()

    await assert_all(projects)
    tickets = row.report.counts["tickets"]
    assert (tickets.updated, tickets.created) == (2, 1)
    assert not row.report.resync_required


async def test_a_ticket_that_becomes_a_projects_and_one_that_comes_back_keep_their_rows(
    projects: World,
) -> None:
    await projects.full()
    ours, theirs = min(projects.truth()), projects.psa.ids("projectTickets")[0]
    rows = "SELECT psa_id, id FROM ticket ORDER BY psa_id"
    before = await projects.sql(rows)
    projects.psa.convert(ours, theirs)

    await projects.quick()

    await assert_all(projects)
    assert await projects.sql(rows) == before
    assert ours in await shown(projects)
    assert theirs not in await shown(projects)


async def test_one_that_is_gone_goes_with_a_prune_and_the_others_stay(projects: World) -> None:
    await projects.full()
    gone = projects.psa.ids("projectTickets")[0]
    projects.psa.delete(gone, entity="projectTickets")

    outcome = await projects.run(Mode.PRUNE)

    assert outcome.phase == "Succeeded", outcome
    assert (await projects.row()).report.counts["tickets"].deleted == 1
    await assert_all(projects)


async def test_once_they_are_not_wanted_a_prune_leaves_them_to_the_next_full_run(world: World) -> None:
    account = replace(world.spec().account, project_tickets=True)
    await world.full(account=account, scope=WANTED)
    gone = min(world.truth())
    world.psa.delete(gone)
    before = await world.tickets()
    entries = "FROM time_entry JOIN ticket ON ticket.psa_id = ticket_id WHERE project"
    theirs = await count(world, entries)

    outcome = await world.run(Mode.PRUNE)

    assert outcome.phase == "Succeeded", outcome
    assert (await world.tickets()).keys() == before.keys() - {gone}
    assert await count(world, entries) == theirs > 0


async def test_once_they_are_not_wanted_a_full_run_removes_them_apart_from_the_guard(world: World) -> None:
    account = replace(world.spec().account, project_tickets=True)
    await world.full(account=account, scope=WANTED)
    number = len(world.psa.ids("projectTickets"))

    quick = await world.quick()
    full = await world.full()

    assert "scope changed" in (quick.report.resync_required or "")
    assert full.report.counts["tickets"].deleted == number > 10
    await world.assert_equal_to_the_psa()


async def test_the_scope_holds_for_them_as_well(projects: World) -> None:
    board = projects.psa.state("boards")[0]
    scope = replace(WANTED, include_boards=(board["name"],), include_closed=False, notes=Notes.NONE)

    await projects.full(scope=scope)

    wanted = {
        key for key, row in both(projects).items() if row["board_id"] == board["id"] and not row["closed"]
    }
    assert (await projects.tickets()).keys() == wanted
    assert wanted & set(projects.psa.ids("projectTickets"))


async def test_those_of_left_out_companies_are_left_out(projects: World) -> None:
    theirs = next(each for each in projects.psa.state("projectTickets") if each["company"])
    company = theirs["company"]["id"]
    projects.psa.change(company, entity="companies", types=[{"id": 5}])

    await projects.full(scope=replace(WANTED, companies=CompanyFilter(excluded_types=("Vendor",))))

    assert (await projects.tickets()).keys() == {
        key for key, row in both(projects).items() if row["company_id"] != company
    }


async def test_a_missing_right_to_read_them_is_named_and_the_others_come(projects: World) -> None:
    projects.psa.set(denied=["project/tickets"])

    found = (await projects.full()).report

    assert found.denied == ["projectTickets"]
    assert "Project Tickets: Inquire All" in found.problems[0].message
    assert (await projects.tickets()).keys() == projects.truth().keys()
