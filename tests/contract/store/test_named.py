"""A stage of named tickets speaks of these alone, whatever else is live, refused or remembered."""

import random
from typing import Any

import pytest

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Difference
from psa_operator.sync.ports import Refused
from psa_operator.sync.records import Ticket
from psa_operator.sync.spec import Mode, Selection
from tests.contract.store.world import bring, changed, claimed, rows, spec, staged, summaries, ticket, tickets

PLACES = "SELECT psa_id, xmin::text, ctid::text FROM ticket WHERE psa_id <> ALL ('{}') ORDER BY psa_id"


async def bring_named(
    database: str, ids: set[int], records: list[Ticket], mode: Mode = Mode.FULL, **content: Any
) -> Difference:
    """A run of these tickets, of which the PSA gives these records."""
    only = Selection(tuple(sorted(ids)))
    return await bring(database, records, mode, only=only, **content)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_named_follow_the_psa_and_the_others_stay(database: str, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(8):
        psa = {each: ticket(each, f"at {number}") for each in chance.sample(range(1, 16), 10)}
        named = set(chance.sample(range(1, 16), 5))
        before = await summaries(database)
        others = await rows(database, PLACES.replace("{}", f"{{{','.join(map(str, named))}}}"))

        difference = await bring_named(database, named, [psa[each] for each in named & psa.keys()])

        after = await summaries(database)
        assert {each: after[each] for each in named & after.keys()} == {
            each: psa[each].summary for each in named & psa.keys()
        }
        assert await rows(database, PLACES.replace("{}", f"{{{','.join(map(str, named))}}}")) == others
        counts = difference.counts[Entity.TICKETS]
        assert counts.deleted == len((named & before.keys()) - psa.keys())
        assert counts.fetched == counts.created + counts.updated + counts.unchanged
        assert difference.tickets_after == len(after)


async def test_an_older_record_is_taken_by_full_and_not_by_quick(database: str) -> None:
    await bring(database, [changed(ticket(1, "newer"), 5), changed(ticket(2, "newer"), 5)])

    await bring_named(database, {1}, [ticket(1, "older")])
    await bring_named(database, {2}, [ticket(2, "older")], Mode.QUICK)

    assert await summaries(database) == {1: "older", 2: "newer"}


async def test_what_was_set_aside_before_stays_so_unless_it_is_named(database: str) -> None:
    refused = [Refused(each, "summary", "too long", "{}") for each in (1, 2, 3)]
    await bring(database, tickets(1, 2, 3))
    await bring(database, [], Mode.QUICK, refused=refused)

    await bring_named(database, {1, 2}, tickets(1))

    assert await rows(database, "SELECT psa_id FROM quarantine") == [(3,)]
    assert await rows(database, "SELECT psa_id, stale FROM ticket ORDER BY 1") == [(1, False), (3, True)]


async def test_technicians_of_other_tickets_stay(database: str) -> None:
    await bring(database, tickets(1, 2), technicians=[(1, 1), (1, 2), (2, 1)])

    await bring_named(database, {1}, tickets(1), technicians=[(1, 3)])

    found = await rows(database, "SELECT ticket_id, member_id FROM ticket_technician ORDER BY 1, 2")
    assert found == [(1, 3), (2, 1)]


async def test_no_table_is_made_for_a_few_tickets(database: str) -> None:
    made = "SELECT count(*) FROM pg_class WHERE relname LIKE 'full\\_%'"

    async with (
        claimed(spec(database, Mode.FULL, only=Selection((1,)))) as run,
        staged(run, Mode.FULL, tickets(1)),
    ):
        assert await rows(database, made) == [(0,)]
        assert await rows(database, "SELECT psa_id FROM quick_ticket") == [(1,)]
