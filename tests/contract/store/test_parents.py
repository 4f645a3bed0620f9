"""No row without its parents: missing ones are named, stubs stand in, and kept rows keep theirs."""

from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page, Refused
from psa_operator.sync.records import Board, Company, Contact, Record, Status
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
    REFERENCE,
    bring,
    changed,
    claimed,
    publish,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)

BAD = Refused(1, "summary", "too long", '{"id": 1}')


def without(entity: Entity, *ids: int) -> dict[Entity, list[Record]]:
    """The reference data without some records."""
    kept = [record for record in REFERENCE[entity] if getattr(record, "id", 0) not in ids]
    return REFERENCE | {entity: kept}


async def test_parents_that_are_not_there_are_named(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        orphan = ticket(2, company_id=7, owner_id=8)
        names = {Entity.COMPANIES: {7: "Cog"}, Entity.MEMBERS: {8: "Dee"}}
        await stage.merge(Page(Entity.TICKETS, [orphan], names=names), technicians={2: [9]})

        missing = await stage.missing_parents()

    assert missing == {Entity.COMPANIES: {7: "Cog"}, Entity.MEMBERS: {8: "Dee", 9: ""}}


async def test_in_a_quick_run_live_parents_are_there(database: str) -> None:
    await bring(database, tickets(1))

    async with claimed(spec(database, Mode.QUICK)) as run:
        stage = await run.open_stage(Mode.QUICK)
        await stage.merge(Page(Entity.TICKETS, [ticket(2), ticket(3, company_id=7)]))
        assert await stage.missing_parents() == {Entity.COMPANIES: {7: ""}}


async def test_in_a_full_run_a_live_parent_that_was_not_read_is_missing(database: str) -> None:
    await bring(database, tickets(1))

    reference = without(Entity.COMPANIES, 1)
    async with claimed(spec(database)) as run, staged(run, records=tickets(1), reference=reference) as stage:
        assert await stage.missing_parents() == {Entity.COMPANIES: {1: ""}}


async def test_a_stub_has_id_and_name(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=[ticket(1, contact_id=7)]) as stage:
        await stage.add_stubs(Entity.CONTACTS, {7: "Joe Doe"})
        difference = await publish(stage)

    assert await rows(database, "SELECT contact FROM visible_ticket") == [("Joe Doe",)]
    counts = difference.counts[Entity.CONTACTS]
    assert counts.fetched == counts.created + counts.updated + counts.unchanged


async def test_a_stub_without_a_name_is_called_by_its_number(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=[ticket(1, board_id=7)]) as stage:
        await stage.add_stubs(Entity.BOARDS, {7: ""})
        await publish(stage)

    assert await rows(database, "SELECT board FROM visible_ticket") == [("#7",)]


async def test_what_is_known_of_a_parent_that_the_psa_withholds_is_kept(database: str) -> None:
    await bring(database, tickets(1))
    company = "SELECT xmin::text, * FROM company WHERE psa_id = 1"
    before = await rows(database, company)

    reference = without(Entity.COMPANIES, 1)
    async with claimed(spec(database)) as run, staged(run, records=tickets(1), reference=reference) as stage:
        await stage.add_stubs(Entity.COMPANIES, {1: "Acme"})
        difference = await publish(stage)

    assert await rows(database, company) == before
    assert difference.counts[Entity.COMPANIES].deleted == 0


async def test_a_stub_gives_way_to_the_record(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=[ticket(1, company_id=7)]) as stage:
        await stage.add_stubs(Entity.COMPANIES, {7: "Cog"})
        await stage.merge(Page(Entity.COMPANIES, [Company(7, "cog", "Cog Ltd")]))
        await publish(stage)

    assert await rows(database, "SELECT name FROM company WHERE psa_id = 7") == [("Cog Ltd",)]


async def test_parents_of_a_row_that_is_kept_are_kept_up_to_the_last(database: str) -> None:
    reference = REFERENCE | {
        Entity.BOARDS: [Board(1, "Service"), Board(5, "Old")],
        Entity.STATUSES: [Status(1, 1, "New"), Status(5, 5, "Old")],
        Entity.COMPANIES: [Company(1, "acme", "Acme"), Company(2, "bolt", "Bolt"), Company(5, "e", "E")],
        Entity.CONTACTS: [Contact(1, 1, "Ada"), Contact(5, 5, "Eve")],
    }
    old = ticket(1, status_id=5, contact_id=5)
    await bring(database, [old, ticket(2)], reference=reference, technicians=[(1, 3)])

    fewer = without(Entity.MEMBERS, 3)
    await bring(database, tickets(2), reference=fewer, refused=[BAD])

    assert set(await summaries(database)) == {1, 2}
    for table in ("board", "status", "company", "contact"):
        assert (5,) in await rows(database, f"SELECT psa_id FROM {table}")
    assert (3,) in await rows(database, "SELECT psa_id FROM member")


async def test_a_parent_that_nobody_refers_to_any_more_goes(database: str) -> None:
    await bring(database, [ticket(1, company_id=2, contact_id=2)])

    moved = changed(ticket(1), 1)
    await bring(
        database,
        [moved],
        reference=without(Entity.COMPANIES, 2) | {Entity.CONTACTS: [Contact(1, 1, "Ada")]},
    )

    assert await rows(database, "SELECT psa_id FROM company") == [(1,)]
    assert await rows(database, "SELECT psa_id FROM contact") == [(1,)]
