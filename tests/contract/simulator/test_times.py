"""Time entries: one list for all tickets, believable hours and words, and their place among all notes."""

from typing import Any

import pytest

from tests.simulator_process import SimulatorProcess, start_simulator

FORWARD = {"pagination-type": "forward-only"}


def entries(simulator: SimulatorProcess, **query: Any) -> list[Any]:
    found: list[Any] = simulator.get("time/entries", **{"pageSize": 1000, **query}).json()
    return found


def test_time_entries_are_listed_counted_and_read_alone(simulator: SimulatorProcess) -> None:
    truth = simulator.state("timeEntries")

    assert entries(simulator) == truth
    assert simulator.get("time/entries/count").json() == {"count": len(truth)}
    assert simulator.get(f"time/entries/{truth[0]['id']}").json() == truth[0]


def test_time_entries_are_walked_forward_by_id(simulator: SimulatorProcess) -> None:
    seen: list[int] = []
    with simulator.client(**FORWARD) as client:
        answer = client.get("time/entries", params={"pageSize": 50, "fields": "id"})
        while "next" in answer.links:
            seen += [entry["id"] for entry in answer.json()]
            answer = client.get(answer.links["next"]["url"])

    assert [*seen, *(entry["id"] for entry in answer.json())] == simulator.ids("timeEntries")


@pytest.mark.parametrize("form", ["chargeToId={0}", "chargeToId in ({0},{1})", "chargeToId={0} and id>1"])
def test_the_entries_of_a_ticket_are_found_by_what_they_are_charged_to(
    simulator: SimulatorProcess, form: str
) -> None:
    truth = simulator.state("timeEntries")
    one, other = truth[0]["chargeToId"], truth[-1]["chargeToId"]
    meant = [
        entry
        for entry in truth
        if entry["chargeToId"] == one or ("{1}" in form and entry["chargeToId"] == other)
    ]

    assert entries(simulator, conditions=form.format(one, other)) == meant


def test_the_entries_that_changed_lately_are_found_by_their_stamp(simulator: SimulatorProcess) -> None:
    stamps = sorted(entry["_info"]["lastUpdated"] for entry in simulator.state("timeEntries"))
    late = [e for e in simulator.state("timeEntries") if e["_info"]["lastUpdated"] > stamps[-10]]

    assert entries(simulator, conditions=f"lastUpdated>[{stamps[-10]}]") == late


def test_entries_are_charged_to_tickets_of_both_kinds_that_exist(simulator: SimulatorProcess) -> None:
    simulator.live(200)
    known = {"ServiceTicket": set(simulator.ids()), "ProjectTicket": set(simulator.ids("projectTickets"))}
    charged = [(entry["chargeToType"], entry["chargeToId"]) for entry in simulator.state("timeEntries")]

    assert {kind for kind, _ in charged} == known.keys()
    assert all(number in known[kind] for kind, number in charged)


def test_hours_are_what_lies_between_the_times(simulator: SimulatorProcess) -> None:
    [new] = simulator.create(
        entity="timeEntries",
        chargeToId=simulator.ids()[0],
        timeStart="2025-03-03T10:00:00Z",
        timeEnd="2025-03-03T11:15:00Z",
    )

    assert simulator.get(f"time/entries/{new}").json()["actualHours"] == 1.25
    assert all(0.25 <= entry["actualHours"] <= 4 for entry in simulator.state("timeEntries"))


def test_all_notes_hold_the_words_of_time_entries_which_notes_do_not(simulator: SimulatorProcess) -> None:
    ticket = next(entry["chargeToId"] for entry in entries(simulator) if entry["notes"])
    written = {e["id"]: e["notes"] for e in entries(simulator) if e["chargeToId"] == ticket and e["notes"]}
    notes = simulator.get(f"service/tickets/{ticket}/notes", pageSize=1000).json()
    union = simulator.get(f"service/tickets/{ticket}/allNotes", pageSize=1000).json()

    assert {n["id"]: n["text"] for n in union if n["noteType"] == "TimeEntryNote"} == written
    assert [n["id"] for n in union if n["noteType"] == "TicketNote"] == [note["id"] for note in notes]


@pytest.mark.parametrize("touches", [True, False])
def test_an_entry_stamps_its_ticket_only_where_the_server_does_so(
    simulator: SimulatorProcess, *, touches: bool
) -> None:
    simulator.set(timeEntriesTouchTickets=touches)
    before = simulator.state()[0]
    simulator.create(entity="timeEntries", chargeToId=before["id"])

    after = simulator.state()[0]["_info"]["lastUpdated"]
    assert (after > before["_info"]["lastUpdated"]) is touches


def test_entries_go_with_their_ticket_whether_or_not_they_were_asked_for_before(
    simulator: SimulatorProcess,
) -> None:
    charged = {entry["chargeToId"] for entry in simulator.state("timeEntries")}
    first, second, *_ = (number for number in simulator.ids() if number in charged)
    simulator.reset()
    simulator.delete(first)
    assert entries(simulator, conditions=f"chargeToId={first}") == []

    simulator.delete(second)
    assert entries(simulator, conditions=f"chargeToId={second}") == []


def test_a_new_entry_is_listed_late(simulator: SimulatorProcess) -> None:
    simulator.set(visibilityDelay=30)
    before = entries(simulator)
    [new] = simulator.create(entity="timeEntries", chargeToId=simulator.ids()[0])

    assert entries(simulator) == before
    assert simulator.get(f"time/entries/{new}").status_code == 200


def test_a_role_can_be_kept_from_time(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["time/entries"])

    assert simulator.get("time/entries").status_code == 403


def test_the_same_seed_does_the_same_work() -> None:
    named = "id,chargeToId,member/id,notes,actualHours"
    with start_simulator(seed=5, tickets=50) as one, start_simulator(seed=5, tickets=50) as two:
        assert one.state("timeEntries", named) == two.state("timeEntries", named)
