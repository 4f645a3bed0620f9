"""Rows of an earlier release outlive a migration, and who could read them still can."""

import psycopg

from psa_operator.store import migrate
from psa_operator.sync.spec import Database
from tests.contract.store.world import bring, rows, tickets
from tests.older_release import BEFORE_TWO_WAY, make_tables

FILLED = """
INSERT INTO integration (key, identity) VALUES ('msp/acme', 'acme');
INSERT INTO board (integration_id, psa_id, name, inactive, project, changed_by_run, changed_at)
VALUES (1, 1, 'Service', false, false, gen_random_uuid(), now());
INSERT INTO company (integration_id, psa_id, name, deleted, changed_by_run, changed_at)
VALUES (1, 1, 'Acme', false, gen_random_uuid(), now());
INSERT INTO ticket (integration_id, psa_id, summary, board_id, company_id, source, closed, changed_by_run,
                    changed_at)
VALUES (1, 7, 'Old', 1, 1, 'Phone', false, gen_random_uuid(), now());
"""


async def older(database: str) -> None:
    """Make the schema of a release that knew no subtypes, with a ticket in it."""
    make_tables(database, BEFORE_TWO_WAY)
    await rows(database, FILLED)


async def test_a_ticket_of_an_older_release_is_shown_as_before_and_completed_by_the_next_run(
    database_of_each_version: str,
) -> None:
    database = database_of_each_version
    await older(database)

    await migrate(Database(database))

    seen = "SELECT psa_id, board, company, source, sub_type, item, location FROM visible_ticket"
    assert await rows(database, seen) == [(7, "Service", "Acme", "Phone", None, None, None)]
    await bring(database, tickets(7))
    assert await rows(database, "SELECT summary FROM visible_ticket") == [("Printer on fire",)]


async def test_who_could_read_the_view_before_can_read_it_after(database_of_each_version: str) -> None:
    database = database_of_each_version
    await older(database)
    await rows(database, "CREATE ROLE viewer; GRANT USAGE ON SCHEMA psa TO viewer")
    await rows(database, "GRANT SELECT ON ALL TABLES IN SCHEMA psa TO viewer")

    await migrate(Database(database))

    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("SET search_path TO psa; SET ROLE viewer")
        assert await (await connection.execute("SELECT psa_id FROM visible_ticket")).fetchall() == [(7,)]
        for view in ("visible_note", "visible_time_entry"):
            assert await (await connection.execute(f"SELECT psa_id FROM {view}".encode())).fetchall() == []
    await rows(database, "DROP OWNED BY viewer; DROP ROLE viewer")
