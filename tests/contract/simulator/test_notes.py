"""Notes of tickets: as many, as long and as odd as people write them, in both of the vendor's models."""

from typing import Any

import pytest

from psa_operator.simulator.connectwise.models import ALL_NOTES
from tests.contract.simulator.test_records import TYPES
from tests.simulator_process import SimulatorProcess, start_simulator

FORWARD = {"pagination-type": "forward-only"}


def notes_of(simulator: SimulatorProcess, ticket: int, kind: str = "notes", **query: Any) -> list[Any]:
    answer = simulator.get(f"service/tickets/{ticket}/{kind}", **{"pageSize": 1000, **query})
    found: list[Any] = answer.json()
    return found


def busiest(simulator: SimulatorProcess) -> int:
    """The ticket with the most notes."""
    counts: dict[int, int] = {}
    for note in simulator.state("notes", "ticketId"):
        counts[note["ticketId"]] = counts.get(note["ticketId"], 0) + 1
    return max(counts, key=lambda number: counts[number])


def test_a_ticket_lists_counts_and_shows_its_own_notes(simulator: SimulatorProcess) -> None:
    everything = simulator.state("notes")
    for ticket in simulator.ids()[:20]:
        own, path = [n for n in everything if n["ticketId"] == ticket], f"service/tickets/{ticket}/notes"

        assert notes_of(simulator, ticket) == own
        assert simulator.get(f"{path}/count").json() == {"count": len(own)}
        assert all(simulator.get(f"{path}/{note['id']}").json() == note for note in own[:3])


def test_notes_of_an_unknown_ticket_or_with_anothers_id_are_not_found(simulator: SimulatorProcess) -> None:
    first, *_, last = simulator.state("notes", "id,ticketId")

    for path in ("9999/notes", "9999/allNotes", f"{first['ticketId']}/notes/{last['id']}"):
        assert simulator.get(f"service/tickets/{path}").status_code == 404


