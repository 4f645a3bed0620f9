"""A right that is taken away switches off what it covers, and nothing else; given back, all is there."""

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from psa_operator.store.history import RunRow
from psa_operator.sync.access import DISPENSABLE
from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.spec import (
    CompanyFilter,
    Mode,
    Notes,
    Selection,
    TicketScope,
    Verification,
    WriteBack,
)
from tests.world import World


@dataclass(frozen=True)
class Area:
    """A list of the PSA: its path, what the simulator calls its records, and which live rows it fills."""

    path: str
    entity: str
    rows: str
    field: str = "name"


AREAS = {
    Entity.TYPES: Area("service/boards/*/types", "types", "ticket_type"),
    Entity.SUBTYPES: Area("service/boards/*/subtypes", "subTypes", "ticket_subtype"),
    Entity.ITEMS: Area("service/boards/*/items", "items", "ticket_item"),
    Entity.SOURCES: Area("service/sources", "sources", "ticket_source"),
    Entity.LOCATIONS: Area("service/locations", "serviceLocations", "service_location"),
    Entity.CUSTOM_FIELDS: Area("system/userDefinedFields", "userDefinedFields", "custom_field", "caption"),
    Entity.COMPANY_STATUSES: Area("company/companies/statuses", "companyStatuses", "company_status"),
    Entity.COMPANY_TYPES: Area("company/companies/types", "companyTypes", "company_type"),
    Entity.CONTACTS: Area("company/contacts", "contacts", "contact", "firstName"),
    Entity.NOTES: Area("service/tickets/*/notes", "notes", "note", "text"),
    Entity.TIME_ENTRIES: Area("time/entries", "timeEntries", "time_entry", "notes"),
    PROJECT_TICKETS: Area("project/tickets", "projectTickets", "ticket WHERE project", "summary"),
}
COLUMNS = {"firstName": "first_name"}
NEEDED = ["boards", "statuses", "tickets", "companies", "members", "priorities"]
PATHS = {
    "boards": "service/boards",
    "statuses": "service/boards/*/statuses",
    "tickets": "service/tickets",
    "companies": "company/companies",
    "members": "system/members",
    "priorities": "service/priorities",
}


@pytest.fixture
def rights(small_world: World) -> World:
    """A world in which everything is wanted, project tickets too."""
    account = replace(small_world.spec().account, project_tickets=True)
    small_world.settings = {"account": account, "scope": TicketScope(project_tickets=True)}
    return small_world


async def rows(world: World, of: str) -> list[dict[str, Any]]:
    return await world.sql(f"SELECT *, xmin::text FROM {of} ORDER BY psa_id")


async def marks(world: World) -> dict[str, Any]:
    return {each["entity"]: each for each in await world.sql("SELECT * FROM mark")}


async def age_marks(world: World) -> None:
    """The lists were read some hours ago, so that a Quick run reads them again."""
    await world.sql(
        "UPDATE mark SET covered_until = covered_until - interval '3 h',"
        " watermark = watermark - interval '3 h'"
    )


async def run(world: World, mode: Mode, **changes: Any) -> RunRow:
    outcome = await world.run(mode, **changes)
    assert outcome.phase == "Succeeded", outcome
    return await world.row()


def stir(world: World, area: Area) -> tuple[int, int]:
    """Change one record of an area in the PSA, with the ticket that it belongs to, and delete another."""
    changed, gone = world.psa.ids(area.entity)[:2]
    world.psa.change(changed, entity=area.entity, **{area.field: "changed there"})
    world.psa.delete(gone, entity=area.entity)
    for each in (each for each in world.psa.state(area.entity) if each["id"] == changed):
        if ticket := each.get("ticketId") or each.get("chargeToId"):
            world.psa.change(ticket)
    return changed, gone


