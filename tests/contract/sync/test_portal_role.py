"""What the README grants to the portal's role is enough for two-way sync, and allows nothing else."""

import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from psa_operator.sync.spec import WriteBack
from tests.world import World

README = Path(__file__).parents[3] / "README.md"


class Application:
    """The portal's application, under its own role."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role = world, role

    async def sql(self, text: str, *values: Any) -> list[Any]:
        async with await psycopg.AsyncConnection.connect(self.world.dsn, autocommit=True) as connection:
            await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(self.role)))
            cursor = await connection.execute(text.encode(), values)
            return await cursor.fetchall() if cursor.description else []


@pytest_asyncio.fixture
async def application(world: World) -> AsyncIterator[Application]:
    """A world whose portal has the README's rights."""
    world.settings["write_back"] = WriteBack(enabled=True)
    await world.full()
    role = f"portal_{secrets.token_hex(4)}"
    [grants] = re.findall(r"```sql\n(GRANT .*?)```", README.read_text(), re.DOTALL)
    await world.sql(f"CREATE ROLE {role}")
    for statement in grants.replace("portal_app", role).split(";"):
        if statement.strip():
            await world.sql(statement)
    yield Application(world, role)
    await world.sql(f"DROP OWNED BY {role}")
    await world.sql(f"DROP ROLE {role}")


async def test_it_edits_tickets_and_adds_notes_and_time_that_reach_the_psa(application: Application) -> None:
    world = application.world
    ticket = min(world.truth())
    await application.sql("UPDATE psa.ticket SET summary = 'edited' WHERE psa_id = %s", ticket)
    await application.sql(
        "INSERT INTO psa.outbox_note (integration_id, ticket_id, text, created_by)"
        " SELECT id, %s, 'a note', 'kim' FROM psa.integration",
        ticket,
    )
    await application.sql(
        "INSERT INTO psa.outbox_time_entry (integration_id, ticket_id, started_at, hours, notes)"
        " SELECT id, %s, '2026-03-02T10:00Z', 0.5, 'some work' FROM psa.integration",
        ticket,
    )
    assert await application.sql("SELECT author FROM psa.visible_note WHERE text = 'a note'") == [("kim",)]

    await world.quick()

    assert world.truth()[ticket]["summary"] == "edited"
    assert [each["text"] for each in world.psa.state("notes")].count("a note") == 1
    assert [each["notes"] for each in world.psa.state("timeEntries")].count("some work") == 1
    [state] = await application.sql("SELECT state FROM psa.local_change")
    assert state == ("Sent",)


async def test_it_decides_what_is_held(application: Application) -> None:
    world = application.world
    ticket = min(world.truth())
    await application.sql("UPDATE psa.ticket SET summary = 'ours' WHERE psa_id = %s", ticket)
    world.psa.change(ticket, summary="theirs")
    await world.quick()
    [held] = await application.sql("SELECT id FROM psa.local_change WHERE state = 'Held'")

    await application.sql("UPDATE psa.local_change SET resolution = 'Portal' WHERE id = %s", *held)
    await world.quick()

    assert world.truth()[ticket]["summary"] == "ours"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE psa.ticket SET actual_hours = 1",
        "DELETE FROM psa.ticket",
        "INSERT INTO psa.note (integration_id, psa_id, ticket_id) VALUES (1, 1, 1)",
        "UPDATE psa.local_change SET state = 'Sent'",
        "DELETE FROM psa.local_change",
        "UPDATE psa.outbox_note SET state = 'Unsent'",
    ],
)
async def test_nothing_else_can_be_written(application: Application, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await application.sql(statement)
