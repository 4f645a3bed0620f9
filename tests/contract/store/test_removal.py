"""Everything that an integration has brought goes at once, or nothing of it does."""

from typing import Any

import pytest

from psa_operator.errors import PendingLocalChangesError
from psa_operator.store.local import set_write_back
from psa_operator.store.removal import BESIDE, remove_rows
from psa_operator.store.tables import TABLES
from psa_operator.sync.outcome import Report
from psa_operator.sync.ports import Refused
from psa_operator.sync.spec import Database, Mode, WriteBack
from tests.contract.store.world import bring, claimed, rows, spec, staged, tickets

_TABLES = """
SELECT table_name::text
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = 'psa' AND column_name = 'integration_id' AND table_type = 'BASE TABLE'
 ORDER BY table_name
"""
_STAGED = """
SELECT relname::text FROM pg_class
 WHERE relnamespace = 'psa_stage'::regnamespace AND relkind = 'r' ORDER BY relname
"""
HISTORY = {"run"}
BAD = Refused(9, "summary", "is no text", '{"summary": 9}')


async def filled(database: str) -> dict[str, int]:
    """The tables that have rows of integrations, and how many."""
    names = [name for (name,) in await rows(database, _TABLES)]
    counts = {name: (await rows(database, f"SELECT count(*) FROM {name}"))[0][0] for name in names}
    counts["row_history"] = (await rows(database, "SELECT count(*) FROM row_history"))[0][0]
    return {name: number for name, number in counts.items() if number}


async def stage_of(database: str) -> dict[str, int]:
    """The tables of staged rows that each run adds to or makes, and how many rows they have."""
    names = [name for (name,) in await rows(database, _STAGED)]
    counts = {name: (await rows(database, f"SELECT count(*) FROM {name}"))[0][0] for name in names}
    return {name: number for name, number in counts.items() if number or name.startswith("full_")}


async def test_every_table_is_thought_of(database: str) -> None:
    known = {table.name for table in TABLES.values()} | set(BESIDE) | HISTORY

    assert {name for (name,) in await rows(database, _TABLES)} == known


async def test_all_rows_go_and_the_run_history_stays(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(1, 2)])
    await bring(database, tickets(1, 2))
    await rows(database, "INSERT INTO ticket_tag SELECT integration_id, psa_id, 'vip' FROM ticket")
    assert {"ticket", "ticket_tag", "row_history", "change_log"} <= (await filled(database)).keys()

    removed = await remove_rows(Database(database), "msp/acme")

    assert removed == 2
    assert (await filled(database)).keys() == HISTORY


async def test_rows_of_others_stay(database: str) -> None:
    await bring(database, tickets(1), key="msp/other")
    before = await filled(database)
    await bring(database, tickets(1, 2))

    await remove_rows(Database(database), "msp/acme")

    after: dict[str, Any] = await filled(database)
    assert {name: number for name, number in after.items() if name not in HISTORY} == {
        name: number for name, number in before.items() if name not in HISTORY
    }


@pytest.mark.parametrize("mode", [Mode.FULL, Mode.QUICK])
async def test_what_waited_for_an_approval_goes_with_the_rows(database: str, mode: Mode) -> None:
    async with (
        claimed(spec(database, mode)) as run,
        staged(run, mode, tickets(1, 2), refused=[BAD]),
    ):
        await run.await_approval("AwaitingApproval", "Would delete 600 tickets", Report())
    assert await stage_of(database)

    await remove_rows(Database(database), "msp/acme")

    assert await stage_of(database) == {}


async def test_what_a_run_of_another_integration_has_staged_stays(database: str) -> None:
    async with (
        claimed(spec(database, key="msp/other")) as run,
        staged(run, records=tickets(1), refused=[BAD]),
    ):
        before = await stage_of(database)

        await remove_rows(Database(database), "msp/acme")

    assert before
    assert await stage_of(database) == before


async def test_nothing_goes_while_the_portal_has_unsent_changes(database: str) -> None:
    await bring(database, tickets(1, 2))
    await set_write_back(Database(database), "msp/acme", WriteBack(enabled=True))
    await rows(database, "UPDATE ticket SET summary = 'mine' WHERE psa_id = 1")
    before = await filled(database)

    with pytest.raises(PendingLocalChangesError, match="1 changes of the portal were not sent"):
        await remove_rows(Database(database), "msp/acme")

    assert await filled(database) == before


async def test_what_was_never_there_is_gone(database: str) -> None:
    assert await remove_rows(Database(database), "msp/nobody") == 0
    assert await remove_rows(Database(database, schema="never_used"), "msp/nobody") == 0


async def test_the_integration_can_come_back(database: str) -> None:
    await bring(database, tickets(1, 2))
    await remove_rows(Database(database), "msp/acme")

    await bring(database, tickets(1, 2, 3))

    assert (await filled(database))["ticket"] == 3
