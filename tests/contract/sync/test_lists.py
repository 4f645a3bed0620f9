"""Subtypes, items, sources, locations and kinds of companies, as tickets and companies refer to them."""

from typing import Any

from psa_operator.sync.spec import Mode
from tests.world import World


async def shown(world: World) -> dict[int, tuple[Any, ...]]:
    """What readers see by ticket."""
    rows = await world.sql("SELECT psa_id, type, sub_type, item, location, source FROM visible_ticket")
    return {row.pop("psa_id"): tuple(row.values()) for row in rows}


def named(record: dict[str, Any]) -> tuple[Any, ...]:
    every = (record[field] for field in ("type", "subType", "item", "serviceLocation", "source"))
    return tuple(each["name"] if each else None for each in every)


async def test_readers_see_the_names_of_what_a_ticket_is_sorted_by(world: World) -> None:
    await world.full()

    assert await shown(world) == {each["id"]: named(each) for each in world.psa.state()}
    assert {each[1:4] for each in (await shown(world)).values()} > {(None, None, "Remote")}


async def test_every_list_is_brought_whole_with_what_it_says(world: World) -> None:
    await world.full()

    for entity, table in (
        ("subTypes", "ticket_subtype"),
        ("items", "ticket_item"),
        ("sources", "ticket_source"),
        ("serviceLocations", "service_location"),
        ("companyStatuses", "company_status"),
        ("companyTypes", "company_type"),
    ):
        rows = await world.sql(f"SELECT psa_id, name FROM {table}")
        assert {row["psa_id"]: row["name"] for row in rows} == {
            each["id"]: each["name"] for each in world.psa.state(entity)
        }
    assert await world.sql("SELECT DISTINCT place FROM service_location ORDER BY 1") == [
        {"place": each} for each in ("InHouse", "OnSite", "Remote")
    ]
    inactive = await world.sql("SELECT name FROM company_status WHERE inactive")
    assert inactive == [{"name": "Not-Active"}]


async def test_a_company_refers_to_its_status_and_its_types(world: World) -> None:
    company = world.psa.ids("companies")[0]
    world.psa.change(company, entity="companies", status={"id": 3}, types=[{"id": 5}, {"id": 1}])

    await world.full()

    [row] = await world.sql("SELECT status, status_id, type_ids FROM company WHERE psa_id = %s", company)
    assert row == {"status": "Credit Hold", "status_id": 3, "type_ids": [1, 5]}


async def test_a_renamed_subtype_shows_on_its_tickets_after_a_resync_of_the_settings(world: World) -> None:
    await world.full()
    [used] = await world.sql(
        "SELECT subtype_id AS id, count(*) FROM ticket WHERE subtype_id > 0 GROUP BY 1 LIMIT 1"
    )
    world.psa.change(used["id"], entity="subTypes", name="Renamed")

    assert (await world.run(Mode.REFERENCE_DATA)).phase == "Succeeded"

    names = [each[1] for each in (await shown(world)).values()]
    assert names.count("Renamed") == used["count"]


async def test_an_item_that_is_gone_stays_as_long_as_a_ticket_has_it(world: World) -> None:
    [unused] = world.psa.create(entity="items", name="Unused")
    await world.full()
    [used] = await world.sql("SELECT item_id AS id FROM ticket WHERE item_id > 0 LIMIT 1")
    world.psa.delete(unused, used["id"], entity="items")

    assert (await world.run(Mode.REFERENCE_DATA)).phase == "Succeeded"

    items = {row["psa_id"] for row in await world.sql("SELECT psa_id FROM ticket_item")}
    assert used["id"] in items
    assert unused not in items


async def test_an_item_that_the_psa_does_not_give_is_kept_by_its_name(world: World) -> None:
    ticket = next(each for each in world.psa.state() if each["item"])
    world.psa.delete(ticket["item"]["id"], entity="items")

    row = await world.full()

    assert (await shown(world))[ticket["id"]][2] == ticket["item"]["name"]
    assert {each.kind for each in row.report.problems} == {"UnknownParent"}


async def test_a_new_subtype_comes_with_the_first_ticket_that_has_it(world: World) -> None:
    await world.full()
    ticket = min(world.truth())
    board = world.truth()[ticket]["board_id"]
    [subtype] = world.psa.create(entity="subTypes", name="Brand new", board={"id": board})
    world.psa.change(ticket, subType={"id": subtype})

    await world.quick()

    assert (await shown(world))[ticket][1] == "Brand new"
    await world.assert_equal_to_the_psa()
