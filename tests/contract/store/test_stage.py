"""A stage outlives its worker, takes the newer of two records, and knows what it lacks."""

from collections.abc import AsyncIterator

import pytest

from psa_operator.errors import VerificationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.ports import Page, Refused
from psa_operator.sync.scope import CLOSED
from psa_operator.sync.spec import DateRange, Mode, TicketScope
from psa_operator.sync.storage import Segment
from tests.contract.store.world import (
    EVERYTHING,
    NOON,
    REFERENCE,
    WHOLE,
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

HALF = Segment(0, 100, 50)


async def lists(*pages: list[int]) -> AsyncIterator[list[int]]:
    for page in pages:
        yield page


async def test_the_next_attempt_continues_where_the_last_one_died(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run:
        stage = await run.open_stage(Mode.FULL)
        await stage.begin(NOON)
        await stage.plan(Entity.TICKETS, [Segment(0, 100, 0), Segment(100, None, 100)])
        await stage.append(Page(Entity.TICKETS, tickets(50)), HALF)

    async with claimed(asked) as run:
        stage = await run.open_stage(Mode.FULL)
        assert (stage.state.resumed, stage.state.began, stage.state.indexed) == (True, NOON, False)
        assert await stage.segments(Entity.TICKETS) == [HALF, Segment(100, None, 100)]
        assert (await stage.counts())[Entity.TICKETS] == 1


@pytest.mark.parametrize(("days", "left"), [(29, True), (31, False)])
async def test_what_a_run_has_staged_that_nobody_goes_on_with_is_dropped_in_the_end(
    database: str, days: int, *, left: bool
) -> None:
    async with claimed(spec(database, key="msp/deleted")) as run, staged(run, records=tickets(1)):
        await run.await_approval("AwaitingApproval", "Would delete 600 tickets", Report())
    await rows(database, f"UPDATE run SET heartbeat_at = now() - interval '{days} days'")

    async with claimed(spec(database)):
        found = await rows(database, "SELECT relname FROM pg_class WHERE relname LIKE 'full_ticket_%'")

    assert bool(found) is left


async def test_an_indexed_stage_is_continued_as_one(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass

    async with claimed(asked) as run, staged(run, records=tickets(1, 2)) as stage:
        assert stage.state.resumed
        await publish(stage)

    assert set(await summaries(database)) == {1, 2}


async def test_the_time_at_which_reading_began_is_that_of_the_first_attempt(database: str) -> None:
    async with claimed(spec(database)) as run:
        stage = await run.open_stage(Mode.FULL)
        await stage.begin(NOON)
        await stage.begin(minute(5))
        assert stage.state.began == NOON


async def test_another_scope_begins_the_stage_again_and_says_so(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass

    narrower = TicketScope(date_range=DateRange(lookback_days=30))
    other = spec(database, scope=narrower, run_id=asked.run_id)
    async with claimed(other) as run:
        stage = await run.open_stage(Mode.FULL)
        assert not stage.state.resumed
        assert "scope changed" in stage.state.notice
        assert (await stage.counts())[Entity.TICKETS] == 0


async def test_a_stage_of_another_release_is_begun_again_and_says_so(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    await rows(database, "UPDATE stage SET stage_version = 'of before'")

    async with claimed(asked) as run:
        stage = await run.open_stage(Mode.FULL)
        assert not stage.state.resumed
        assert "Another release" in stage.state.notice
        assert (await stage.counts())[Entity.TICKETS] == 0


async def test_what_a_killed_run_has_staged_goes_once_the_run_is_over(database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    left = "SELECT count(*) FROM pg_class WHERE relname ~ '^full_ticket_[0-9]+$'"
    await rows(database, "UPDATE run SET finished_at = now(), phase = 'Failed', active = false")
    assert await rows(database, left) == [(1,)]

    await bring(database, tickets(1), key="msp/other")

    assert await rows(database, left) == [(0,)]
    assert await rows(database, "SELECT count(*) FROM stage") == [(0,)]


async def test_of_a_record_that_came_twice_the_newer_is_kept_with_its_technicians(database: str) -> None:
    async with claimed(spec(database)) as run:
        stage = await run.open_stage(Mode.FULL)
        for entity, records in REFERENCE.items():
            await stage.append(Page(entity, records), WHOLE)
        newer = changed(ticket(1), 1, summary="newer")
        await stage.append(Page(Entity.TICKETS, [newer]), HALF, technicians={1: [2]})
        await stage.append(Page(Entity.TICKETS, [ticket(1)]), HALF, technicians={1: [1]})
        await stage.index()
        difference = await publish(stage)

    assert await summaries(database) == {1: "newer"}
    assert await rows(database, "SELECT member_id FROM ticket_technician") == [(2,)]
    assert difference.counts[Entity.TICKETS].fetched == 1


async def test_merging_keeps_the_newer_record(database: str) -> None:
    later, earlier = changed(ticket(1, "later"), 1), changed(ticket(2, "earlier"), -1)
    records = [ticket(1, "noon"), ticket(2, "noon")]
    async with claimed(spec(database)) as run, staged(run, records=records) as stage:
        await stage.merge(Page(Entity.TICKETS, [later, earlier, ticket(1, "again noon")]))
        await publish(stage)

    assert await summaries(database) == {1: "later", 2: "noon"}


async def test_merging_moves_the_checkpoint_in_a_quick_run_too(database: str) -> None:
    async with claimed(spec(database, Mode.QUICK)) as run:
        stage = await run.open_stage(Mode.QUICK)
        await stage.merge(Page(Entity.TICKETS, tickets(1)), HALF)
        assert await stage.segments(Entity.TICKETS) == [HALF]


async def test_listed_and_staged_are_held_against_each_other(database: str) -> None:
    async with claimed(spec(database)) as run:
        refused = Refused(4, "summary", "too long", "{}")
        async with staged(
            run, records=tickets(1, 2, 3), refused=[refused], out_of_scope={3: CLOSED}
        ) as stage:
            listed = await stage.set_listed(Entity.TICKETS, lists([2, 4], [5, 5]))
            assert listed == 3
            assert await stage.unlisted(Entity.TICKETS) == [1]
            assert await stage.unstaged(Entity.TICKETS) == [5]


async def test_a_new_list_replaces_the_old_one(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        await stage.set_listed(Entity.TICKETS, lists([1, 2]))
        assert await stage.set_listed(Entity.TICKETS, lists([1])) == 1
        assert await stage.unstaged(Entity.TICKETS) == []


async def test_what_the_psa_has_no_more_is_taken_out(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1, 2)) as stage:
        await stage.discard(Entity.TICKETS, [2])
        await publish(stage)

    assert set(await summaries(database)) == {1}


async def test_the_newest_ticket_in_scope_is_known(database: str) -> None:
    records = [ticket(1), changed(ticket(2), 3), changed(ticket(3), 9)]
    async with (
        claimed(spec(database)) as run,
        staged(run, records=records, out_of_scope={3: CLOSED}) as stage,
    ):
        assert await stage.newest(1) == [(2, minute(3))]


async def test_members_are_found_by_identifier_whatever_its_case(database: str) -> None:
    await bring(database, tickets(1))

    async with claimed(spec(database, Mode.QUICK)) as run:
        stage = await run.open_stage(Mode.QUICK)
        assert await stage.members() == {"ann": 1, "bob": 2, "cy": 3}


async def test_a_stage_that_was_not_sealed_is_not_published(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        with pytest.raises(VerificationError, match="not sealed"):
            await stage.publish(EVERYTHING, {}, Report())

    assert await summaries(database) == {}


async def test_repaired_records_are_counted(database: str) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        await stage.merge(Page(Entity.TICKETS, tickets(2), repaired=1))
        difference = await stage.difference(EVERYTHING)

    assert difference.counts[Entity.TICKETS].repaired == 1
