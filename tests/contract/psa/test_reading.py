"""What a Source promises the engine, kept by ConnectWise's client on a good day."""

from datetime import UTC, datetime, timedelta

import pytest

from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Query
from psa_operator.sync.records import RECORD_TYPE, Contact, Status, Ticket
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import DateField
from tests.contract.psa.asking import listed, numbers, walked
from tests.contract.psa.conftest import Open
from tests.simulator_process import SimulatorProcess

LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)
LISTS = [entity for entity in Entity if entity not in {Entity.TECHNICIANS, Entity.NOTES}]
THEIRS = {
    Entity.CUSTOM_FIELDS: "userDefinedFields",
    Entity.SUBTYPES: "subTypes",
    Entity.LOCATIONS: "serviceLocations",
}


@pytest.mark.parametrize("entity", LISTS)
async def test_everything_is_counted_listed_and_walked(
    psa: SimulatorProcess, client: ConnectWise, entity: Entity
) -> None:
    records = psa.state(THEIRS.get(entity, entity))
    truth = [each["id"] for each in records if each.get("chargeToType") != "ProjectTicket"]

    assert await client.count(entity) == len(truth)
    assert sorted(await listed(client, entity)) == truth
    assert sorted(await walked(client, entity)) == truth
    assert await client.largest_id(entity) == records[-1]["id"]


@pytest.mark.parametrize("entity", LISTS)
async def test_records_arrive_as_ours(client: ConnectWise, entity: Entity) -> None:
    async for page in client.walk(entity):
        assert not page.refused
        assert {type(record) for record in page.records} == {RECORD_TYPE[entity]}


async def test_pages_follow_their_ids_and_say_where_to_go_on(client: ConnectWise) -> None:
    pages = [page async for page in client.walk(Entity.TICKETS)]

    assert [len(page.records) for page in pages] == [1000, 200]
    assert [page.last_id for page in pages] == [numbers(page)[-1] for page in pages]


async def test_a_ticket_arrives_as_the_psa_has_it(psa: SimulatorProcess, client: ConnectWise) -> None:
    truth = {each["id"]: each for each in psa.state("tickets")}

    async for page in client.walk(Entity.TICKETS):
        for ticket in page.records:
            assert isinstance(ticket, Ticket)
            theirs = truth[ticket.id]
            assert ticket.summary == theirs["summary"].replace("\x00", "")
            assert ticket.status_id == theirs["status"]["id"]
            assert f"{ticket.updated_at:%Y-%m-%dT%H:%M:%SZ}" == theirs["_info"]["lastUpdated"]


async def test_all_technicians_of_a_ticket_are_named(psa: SimulatorProcess, client: ConnectWise) -> None:
    [number] = psa.create(resources="TechOne, TechTwo")

    page = await client.fetch(Entity.TICKETS, [number])

    assert page.resources[number][:2] == ("TechOne", "TechTwo")


async def test_a_contacts_address_is_the_default_one(psa: SimulatorProcess, client: ConnectWise) -> None:
    theirs = next(each for each in psa.state("contacts") if each["communicationItems"])

    [contact] = (await client.fetch(Entity.CONTACTS, [theirs["id"]])).records

    assert isinstance(contact, Contact)
    assert contact.email in {item["value"] for item in theirs["communicationItems"]}


async def test_statuses_know_their_board(psa: SimulatorProcess, client: ConnectWise) -> None:
    boards = {each["id"]: each["board"]["id"] for each in psa.state("statuses")}

    async for page in client.walk(Entity.STATUSES):
        assert {
            each.id: each.board_id for each in page.records if isinstance(each, Status)
        }.items() <= boards.items()


