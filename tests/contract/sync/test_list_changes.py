"""What settings can name and what became of it is remembered, whichever run brought the change."""

from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Mode
from tests.world import World


async def changes(world: World) -> set[tuple[str, str, str, str | None]]:
    found = (await world.facts()).list_changes
    return {(each.entity, each.name, each.change, each.became) for each in found}


async def settings(world: World) -> None:
    assert (await world.run(Mode.REFERENCE_DATA)).phase == "Succeeded"


async def test_the_first_load_is_no_change_and_names_are_known_by_id(world: World) -> None:
    await world.full()

    assert await changes(world) == set()
    names = (await world.facts()).names
    assert names[Entity.COMPANY_TYPES] == {1: "Customer", 2: "Prospect", 5: "Vendor", 8: "Former customer"}
    assert len(names[Entity.STATUSES]) == len(world.psa.state("statuses"))


async def test_a_renamed_status_is_remembered_under_its_former_name(world: World) -> None:
    await world.full()
    status = world.psa.state("statuses")[0]
    world.psa.change(status["id"], entity="statuses", name="One")
    await settings(world)
    world.psa.change(status["id"], entity="statuses", name="Two")
    await world.full()

    assert await changes(world) == {
        ("statuses", status["name"], "renamed", "One"),
        ("statuses", "One", "renamed", "Two"),
    }


async def test_a_custom_field_that_is_removed_or_of_another_type_is_remembered(world: World) -> None:
    await world.full()
    first, second, *_ = world.psa.state("userDefinedFields")
    world.psa.delete(first["id"], entity="userDefinedFields")
    world.psa.change(second["id"], entity="userDefinedFields", fieldTypeIdentifier="Percent")

    await settings(world)

    assert await changes(world) == {
        ("customFields", first["caption"], "removed", None),
        ("customFields", second["caption"], "retyped", "Percent"),
    }


async def test_a_board_that_no_ticket_is_on_is_remembered_when_it_goes(world: World) -> None:
    [board] = world.psa.create(entity="boards", name="Short-lived")
    await world.full()
    world.psa.delete(board, entity="boards")

    await settings(world)

    assert await changes(world) == {("boards", "Short-lived", "removed", None)}


async def test_who_may_write_a_list_needs_no_right_on_what_is_remembered(world: World) -> None:
    await world.full()
    role = world.dsn.rpartition("/")[2]
    await world.sql(f"CREATE ROLE {role}")
    await world.sql(f"GRANT USAGE ON SCHEMA psa TO {role}")
    await world.sql(f"GRANT SELECT, UPDATE ON status TO {role}")
    [status] = await world.sql("SELECT psa_id, name FROM status LIMIT 1")

    await world.sql(
        f"SET ROLE {role}; UPDATE psa.status SET name = 'By hand' WHERE psa_id = {status['psa_id']}"
    )

    assert await changes(world) == {("statuses", status["name"], "renamed", "By hand")}
    await world.sql(f"DROP OWNED BY {role}; DROP ROLE {role}")
