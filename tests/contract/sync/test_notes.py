"""Notes and time entries: all of the tickets in scope, none of others, and none lost on the way."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from psa_operator.store import migrate
from psa_operator.sync.spec import Database, Mode, Notes, TicketScope
from tests.simulator_process import SimulatorProcess, start_simulator
from tests.world import Rows, World

REUSE = TicketScope(notes=Notes.REUSE_UNCHANGED)
NOTE, ENTRY = "note", "time_entry"


@pytest.fixture(scope="module")
def _few() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=500, seed=11) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def world(_few: SimulatorProcess, database: str) -> AsyncIterator[World]:
    """Five hundred tickets, for each has some five notes."""
    await migrate(Database(database))
    yield World(_few, database)
    _few.reset()


async def live(world: World, table: str) -> Rows:
    rows = await world.sql(f"SELECT * FROM {table}")
    return {row["psa_id"]: row for row in rows}


def in_psa(world: World, entity: str, ticket: str) -> Rows:
    """What the PSA has of service tickets."""
    ours = set(world.psa.ids())
    return {each["id"]: each for each in world.psa.state(entity) if each[ticket] in ours}


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(text: str | None) -> str | None:
    return (text or "").replace("\0", "") or None


def _id(ref: dict[str, Any] | None) -> int | None:
    return ref["id"] if ref else None


async def assert_notes_equal(world: World) -> None:
    here, there = await live(world, NOTE), in_psa(world, "notes", "ticketId")
    assert here.keys() == there.keys()
    for each, note in there.items():
        row = here[each]
        assert (row["ticket_id"], _text(row["text"])) == (note["ticketId"], _text(note["text"]))
        assert (row["member_id"], row["contact_id"]) == (_id(note["member"]), _id(note["contact"]))
        flags = ("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag")
        assert [row["discussion"], row["internal"], row["resolution"]] == [note[flag] for flag in flags]
        assert (row["created_at"], row["author"]) == (_time(note["dateCreated"]), note["createdBy"])
        assert row["updated_at"] == _time(note["_info"]["lastUpdated"])


async def assert_entries_equal(world: World) -> None:
    here, there = await live(world, ENTRY), in_psa(world, "timeEntries", "chargeToId")
    assert here.keys() == there.keys()
    for each, entry in there.items():
        row = here[each]
        assert (row["ticket_id"], row["member_id"]) == (entry["chargeToId"], _id(entry["member"]))
        assert (row["hours"], row["billable"]) == (entry["actualHours"], entry["billableOption"])
        assert row["started_at"] == _time(entry["timeStart"])
        assert row["ended_at"] == _time(entry["timeEnd"])
        assert row["notes"] == _text(entry["notes"])
        assert row["internal_notes"] == _text(entry["internalNotes"])
        assert row["updated_at"] == _time(entry["_info"]["lastUpdated"])


async def assert_equal(world: World) -> None:
    await world.assert_equal_to_the_psa()
    await assert_notes_equal(world)
    await assert_entries_equal(world)


def bundles(world: World) -> int:
    return sum("system/bundles" in line["path"] for line in world.psa.requests()["log"])


def ticket_with(world: World, entity: str, ticket: str) -> tuple[int, list[int]]:
    """A service ticket that has at least two of an entity, and their ids."""
    owned: dict[int, list[int]] = {}
    for each in in_psa(world, entity, ticket).values():
        owned.setdefault(each[ticket], []).append(each["id"])
    return next((number, ids) for number, ids in sorted(owned.items()) if len(ids) > 1)


async def test_a_full_run_brings_all_of_them_as_the_psa_has_them(world: World) -> None:
    row = await world.full()

    await assert_equal(world)
    for entity in ("notes", "timeEntries"):
        counts = row.report.counts[entity]
        assert counts.created == counts.fetched - counts.quarantined > 500


async def test_a_second_one_without_changes_writes_none(world: World) -> None:
    await world.full()
    before = {**await live(world, NOTE), **await live(world, ENTRY)}

    row = await world.full()

    assert {**await live(world, NOTE), **await live(world, ENTRY)} == before
    notes = row.report.counts["notes"]
    assert (notes.created, notes.updated, notes.deleted, notes.unchanged) == (0, 0, 0, notes.fetched)


async def test_the_description_of_a_ticket_is_its_first_note_that_customers_read(world: World) -> None:
    await world.full()

    first: dict[int, Any] = {}
    notes = in_psa(world, "notes", "ticketId").values()
    for note in sorted(notes, key=lambda each: (each["dateCreated"], each["id"])):
        if note["detailDescriptionFlag"]:
            first.setdefault(note["ticketId"], _text(note["text"]))
    shown = await world.sql("SELECT psa_id, description FROM visible_ticket")
    assert {row["psa_id"]: _text(row["description"]) for row in shown if row["description"]} == {
        number: text for number, text in first.items() if text
    }


async def test_damage_deleted_and_new_ones_are_mended_and_counted(world: World) -> None:
    await world.full()
    ticket, [gone, *_] = ticket_with(world, "notes", "ticketId")
    _, [entry, *_] = ticket_with(world, "timeEntries", "chargeToId")
    world.psa.set(notesTouchTickets=False, timeEntriesTouchTickets=False)
    world.psa.delete(gone, entity="notes")
    world.psa.delete(entry, entity="timeEntries")
    world.psa.create(entity="notes", ticketId=ticket, text="new")
    await world.sql("UPDATE note SET text = 'damaged' WHERE psa_id = (SELECT max(psa_id) FROM note)")
    await world.sql("DELETE FROM time_entry WHERE psa_id = (SELECT max(psa_id) FROM time_entry)")

    row = await world.full()

    await assert_equal(world)
    notes, entries = row.report.counts["notes"], row.report.counts["timeEntries"]
    assert (notes.created, notes.updated, notes.deleted) == (1, 1, 1)
    assert (entries.created, entries.updated, entries.deleted) == (1, 0, 1)


async def test_bundles_spare_requests_and_the_plan_knows(world: World) -> None:
    row = await world.full()

    tickets = row.report.counts["tickets"].fetched
    assert bundles(world) <= -(-tickets // 25)
    assert row.report.plan
    assert row.report.plan.pages == 4  # tickets, companies, contacts, time entries
    assert row.report.plan.budget_percent == 1
    assert abs(row.report.requests - row.report.plan.requests) <= row.report.plan.requests * 0.1
    assert ("Plan/requests", "Passed") in [(each.check, each.result) for each in row.report.checks]
    assert not row.report.notices


async def test_a_server_without_bundles_is_asked_ticket_by_ticket_and_told_so(world: World) -> None:
    [board] = [each for each in world.psa.state("boards") if each["id"] == min(world.psa.ids("boards"))]
    scope = TicketScope(include_boards=(board["name"],))
    world.psa.set(bundles=False)

    row = await world.full(scope=scope)

    assert row.report.notices == [
        "The PSA takes no bundles of requests: notes take one request for each ticket"
    ]
    assert row.report.plan
    assert row.report.plan.requests > row.report.counts["tickets"].fetched
    visible = set(await world.tickets())
    expected = {
        each["id"] for each in in_psa(world, "notes", "ticketId").values() if each["ticketId"] in visible
    }
    assert set(await live(world, NOTE)) == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"bundleLimit": 30},
        {"bundleTimesOutAbove": 20},
        {"bundleMixedStatus": 400},
        {"bundleMixedStatus": 200},
    ],
    ids=str,
)
async def test_a_server_that_takes_few_at_once_gets_few(world: World, settings: dict[str, int]) -> None:
    world.psa.set(**settings)
    world.psa.fault("part", ids=world.psa.ids()[:3], status=500, count=2)

    await world.full()

    await assert_notes_equal(world)


async def test_a_part_that_fails_is_asked_for_alone_and_one_that_stays_so_fails_the_run(
    world: World,
) -> None:
    ticket = world.psa.ids()[7]
    world.psa.fault("part", ids=[ticket], status=500)
    await world.full()
    await assert_notes_equal(world)

    world.psa.fault("status", f"/tickets/{ticket}/notes", status=403)
    before = await live(world, NOTE)
    outcome = await world.run(Mode.FULL)

    assert (outcome.phase, outcome.reason) == ("Failed", "PermissionDenied")
    assert "Service Desk > Service Tickets" in outcome.message
    assert await live(world, NOTE) == before


async def test_empty_answers_for_notes_delete_nothing_without_approval(world: World) -> None:
    await world.full()
    before = await live(world, NOTE)
    world.psa.set(bundles=False)
    world.psa.fault("empty-list", r"/tickets/\d+/notes")

    outcome = await world.run(Mode.FULL)

    assert outcome.reason == "DeletionGuard"
    assert await live(world, NOTE) == before


async def test_tickets_out_of_scope_bring_none_and_leave_with_theirs(world: World) -> None:
    await world.full()
    [board] = [each for each in world.psa.state("boards") if each["id"] == min(world.psa.ids("boards"))]

    row = await world.full(scope=TicketScope(include_boards=(board["name"],)))

    visible = set(await world.tickets())
    for entity, table, ticket in (("notes", NOTE, "ticketId"), ("timeEntries", ENTRY, "chargeToId")):
        expected = {each["id"] for each in in_psa(world, entity, ticket).values() if each[ticket] in visible}
        assert set(await live(world, table)) == expected
        assert row.report.counts[entity].fetched == len(expected)


async def test_unwanted_ones_are_not_read_and_those_here_leave(world: World) -> None:
    await world.full()
    world.psa.clear_requests()
    world.psa.set(denied=["time/entries"])

    row = await world.full(scope=TicketScope(notes=Notes.NONE, time_entries=False))

    assert not bundles(world)
    assert await live(world, NOTE) == await live(world, ENTRY) == {}
    assert row.report.counts["notes"].deleted > 1000
    await world.assert_equal_to_the_psa()


async def test_a_role_that_may_not_read_time_entries_is_told_which_right_it_lacks(world: World) -> None:
    world.psa.set(denied=["time/entries"])

    found = (await world.full()).report

    assert found.denied == ["timeEntries"]
    assert "Time & Expense > Time Entry" in found.problems[0].message


async def test_reuse_reads_a_tenth_a_sample_and_what_changed(world: World) -> None:
    await world.full(scope=REUSE)
    ticket, [note, *_] = ticket_with(world, "notes", "ticketId")
    world.psa.change(note, entity="notes", text="reworded")
    world.psa.clear_requests()

    row = await world.full(scope=REUSE)

    await assert_equal(world)
    tickets = row.report.counts["tickets"].fetched
    assert bundles(world) <= tickets // 10 // 25 + 5
    assert row.report.counts["notes"].updated == 1
    assert ticket in await world.tickets()


async def test_reuse_reads_everything_once_the_sample_finds_stored_notes_out_of_date(world: World) -> None:
    await world.full(scope=REUSE)
    world.psa.set(notesTouchTickets=False)
    changed = list(in_psa(world, "notes", "ticketId"))[::3]
    world.psa.change(*changed, entity="notes", text="reworded")

    row = await world.full(scope=REUSE)

    await assert_equal(world)
    assert any("read again" in notice for notice in row.report.notices)


async def test_reuse_trusts_nothing_that_was_stored_under_other_settings(world: World) -> None:
    await world.full(scope=REUSE)
    _, notes = ticket_with(world, "notes", "ticketId")
    without = TicketScope(notes=Notes.NONE)
    world.psa.change(notes[0], entity="notes", text="reworded")
    await world.quick(scope=without)

    row = await world.quick(scope=REUSE)
    assert "scope changed" in (row.report.resync_required or "")
    await world.full(scope=REUSE)

    await assert_equal(world)
    assert (await world.facts()).resync_required == ""


async def test_a_quick_run_reads_those_of_changed_tickets_only(world: World) -> None:
    await world.full()
    ticket, [note, *_] = ticket_with(world, "notes", "ticketId")
    _, [entry, *_] = ticket_with(world, "timeEntries", "chargeToId")
    world.psa.change(note, entity="notes", text="reworded")
    world.psa.change(entry, entity="timeEntries", notes="reworded")
    world.psa.create(entity="notes", ticketId=ticket, text="new")
    world.psa.clear_requests()

    row = await world.quick()

    await assert_equal(world)
    assert row.report.counts["notes"].fetched < 200
    assert world.psa.requests()["total"] < 30


async def test_those_deleted_in_the_psa_stay_until_a_full_run_though_their_ticket_changed(
    world: World,
) -> None:
    await world.full()
    ticket, [gone, *_] = ticket_with(world, "notes", "ticketId")
    _, [lost, *_] = ticket_with(world, "timeEntries", "chargeToId")
    world.psa.delete(gone, entity="notes")
    world.psa.delete(lost, entity="timeEntries")
    world.psa.create(entity="notes", ticketId=ticket, text="new")

    row = await world.quick()

    assert (row.report.counts["notes"].created, row.report.counts["notes"].deleted) == (1, 0)
    assert gone in await live(world, NOTE)
    assert lost in await live(world, ENTRY)
    await world.full()
    await assert_equal(world)


@pytest.mark.parametrize("settings", [{}, {"bundles": False}], ids=["bundles", "one by one"])
async def test_a_quick_run_to_which_lists_are_empty_leaves_what_is_here(
    world: World, settings: dict[str, bool]
) -> None:
    await world.full()
    notes, entries = await live(world, NOTE), await live(world, ENTRY)
    world.psa.set(**settings)
    world.psa.fault("empty-list", r"/tickets/\d+/notes|/bundles|/time/entries")
    ticket, _ = ticket_with(world, "notes", "ticketId")
    world.psa.change(ticket, summary="touched")

    await world.quick()

    assert (await live(world, NOTE), await live(world, ENTRY)) == (notes, entries)


async def test_a_quick_run_sees_time_entries_that_do_not_touch_their_ticket(world: World) -> None:
    await world.full()
    world.psa.set(timeEntriesTouchTickets=False)
    ticket, [entry, *_] = ticket_with(world, "timeEntries", "chargeToId")
    world.psa.change(entry, entity="timeEntries", notes="reworded")
    world.psa.create(entity="timeEntries", chargeToId=ticket, notes="more work")

    await world.quick()

    await assert_entries_equal(world)


async def test_a_ticket_new_in_scope_brings_all_of_its_own(world: World) -> None:
    one, two = world.psa.state("boards")[:2]
    scope = TicketScope(include_boards=(one["name"],))
    await world.full(scope=scope)
    ticket = next(
        each["id"]
        for each in world.psa.state()
        if each["board"]["id"] == two["id"] and len(notes_of(world, each["id"])) > 1
    )

    world.psa.change(ticket, board={"id": one["id"]})
    await world.quick(scope=scope)

    rows = await world.sql("SELECT psa_id FROM note WHERE ticket_id = %s", ticket)
    assert {row["psa_id"] for row in rows} == notes_of(world, ticket)


def notes_of(world: World, ticket: int) -> set[int]:
    return {each["id"] for each in world.psa.state("notes") if each["ticketId"] == ticket}


async def test_a_note_that_does_not_fit_is_set_aside_and_healed_by_a_later_quick_run(world: World) -> None:
    await world.full()
    ticket, [note, *_] = ticket_with(world, "notes", "ticketId")
    world.psa.fault("garble", f"/tickets/{ticket}/notes", ids=[note], record={"dateCreated": "never"})
    world.psa.set(bundles=False)
    world.psa.change(ticket, summary="touched")

    row = await world.quick()

    assert row.report.counts["notes"].quarantined == 1
    assert [each.id for each in row.report.problems] == [note]
    assert (await live(world, NOTE))[note]["stale"]

    world.psa.clear_faults()
    row = await world.quick()

    assert not (await live(world, NOTE))[note]["stale"]
    assert await world.sql("SELECT * FROM quarantine") == []
    await assert_notes_equal(world)


async def test_prune_removes_those_of_deleted_tickets_and_deleted_time_entries(world: World) -> None:
    await world.full()
    world.psa.set(timeEntriesTouchTickets=False)
    ticket, [entry, *_] = ticket_with(world, "timeEntries", "chargeToId")
    world.psa.delete(max(each for each in world.psa.ids() if each != ticket))
    world.psa.delete(entry, entity="timeEntries")

    row = await world.run(Mode.PRUNE)

    assert row.phase == "Succeeded"
    await assert_equal(world)


async def test_tickets_that_are_worked_on_while_we_read_lose_no_note(world: World) -> None:
    world.psa.set(changeRate=20)
    await world.full()
    world.psa.set(changeRate=0)

    await world.quick()
    await world.run(Mode.PRUNE)

    await assert_entries_equal(world)
    assert (await live(world, NOTE)).keys() >= in_psa(world, "notes", "ticketId").keys()
    await world.full()
    await assert_notes_equal(world)
