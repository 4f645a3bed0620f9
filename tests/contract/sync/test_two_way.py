"""What the portal changes reaches the PSA, or stays here and is told of: nothing is lost on the way."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from psa_operator.sync.spec import (
    ConflictPolicy,
    LocalChanges,
    Mode,
    Selection,
    TicketScope,
    Verification,
    WriteBack,
)
from tests.contract.sync.portal import (
    changes,
    edit,
    foreign_status,
    live,
    other_status,
    outbox,
    shown,
    some,
)
from tests.world import World

LATE_SECONDS = 4
KEPT_WAITING = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'psa-operator%' AND wait_event_type = 'Lock'"
)
PATCHES = r"service/tickets/\d+$"
WRITES = {"method": "PATCH"}


async def test_an_edit_is_recorded_with_what_it_replaced(portal: World) -> None:
    ticket = some(portal)
    before = portal.truth()[ticket]

    await edit(portal, ticket, summary="by the portal", severity="High", actual_hours=77.0)

    [row] = await changes(portal, "ticket_id", "base", "value", "base_updated_at", "changed_by", "state")
    assert row["value"].keys() <= {"summary", "severity"}
    assert row["base"]["summary"] == before["summary"]
    assert (row["ticket_id"], row["state"], row["base_updated_at"]) == (
        ticket,
        "Unsent",
        before["updated_at"],
    )
    assert row["changed_by"] == psycopg.conninfo.conninfo_to_dict(portal.dsn)["user"]


async def test_without_write_back_nothing_is_recorded_and_a_full_run_repairs(small_world: World) -> None:
    await small_world.full()
    await edit(small_world, some(small_world), summary="damaged")

    await small_world.full()

    assert await changes(small_world) == []
    await small_world.assert_equal_to_the_psa()


async def test_what_a_run_writes_is_no_local_change(portal: World) -> None:
    portal.psa.change(some(portal), summary="by a technician")

    await portal.quick()
    await edit(portal, some(portal, 1), actual_hours=3.0)
    await portal.full()

    assert await changes(portal) == []
    await portal.assert_equal_to_the_psa()


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_a_run_sends_first_what_the_portal_changed(portal: World, mode: Mode) -> None:
    first, second = some(portal), some(portal, 1)
    status = other_status(portal, second)
    await edit(portal, first, summary="by the portal")
    await edit(portal, second, status_id=status)
    await edit(portal, second, summary="twice")

    assert (await portal.run(mode)).phase == "Succeeded"

    assert [each["state"] for each in await changes(portal)] == ["Sent"] * 3
    truth = portal.truth()
    assert truth[first]["summary"] == "by the portal"
    assert (truth[second]["status_id"], truth[second]["summary"]) == (status, "twice")
    await portal.assert_equal_to_the_psa()
    local = (await portal.row()).report.local
    assert local
    assert (local.sent, local.unsent, local.refused) == (3, 0, 0)


async def test_a_late_list_brings_no_old_value_back_where_all_happens_within_a_second(portal: World) -> None:
    ticket = some(portal)
    begin = time.time()
    portal.psa.set(clockSkew=1 - begin % 1)
    portal.psa.change(ticket, severity="Low")
    await portal.quick()
    portal.psa.set(visibilityDelay=LATE_SECONDS)
    await edit(portal, ticket, summary="by the portal")

    portal.psa.set(clockSkew=1 - begin % 1 + begin - time.time())  # back to when the ticket was changed
    await portal.quick()
    portal.psa.set(clockSkew=0)
    await portal.quick()

    assert [each["state"] for each in await changes(portal)] == ["Sent"]
    assert await live(portal, ticket) == "by the portal"
    portal.psa.set(visibilityDelay=0)
    await portal.quick()
    await portal.assert_equal_to_the_psa()


async def test_only_the_fields_that_were_changed_are_written(portal: World) -> None:
    ticket = some(portal)
    portal.psa.change(ticket, severity="Low", budgetHours=12.5)

    await edit(portal, ticket, summary="by the portal")
    await portal.quick()

    truth = portal.truth()[ticket]
    assert (truth["summary"], truth["severity"], truth["budget_hours"]) == ("by the portal", "Low", 12.5)
    assert [each["state"] for each in await changes(portal)] == ["Sent"]
    await portal.assert_equal_to_the_psa()


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_a_psa_that_lists_changes_late_does_not_bring_the_old_value_back(
    portal: World, mode: Mode
) -> None:
    ticket = some(portal)
    portal.psa.change(ticket, severity="Low")  # so that the window of a Quick run has it
    await portal.quick()
    portal.psa.set(visibilityDelay=LATE_SECONDS)
    await edit(portal, ticket, summary="by the portal")
    await outbox(portal, ticket, "please hurry")

    assert (await portal.run(mode)).phase == "Succeeded"
    early = await live(portal, ticket), [each["state"] for each in await changes(portal)]
    seen = await shown(portal, ticket, "please hurry")
    await portal.quick()
    still = await live(portal, ticket)
    await asyncio.sleep(LATE_SECONDS)
    await portal.quick()

    assert still == "by the portal"
    assert early == ("by the portal", ["Sent"])
    assert len(seen) == len(await shown(portal, ticket, "please hurry")) == 1
    await portal.assert_equal_to_the_psa()


async def test_a_conflict_is_held_and_both_keep_their_value(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.change(ticket, summary="by a technician", severity="Low")

    row = await portal.quick()

    [held] = await changes(portal, "id", "state", "theirs", "message")
    assert (held["state"], held["theirs"]) == ("Held", {"summary": "by a technician"})
    assert await live(portal, ticket) == "by the portal"
    assert await live(portal, ticket, "severity") == "Low"
    assert portal.truth()[ticket]["summary"] == "by a technician"
    assert [each.kind for each in row.report.problems] == ["LocalChangeHeld"]
    assert row.report.local
    assert (row.report.local.held, row.report.local.unsent) == (1, 1)
    assert (await portal.facts()).pending.held == 1


@pytest.mark.parametrize(
    ("resolution", "state", "summary"),
    [("Portal", "Sent", "by the portal"), ("PSA", "Refused", "by a technician")],
)
async def test_a_person_decides_whose_value_stays(
    portal: World, resolution: str, state: str, summary: str
) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.change(ticket, summary="by a technician")
    await portal.full()

    await portal.sql("UPDATE local_change SET resolution = %s", resolution)
    await portal.quick()

    assert [each["state"] for each in await changes(portal)] == [state]
    assert (await live(portal, ticket), portal.truth()[ticket]["summary"]) == (summary, summary)


async def test_what_the_psa_takes_without_effect_is_refused(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.fault("no-effect", PATCHES, **WRITES)

    await portal.quick()

    [row] = await changes(portal, "state", "message")
    assert row["state"] == "Refused"
    assert "has another value of summary" in row["message"]
    await portal.assert_equal_to_the_psa()


async def test_where_the_psa_wins_the_local_value_is_kept_in_the_table(portal: World) -> None:
    portal.settings["write_back"] = WriteBack(enabled=True, conflict_policy=ConflictPolicy.PSA_WINS)
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.change(ticket, summary="by a technician")

    await portal.quick()

    [row] = await changes(portal, "state", "value", "theirs")
    assert (row["state"], row["value"]) == ("Refused", {"summary": "by the portal"})
    await portal.assert_equal_to_the_psa()


async def test_a_held_change_survives_every_mode(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.change(ticket, summary="by a technician")

    for mode in (Mode.QUICK, Mode.FULL, Mode.PRUNE, Mode.REFERENCE_DATA):
        assert (await portal.run(mode)).phase == "Succeeded"
        assert await live(portal, ticket) == "by the portal"

    portal.psa.change(some(portal, 1), summary="another")
    await portal.full()
    done = await portal.row()
    assert (await portal.run(Mode.ROLLBACK, rollback_of=done.name)).phase == "Succeeded"
    assert await live(portal, ticket) == "by the portal"
    assert [each["state"] for each in await changes(portal)] == ["Held"]


async def test_what_was_sent_before_a_run_began_does_not_keep_a_ticket_from_its_rollback(
    portal: World,
) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    await portal.quick()
    before = (await portal.tickets())[ticket]
    portal.psa.change(ticket, summary="by a technician")
    done = await portal.full()

    undone = await portal.run(Mode.ROLLBACK, rollback_of=done.name)

    assert (undone.phase, (await portal.row()).report.kept_newer) == ("Succeeded", {})
    assert (await portal.tickets())[ticket] == before
    assert before["summary"] == "by the portal"


async def test_what_cannot_be_sent_now_stays_visible_and_is_sent_later(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.fault("forbidden", PATCHES, **WRITES)

    row = await portal.full()
    still = await live(portal, ticket)
    portal.psa.clear_faults()
    await portal.quick()

    assert still == "by the portal"
    assert [each.kind for each in row.report.problems] == ["LocalChangesNotSent"]
    assert portal.truth()[ticket]["summary"] == "by the portal"
    await portal.assert_equal_to_the_psa()


async def test_a_change_that_the_psa_refuses_is_kept_and_hinders_no_other(portal: World) -> None:
    ticket = some(portal)
    foreign = foreign_status(portal, ticket)
    await edit(portal, ticket, status_id=foreign)
    await edit(portal, ticket, summary="by the portal")

    await portal.quick()

    rows = await changes(portal, "state", "message")
    assert [each["state"] for each in rows] == ["Refused", "Sent"]
    assert "status" in rows[0]["message"]
    await portal.assert_equal_to_the_psa()


async def test_a_worker_that_died_after_the_psa_had_it_does_not_send_it_twice(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.change(ticket, summary="by the portal")  # as the dead worker's PATCH did
    await edit(portal, ticket, summary="and again")
    portal.psa.clear_requests()

    await portal.quick()

    assert [each["state"] for each in await changes(portal)] == ["Sent", "Sent"]
    assert portal.truth()[ticket]["summary"] == "and again"


@pytest.mark.parametrize("local_changes", [LocalChanges.PUSH, LocalChanges.DISCARD])
async def test_an_edit_while_a_full_run_reads_stays_and_is_sent_by_the_next(
    portal: World, local_changes: LocalChanges
) -> None:
    ticket = some(portal)
    portal.psa.fault("latency", "company/contacts", seconds=0.6)

    run = asyncio.create_task(portal.run(Mode.FULL, local_changes=local_changes))
    await asyncio.sleep(1.0)
    await edit(portal, ticket, summary="by the portal")
    assert (await run).phase == "Succeeded"
    still = await live(portal, ticket)
    portal.psa.clear_faults()
    await portal.quick()

    assert still == "by the portal"
    assert portal.truth()[ticket]["summary"] == "by the portal"
    await portal.assert_equal_to_the_psa()


@pytest.mark.parametrize("mode", [Mode.QUICK, Mode.FULL])
async def test_an_edit_in_the_second_of_publishing_is_not_overwritten(portal: World, mode: Mode) -> None:
    ticket = some(portal)
    portal.psa.change(ticket, severity="Low", summary="by a technician")
    portal.psa.fault("forbidden", PATCHES, **WRITES)

    async with await psycopg.AsyncConnection.connect(portal.dsn, options="-c search_path=psa") as open_edit:
        await open_edit.execute("UPDATE ticket SET summary = 'by the portal' WHERE psa_id = %s", (ticket,))
        run = asyncio.create_task(portal.run(mode))
        await portal.until(KEPT_WAITING, within=60)
        await open_edit.commit()
        assert (await run).phase == "Succeeded"

    assert await live(portal, ticket) == "by the portal"
    assert await live(portal, ticket, "severity") == "Low"
    assert [each["state"] for each in await changes(portal)] == ["Unsent"]


async def test_abort_reads_nothing_while_something_is_unsent(portal: World) -> None:
    await edit(portal, some(portal), summary="by the portal")
    portal.psa.clear_requests()

    outcome = await portal.run(Mode.FULL, local_changes=LocalChanges.ABORT)

    assert (outcome.phase, outcome.reason) == ("Failed", "PendingLocalChanges")
    assert f"#{some(portal)}" in outcome.message
    assert "tickets" not in str(portal.psa.requests()["byPath"])


async def test_discard_gives_up_what_was_unsent_and_keeps_it_for_export(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    await outbox(portal, ticket, "never sent")
    planned = await portal.full(local_changes=LocalChanges.DISCARD, dry_run=True)
    still = await live(portal, ticket)

    row = await portal.full(local_changes=LocalChanges.DISCARD)

    assert still == "by the portal"
    assert planned.report.counts["tickets"].updated == row.report.counts["tickets"].updated == 1
    assert await changes(portal, "state", "value") == [
        {"state": "Discarded", "value": {"summary": "by the portal"}}
    ]
    assert await portal.sql("SELECT state FROM outbox_note") == [{"state": "Discarded"}]
    assert row.report.local
    assert row.report.local.discarded == 2
    await portal.assert_equal_to_the_psa()


async def test_the_plan_names_unsent_changes_before_anything_happens(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal", budget_hours=123.25)
    await outbox(portal, ticket, "a note")

    row = await portal.full(dry_run=True)

    assert row.report.plan
    assert row.report.plan.local_changes == 2
    pending = (await portal.facts()).pending
    assert (pending.count, [each.what for each in pending.first]) == (2, ["budget_hours, summary", "note"])
    assert [each["state"] for each in await changes(portal)] == ["Unsent"]


async def test_a_change_of_a_ticket_that_the_psa_deleted_is_refused_and_the_ticket_goes(
    portal: World,
) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")
    portal.psa.delete(ticket)

    await portal.full()

    [row] = await changes(portal, "state", "message")
    assert (row["state"], row["message"]) == ("Refused", "The PSA has no such ticket any more")
    await portal.assert_equal_to_the_psa()


async def test_a_limited_run_sends_the_changes_of_its_tickets_only(portal: World) -> None:
    first, second = some(portal), some(portal, 1)
    await edit(portal, first, summary="by the portal")
    await edit(portal, second, summary="by the portal")

    await portal.quick(only=Selection(ticket_ids=(second,)))

    assert [each["state"] for each in await changes(portal)] == ["Unsent", "Sent"]


async def test_what_the_psa_has_for_long_is_forgotten_and_what_it_refused_is_not(portal: World) -> None:
    await edit(portal, some(portal), summary="by the portal")
    await edit(portal, some(portal, 1), summary="by the portal")
    portal.psa.delete(some(portal, 1))
    await outbox(portal, some(portal), "please hurry")
    await portal.quick()
    for table in ("local_change", "outbox_note"):
        await portal.sql(f"UPDATE {table} SET settled_at = settled_at - interval '31 days'")

    await portal.quick()

    assert [each["state"] for each in await changes(portal)] == ["Refused"]
    assert await portal.sql("SELECT state FROM outbox_note") == []


async def test_an_explanation_tells_a_local_change_from_damage(portal: World) -> None:
    ticket = some(portal)
    await edit(portal, ticket, summary="by the portal")

    row = await portal.quick(dry_run=True, only=Selection(ticket_ids=(ticket,)))

    [said] = row.report.explanations
    assert said.reason == "LocalChange"
    assert "The portal changed summary, which the PSA does not have yet." in said.detail


async def test_only_members_of_the_role_make_local_changes(portal: World, member: str) -> None:
    portal.settings["write_back"] = WriteBack(enabled=True, database_role=member)
    await portal.quick()

    await edit(portal, some(portal), summary="by an administrator")
    async with await psycopg.AsyncConnection.connect(
        psycopg.conninfo.make_conninfo(portal.dsn, user=member, password="secret"), autocommit=True
    ) as own:
        await own.execute(
            "UPDATE psa.ticket SET summary = 'by the portal' WHERE psa_id = %s", (some(portal, 1),)
        )

    assert await changes(portal, "ticket_id", "changed_by") == [
        {"ticket_id": some(portal, 1), "changed_by": member}
    ]


@pytest_asyncio.fixture
async def member(portal: World) -> AsyncIterator[str]:
    """A role that may do what a portal has to."""
    role = f"portal_{portal.last.run_id[:8]}" if portal.last else "portal"
    await portal.sql(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
    await portal.sql(f"GRANT USAGE ON SCHEMA psa TO {role}")
    await portal.sql(f"GRANT SELECT, UPDATE ON psa.ticket TO {role}")
    yield role
    await portal.sql(f"DROP OWNED BY {role}")
    await portal.sql(f"DROP ROLE {role}")


async def test_a_new_note_is_seen_at_once_and_once_and_reaches_the_psa(portal: World) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "please hurry")
    [before] = await shown(portal, ticket, "please hurry")

    await portal.quick()

    [after] = await shown(portal, ticket, "please hurry")
    [there] = [each for each in portal.psa.state("notes") if each["text"] == "please hurry"]
    assert (before["psa_id"], after["psa_id"]) == (None, there["id"])
    assert after["outbox_id"] is None
    assert (there["ticketId"], there["detailDescriptionFlag"]) == (ticket, True)
    assert await portal.sql("SELECT state, psa_id FROM outbox_note") == [
        {"state": "Arrived", "psa_id": there["id"]}
    ]


async def test_time_that_the_portal_enters_reaches_the_psa(portal: World) -> None:
    ticket = some(portal)
    await portal.sql(
        "INSERT INTO outbox_time_entry (integration_id, ticket_id, started_at, hours, notes, member_id)"
        " SELECT integration_id, psa_id, '2026-11-02T09:00:00Z', 1.5, 'on the phone',"
        "        (SELECT min(psa_id) FROM member) FROM ticket WHERE psa_id = %s",
        ticket,
    )

    await portal.quick()

    [there] = [each for each in portal.psa.state("timeEntries") if each["notes"] == "on the phone"]
    assert (there["chargeToId"], there["actualHours"]) == (ticket, 1.5)
    assert await portal.sql(
        "SELECT psa_id, outbox_id FROM visible_time_entry WHERE notes = 'on the phone'"
    ) == [{"psa_id": there["id"], "outbox_id": None}]


async def test_a_note_whose_answer_was_lost_is_found_and_not_written_twice(portal: World) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "only once")
    portal.psa.fault("truncated", rf"service/tickets/{ticket}/notes", method="POST")
    await portal.quick()
    portal.psa.clear_faults()
    unsure = await portal.sql("SELECT state, tried_at IS NOT NULL AS tried FROM outbox_note")

    await portal.quick()

    assert unsure == [{"state": "Unsent", "tried": True}]
    [there] = [each for each in portal.psa.state("notes") if each["text"] == "only once"]
    assert await portal.sql("SELECT state, psa_id FROM outbox_note") == [
        {"state": "Arrived", "psa_id": there["id"]}
    ]


async def test_two_equal_notes_are_two_notes(portal: World) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "me too")
    await outbox(portal, ticket, "me too")
    portal.psa.fault("truncated", rf"service/tickets/{ticket}/notes", method="POST", count=1)
    await portal.quick()
    portal.psa.clear_faults()

    await portal.quick()

    there = {each["id"] for each in portal.psa.state("notes") if each["text"] == "me too"}
    assert {each["psa_id"] for each in await portal.sql("SELECT psa_id FROM outbox_note")} == there
    assert len(there) == 2


async def test_a_note_for_a_ticket_that_is_gone_is_refused_with_the_psas_words(portal: World) -> None:
    ticket = some(portal)
    await outbox(portal, ticket, "too late")
    portal.psa.delete(ticket)

    row = await portal.quick()

    [note] = await portal.sql("SELECT state, message FROM outbox_note")
    assert note["state"] == "Refused"
    assert note["message"]
    assert [(each.kind, each.id) for each in row.report.problems] == [("LocalChangeRefused", ticket)]


async def test_a_note_of_a_ticket_out_of_scope_reaches_the_psa_and_is_not_shown(
    portal: World,
) -> None:
    ticket = some(portal)
    scope = TicketScope(exclude_boards=(str(portal.truth()[ticket]["board_id"]),))
    await outbox(portal, ticket, "about the other board")

    await portal.quick(scope=scope)
    await portal.full(scope=scope)

    assert [
        each["ticketId"] for each in portal.psa.state("notes") if each["text"] == "about the other board"
    ] == [ticket]
    assert await shown(portal, ticket, "about the other board") == []
    assert await portal.sql("SELECT state FROM outbox_note") == [{"state": "Arrived"}]


async def test_what_lives_in_the_portal_only_is_touched_by_no_mode(portal: World) -> None:
    ticket = some(portal)
    gone = some(portal, 1)
    for each in (ticket, gone):
        await portal.sql(
            "INSERT INTO private_note (integration_id, ticket_id, text)"
            " SELECT integration_id, psa_id, 'ask before you call' FROM ticket WHERE psa_id = %s",
            each,
        )
        await portal.sql(
            "INSERT INTO ticket_tag SELECT integration_id, psa_id, 'vip' FROM ticket WHERE psa_id = %s", each
        )
    queries = ("SELECT *, xmin::text FROM private_note", "SELECT *, xmin::text FROM ticket_tag")
    before = [await portal.sql(query) for query in queries]
    portal.psa.delete(gone)

    for mode in (Mode.QUICK, Mode.REFERENCE_DATA, Mode.PRUNE, Mode.FULL):
        assert (await portal.run(mode)).phase == "Succeeded"
        assert [await portal.sql(query) for query in queries] == before
    portal.psa.delete(some(portal))
    full = await portal.full()
    assert (await portal.run(Mode.ROLLBACK, rollback_of=full.name)).phase == "Succeeded"
    assert [await portal.sql(query) for query in queries] == before


async def test_a_write_probe_goes_comes_back_and_is_undone(portal: World) -> None:
    ticket = some(portal)
    before = portal.truth()[ticket]["summary"]

    row = await portal.full(verification=Verification(write_probe=ticket))
    [check] = [each for each in row.report.checks if each.check == "WriteProbe"]
    await portal.quick()

    assert check.result == "Passed"
    assert row.report.local
    assert row.report.local.sent == 0
    rows = await changes(portal, "state", "value")
    assert [each["state"] for each in rows] == ["Sent", "Sent"]
    assert "write probe" in rows[0]["value"]["summary"]
    assert portal.truth()[ticket]["summary"] == before
    await portal.assert_equal_to_the_psa()


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        ("forbidden", {}, "could not be written"),
        ("status", {"status": 400}, "did not come back"),
    ],
)
async def test_a_write_probe_that_fails_is_a_warning_and_leaves_nothing_behind(
    portal: World, kind: str, details: dict[str, Any], words: str
) -> None:
    ticket = some(portal)
    before = portal.truth()[ticket]["summary"]
    portal.psa.fault(kind, PATCHES, **WRITES, **details)

    row = await portal.full(verification=Verification(write_probe=ticket))
    portal.psa.clear_faults()
    await portal.quick()

    [check] = [each for each in row.report.checks if each.check == "WriteProbe"]
    assert check.result == "Warning"
    assert words in check.actual
    assert portal.truth()[ticket]["summary"] == before
    assert (await portal.facts()).pending.count == 0
    await portal.assert_equal_to_the_psa()
