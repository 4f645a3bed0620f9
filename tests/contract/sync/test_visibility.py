"""Who may see which tickets is the database's business, and no run interferes with it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest_asyncio
from psycopg import sql

from psa_operator.sync.spec import Mode
from tests.world import World

Ids = frozenset[int]


@pytest_asyncio.fixture
async def viewer(world: World) -> AsyncIterator[str]:
    """A role that may see the tickets of one company only."""
    await world.full()
    role = f"viewer_{secrets.token_hex(4)}"
    for statement in (
        f"CREATE ROLE {role}",
        f"GRANT USAGE ON SCHEMA psa TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA psa TO {role}",
        f"CREATE POLICY own ON ticket TO {role} USING (company_id = {await company(world)})",
        "ALTER TABLE ticket ENABLE ROW LEVEL SECURITY",
    ):
        await world.sql(statement)
    yield role
    await world.sql(f"DROP OWNED BY {role}")
    await world.sql(f"DROP ROLE {role}")


async def company(world: World) -> int:
    """The one with the most tickets."""
    [row] = await world.sql(
        "SELECT company_id FROM ticket GROUP BY company_id ORDER BY count(*) DESC LIMIT 1"
    )
    return int(row["company_id"])


async def test_a_viewer_sees_the_same_tickets_before_during_and_after_a_full_run_and_its_rollback(
    world: World, viewer: str
) -> None:
    wanted = await company(world)
    own = frozenset(key for key, each in world.truth().items() if each["company_id"] == wanted)
    await world.sql("UPDATE ticket SET summary = 'damaged'")

    async with looking(world, viewer) as seen:
        full = await world.full()
        outcome = await world.run(Mode.ROLLBACK, rollback_of=full.name)

    assert outcome.phase == "Succeeded", outcome
    assert seen == {own}
    assert len(own) < len(world.truth())


async def test_a_viewer_sees_the_notes_and_time_entries_of_own_tickets_only(
    world: World, viewer: str
) -> None:
    wanted = await company(world)
    own = {key for key, each in world.truth().items() if each["company_id"] == wanted}
    await world.sql(
        f"CREATE POLICY own ON note TO {viewer} USING (EXISTS (SELECT FROM ticket"
        " WHERE ticket.integration_id = note.integration_id AND ticket.psa_id = note.ticket_id))"
    )
    await world.sql("ALTER TABLE note ENABLE ROW LEVEL SECURITY")
    await world.full()

    for relation in ("visible_note", "visible_time_entry", "note"):
        assert await tickets_of(world, viewer, relation) == own


async def tickets_of(world: World, viewer: str, relation: str) -> set[int]:
    """The tickets of which a role sees something in a table or view."""
    async with await psycopg.AsyncConnection.connect(world.dsn, autocommit=True) as connection:
        await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(viewer)))
        query = sql.SQL("SELECT DISTINCT ticket_id FROM psa.{}").format(sql.Identifier(relation))
        return {ticket async for (ticket,) in await connection.execute(query)}


@asynccontextmanager
async def looking(world: World, viewer: str) -> AsyncIterator[set[Ids]]:
    """Read as the viewer all the time; gives the different sets of tickets that were seen."""
    seen: set[Ids] = set()
    reader = asyncio.create_task(_look(world.dsn, viewer, seen))
    yield seen
    reader.cancel()
    with suppress(asyncio.CancelledError):
        await reader


async def _look(dsn: str, viewer: str, seen: set[Ids]) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(viewer)))
        while True:
            rows = await connection.execute("SELECT psa_id FROM psa.visible_ticket")
            seen.add(frozenset([psa_id async for (psa_id,) in rows]))
            await asyncio.sleep(0.005)