def test_every_area_that_is_dispensable_is_tried_here() -> None:
    assert AREAS.keys() == DISPENSABLE


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
@pytest.mark.parametrize("name", AREAS)
async def test_a_right_that_is_gone_switches_off_its_area_alone(rights: World, name: str, mode: Mode) -> None:
    area, ticket = AREAS[name], min(rights.truth())
    await rights.full()
    await age_marks(rights)
    changed, gone = stir(rights, area)
    rights.psa.change(ticket, summary="changed meanwhile")
    rights.psa.set(denied=[area.path])
    before, mark = await rows(rights, area.rows), (await marks(rights)).get(name)

    found = (await run(rights, mode)).report

    assert await rows(rights, area.rows) == before
    assert (await marks(rights)).get(name) == mark
    assert (await rights.tickets())[ticket]["summary"] == "changed meanwhile"
    assert found.denied == [name]
    assert [each.message for each in found.problems if each.kind == "PermissionDenied"] == [
        message for each in found.problems if name in (message := each.message) and "Inquire All" in message
    ]
    assert found.warnings == 1

    rights.psa.set(denied=[])
    assert not (await run(rights, Mode.QUICK)).report.denied

    column = COLUMNS.get(area.field, area.field)
    table = area.rows.partition(" ")[0]
    [row] = await rights.sql(f"SELECT {column} AS value FROM {table} WHERE psa_id = %s", changed)
    assert row["value"] == "changed there"
    assert gone in {each["psa_id"] for each in before}


@pytest.mark.parametrize("name", AREAS)
async def test_a_prune_removes_nothing_of_an_area_that_it_may_not_read(rights: World, name: str) -> None:
    await rights.full()
    stir(rights, AREAS[name])
    [company] = rights.psa.create(entity="companies")
    await rights.quick()
    rights.psa.delete(company, entity="companies")
    rights.psa.set(denied=[AREAS[name].path])
    before = await rows(rights, AREAS[name].rows)

    assert (await run(rights, Mode.PRUNE)).report.denied == [name]

    assert await rows(rights, AREAS[name].rows) == before
    assert not await rights.sql("SELECT psa_id FROM company WHERE psa_id = %s", company)


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_a_right_without_which_no_ticket_is_right_ends_the_run(
    rights: World, name: str, mode: Mode
) -> None:
    await rights.full()
    await age_marks(rights)
    before, mark = await rights.tickets(), await marks(rights)
    rights.psa.set(denied=[PATHS[name]])

    outcome = await rights.run(mode)

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")
    assert name in outcome.message
    assert (await rights.tickets(), await marks(rights)) == (before, mark)


async def test_what_decides_the_scope_is_needed(rights: World) -> None:
    scope = TicketScope(project_tickets=True, companies=CompanyFilter(excluded_types=("Vendor",)))
    await rights.full(scope=scope)
    rights.psa.set(denied=["company/companies/types"])

    outcome = await rights.run(Mode.FULL, scope=scope)

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")


async def test_what_a_run_is_limited_to_is_needed(rights: World) -> None:
    await rights.full()
    rights.psa.set(denied=["company/contacts"])

    outcome = await rights.run(Mode.FULL, only=Selection(entities=(Entity.CONTACTS,)))

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")


@pytest.mark.parametrize("name", [Entity.TYPES, Entity.CONTACTS, Entity.NOTES, PROJECT_TICKETS])
async def test_a_first_run_without_a_right_brings_the_rest_and_a_later_one_is_asked_for(
    rights: World, name: str
) -> None:
    rights.psa.set(denied=[AREAS[name].path])

    await rights.full()

    assert (await rights.tickets()).keys() >= rights.truth().keys()
    facts = await rights.facts()
    assert facts.last_full
    assert facts.last_full.denied == [name]
    rights.psa.set(denied=[])
    await rights.full()
    facts = await rights.facts()
    assert facts.last_full
    assert not facts.last_full.denied
    assert len(await rows(rights, AREAS[name].rows)) >= len(rights.psa.ids(AREAS[name].entity)) > 0


@pytest.mark.parametrize("after", [2, 4, 6])
async def test_a_right_that_is_taken_away_while_a_run_reads_deletes_nothing(
    rights: World, after: int
) -> None:
    await rights.full()
    stir(rights, AREAS[Entity.CONTACTS])
    before = await rows(rights, "contact")
    rights.psa.fault("forbidden", "company/contacts", after=after)

    found = (await run(rights, Mode.FULL)).report

    assert found.denied == ["contacts"]
    assert {each["psa_id"] for each in await rows(rights, "contact")} == {each["psa_id"] for each in before}


