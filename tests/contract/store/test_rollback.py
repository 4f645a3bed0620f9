"""A Rollback restores what is as the run wrote it, keeps what is newer, and no reference leads nowhere."""

from collections.abc import Mapping

from msgspec.structs import replace

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Difference
from psa_operator.sync.records import Company, Contact, Record
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark
from tests.contract.store.world import (
    REFERENCE,
    bring,
    changed,
    claimed,
    minute,
    publish,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)

MORE: Mapping[Entity, list[Record]] = REFERENCE | {
    Entity.COMPANIES: [*REFERENCE[Entity.COMPANIES], Company(3, "cove", "Cove")],
    Entity.CONTACTS: [*REFERENCE[Entity.CONTACTS], Contact(3, 3, "Cat")],
}
OF_COVE = ticket(9, company_id=3, contact_id=3)
LATER = Mark(minute(9), minute(9))
TICKETS = "SELECT psa_id, id, summary, stale, changed_by_run FROM ticket ORDER BY psa_id"
COMPANIES = "SELECT psa_id FROM company ORDER BY 1"


async def undo(database: str, name: str = "msp/full") -> Difference:
    """A Rollback of the newest run of that name."""
    async with claimed(spec(database, Mode.ROLLBACK, rollback_of=name)) as run:
        await run.undo(name)
        return await publish(await run.open_stage(Mode.ROLLBACK), marks={})


async def test_ids_of_the_portal_and_the_run_that_wrote_them_return_with_the_rows(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(3, 1), (3, 2)])
    before = await rows(database, TICKETS)
    assigned = await rows(database, "SELECT ticket_id, member_id, changed_by_run FROM ticket_technician")
    await bring(database, [changed(ticket(1), 1, summary="New"), *tickets(2, 4)])

    counts = (await undo(database)).counts[Entity.TICKETS]

    assert await rows(database, TICKETS) == before
    again = await rows(database, "SELECT ticket_id, member_id, changed_by_run FROM ticket_technician")
    assert sorted(again) == sorted(assigned)
    assert (counts.fetched, counts.created, counts.updated, counts.deleted) == (2, 1, 1, 1)


async def test_rows_that_a_quick_run_changed_since_are_kept_and_named(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, [changed(ticket(each), 1, summary="Full") for each in (1, 2, 3)])
    await bring(database, [changed(ticket(each), 2, summary="Quick") for each in (2, 3)], Mode.QUICK)

    difference = await undo(database)

    assert await summaries(database) == {1: "Printer on fire", 2: "Quick", 3: "Quick"}
    counts = difference.counts[Entity.TICKETS]
    assert (counts.fetched, counts.updated, counts.unchanged, counts.kept_newer) == (2, 1, 1, 2)
    assert difference.kept_newer == {Entity.TICKETS: [2, 3]}
    assert await rows(database, "SELECT psa_id FROM row_history WHERE kept ORDER BY 1") == [(2,), (3,)]


async def test_a_ticket_changed_since_keeps_the_people_who_are_assigned_now(database: str) -> None:
    await bring(database, tickets(1), technicians=[(1, 1)])
    await bring(database, [changed(ticket(1), 1)], technicians=[(1, 2)])
    await bring(database, [changed(ticket(1), 2)], Mode.QUICK, technicians=[(1, 2), (1, 3)])

    await undo(database)

    assert await rows(database, "SELECT member_id FROM ticket_technician ORDER BY 1") == [(2,), (3,)]


async def test_a_removed_company_returns_before_its_contact_and_its_ticket(database: str) -> None:
    await bring(database, [ticket(1), OF_COVE], reference=MORE, technicians=[(9, 1)])
    await bring(database, tickets(1))

    await undo(database)

    assert await rows(database, "SELECT psa_id, company_id, contact_id FROM ticket WHERE psa_id = 9") == [
        (9, 3, 3)
    ]


async def test_a_new_company_stays_that_a_newer_ticket_refers_to(database: str) -> None:
    await bring(database, tickets(1))
    await bring(database, tickets(1), reference=MORE)
    await bring(database, [OF_COVE], Mode.QUICK, reference={})

    difference = await undo(database)

    assert await rows(database, COMPANIES) == [(1,), (2,), (3,)]
    assert difference.kept_newer == {Entity.COMPANIES: [3], Entity.CONTACTS: [3]}


async def test_a_row_whose_parent_is_gone_since_is_kept_as_it_is(database: str) -> None:
    await bring(database, [ticket(1, company_id=3, contact_id=3)], reference=MORE)
    await bring(database, [changed(ticket(1), 1)], reference=MORE)
    fewer = {entity: REFERENCE[entity] for entity in (Entity.COMPANIES, Entity.CONTACTS)}
    await bring(database, tickets(1), Mode.PRUNE, reference=fewer)

    difference = await undo(database)

    assert await rows(database, "SELECT company_id FROM ticket") == [(1,)]
    assert difference.kept_newer[Entity.TICKETS] == [1]


