"""A Full run limited to kinds of records brings these to what the PSA has, and leaves the others alone."""

from psa_operator.store.history import RunRow
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Mode, Selection, TicketScope
from tests.world import World

PLACES = "SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id"


async def full_of(world: World, *entities: Entity, **changes: object) -> RunRow:
    """A Full run of these kinds that must succeed."""
    return await world.full(only=Selection(entities=entities), **changes)


async def test_companies_and_contacts_are_brought_and_no_ticket_is_read_or_written(world: World) -> None:
    await world.full()
    await world.sql("UPDATE company SET name = 'damaged'")
    await world.sql("UPDATE board SET name = 'damaged'")
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    before = await world.sql(PLACES)
    world.psa.clear_requests()

    row = await full_of(world, Entity.COMPANIES, Entity.CONTACTS)

    companies = row.report.counts["companies"]
    assert companies.updated == companies.fetched > 0
    assert set(row.report.counts) == {"companyStatuses", "companies", "contacts"}
    assert await world.sql("SELECT DISTINCT name FROM board") == [{"name": "damaged"}]
    assert await world.sql(PLACES) == before


async def test_contacts_bring_the_companies_that_they_need(world: World) -> None:
    row = await full_of(world, Entity.CONTACTS)

    contacts = row.report.counts["contacts"]
    assert contacts.created == contacts.fetched > 0
    assert row.report.counts["companies"].created > 0
    assert await world.sql("SELECT count(*) AS n FROM ticket") == [{"n": 0}]


async def test_settings_alone_are_brought(world: World) -> None:
    await world.full()
    world.psa.change(world.psa.ids("boards")[0], entity="boards", name="Renamed")
    await world.sql("UPDATE priority SET name = 'damaged'")

    row = await full_of(world, Entity.BOARDS, Entity.STATUSES)

    assert (row.report.counts["boards"].updated, row.report.counts["statuses"].updated) == (1, 0)
    assert set(row.report.counts) == {"boards", "statuses"}
    assert await world.sql("SELECT DISTINCT name FROM priority") == [{"name": "damaged"}]


async def test_a_dry_run_of_some_kinds_says_what_the_real_one_then_does(world: World) -> None:
    await world.full()
    await world.sql("UPDATE company SET name = 'damaged'")

    planned = await full_of(world, Entity.COMPANIES, dry_run=True)
    still = await world.sql("SELECT DISTINCT name FROM company")
    done = await full_of(world, Entity.COMPANIES)

    assert still == [{"name": "damaged"}]
    assert planned.report.counts == done.report.counts


async def test_tickets_alone_are_brought_whole(world: World) -> None:
    await world.full()
    gone, damaged = sorted(world.truth())[:2]
    world.psa.delete(gone)
    await world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = %s", damaged)
    await world.sql("UPDATE company SET name = 'damaged'")

    await full_of(world, Entity.TICKETS)

    await world.assert_equal_to_the_psa()
    assert await world.sql("SELECT DISTINCT name FROM company") == [{"name": "damaged"}]


async def test_tickets_alone_fill_an_empty_database(world: World) -> None:
    await full_of(world, Entity.TICKETS)

    await world.assert_equal_to_the_psa()


async def test_a_contact_that_is_gone_goes_unless_a_ticket_names_it(world: World) -> None:
    [unused] = world.psa.create(entity="contacts")
    await world.full()
    named = next(each["contact_id"] for each in world.truth().values() if each["contact_id"])
    world.psa.fault("hide", "company/contacts", ids=[named, unused], details=True)

    await full_of(world, Entity.CONTACTS)

    contacts = {row["psa_id"] for row in await world.sql("SELECT psa_id FROM contact")}
    assert named in contacts
    assert unused not in contacts


async def test_it_moves_no_mark_and_does_not_count_as_a_full_run(world: World) -> None:
    await world.full()
    marks, before = await world.sql("SELECT * FROM mark ORDER BY entity"), await world.facts()

    await full_of(world, Entity.TICKETS, scope=TicketScope(include_closed=False))

    after = await world.facts()
    assert await world.sql("SELECT * FROM mark ORDER BY entity") == marks
    assert (after.last_full, after.full_config_hash) == (before.last_full, before.full_config_hash)


async def test_an_empty_list_of_what_it_reads_deletes_nothing(world: World) -> None:
    await world.full()
    before = await world.sql("SELECT psa_id FROM company ORDER BY psa_id")
    world.psa.fault("empty-list", "company/companies")

    outcome = await world.run(Mode.FULL, only=Selection(entities=(Entity.COMPANIES,)))

    assert outcome.phase != "Succeeded"
    assert await world.sql("SELECT psa_id FROM company ORDER BY psa_id") == before
