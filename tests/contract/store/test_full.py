"""A Full run makes the live tables what was staged: no more writes than that needs, and all at once."""

import psycopg

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
    EVERYTHING,
    bring,
    changed,
    claimed,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)

PLACES = "SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id"


async def test_the_first_run_creates_every_row(database: str) -> None:
    difference = await bring(database, tickets(1, 2, 3), technicians=[(1, 1), (1, 2), (3, 3)])

    assert await summaries(database) == dict.fromkeys((1, 2, 3), "Printer on fire")
    assert difference.counts[Entity.TICKETS].created == 3
    assert difference.counts[Entity.TECHNICIANS].created == 3


async def test_readers_see_names_instead_of_numbers(database: str) -> None:
    await bring(database, tickets(1), technicians=[(1, 1), (1, 2)])

    seen = await rows(database, "SELECT board, status, company, contact, technicians FROM visible_ticket")

    assert seen == [("Service", "New", "Acme", "Ada", ["Ann Ash", "Bob Birch"])]


async def test_an_unchanged_row_is_not_written(database: str) -> None:
    await bring(database, [ticket(1, custom_fields=b'{"Asset": "A-1"}'), ticket(2)], technicians=[(1, 1)])
    before = await rows(database, PLACES)

    difference = await bring(
        database,
        [ticket(1, custom_fields=b'{"Asset": "A-1"}'), ticket(2, "Printer wet")],
        technicians=[(1, 1)],
    )

    after = await rows(database, PLACES)
    assert after[0] == before[0]
    assert after[1] != before[1]
    assert difference.counts[Entity.TICKETS].unchanged == 1


async def test_damage_of_each_kind_is_repaired_and_counted_apart(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(1, 1)])
    await rows(database, "UPDATE ticket SET summary = 'damaged' WHERE psa_id = 1")
    await rows(database, "DELETE FROM ticket WHERE psa_id = 2")
    await rows(database, "UPDATE ticket SET psa_id = 9 WHERE psa_id = 3")

    counts = (await bring(database, tickets(1, 2, 3), technicians=[(1, 1)])).counts[Entity.TICKETS]

    assert (counts.updated, counts.created, counts.deleted, counts.unchanged) == (1, 2, 1, 0)
    assert set(await summaries(database)) == {1, 2, 3}


async def test_damaged_technicians_are_repaired_without_touching_their_ticket(database: str) -> None:
    await bring(database, tickets(1), technicians=[(1, 1)])
    await rows(database, "UPDATE ticket_technician SET member_id = 3")
    before = await rows(database, PLACES)

    counts = (await bring(database, tickets(1), technicians=[(1, 1)])).counts

    assert (counts[Entity.TECHNICIANS].created, counts[Entity.TECHNICIANS].deleted) == (1, 1)
    assert await rows(database, "SELECT ticket_id, member_id FROM ticket_technician") == [(1, 1)]
    assert await rows(database, PLACES) == before


async def test_portal_ids_never_change(database: str) -> None:
    await bring(database, tickets(1, 2))
    before = await rows(database, "SELECT psa_id, id FROM ticket ORDER BY psa_id")

    await bring(database, [ticket(1, "Printer wet"), ticket(2), ticket(3)])

    assert (await rows(database, "SELECT psa_id, id FROM ticket ORDER BY psa_id"))[:2] == before


async def test_what_the_psa_no_longer_has_goes_with_its_children(database: str) -> None:
    await bring(database, [ticket(1), ticket(2, company_id=2, contact_id=2)], technicians=[(2, 2)])

    difference = await bring(database, tickets(1))

    assert difference.counts[Entity.TICKETS].deleted == 1
    assert difference.samples[Entity.TICKETS]["deleted"] == [2]
    assert await rows(database, "SELECT * FROM ticket_technician") == []


async def test_the_numbers_add_up(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(1, 1), (2, 2)])

    records = [ticket(1), changed(ticket(2), 1, summary="new"), ticket(4)]
    difference = await bring(database, records, technicians=[(1, 1), (2, 1)])

    for counts in difference.counts.values():
        assert counts.fetched == counts.created + counts.updated + counts.unchanged + counts.quarantined
    counts = difference.counts[Entity.TICKETS]
    assert (counts.created, counts.updated, counts.unchanged, counts.deleted) == (1, 1, 1, 1)
    assert difference.tickets_after == 3


