"""`kubectl psa pending` with changes that the portal really made: how many, and the first ones."""

import re

import pytest_asyncio
import yaml

from tests.cluster.person import Person, person
from tests.cluster.portal import Portal
from tests.cluster.tenant import Tenant


@pytest_asyncio.fixture
async def viewer(guest: Tenant) -> Person:
    """Who may look."""
    return await person(guest, "view")


async def test_what_is_unsent_and_held_is_shown_with_what_becomes_of_it(
    portal: Portal, viewer: Person
) -> None:
    acme, (held, noted, edited) = portal.tenant.acme, portal.tenant.psa.ids()[:3]
    await portal.rename(held, "by the portal")
    portal.tenant.psa.change(held, summary="by a technician")
    await portal.tenant.bring("conflict", "Quick")
    await portal.note(noted, "call them back")
    await portal.sql("UPDATE ticket SET summary = 'both', budget_hours = 4 WHERE psa_id = %s", edited)
    status = await portal.pending(3, "three")

    said = await viewer.says("pending", acme)
    value, as_yaml = await viewer.value("pending", acme), await viewer.says("pending", acme, "-o", "yaml")

    assert value == yaml.safe_load(as_yaml) == status
    assert (value["count"], value["held"]) == (3, 1)
    head, columns, *rows = said.splitlines()[:5]
    assert re.fullmatch(
        rf"{acme}: 3 changes are not in the PSA yet, 1 held; the oldest is (\d+m)?\d+s? old:", head
    )
    assert columns.split() == ["TICKET", "WHAT", "STATE", "BY", "AGE", "MESSAGE"]
    assert [re.split("  +", row)[:4] for row in rows] == [
        [str(held), "summary", "Held", "postgres"],
        [str(noted), "note", "Unsent", "postgres"],
        [str(edited), "budget_hours, summary", "Unsent", "postgres"],
    ]
    assert "until somebody sets resolution to Portal or PSA in row 1 of local_change" in rows[0]
    assert "\nUnsent: the next Quick or Full run sends it.\nHeld: the PSA changed the same field" in said
    key = f"{portal.tenant.namespace}/{acme}"
    assert said.endswith(f'\n  psa-operator pending {key} -o csv --dsn "$DSN"\n')


async def test_of_many_changes_the_oldest_ten_are_shown(portal: Portal, viewer: Person) -> None:
    ids = portal.tenant.psa.ids()[:12]
    for each in ids:
        await portal.rename(each, "by the portal")
    await portal.pending(12, "twelve")

    said = await viewer.says("pending", portal.tenant.acme)

    head, _, *rows = said.splitlines()[:12]
    assert re.search(r": 12 changes are not in the PSA yet, 0 held; .* old\. The oldest 10:$", head)
    assert [int(row.split()[0]) for row in rows] == ids[:10]
    assert "Held: " not in said


async def test_what_is_pending_when_two_way_sync_is_switched_off_says_that_nothing_sends_it(
    portal: Portal, viewer: Person
) -> None:
    acme = portal.tenant.acme
    assert await viewer.says("pending", acme) == (
        f"{acme}: when the operator last looked, the PSA had every change; it looks once a minute\n"
    )
    await portal.rename(portal.tenant.psa.ids()[0], "by the portal")
    await portal.pending(1, "one")
    await portal.tenant.patch("psai", acme, {"spec": {"writeBack": {"enabled": False}}})

    said = await viewer.says("pending", acme)

    assert f"{acme}: 1 change is not in the PSA yet, 0 held" in said
    assert "Two-way sync (spec.writeBack) is off now: no run sends them." in said
    assert "the next Quick or Full run" not in said
