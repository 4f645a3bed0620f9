"""What portal and PSA both changed: nobody's value is lost, in whichever order it happens."""

import pytest

from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import LocalChanges, Mode, Selection, Verification
from tests.contract.sync.portal import (
    changes,
    edit,
    foreign_status,
    live,
    other_severity,
    other_status,
    outbox,
    some,
)
from tests.world import World, replaced

PATCHES = r"service/tickets/\d+$"


async def states(world: World) -> list[str]:
    return [each["state"] for each in await changes(world)]


async def held(world: World) -> int:
    """A ticket whose summary was changed on both sides, and a run that has seen it."""
    ticket = some(world)
    await edit(world, ticket, summary="by the portal")
    world.psa.change(ticket, summary="by a technician")
    await world.quick()
    return ticket


@pytest.mark.parametrize(
    ("resolution", "state", "summary"),
    [
        (None, "Held", "by a technician"),
        ("PSA", "Refused", "by a technician"),
        ("Portal", "Sent", "by the portal"),
    ],
)
async def test_what_is_held_stays_so_while_other_columns_are_sent(
    portal: World, resolution: str | None, state: str, summary: str
) -> None:
    ticket = await held(portal)
    await edit(portal, ticket, severity=other_severity(portal, ticket))
    await portal.quick()
    before = await states(portal)

    await portal.sql("UPDATE local_change SET resolution = %s WHERE state = 'Held'", resolution)
    await portal.quick()
    await portal.quick()

    assert (before, await states(portal)) == (["Held", "Sent"], [state, "Sent"])
    assert portal.truth()[ticket]["summary"] == summary


async def test_a_held_field_that_is_edited_again_is_held_as_a_whole(portal: World) -> None:
    ticket = await held(portal)
    await edit(portal, ticket, summary="and again")

    await portal.quick()
    await portal.quick()
    both = await states(portal)
    theirs = portal.truth()[ticket]["summary"]
    seen = await live(portal, ticket)
    await portal.sql(
        "UPDATE local_change SET resolution = 'Portal' WHERE id = (SELECT max(id) FROM local_change)"
    )
    await portal.quick()
    await portal.quick()

    assert (both, theirs, seen) == (["Held", "Held"], "by a technician", "and again")
    assert await states(portal) == ["Sent", "Sent"]
    assert portal.truth()[ticket]["summary"] == await live(portal, ticket) == "and again"


async def test_who_decides_is_shown_the_psas_newest_value(portal: World) -> None:
    ticket = await held(portal)
    portal.psa.change(ticket, summary="by a technician, once more")

    await portal.quick()

    [row] = await changes(portal, "state", "theirs")
    assert row == {"state": "Held", "theirs": {"summary": "by a technician, once more"}}


async def test_a_value_that_was_sent_does_not_come_back_with_another_that_was_not(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    await portal.quick()
    portal.psa.change(ticket, summary="by a technician")
    await portal.quick()
    portal.psa.fault("forbidden", PATCHES, method="PATCH")
    await edit(portal, ticket, status_id=other_status(portal, ticket))

    await portal.full()

    assert await states(portal) == ["Sent", "Unsent"]
    assert await live(portal, ticket) == "by a technician"


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_what_was_refused_by_an_attempt_that_died_is_read_again(portal: World, mode: Mode) -> None:
    ticket = some(portal)
    before = portal.truth()[ticket]["status_id"]
    foreign = foreign_status(portal, ticket)
    await edit(portal, ticket, status_id=foreign)
    portal.psa.fault("status", "service/tickets/count", status=400)
    assert (await portal.run(mode)).phase != "Succeeded"
    portal.psa.clear_faults()

    await portal.quick()

    assert (await states(portal), await live(portal, ticket, "status_id")) == (["Refused"], before)


async def test_what_earlier_attempts_sent_and_had_refused_is_told_at_the_end(portal: World) -> None:
    first, second = some(portal), some(portal, 1)
    await edit(portal, first, summary="by the portal")
    await edit(portal, second, severity=other_severity(portal, second))
    portal.psa.fault("no-effect", f"service/tickets/{second}$", method="PATCH")
    portal.psa.delete(*sorted(portal.truth())[2:32])
    spec = portal.spec()
    assert (await portal.attempt(spec)).reason == "DeletionGuard"
    portal.psa.clear_faults()

    assert (await portal.attempt(replaced(spec, approved_deletions=30))).phase == "Succeeded"

    report = (await portal.row()).report
    assert report.local
    assert (report.local.sent, report.local.refused, report.local.unsent) == (1, 1, 0)
    assert ("LocalChangeRefused", second) in [(each.kind, each.id) for each in report.problems]


async def test_changes_that_are_sent_one_by_one_leave_the_last_word(portal: World) -> None:
    ticket = some(portal)
    before = portal.truth()[ticket]
    foreign = foreign_status(portal, ticket)
    await edit(portal, ticket, status_id=foreign)
    await edit(portal, ticket, summary="a slip")
    await edit(portal, ticket, summary=before["summary"])

    await portal.quick()

    assert await states(portal) == ["Refused", "Sent", "Sent"]
    assert portal.truth()[ticket]["summary"] == await live(portal, ticket) == before["summary"]


async def test_a_run_that_reads_no_ticket_gives_up_no_change(portal: World) -> None:
    await edit(portal, some(portal), summary="by the portal")
    await outbox(portal, some(portal), "a note")

    await portal.full(only=Selection(entities=(Entity.COMPANIES,)), local_changes=LocalChanges.DISCARD)

    assert await states(portal) == ["Unsent"]
    assert await portal.sql("SELECT state FROM outbox_note") == [{"state": "Unsent"}]


async def test_a_note_that_the_psa_lists_late_is_not_written_twice(portal: World) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "only once")
    portal.psa.fault("truncated", rf"service/tickets/{ticket}/notes", method="POST")
    await portal.quick()
    portal.psa.clear_faults()
    portal.psa.fault("empty-list", rf"service/tickets/{ticket}/notes", method="GET")

    row = await portal.quick()

    assert [each.kind for each in row.report.problems] == ["LocalChangesNotSent"]
    portal.psa.clear_faults()
    await portal.quick()
    [there] = [each for each in portal.psa.state("notes") if each["text"] == "only once"]
    assert await portal.sql("SELECT state, psa_id FROM outbox_note") == [
        {"state": "Arrived", "psa_id": there["id"]}
    ]


async def test_a_note_that_never_arrived_is_written_again_once_a_late_list_would_have_it(
    portal: World,
) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "at last")
    portal.psa.fault("status", rf"service/tickets/{ticket}/notes", method="POST", status=502)
    await portal.quick()
    portal.psa.clear_faults()
    await portal.quick()
    waiting = [each for each in portal.psa.state("notes") if each["text"] == "at last"]

    portal.psa.set(clockSkew=3600)
    await portal.quick()

    assert waiting == []
    assert len([each for each in portal.psa.state("notes") if each["text"] == "at last"]) == 1


async def test_a_write_probe_leaves_a_ticket_with_unsent_changes_alone(portal: World) -> None:
    ticket = await held(portal)

    row = await portal.full(verification=Verification(write_probe=ticket))

    [check] = [each for each in row.report.checks if each.check == "WriteProbe"]
    assert (check.result, "not sent yet" in str(check.actual)) == ("Warning", True)
    assert (await states(portal), await live(portal, ticket)) == (["Held"], "by the portal")