async def test_what_is_computed_before_is_what_happens(database: str) -> None:
    await bring(database, tickets(1, 2, 3))

    async with claimed(spec(database)) as run, staged(run, records=[ticket(1, "x"), ticket(5)]) as stage:
        computed, report = await stage.difference(EVERYTHING), Report()
        live = await summaries(database)
        await stage.seal(computed)
        await stage.publish(EVERYTHING, {}, report)

    assert set(live) == {1, 2, 3}
    assert report.counts == {str(entity): counts for entity, counts in computed.counts.items()}


async def test_a_reader_that_began_before_keeps_the_old_rows(database: str) -> None:
    await bring(database, tickets(1, 2))
    connection = await psycopg.AsyncConnection.connect(database)
    async with connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        query = "SELECT psa_id, summary FROM psa.ticket ORDER BY psa_id"
        before = await (await connection.execute(query)).fetchall()

        await bring(database, [ticket(1, "new"), ticket(3)])

        assert await (await connection.execute(query)).fetchall() == before
        await connection.rollback()
        assert await (await connection.execute(query)).fetchall() == [(1, "new"), (3, "Printer on fire")]


async def test_readers_see_nothing_of_a_run_before_all_of_it(database: str) -> None:
    await bring(database, tickets(1))

    async with claimed(spec(database)) as run, staged(run, records=tickets(1, 2, 3)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        assert set(await summaries(database)) == {1}


async def test_deletions_that_the_user_asked_for_by_scope_are_counted_apart(database: str) -> None:
    await bring(database, [ticket(1), ticket(2, board_id=2), ticket(3)])

    difference = await bring(database, tickets(1), scope=ResolvedScope(boards=frozenset({1})))

    assert difference.counts[Entity.TICKETS].deleted == 2
    assert difference.counts[Entity.TICKETS].unguarded == 1


async def test_boards_and_companies_that_would_fall_to_none_are_named(database: str) -> None:
    many = [ticket(each, board_id=2, company_id=2) for each in range(10, 21)]
    await bring(database, [ticket(1), *many])

    difference = await bring(database, tickets(1))

    assert list(difference.emptied) == ['board "Projects"', 'company "Bolt"']


async def test_tickets_that_move_and_leave_none_are_counted_once(database: str) -> None:
    await bring(database, [ticket(1), *(ticket(each, board_id=2, company_id=2) for each in range(10, 22))])

    difference = await bring(database, [ticket(1), *(ticket(each) for each in range(11, 22))])

    assert list(difference.emptied) == ['board "Projects"', 'company "Bolt"']
    assert (difference.counts[Entity.TICKETS].deleted, difference.moved) == (1, 11)


async def test_a_board_that_the_user_deselected_is_not_named(database: str) -> None:
    many = [ticket(each, board_id=2) for each in range(10, 21)]
    await bring(database, [ticket(1), *many])

    difference = await bring(database, tickets(1), scope=ResolvedScope(boards=frozenset({1})))

    assert list(difference.emptied) == []
    assert difference.counts[Entity.TICKETS].unguarded == 11


async def test_two_integrations_never_touch_each_others_rows(database: str) -> None:
    await bring(database, tickets(1, 2, 3), key="msp/other", technicians=[(1, 1)])
    query = (
        "SELECT ticket.xmin::text, ticket.* FROM ticket JOIN integration ON integration.id = integration_id"
    )
    query += " WHERE key = 'msp/other' ORDER BY psa_id"
    before = await rows(database, query)

    await bring(database, [ticket(1, "mine")])
    await bring(database, [ticket(2, "mine too")])
    await bring(database, [changed(ticket(2), 1)], Mode.QUICK)

    assert await rows(database, query) == before


async def test_nothing_of_a_stage_is_left_behind(database: str) -> None:
    await bring(database, tickets(1))
    await bring(database, [changed(ticket(1), 1)], Mode.QUICK)

    assert await rows(database, "SELECT relname FROM pg_class WHERE relname LIKE 'full_%'") == []
    assert await rows(database, "SELECT run FROM quick_ticket UNION SELECT run FROM stage") == []
