"""Everything that an integration has brought goes at once, or nothing of it does."""

from typing import Any

import pytest

from psa_operator.errors import PendingLocalChangesError
from psa_operator.store.local import set_write_back
from psa_operator.store.removal import BESIDE, remove_rows
from psa_operator.store.tables import TABLES
from psa_operator.sync.spec import Database, WriteBack
from tests.contract.store.world import bring, rows, tickets

_TABLES = """
SELECT table_name::text
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = 'psa' AND column_name = 'integration_id' AND table_type = 'BASE TABLE'
 ORDER BY table_name
"""
HISTORY = {"run"}


async def filled(database: str) -> dict[str, int]:
    """The tables that have rows of integrations, and how many."""
    names = [name for (name,) in await rows(database, _TABLES)]
    counts = {name: (await rows(database, f"SELECT count(*) FROM {name}"))[0][0] for name in names}
    counts["row_history"] = (await rows(database, "SELECT count(*) FROM row_history"))[0][0]
    return {name: number for name, number in counts.items() if number}


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