@pytest.mark.parametrize("entity", [Entity.TICKETS, Entity.COMPANIES, Entity.CONTACTS])
async def test_segments_of_a_list_join_without_gap_or_overlap(
    psa: SimulatorProcess, client: ConnectWise, entity: Entity
) -> None:
    truth = psa.ids(entity)
    middle = truth[len(truth) // 2]
    halves = Query(upto=middle), Query(after=middle)

    assert [each for half in halves for each in await walked(client, entity, half)] == truth
    assert sum([await client.count(entity, half) for half in halves]) == len(truth)


@pytest.mark.parametrize(
    "scope",
    [
        ResolvedScope(include_closed=False),
        ResolvedScope(boards=frozenset({13, 20})),
        ResolvedScope(excluded_boards=frozenset({13})),
        ResolvedScope(boards=frozenset({13}), excluded_boards=frozenset({13})),
        ResolvedScope(excluded_statuses=frozenset(range(300, 310))),
        ResolvedScope(excluded_statuses=frozenset(range(300, 3000))),
    ],
)
async def test_count_walk_and_ids_mean_the_same_scope(client: ConnectWise, scope: ResolvedScope) -> None:
    query = Query(scope=scope)
    seen = await walked(client, Entity.TICKETS, query)

    assert await client.count(Entity.TICKETS, query) == len(seen)
    assert await listed(client, Entity.TICKETS, query) == seen


async def counts_as_we_do(client: ConnectWise, scope: ResolvedScope) -> bool:
    pages = [page async for page in client.walk(Entity.TICKETS)]
    tickets = [each for page in pages for each in page.records if isinstance(each, Ticket)]
    inside = [each for each in tickets if not scope.obstacle(each)]
    return await client.count(Entity.TICKETS, Query(scope=scope)) == len(inside)


@pytest.mark.parametrize(
    "scope",
    [
        ResolvedScope(),
        ResolvedScope(excluded_statuses=frozenset(range(300, 310)), include_closed=False, start=LONG_AGO),
        ResolvedScope(date_field=DateField.DATE_ENTERED),
    ],
)
async def test_a_scope_that_is_expressed_is_counted_as_we_do(
    client: ConnectWise, scope: ResolvedScope
) -> None:
    assert client.expresses(Query(scope=scope))
    assert await counts_as_we_do(client, scope)


@pytest.mark.parametrize(
    "scope",
    [
        ResolvedScope(excluded_statuses=frozenset(range(300, 3000))),
        ResolvedScope(date_field=DateField.DATE_ENTERED, start=LONG_AGO),
    ],
)
async def test_a_scope_that_is_counted_otherwise_is_not_expressed(
    client: ConnectWise, scope: ResolvedScope
) -> None:
    assert not client.expresses(Query(scope=scope))
    assert not await counts_as_we_do(client, scope)


async def test_what_is_in_scope_is_what_the_scope_says(psa: SimulatorProcess, client: ConnectWise) -> None:
    board = psa.state("boards")[0]["id"]
    scope = ResolvedScope(boards=frozenset({board}), include_closed=False)
    pages = [page async for page in client.walk(Entity.TICKETS)]
    tickets = [each for page in pages for each in page.records if isinstance(each, Ticket)]
    inside = [each.id for each in tickets if not scope.obstacle(each)]

    assert await walked(client, Entity.TICKETS, Query(scope=scope)) == inside


async def test_only_what_changed_since_is_read(psa: SimulatorProcess, client: ConnectWise) -> None:
    since, [changed, *_] = await client.now(), psa.ids()
    psa.change(changed, summary="changed")

    assert await walked(client, Entity.TICKETS, Query(changed_since=since)) == [changed]
    assert await client.count(Entity.TICKETS, Query(changed_since=since + timedelta(hours=1))) == 0


async def test_many_records_are_fetched_by_few_requests(psa: SimulatorProcess, client: ConnectWise) -> None:
    wanted = psa.ids()[::2]
    psa.clear_requests()

    page = await client.fetch(Entity.TICKETS, [*wanted, 1, wanted[0]])

    assert numbers(page) == wanted
    assert psa.requests()["total"] < 5


async def test_statuses_are_fetched_by_id(psa: SimulatorProcess, client: ConnectWise) -> None:
    wanted = psa.ids("statuses")[3:5]

    assert numbers(await client.fetch(Entity.STATUSES, wanted)) == wanted


async def test_nothing_is_asked_to_fetch_nothing(psa: SimulatorProcess, client: ConnectWise) -> None:
    assert not (await client.fetch(Entity.TICKETS, [])).records
    assert psa.requests()["total"] == 0


@pytest.mark.parametrize("entity", [Entity.TICKETS, Entity.COMPANIES, Entity.STATUSES])
async def test_only_what_the_psa_lacks_is_gone(
    psa: SimulatorProcess, client: ConnectWise, entity: Entity
) -> None:
    there = psa.ids(entity)[0]

    assert not await client.is_gone(entity, there)
    assert await client.is_gone(entity, 1)


async def test_a_record_that_only_its_own_path_denies_is_not_gone(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    there = psa.ids()[0]
    psa.fault("status", f"service/tickets/{there}", status=404)

    assert not await client.is_gone(Entity.TICKETS, there)


async def test_who_answers_is_what_the_site_says_of_itself(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    server = await client.server()

    assert server.identity == "harbor"
    assert server.version.startswith("v2025.1")


async def test_another_company_is_another_identity(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.set(companyId="other")

    assert (await client.server()).identity != "harbor"


async def test_a_company_that_was_renamed_is_the_same(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.set(companyName="Harbor and Sons")

    assert (await client.server()).identity == "harbor"


async def test_the_clock_is_the_psas_own(psa: SimulatorProcess, client: ConnectWise) -> None:
    before = await client.now()
    psa.set(clockSkew=-7200)

    assert timedelta(minutes=119) < before - await client.now() < timedelta(minutes=121)


async def test_a_ticket_that_changes_while_we_read_hides_no_other(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    truth, seen = psa.ids(), list[int]()
    psa.set(pageSizeCap=200)

    async for page in client.walk(Entity.TICKETS):
        seen += numbers(page)
        psa.change(truth[0])  # would move to the end of a list in the order of change

    assert seen == truth


async def test_tickets_deleted_while_we_read_hide_no_other(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    going, seen = psa.ids()[:20:2], set[int]()
    staying = set(psa.ids()) - set(going)
    psa.set(pageSizeCap=200)

    async for page in client.walk(Entity.TICKETS):
        seen |= set(numbers(page))
        if going:
            psa.delete(going.pop())  # would draw the others forward in a list by page number

    assert staying <= seen


async def test_the_longest_url_stays_below_what_servers_take(open_psa: Open, psa: SimulatorProcess) -> None:
    client = await open_psa()
    await client.fetch(Entity.TICKETS, psa.ids())
    await client.count(
        Entity.TICKETS, Query(scope=ResolvedScope(excluded_statuses=frozenset(range(300, 480))))
    )

    assert max(len(each["path"]) + len(each["query"]) for each in psa.requests()["log"]) < 2000