def test_a_ticket_has_no_few_or_very_many_notes() -> None:
    with start_simulator(tickets=2000, seed=4) as simulator:
        found = dict.fromkeys([*simulator.ids(), *simulator.ids("projectTickets")], 0)
        for note in simulator.state("notes", "ticketId"):
            found[note["ticketId"]] += 1

    counts = sorted(found.values())
    assert counts[0] == 0
    assert 2 <= counts[len(counts) // 2] <= 5
    assert counts[-1] > 50


@pytest.fixture(scope="module")
def notes() -> list[Any]:
    with start_simulator(tickets=2000, seed=3) as simulator:
        return simulator.state("notes")


@pytest.mark.parametrize("odd", ["\x00", "\u200e", "👩🏽‍💻", "ש", "ع", "<b>", "\r\n", "**", "| "])
def test_notes_hold_what_breaks_careless_code(notes: list[Any], odd: str) -> None:
    assert any(odd in note["text"] for note in notes)


def test_notes_are_of_realistic_lengths(notes: list[Any]) -> None:
    lengths = sorted(len(note["text"]) for note in notes)

    assert lengths[0] == 0
    assert 100 < lengths[len(lengths) // 2] < 600
    assert 25_000 < lengths[-1] <= 30_000


def test_some_notes_are_internal_and_some_resolutions(notes: list[Any]) -> None:
    kinds = {(n["detailDescriptionFlag"], n["internalAnalysisFlag"], n["resolutionFlag"]) for n in notes}

    assert kinds >= {(True, False, False), (False, True, False), (False, False, True), (False, True, True)}
    assert all(note["internalFlag"] == note["internalAnalysisFlag"] for note in notes)


def test_a_note_is_by_a_member_or_a_contact(notes: list[Any]) -> None:
    assert {(note["member"] is None, note["contact"] is None) for note in notes} == {
        (True, False),
        (False, True),
    }


def test_notes_lie_between_the_first_and_the_last_stamp_of_their_ticket(simulator: SimulatorProcess) -> None:
    both = [*simulator.state(), *simulator.state("projectTickets")]
    tickets = {ticket["id"]: ticket["_info"] for ticket in both}

    for note in simulator.state("notes"):
        stamps = tickets[note["ticketId"]]
        assert stamps["dateEntered"] <= note["dateCreated"] <= note["_info"]["lastUpdated"]
        assert note["_info"]["lastUpdated"] <= stamps["lastUpdated"]


def test_the_same_seed_writes_the_same_notes() -> None:
    named = "id,text,member/id"
    with start_simulator(seed=5, tickets=50) as one, start_simulator(seed=5, tickets=50) as two:
        same = one.state("notes", named)
        assert two.state("notes", named) == same
    with start_simulator(seed=6, tickets=50) as other:
        assert other.state("notes", named) != same


@pytest.mark.parametrize("kind", ["notes", "allNotes"])
@pytest.mark.parametrize("headers", [{}, FORWARD])
def test_notes_come_in_pages(simulator: SimulatorProcess, kind: str, headers: dict[str, str]) -> None:
    ticket = busiest(simulator)
    whole, seen = [note["id"] for note in notes_of(simulator, ticket, kind)], []
    with simulator.client(**headers) as client:
        answer = client.get(f"service/tickets/{ticket}/{kind}", params={"pageSize": 10})
        while "next" in answer.links:
            seen += [note["id"] for note in answer.json()]
            answer = client.get(answer.links["next"]["url"])

    assert [*seen, *(note["id"] for note in answer.json())] == whole
    assert len(whole) > 25


def test_notes_can_be_asked_for_by_condition_and_by_field(simulator: SimulatorProcess) -> None:
    ticket = busiest(simulator)
    internal = [note["id"] for note in notes_of(simulator, ticket) if note["internalAnalysisFlag"]]

    found = notes_of(simulator, ticket, conditions="internalAnalysisFlag=True", fields="id")
    assert found == [{"id": number} for number in internal]


def test_all_notes_are_the_vendors_other_model(simulator: SimulatorProcess) -> None:
    for ticket in simulator.ids()[:50]:
        for note in notes_of(simulator, ticket, "allNotes"):
            assert note["ticket"]["id"] == ticket
            for name, value in note.items():
                kinds = TYPES | {"any": (str,)}
                assert value is None or isinstance(value, kinds[ALL_NOTES.fields[name]]), (name, value)


def test_the_kind_of_a_note_cannot_be_used_in_conditions(simulator: SimulatorProcess) -> None:
    path = f"service/tickets/{busiest(simulator)}/allNotes"
    answer = simulator.get(path, conditions='noteType="TicketNote"')

    assert (answer.status_code, answer.json()["code"]) == (400, "ApiFindCondition")
    assert {"noteType": "TicketNote"} in simulator.get(path, fields="noteType").json()


def test_old_servers_do_not_know_all_notes(simulator: SimulatorProcess) -> None:
    simulator.set(allNotes=False)
    ticket = simulator.ids()[0]

    assert simulator.get(f"service/tickets/{ticket}/allNotes").status_code == 404
    assert simulator.get(f"service/tickets/{ticket}/notes").status_code == 200


@pytest.mark.parametrize("touches", [True, False])
@pytest.mark.parametrize("act", ["create", "change", "delete"])
def test_a_note_stamps_its_ticket_only_where_the_server_does_so(
    simulator: SimulatorProcess, act: str, *, touches: bool
) -> None:
    simulator.set(notesTouchTickets=touches)
    before = simulator.state()[0]
    note = notes_of(simulator, before["id"])[0]["id"]
    if act == "create":
        simulator.create(entity="notes", ticketId=before["id"])
    else:
        getattr(simulator, act)(note, entity="notes")

    after = simulator.state()[0]["_info"]["lastUpdated"]
    assert (after > before["_info"]["lastUpdated"]) is touches


def test_a_new_note_is_stamped_at_once_and_listed_later(simulator: SimulatorProcess) -> None:
    simulator.set(visibilityDelay=30)
    ticket = simulator.ids()[0]
    before = notes_of(simulator, ticket)
    [new] = simulator.create(entity="notes", ticketId=ticket, text="late")

    assert notes_of(simulator, ticket) == before
    assert simulator.get(f"service/tickets/{ticket}/notes/{new}").json()["text"] == "late"
    assert simulator.state("notes", "id")[len(before)] == {"id": new}


def test_notes_go_with_their_ticket(simulator: SimulatorProcess) -> None:
    ticket = busiest(simulator)
    simulator.delete(ticket)

    assert simulator.get(f"service/tickets/{ticket}/notes").status_code == 404
    assert all(note["ticketId"] != ticket for note in simulator.state("notes", "ticketId"))


def test_people_write_reword_and_retract_notes_by_themselves(simulator: SimulatorProcess) -> None:
    before = {note["id"]: note for note in simulator.state("notes")}
    simulator.live(300)
    after = {note["id"]: note for note in simulator.state("notes")}

    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert any(after[number] != before[number] for number in before.keys() & after.keys())


def test_a_role_can_be_kept_from_notes_alone(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["service/tickets/*/notes", "service/tickets/*/allNotes"])
    ticket = simulator.ids()[0]

    for kind in ("notes", "notes/count", "allNotes"):
        assert simulator.get(f"service/tickets/{ticket}/{kind}").status_code == 403
    assert simulator.get(f"service/tickets/{ticket}").status_code == 200


def test_notes_can_be_hidden_or_spoilt(simulator: SimulatorProcess) -> None:
    ticket = busiest(simulator)
    first, second, *_ = (note["id"] for note in notes_of(simulator, ticket))
    simulator.fault("hide", "/notes", ids=[first])
    simulator.fault("garble", "/notes", ids=[second], record={"text": 5})

    seen = notes_of(simulator, ticket)
    assert (seen[0]["id"], seen[0]["text"]) == (second, 5)