async def test_what_was_removed_and_is_back_since_is_kept(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, tickets(1))
    await bring(database, [changed(ticket(2), 2, summary="Back")], Mode.QUICK)

    difference = await undo(database)

    assert (await summaries(database))[2] == "Back"
    assert difference.kept_newer == {Entity.TICKETS: [2]}


async def test_damage_by_hand_to_what_the_run_wrote_is_undone_with_it(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring(database, [changed(ticket(each), 1, summary="Full") for each in (1, 2)])
    await rows(database, "UPDATE ticket SET summary = 'by hand' WHERE psa_id = 1")
    await rows(database, "DELETE FROM ticket WHERE psa_id = 2")

    difference = await undo(database)

    assert await summaries(database) == {1: "Printer on fire", 3: "Printer on fire"}
    assert difference.kept_newer == {Entity.TICKETS: [2]}


async def test_a_prune_and_a_resync_of_the_settings_are_undone_as_well(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, tickets(1), Mode.PRUNE)
    fewer = REFERENCE | {Entity.STATUSES: REFERENCE[Entity.STATUSES][:1]}
    await bring(database, [], Mode.REFERENCE_DATA, reference=fewer)

    await undo(database, "msp/referencedata")
    await undo(database, "msp/prune")

    assert set(await summaries(database)) == {1, 2}
    assert await rows(database, "SELECT psa_id FROM status ORDER BY 1") == [(1,), (2,)]


async def test_two_runs_are_undone_one_after_the_other(database: str) -> None:
    await bring(database, tickets(1, 2))
    before = await rows(database, TICKETS)
    async with (
        claimed(replace(spec(database), name="older")) as run,
        staged(run, records=tickets(1, 3)) as stage,
    ):
        await publish(stage)
    await bring(database, [changed(ticket(1), 1, summary="New"), *tickets(2, 4)])

    await undo(database)
    await undo(database, "older")

    assert await rows(database, TICKETS) == before


async def test_marks_and_the_last_scope_return(database: str) -> None:
    await bring(database, tickets(1))
    before = Mark(minute(1), minute(2))
    for marks, records in (({Entity.TICKETS: before}, [1]), (dict.fromkeys(Entity, LATER), [2])):
        await rows(database, "UPDATE integration SET last_full_config = 'before'")
        async with claimed(spec(database)) as run, staged(run, records=tickets(*records)) as stage:
            await publish(stage, marks=marks)

    await undo(database)

    assert await rows(database, "SELECT last_full_config FROM integration") == [("before",)]
    async with claimed(spec(database, Mode.QUICK)) as run:
        assert await run.marks() == {Entity.TICKETS: before}


async def test_the_scope_of_a_full_run_that_came_later_stays(database: str) -> None:
    await bring(database, tickets(1))
    async with (
        claimed(replace(spec(database), name="older")) as run,
        staged(run, records=tickets(2)) as stage,
    ):
        await publish(stage)
    await bring(database, tickets(3))
    await rows(database, "UPDATE integration SET last_full_config = 'of the later run'")

    await undo(database, "older")

    assert await rows(database, "SELECT last_full_config FROM integration") == [("of the later run",)]


async def test_readers_are_told_what_returned(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, [changed(ticket(1), 1, summary="New"), ticket(3)])
    await rows(database, "DELETE FROM change_log")

    await undo(database)

    assert await rows(database, "SELECT psa_id, action, columns FROM change_log ORDER BY id") == [
        (1, "updated", ["summary", "updated_at"]),
        (2, "created", None),
        (3, "deleted", None),
    ]


async def test_a_column_that_came_since_gets_its_default(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, [changed(ticket(1), 1, summary="New")])
    await rows(database, "ALTER TABLE ticket ADD COLUMN mood text NOT NULL DEFAULT 'good'")

    await undo(database)

    assert await rows(database, "SELECT psa_id, mood FROM ticket ORDER BY 1") == [(1, "good"), (2, "good")]


async def test_another_integration_is_left_alone(database: str) -> None:
    await bring(database, tickets(1, 2), key="msp/other")
    await bring(database, tickets(1, 2))
    await bring(database, tickets(1, 3))

    await undo(database)

    query = "SELECT key, psa_id FROM ticket JOIN integration ON integration.id = integration_id ORDER BY 1, 2"
    assert await rows(database, query) == [
        ("msp/acme", 1), ("msp/acme", 2), ("msp/other", 1), ("msp/other", 2),
    ]  # fmt: skip