async def test_project_tickets_that_are_hidden_while_a_run_reads_stay(rights: World) -> None:
    await rights.full()
    before = await rows(rights, "ticket WHERE project")
    rights.psa.fault("forbidden", "project/tickets", after=4)

    found = (await run(rights, Mode.FULL)).report

    assert found.denied == [PROJECT_TICKETS]
    assert await rows(rights, "ticket WHERE project") == before


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.PRUNE])
async def test_a_ticket_that_may_have_become_a_projects_is_not_gone(rights: World, mode: Mode) -> None:
    await rights.full()
    moved = min(rights.truth())
    rights.psa.convert(moved)
    rights.psa.set(denied=["project/tickets"])

    await run(rights, mode)

    assert moved in await rights.tickets()


@pytest.mark.parametrize(("mode", "limited"), [(Mode.QUICK, False), (Mode.FULL, False), (Mode.FULL, True)])
async def test_notes_that_a_run_could_not_read_are_not_reused(
    rights: World, mode: Mode, *, limited: bool
) -> None:
    # Of another tenth, and without a sample, its notes are read again for no other reason.
    scope = TicketScope(notes=Notes.REUSE_UNCHANGED)
    rights.settings = {"scope": scope, "verification": Verification(sample=0)}
    await rights.full()
    [tenth] = [row["number"] % 10 for row in await rights.sql("SELECT number FROM run")]
    note = next(each for each in rights.psa.state("notes") if each["ticketId"] % 10 == tenth)
    rights.psa.change(note["id"], entity="notes", text="changed there")
    rights.psa.set(denied=["service/tickets/*/notes"])
    await run(rights, mode, only=Selection(ticket_ids=(note["ticketId"],) if limited else ()))
    rights.psa.set(denied=[])

    await rights.full()

    [row] = await rights.sql("SELECT text FROM note WHERE psa_id = %s", note["id"])
    assert row["text"] == "changed there"


async def test_a_time_out_is_no_denial(rights: World) -> None:
    await rights.full()
    before = await rows(rights, "contact")
    rights.psa.fault("status", "company/contacts", status=504)

    outcome = await rights.run(Mode.QUICK)

    assert (outcome.phase, outcome.reason) == ("", "Unavailable")
    assert await rows(rights, "contact") == before


@pytest.mark.parametrize("name", [Entity.CONTACTS, Entity.NOTES])
async def test_a_short_list_is_noticed_though_an_area_is_denied(rights: World, name: str) -> None:
    await rights.full()
    ticket, mark = min(rights.truth()), (await marks(rights))["tickets"]
    rights.psa.change(*sorted(rights.truth())[:3], summary="changed meanwhile")
    rights.psa.set(denied=[AREAS[name].path])
    rights.psa.fault("hide", r"service/tickets\?", ids=[ticket], counts=False)

    found = (await run(rights, Mode.QUICK)).report

    assert "IncompleteList" in {each.kind for each in found.problems}
    assert (await marks(rights))["tickets"] == mark


async def test_a_dry_run_speaks_of_it(rights: World) -> None:
    await rights.full()
    rights.psa.set(denied=["company/contacts"])

    row = await run(rights, Mode.FULL, dry_run=True)

    assert row.report.denied == ["contacts"]
    assert row.report.counts["contacts"].deleted == 0


async def test_what_the_portal_changed_is_sent_though_an_area_is_denied(rights: World) -> None:
    rights.settings |= {"write_back": WriteBack(enabled=True)}
    await rights.full()
    ticket = min(rights.truth())
    await rights.sql("UPDATE ticket SET summary = 'by the portal' WHERE psa_id = %s", ticket)
    rights.psa.set(denied=["project/tickets", "company/contacts"])

    found = (await run(rights, Mode.QUICK)).report

    assert found.local
    assert found.local.sent == 1
    assert rights.truth()[ticket]["summary"] == "by the portal"


async def test_coverage_speaks_of_what_may_be_read(rights: World) -> None:
    await rights.full()
    await age_marks(rights)
    old = (await rights.facts()).covered_until
    rights.psa.set(denied=["company/contacts", "project/tickets"])

    await rights.quick()

    new = (await rights.facts()).covered_until
    assert old
    assert new
    assert new > old
