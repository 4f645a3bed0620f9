"""A ReferenceData run brings the reference lists to what was staged, and touches nothing else."""

from psa_operator.sync.entities import Entity
from psa_operator.sync.records import Board, Member, Status
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark
from tests.contract.store.world import (
    NOON,
    REFERENCE,
    bring,
    claimed,
    publish,
    rows,
    spec,
    staged,
    tickets,
)

OTHERS = """
SELECT 'ticket', psa_id, xmin::text FROM ticket
UNION ALL SELECT 'company', psa_id, xmin::text FROM company
UNION ALL SELECT 'contact', psa_id, xmin::text FROM contact
UNION ALL SELECT 'technician', ticket_id, xmin::text FROM ticket_technician
ORDER BY 1, 2
"""
RENAMED = REFERENCE | {Entity.BOARDS: [Board(1, "Help Desk"), Board(2, "Projects")]}


async def test_reference_data_follows_and_nothing_else_is_written(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(1, 1)])
    before = await rows(database, OTHERS)

    difference = await bring(database, [], Mode.REFERENCE_DATA, reference=RENAMED)

    assert await rows(database, "SELECT name FROM board WHERE psa_id = 1") == [("Help Desk",)]
    assert await rows(database, OTHERS) == before
    assert difference.counts[Entity.BOARDS].updated == 1


async def test_only_what_it_reads_is_counted(database: str) -> None:
    await bring(database, tickets(1))

    difference = await bring(database, [], Mode.REFERENCE_DATA)

    assert not {Entity.TICKETS, Entity.TECHNICIANS, Entity.COMPANIES} & difference.counts.keys()
    assert difference.emptied == []


async def test_what_nothing_live_refers_to_goes_and_the_rest_stays(database: str) -> None:
    await bring(database, tickets(1), technicians=[(1, 2)])
    fewer = {
        Entity.BOARDS: [Board(2, "Projects")],
        Entity.STATUSES: [Status(9, 2, "Open")],
        Entity.MEMBERS: [Member(9, "new", "New Here")],
    }

    await bring(database, [], Mode.REFERENCE_DATA, reference=fewer)

    assert await rows(database, "SELECT psa_id FROM member ORDER BY 1") == [(1,), (2,), (9,)]
    assert await rows(database, "SELECT psa_id FROM status ORDER BY 1") == [(1,), (9,)]
    assert await rows(database, "SELECT psa_id FROM board ORDER BY 1") == [(1,), (2,)]


async def test_it_moves_the_marks_that_it_is_given_and_is_no_full_run(database: str) -> None:
    await bring(database, tickets(1))
    await rows(database, "UPDATE integration SET last_full_config = 'before'")
    before = await rows(database, "SELECT entity, covered_until FROM mark")

    async with (
        claimed(spec(database, Mode.REFERENCE_DATA)) as run,
        staged(run, Mode.REFERENCE_DATA) as stage,
    ):
        await publish(stage, marks={Entity.BOARDS: Mark(NOON, NOON)})

    assert await rows(database, "SELECT entity, covered_until FROM mark") == [*before, ("boards", NOON)]
    assert await rows(database, "SELECT last_full_config FROM integration") == [("before",)]


async def test_a_status_brings_the_board_that_the_list_lacks(database: str) -> None:
    await bring(database, tickets(1))
    orphaned = REFERENCE | {Entity.BOARDS: [Board(1, "Service")], Entity.STATUSES: [Status(3, 2, "Odd")]}

    async with (
        claimed(spec(database, Mode.REFERENCE_DATA)) as run,
        staged(run, Mode.REFERENCE_DATA, reference=orphaned) as stage,
    ):
        missing = await stage.missing_parents()
        await stage.add_stubs(Entity.BOARDS, missing[Entity.BOARDS])
        await publish(stage)

    assert missing.keys() == {Entity.BOARDS}
    assert await rows(database, "SELECT name FROM board WHERE psa_id = 2") == [("Projects",)]
