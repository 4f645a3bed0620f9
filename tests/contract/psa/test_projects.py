"""A client that has project tickets as well keeps the same promises, over both lists together."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from psa_operator.psa.connectwise.account import open_with_projects
from psa_operator.psa.connectwise.projects import WithProjects
from psa_operator.sync.entities import Entity
from psa_operator.sync.outgoing import Edit, NewNote, NewTimeEntry
from psa_operator.sync.ports import EVERYTHING, Access, Query
from psa_operator.sync.records import Note, Ticket
from psa_operator.sync.spec import Account
from tests.contract.psa.asking import numbers
from tests.contract.psa.conftest import FAST, IMPATIENT, LOOPBACK, Requests
from tests.simulator_process import SimulatorProcess


@pytest_asyncio.fixture
async def both(psa: SimulatorProcess) -> AsyncIterator[WithProjects]:
    settings = {"url": psa.url, "companyId": psa.account.companyId}
    account = Account("ConnectWise", settings, psa.credentials, project_tickets=True)
    async with open_with_projects(account, FAST, LOOPBACK, IMPATIENT) as client:
        yield client


def truth(psa: SimulatorProcess) -> list[int]:
    return sorted([*psa.ids(), *psa.ids("projectTickets")])


async def pages(client: WithProjects, query: Query = EVERYTHING) -> list[list[int]]:
    found = [page async for page in client.walk(Entity.TICKETS, query)]
    assert [page.last_id for page in found] == [numbers(page)[-1] for page in found if page.records]
    return [numbers(page) for page in found]


@pytest.mark.parametrize("cap", [7, 100, 1000])
async def test_a_walk_goes_through_both_lists_in_the_order_of_ids(
    both: WithProjects, psa: SimulatorProcess, cap: int
) -> None:
    psa.set(pageSizeCap=cap)
    query = Query(upto=psa.ids()[99]) if cap < 10 else EVERYTHING

    walked = [each for page in await pages(both, query) for each in page]

    assert walked == [each for each in truth(psa) if query.upto is None or each <= query.upto]


async def test_a_walk_goes_on_behind_any_page(both: WithProjects, psa: SimulatorProcess) -> None:
    psa.set(pageSizeCap=100)
    first, *_ = await pages(both)

    rest = [each for page in await pages(both, Query(after=first[-1])) for each in page]

    assert first + rest == truth(psa)


async def test_both_are_counted_listed_and_fetched(both: WithProjects, psa: SimulatorProcess) -> None:
    wanted = [psa.ids()[3], psa.ids("projectTickets")[1], 4_000_000]

    assert await both.count(Entity.TICKETS) == len(truth(psa))
    assert sorted([each async for some in both.ids(Entity.TICKETS) for each in some]) == truth(psa)
    assert await both.largest_id(Entity.TICKETS) == truth(psa)[-1]
    page = await both.fetch(Entity.TICKETS, wanted)
    assert [each.project for each in page.records if isinstance(each, Ticket)].count(True) == 1
    assert sorted(numbers(page)) == sorted(wanted[:2])


async def test_one_is_gone_if_neither_list_has_it(both: WithProjects, psa: SimulatorProcess) -> None:
    ours, theirs = psa.ids()[0], psa.ids("projectTickets")[0]

    assert not await both.is_gone(Entity.TICKETS, ours)
    assert not await both.is_gone(Entity.TICKETS, theirs)
    psa.delete(theirs, entity="projectTickets")
    assert await both.is_gone(Entity.TICKETS, theirs)


@pytest.mark.parametrize("settings", [{}, {"bundles": False}], ids=["bundles", "one by one"])
async def test_all_notes_of_both_kinds_are_read_and_those_gone_are_on_no_page(
    both: WithProjects, psa: SimulatorProcess, settings: dict[str, bool]
) -> None:
    psa.set(**settings)
    some = [*psa.ids()[:5], *psa.ids("projectTickets")[:5]]

    found = [page async for page in both.of_tickets(Entity.NOTES, [*some, 4_000_000])]

    read = {each.id for page in found for each in page.records if isinstance(each, Note)}
    assert sorted(ticket for page in found for ticket in page.whole_for) == sorted(some)
    assert read == {each["id"] for each in psa.state("notes") if each["ticketId"] in some}


async def test_time_entries_are_those_of_both_kinds_in_one_question(
    both: WithProjects, psa: SimulatorProcess, requests: Requests
) -> None:
    entries = [each["id"] for each in psa.state("timeEntries")]

    assert await both.count(Entity.TIME_ENTRIES) == len(entries)
    assert requests("time/entries/count") == 1


async def test_only_what_changed_is_walked(both: WithProjects, psa: SimulatorProcess) -> None:
    since = await both.now()
    ours, theirs = psa.ids()[0], psa.ids("projectTickets")[0]
    psa.change(ours)
    psa.change(theirs, entity="projectTickets")

    found = await pages(both, Query(changed_since=since - timedelta(seconds=1)))

    assert [each for page in found for each in page] == sorted([ours, theirs])


async def test_a_missing_right_to_project_tickets_is_told_apart(
    both: WithProjects, psa: SimulatorProcess
) -> None:
    psa.set(denied=["project/tickets"])

    found = {each.area: each for each in await both.probe()}

    assert found["tickets"].access is Access.GRANTED
    assert found["projectTickets"].access is Access.DENIED
    assert "Project > Project Tickets: Inquire All" in found["projectTickets"].detail


async def test_what_the_portal_changed_goes_to_where_the_ticket_is(
    both: WithProjects, psa: SimulatorProcess
) -> None:
    service, project = psa.ids()[3], psa.ids("projectTickets")[1]

    for ticket in (service, project):
        changed = await both.change(ticket, Edit(summary="by the portal"))
        assert (changed.id, changed.summary) == (ticket, "by the portal")
        await both.add_note(NewNote(ticket, "by the portal", discussion=True))
        await both.add_time_entry(NewTimeEntry(ticket, datetime(2026, 3, 4, tzinfo=UTC), hours=1.0))

    summaries = {each["id"]: each["summary"] for each in [*psa.state(), *psa.state("projectTickets")]}
    assert {summaries[service], summaries[project]} == {"by the portal"}
    noted = {each["ticketId"] for each in psa.state("notes") if each["text"] == "by the portal"}
    charged = {each["chargeToId"]: each["chargeToType"] for each in psa.state("timeEntries")[-2:]}
    assert noted == {service, project}
    assert charged == {service: "ServiceTicket", project: "ProjectTicket"}
