"""What a run asks of its integration: identity, marks, counts, reference data, the last scope."""

from datetime import timedelta

import pytest

from psa_operator.errors import IdentityChangedError
from psa_operator.store.facts import integration_facts
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.records import Board
from psa_operator.sync.scope import CLOSED
from psa_operator.sync.spec import Mode, TicketScope
from psa_operator.sync.storage import Mark
from tests.contract.store.world import (
    NOON,
    REFERENCE,
    bring,
    changed,
    claimed,
    minute,
    publish,
    rows,
    spec,
    staged,
    ticket,
    tickets,
)


async def marked(database: str, mark: Mark) -> None:
    async with claimed(spec(database)) as run, staged(run, records=tickets(1)) as stage:
        await publish(stage, marks={Entity.TICKETS: mark, Entity.BOARDS: Mark(NOON, NOON)})


async def marks(database: str) -> dict[Entity, Mark]:
    async with claimed(spec(database, Mode.QUICK)) as run:
        return await run.marks()


async def test_marks_are_kept_with_the_data(database: str) -> None:
    await marked(database, Mark(minute(1), minute(2)))

    assert await marks(database) == {
        Entity.TICKETS: Mark(minute(1), minute(2)),
        Entity.BOARDS: Mark(NOON, NOON),
    }


@pytest.mark.parametrize(
    "damage",
    [
        "covered_until = NULL",
        "covered_until = 'infinity'",
        "watermark = '-infinity'",
        "watermark = now() + interval '1 year'",
        "covered_until = '0044-03-15 BC'",
    ],
)
async def test_a_mark_that_cannot_be_trusted_is_left_out(database: str, damage: str) -> None:
    await marked(database, Mark(minute(1), minute(2)))
    await rows(database, f"UPDATE mark SET {damage} WHERE entity = 'tickets'")

    assert set(await marks(database)) == {Entity.BOARDS}


async def test_an_entity_without_any_row_may_have_no_watermark(database: str) -> None:
    await marked(database, Mark(None, minute(2)))

    assert (await marks(database))[Entity.TICKETS] == Mark(None, minute(2))


async def test_the_first_run_adopts_the_identity_and_another_company_is_refused(database: str) -> None:
    async with claimed(spec(database)) as run:
        await run.check_identity("ConnectWise", "acme")
        await run.check_identity("ConnectWise", "acme")
        with pytest.raises(IdentityChangedError, match="ConnectWise bolt answers now"):
            await run.check_identity("ConnectWise", "bolt")


async def test_a_dry_run_adopts_no_identity(database: str) -> None:
    async with claimed(spec(database, dry_run=True)) as run:
        await run.check_identity("ConnectWise", "acme")

    assert await rows(database, "SELECT provider, identity FROM integration") == [(None, None)]


async def test_a_dry_run_refuses_another_company_as_well(database: str) -> None:
    async with claimed(spec(database)) as run:
        await run.check_identity("ConnectWise", "acme")
        await run.finish("Succeeded", "", "", Report())

    async with claimed(spec(database, dry_run=True)) as run:
        with pytest.raises(IdentityChangedError, match="ConnectWise bolt answers now"):
            await run.check_identity("ConnectWise", "bolt")


async def test_live_rows_are_counted_with_and_without_those_out_of_scope(database: str) -> None:
    await bring(database, tickets(1, 2), technicians=[(1, 1)])
    await bring(database, [changed(ticket(1), 1, closed=True)], Mode.QUICK, out_of_scope={1: CLOSED})

    async with claimed(spec(database, Mode.QUICK)) as run:
        counts = await run.live_counts()
        assert (counts[Entity.TICKETS], counts[Entity.BOARDS]) == (2, 2)
    known = spec(database)
    facts = await integration_facts(known.database, known.integration_key)
    assert facts.counts[Entity.TICKETS] == 1


async def test_reference_data_is_read_back_as_the_records_it_came_from(database: str) -> None:
    await bring(database, tickets(1))

    async with claimed(spec(database, Mode.QUICK)) as run:
        for entity in (Entity.BOARDS, Entity.STATUSES, Entity.PRIORITIES, Entity.MEMBERS):
            assert await run.reference(entity) == REFERENCE[entity]


async def test_the_scope_of_the_last_full_run_is_known_until_a_quick_run_has_another(database: str) -> None:
    asked = spec(database, scope=TicketScope(include_closed=False))
    async with claimed(asked) as run, staged(run, records=tickets(1)) as stage:
        assert await run.last_full_config() is None
        await publish(stage)

    async with claimed(spec(database, Mode.QUICK)) as run, staged(run, Mode.QUICK, tickets(1)) as stage:
        assert await run.last_full_config() == asked.config_hash
        await publish(stage)
    async with claimed(spec(database, Mode.QUICK)) as run:
        assert await run.last_full_config() == f"{asked.config_hash}*"


async def test_time_in_the_database_is_measured(database: str) -> None:
    async with claimed(spec(database)) as run:
        await run.marks()
        assert timedelta(seconds=run.database_seconds) > timedelta(0)


async def test_values_come_back_as_they_were_sent(database: str) -> None:
    sent = ticket(
        1,
        "Ärger 🔥 \\ \t 'x' עברית",
        severity="",
        parent_id=2**40,
        budget_hours=0.1,
        required_at=minute(0.5),
        custom_fields='{"Größe": [1, 2.50, null], "b": {"c": true}}'.encode(),
    )
    for mode in (Mode.QUICK, Mode.FULL):
        await bring(database, [changed(sent, 1)], mode)

    query = (
        "SELECT summary, severity, impact, parent_id, budget_hours, required_at, custom_fields FROM ticket"
    )
    found = await rows(database, query)
    expected = {"Größe": [1, 2.5, None], "b": {"c": True}}
    assert found == [(sent.summary, "", None, 2**40, 0.1, minute(0.5), expected)]


async def test_copying_and_merging_store_the_same(database: str) -> None:
    board = Board(7, "Both ways", inactive=True, project=True, updated_at=minute(1))
    reference = REFERENCE | {Entity.BOARDS: [*REFERENCE[Entity.BOARDS], board]}
    await bring(database, tickets(1), reference=reference)

    difference = await bring(database, tickets(1), Mode.QUICK, reference=reference)

    assert all(counts.unchanged == counts.fetched for counts in difference.counts.values())
