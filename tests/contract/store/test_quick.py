"""A Quick run adds and changes, by the rule that the newer record wins, and never removes a ticket."""

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Counts
from psa_operator.sync.scope import CLOSED, ResolvedScope
from psa_operator.sync.spec import DateField, Mode
from tests.contract.store.world import (
    NOON,
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

HIDDEN = "outsideDateRange"
SCOPE = "SELECT psa_id, out_of_scope FROM ticket ORDER BY psa_id"


async def test_it_brings_what_is_new_and_removes_nothing(database: str) -> None:
    await bring(database, tickets(1, 2))

    difference = await bring(database, [changed(ticket(2), 1, summary="new"), ticket(3)], Mode.QUICK)

    assert await summaries(database) == {1: "Printer on fire", 2: "new", 3: "Printer on fire"}
    assert difference.counts[Entity.TICKETS].deleted == 0
    assert difference.tickets_after == 3


async def test_an_older_record_never_replaces_a_newer_one(database: str) -> None:
    await bring(database, [ticket(1, "now", updated_at=minute(5))])

    await bring(database, [ticket(1, "before", updated_at=minute(4))], Mode.QUICK)

    assert await summaries(database) == {1: "now"}


async def test_a_record_of_the_same_second_that_differs_is_taken(database: str) -> None:
    await bring(database, [ticket(1, "first", updated_at=minute(5))])

    await bring(database, [ticket(1, "second", updated_at=minute(5))], Mode.QUICK)

    assert await summaries(database) == {1: "second"}


async def test_an_unchanged_row_is_not_written(database: str) -> None:
    await bring(database, tickets(1))
    places = "SELECT xmin::text, ctid::text FROM ticket"
    before = await rows(database, places)

    difference = await bring(database, tickets(1), Mode.QUICK)

    assert await rows(database, places) == before
    assert difference.counts[Entity.TICKETS].unchanged == 1


async def test_a_ticket_that_left_the_scope_is_marked_and_hidden(database: str) -> None:
    await bring(database, tickets(1, 2))

    left = changed(ticket(1), 1, closed=True)
    difference = await bring(database, [left], Mode.QUICK, out_of_scope={1: CLOSED})

    assert await rows(database, SCOPE) == [(1, CLOSED), (2, None)]
    assert await rows(database, "SELECT psa_id FROM visible_ticket") == [(2,)]
    assert difference.counts[Entity.TICKETS].updated == 1
    assert difference.tickets_after == 1


async def test_a_ticket_that_came_back_into_scope_is_seen_again(database: str) -> None:
    await bring(database, tickets(1))
    await bring(database, [changed(ticket(1), 1, closed=True)], Mode.QUICK, out_of_scope={1: CLOSED})

    difference = await bring(database, [changed(ticket(1), 2)], Mode.QUICK)

    assert await rows(database, SCOPE) == [(1, None)]
    assert difference.tickets_after == 1


async def test_a_ticket_that_the_date_range_left_behind_is_hidden_without_being_read(database: str) -> None:
    await bring(database, [ticket(1), ticket(2, updated_at=minute(5))], technicians=[(1, 1)])

    difference = await bring(database, [], Mode.QUICK, scope=ResolvedScope(start=minute(1)))

    assert await rows(database, SCOPE) == [(1, HIDDEN), (2, None)]
    assert (difference.left_behind, difference.tickets_after) == ({HIDDEN: 1}, 1)
    assert difference.counts[Entity.TICKETS] == Counts()
    assert await rows(database, "SELECT ticket_id FROM ticket_technician") == [(1,)]


async def test_the_date_of_entry_leaves_tickets_behind_as_well(database: str) -> None:
    await bring(database, [ticket(1, entered_at=NOON), ticket(2, entered_at=minute(5))])

    scope = ResolvedScope(date_field=DateField.DATE_ENTERED, start=minute(1))
    await bring(database, [], Mode.QUICK, scope=scope)

    assert await rows(database, SCOPE) == [(1, HIDDEN), (2, None)]


async def test_a_ticket_that_was_left_behind_is_written_once_and_stays_what_it_is(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, [changed(ticket(2), 2, closed=True)], Mode.QUICK, out_of_scope={2: CLOSED})
    await bring(database, [], Mode.QUICK, scope=ResolvedScope(start=minute(1)))
    before = await rows(database, "SELECT xmin::text, ctid::text FROM ticket")

    difference = await bring(database, [], Mode.QUICK, scope=ResolvedScope(start=minute(9)))

    assert await rows(database, "SELECT xmin::text, ctid::text FROM ticket") == before
    assert await rows(database, SCOPE) == [(1, HIDDEN), (2, CLOSED)]
    assert not difference.left_behind


async def test_a_ticket_that_was_left_behind_comes_back_when_it_changes(database: str) -> None:
    await bring(database, tickets(1))
    scope = ResolvedScope(start=minute(1))
    await bring(database, [], Mode.QUICK, scope=scope)

    await bring(database, [changed(ticket(1), 2)], Mode.QUICK, scope=scope)

    assert await rows(database, SCOPE) == [(1, None)]


async def test_a_stamp_of_a_clock_that_was_fast_does_not_win_for_ever(database: str) -> None:
    await bring(database, [ticket(1, "fast", updated_at=minute(90))], technicians=[(1, 1)])

    async with (
        claimed(spec(database, Mode.QUICK)) as run,
        staged(run, Mode.QUICK, [ticket(1, "right", updated_at=minute(5))], technicians=[(1, 2)]) as stage,
    ):
        await stage.begin(minute(10))
        await publish(stage)

    assert await summaries(database) == {1: "right"}
    assert await rows(database, "SELECT member_id FROM ticket_technician") == [(2,)]


async def test_an_attempt_that_goes_on_after_another_run_replaces_nothing_newer(database: str) -> None:
    await bring(database, tickets(1))
    asked = spec(database, Mode.QUICK)
    async with claimed(asked) as run, staged(run, Mode.QUICK, [changed(ticket(1), 5)]) as stage:
        await stage.begin(minute(6))
        await run.release("Unavailable", "", charge=True, retry_after=0)
    await bring(database, [changed(ticket(1), 9, summary="newer")], Mode.QUICK)

    async with claimed(asked) as run, staged(run, Mode.QUICK) as stage:
        await publish(stage)

    assert await summaries(database) == {1: "newer"}


async def test_an_unknown_ticket_out_of_scope_is_dropped_and_counted_by_reason(database: str) -> None:
    await bring(database, tickets(1))

    difference = await bring(database, [ticket(7, closed=True)], Mode.QUICK, out_of_scope={7: CLOSED})

    assert set(await summaries(database)) == {1}
    assert difference.dropped == {CLOSED: 1}
    assert difference.counts[Entity.TICKETS].fetched == 0


async def test_technicians_of_a_ticket_that_was_read_are_replaced(database: str) -> None:
    await bring(database, tickets(1, 2), technicians=[(1, 1), (1, 2), (2, 2)])

    await bring(database, [changed(ticket(1), 1)], Mode.QUICK, technicians=[(1, 3)])

    assert await rows(database, "SELECT ticket_id, member_id FROM ticket_technician ORDER BY 1") == [
        (1, 3),
        (2, 2),
    ]


async def test_technicians_of_an_older_record_are_ignored(database: str) -> None:
    await bring(database, [ticket(1, updated_at=minute(5))], technicians=[(1, 1)])

    await bring(database, [ticket(1, updated_at=minute(4))], Mode.QUICK, technicians=[(1, 2)])

    assert await rows(database, "SELECT member_id FROM ticket_technician") == [(1,)]


async def test_a_full_run_removes_what_was_marked_as_out_of_scope(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, [changed(ticket(1), 1, closed=True)], Mode.QUICK, out_of_scope={1: CLOSED})

    difference = await bring(database, tickets(2))

    assert difference.counts[Entity.TICKETS].deleted == difference.counts[Entity.TICKETS].unguarded == 1
