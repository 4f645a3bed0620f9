"""A Prune removes the live rows that its list lacks, and changes nothing else."""

import pytest

from psa_operator.errors import StageLostError
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.ports import Refused
from psa_operator.sync.records import Company, Contact
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
    EVERYTHING,
    REFERENCE,
    bring,
    claimed,
    publish,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)

PLACES = "SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id"
MORE = REFERENCE | {
    Entity.COMPANIES: [*REFERENCE[Entity.COMPANIES], Company(3, "cove", "Cove")],
    Entity.CONTACTS: [*REFERENCE[Entity.CONTACTS], Contact(3, 3, "Cat")],
}


async def test_what_the_list_lacks_goes_with_its_technicians(database: str) -> None:
    await bring(database, tickets(1, 2), technicians=[(1, 1), (2, 1), (2, 2)])

    difference = await bring(database, tickets(1), Mode.PRUNE)

    assert set(await summaries(database)) == {1}
    assert await rows(database, "SELECT ticket_id, member_id FROM ticket_technician") == [(1, 1)]
    counts = difference.counts[Entity.TICKETS]
    assert (counts.fetched, counts.unchanged, counts.deleted) == (1, 1, 1)


async def test_nothing_else_is_written_or_created(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    before = await rows(database, PLACES)

    await bring(database, [*tickets(1, 2), ticket(3, "changed"), ticket(9)], Mode.PRUNE)

    assert await rows(database, PLACES) == before


async def test_a_company_goes_only_when_nothing_refers_to_it(database: str) -> None:
    await bring(database, tickets(1), reference=MORE)
    fewer = {Entity.COMPANIES: [Company(2, "bolt", "Bolt")], Entity.CONTACTS: [Contact(2, 2, "Bea")]}

    await bring(database, tickets(1), Mode.PRUNE, reference=fewer)

    assert await rows(database, "SELECT psa_id FROM company ORDER BY 1") == [(1,), (2,)]
    assert await rows(database, "SELECT psa_id FROM contact ORDER BY 1") == [(1,), (2,)]


async def test_live_ids_that_the_list_lacks_are_named_and_those_added_stay(database: str) -> None:
    await bring(database, tickets(1, 2, 3))

    async with claimed(spec(database, Mode.PRUNE)) as run, staged(run, Mode.PRUNE, tickets(1)) as stage:
        assert await stage.unlisted(Entity.TICKETS) == [2, 3]
        await stage.add_listed(Entity.TICKETS, [2])
        await publish(stage)

    assert set(await summaries(database)) == {1, 2}


async def test_the_last_ticket_of_a_board_is_told(database: str) -> None:
    await bring(database, tickets(*range(1, 13)))

    async with claimed(spec(database, Mode.PRUNE)) as run, staged(run, Mode.PRUNE) as stage:
        assert (await stage.difference(EVERYTHING)).emptied == ['board "Service"', 'company "Acme"']


async def test_it_moves_no_mark_and_is_no_full_run(database: str) -> None:
    await bring(database, tickets(1))
    await rows(database, "UPDATE integration SET last_full_config = 'before'")
    before = await rows(database, "SELECT * FROM mark")

    await bring(database, tickets(1), Mode.PRUNE)

    assert await rows(database, "SELECT * FROM mark") == before
    assert await rows(database, "SELECT last_full_config FROM integration") == [("before",)]


async def test_a_record_set_aside_is_forgotten_with_its_row(database: str) -> None:
    await bring(database, tickets(1, 2))
    refused = [Refused(each, "summary", "is no text", "{}") for each in (1, 2)]
    await bring(database, [], Mode.QUICK, refused=refused)

    await bring(database, tickets(1), Mode.PRUNE)

    assert await rows(database, "SELECT psa_id FROM quarantine") == [(1,)]


async def test_a_list_that_loses_ids_stops_the_publication(database: str) -> None:
    await bring(database, tickets(1, 2))
    async with claimed(spec(database, Mode.PRUNE)) as run, staged(run, Mode.PRUNE, tickets(1, 2)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        await rows(database, "DELETE FROM quick_listed")
        with pytest.raises(StageLostError):
            await stage.publish(EVERYTHING, {}, Report())

    assert set(await summaries(database)) == {1, 2}
