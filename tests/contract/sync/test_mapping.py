"""The portal's names for statuses, priorities and custom fields, and which of these fields tickets have."""

from typing import Any

from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import CustomFields, Mappings, Mode, TicketScope
from tests.world import World


async def shown(world: World, column: str) -> dict[str, int]:
    """How many visible tickets have which value."""
    rows = await world.sql(f"SELECT {column} AS value, count(*) FROM visible_ticket GROUP BY 1")
    return {row["value"]: row["count"] for row in rows}


async def custom(world: World) -> set[str]:
    """All names of custom fields that tickets have."""
    rows = await world.sql("SELECT DISTINCT jsonb_object_keys(custom_fields) AS name FROM ticket")
    return {row["name"] for row in rows}


async def fields(world: World) -> dict[int, dict[str, Any]]:
    """The custom fields of every ticket that has some."""
    return {
        key: each["custom_fields"] for key, each in (await world.tickets()).items() if each["custom_fields"]
    }


async def test_without_mappings_the_portal_shows_the_psas_names(world: World) -> None:
    await world.full()

    assert await shown(world, "portal_status") == await shown(world, "status")
    assert await shown(world, "portal_priority") == await shown(world, "priority")


async def test_names_are_mapped_by_name_in_any_case_or_by_id_and_the_rest_is_counted(world: World) -> None:
    first, second, *_ = world.psa.state("priorities")
    mappings = Mappings(priorities={first["name"].upper(): "Urgent", str(second["id"]): "Soon"})

    await world.full(mappings=mappings)

    by_name = await shown(world, "priority")
    by_portal = await shown(world, "portal_priority")
    assert (by_portal["Urgent"], by_portal["Soon"]) == (by_name[first["name"]], by_name[second["name"]])
    del by_name[first["name"]], by_name[second["name"]]
    unmapped = (await world.facts()).unmapped
    assert unmapped[Entity.PRIORITIES] == {name: count for name, count in by_name.items() if name}


async def test_a_mapping_that_names_nothing_the_psa_has_leaves_all_in_use_unmapped(world: World) -> None:
    await world.full(mappings=Mappings(statuses={"Neww": "Open"}))

    in_use = await shown(world, "status")
    assert (await world.facts()).unmapped[Entity.STATUSES] == in_use
    assert await shown(world, "portal_status") == in_use


async def test_a_changed_mapping_comes_with_the_next_quick_run_to_all_tickets(world: World) -> None:
    name = world.psa.state("statuses")[0]["name"]
    await world.full(mappings=Mappings(statuses={name: "one"}))
    changed = await world.sql("SELECT max(changed_at) FROM ticket")

    row = await world.quick(mappings=Mappings(statuses={name: "two"}))

    assert "two" in await shown(world, "portal_status")
    assert "one" not in await shown(world, "portal_status")
    assert not row.report.resync_required
    assert await world.sql("SELECT max(changed_at) FROM ticket") == changed
    await world.quick()
    assert await shown(world, "portal_status") == await shown(world, "status")


async def test_a_renamed_status_shows_and_its_mapping_is_missed(world: World) -> None:
    mappings = Mappings(statuses={each["name"]: "known" for each in world.psa.state("statuses")})
    await world.full(mappings=mappings)
    assert set(await shown(world, "portal_status")) == {"known"}
    [status] = await world.sql(
        "SELECT status_id AS id, count(*) FROM ticket GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )

    world.psa.change(status["id"], entity="statuses", name="Brand new")
    await world.run(Mode.REFERENCE_DATA, mappings=mappings)

    assert (await shown(world, "portal_status"))["Brand new"] == status["count"]
    assert (await world.facts()).unmapped[Entity.STATUSES] == {"Brand new": status["count"]}


async def test_names_that_the_psa_does_not_have_are_a_warning_with_those_it_has(world: World) -> None:
    row = await world.full(
        mappings=Mappings(priorities={"Hihg": "Urgent"}),
        scope=TicketScope(custom_fields=CustomFields(wanted=("No such",))),
    )

    words = {each.message for each in row.report.problems if each.kind == "UnknownName"}
    known = world.psa.state("priorities")[0]["name"]
    assert any('spec.mappings.priorities names "Hihg"' in each and known in each for each in words)
    assert any('customFields or mappings.fields names "No such"' in each for each in words)


async def test_only_the_wanted_custom_fields_come_under_the_portals_names(world: World) -> None:
    await world.full()
    one, two, *_ = sorted(await custom(world))

    await world.full(
        scope=TicketScope(custom_fields=CustomFields((one.upper(), two), ((two, "portal name"),)))
    )
    assert await custom(world) == {one, "portal name"}

    await world.full(scope=TicketScope(custom_fields=CustomFields(wanted=())))
    assert await custom(world) == set()


async def test_a_field_is_not_renamed_to_what_another_is_called_and_no_value_is_lost(world: World) -> None:
    await world.full()
    before, (one, two, *_) = await fields(world), sorted(await custom(world))

    row = await world.full(scope=TicketScope(custom_fields=CustomFields(renamed=((one, two),))))

    assert await fields(world) == before
    [warning] = [each.message for each in row.report.problems if each.kind == "NameTaken"]
    assert f'calls "{one}" "{two}"' in warning


async def test_two_fields_can_exchange_their_names(world: World) -> None:
    await world.full()
    before, (one, two, *_) = await fields(world), sorted(await custom(world))
    other = {one: two, two: one}

    await world.full(scope=TicketScope(custom_fields=CustomFields(renamed=tuple(other.items()))))

    assert await fields(world) == {
        ticket: {other.get(name, name): value for name, value in values.items()}
        for ticket, values in before.items()
    }
