"""A record that does not fit leaves its last good row live, marked, and is remembered as it was sent."""

from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page, Refused
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
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

BAD = Refused(1, "summary", "not a text", '{"id": 1, "summary": 7}')
QUARANTINE = "SELECT entity, psa_id, field, reason, raw FROM quarantine"
STALE = "SELECT psa_id, stale FROM ticket ORDER BY psa_id"


async def test_a_full_run_keeps_the_last_good_row_and_marks_it(database: str) -> None:
    await bring(database, tickets(1, 2))

    difference = await bring(database, tickets(2), refused=[BAD])

    assert await rows(database, STALE) == [(1, True), (2, False)]
    assert await rows(database, QUARANTINE) == [("tickets", 1, BAD.field, BAD.reason, BAD.raw)]
    counts = difference.counts[Entity.TICKETS]
    assert (counts.fetched, counts.unchanged, counts.quarantined, counts.deleted) == (2, 1, 1, 0)
    assert (difference.tickets_after, difference.absent_after) == (2, 0)


async def test_a_record_that_never_fitted_has_no_row(database: str) -> None:
    difference = await bring(database, tickets(2), refused=[BAD])

    assert set(await summaries(database)) == {2}
    assert (difference.tickets_after, difference.absent_after) == (1, 1)


async def test_a_row_that_is_marked_already_is_not_written_again(database: str) -> None:
    await bring(database, tickets(1, 2))
    await bring(database, tickets(2), refused=[BAD])
    places = "SELECT xmin::text FROM ticket WHERE psa_id = 1"
    before = await rows(database, places)

    await bring(database, [], Mode.QUICK, refused=[BAD])

    assert await rows(database, places) == before


async def test_a_good_record_ends_the_quarantine(database: str) -> None:
    await bring(database, tickets(1))
    await bring(database, [], Mode.QUICK, refused=[BAD])

    async with claimed(spec(database, Mode.QUICK)) as run, staged(run, Mode.QUICK, tickets(1)) as stage:
        assert await run.quarantined(Entity.TICKETS) == [1]
        await publish(stage)

    assert await rows(database, STALE) == [(1, False)]
    assert await rows(database, QUARANTINE) == []


async def test_first_and_last_sight_are_kept(database: str) -> None:
    await bring(database, tickets(2), refused=[BAD])
    await bring(database, tickets(2), Mode.QUICK, refused=[BAD])

    sights = await rows(database, "SELECT first_seen_at < last_seen_at FROM quarantine")

    assert sights == [(True,)]


async def test_the_last_word_counts_when_a_record_is_read_twice(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1, 2)) as stage:
        await stage.merge(Page(Entity.TICKETS, [], (BAD,)))
        await stage.merge(Page(Entity.TICKETS, [], (Refused(2, "x", "y", "{}"),)))
        await stage.merge(Page(Entity.TICKETS, [changed(ticket(2), 1)]))
        difference = await publish(stage)

    assert set(await summaries(database)) == {2}
    assert difference.counts[Entity.TICKETS].quarantined == 1


async def test_a_refused_parent_without_a_row_is_stubbed_and_counted_once(database: str) -> None:
    bad = Refused(7, "name", "missing", "{}")
    async with claimed(spec(database)) as run, staged(run, records=[ticket(1, company_id=7)]) as stage:
        await stage.merge(Page(Entity.COMPANIES, [], (bad,)))
        assert await stage.missing_parents() == {Entity.COMPANIES: {7: ""}}
        await stage.add_stubs(Entity.COMPANIES, {7: "Cog"})
        counts = (await publish(stage)).counts[Entity.COMPANIES]

    assert counts.fetched == counts.created + counts.updated + counts.unchanged + counts.quarantined
    assert counts.quarantined == 1
