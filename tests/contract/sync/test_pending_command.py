"""`psa-operator pending`, the list that is kept before a Discard."""

import asyncio
import csv
import io
import json
import sys
from typing import Any

import pytest_asyncio

from psa_operator.sync.spec import LocalChanges, WriteBack
from tests.world import World

ACME = "tests/acme"


@pytest_asyncio.fixture
async def portal(small_world: World) -> World:
    """A world that was read, with an edit of two fields, an emptied one, a note and time for one ticket."""
    small_world.settings["write_back"] = WriteBack(enabled=True)
    await small_world.full()
    ticket = min(small_world.truth())
    await small_world.sql(
        f"UPDATE ticket SET summary = '=1+1, \"quoted\"', severity = 'High' WHERE psa_id = {ticket}"
    )
    await small_world.sql(f"UPDATE ticket SET contact_id = NULL WHERE psa_id = {ticket}")
    of = f"SELECT id, {ticket}, %s FROM integration"
    note = "INSERT INTO outbox_note (integration_id, ticket_id, text) " + of % "E'two\\nlines'"
    time = "INSERT INTO outbox_time_entry (integration_id, ticket_id, hours, started_at) " + of % "1.5, now()"
    await small_world.sql(note)
    await small_world.sql(time)
    return small_world


async def command(world: World, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "psa_operator", "pending", *arguments),
        env={"PSA_OPERATOR_DATABASE_DSN": world.dsn, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await process.communicate()
    return process.returncode or 0, out.decode(), complaint.decode()


async def rows(world: World) -> list[dict[str, str]]:
    _, out, _ = await command(world, "-o", "csv")
    return list(csv.DictReader(io.StringIO(out, newline="")))


async def test_every_value_is_in_the_list_with_the_one_before(portal: World) -> None:
    ticket = min(portal.truth())
    before = portal.truth()[ticket]

    found = {(each["kind"], each["field"]): each for each in await rows(portal)}

    assert set(found) == {
        *(("edit", field) for field in ("summary", "severity", "contact_id")),
        *(("note", field) for field in ("text", "discussion", "internal", "resolution")),
        *(("time entry", field) for field in ("hours", "started_at")),
    }
    summary = found["edit", "summary"]
    assert (summary["old"], summary["new"]) == (before["summary"], '=1+1, "quoted"')
    assert (summary["integration"], summary["ticket"], summary["state"]) == (ACME, str(ticket), "Unsent")
    assert (found["edit", "contact_id"]["old"], found["edit", "contact_id"]["new"]) == (
        str(before["contact_id"]),
        "",
    )
    assert found["note", "text"]["new"] == "two\nlines"
    assert found["time entry", "hours"]["new"] == "1.5"


async def test_who_and_when_are_those_of_the_database(portal: World) -> None:
    changed = "SELECT changed_by, changed_at FROM local_change ORDER BY id LIMIT 1"
    [known] = await portal.sql(changed)

    first = next(each for each in await rows(portal) if each["kind"] == "edit")

    assert first["changed_by"] == known["changed_by"]
    assert first["changed_at"] == known["changed_at"].isoformat().replace("+00:00", "Z")


async def test_a_held_change_says_what_the_psa_has(portal: World) -> None:
    ticket = min(portal.truth())
    portal.psa.change(ticket, summary="by a technician")
    await portal.quick()

    [held] = [each for each in await rows(portal) if each["state"] == "Held" and each["field"] == "summary"]

    assert (held["new"], held["theirs"]) == ('=1+1, "quoted"', "by a technician")
    assert held["message"]


async def test_programs_and_people_get_the_same(portal: World) -> None:
    _, out, _ = await command(portal, ACME, "-o", "json")
    values: list[dict[str, Any]] = json.loads(out)
    _, table, _ = await command(portal, ACME)

    assert len(values) == len(await rows(portal)) == len(table.splitlines()) - 1
    assert {each["new"] for each in values if each["field"] == "discussion"} == {True}
    assert table.startswith("INTEGRATION")
    assert "two lines" in table


async def test_what_is_given_up_is_no_longer_pending(portal: World) -> None:
    await portal.full(local_changes=LocalChanges.DISCARD)

    _, out, _ = await command(portal)

    assert out == "The PSA has every change.\n"


async def test_a_wrong_key_is_answered_with_those_that_are_there(portal: World) -> None:
    code, _, complaint = await command(portal, "tests/acne")

    assert code == 1
    assert complaint == f'The database has no rows of an integration "tests/acne"; it has those of {ACME}\n'


async def test_a_database_without_our_tables_is_said(portal: World) -> None:
    await portal.sql("DROP SCHEMA psa CASCADE")

    code, _, complaint = await command(portal)

    assert code == 1
    assert "run psa-operator migrate" in complaint
