"""What a client may write besides tickets: notes, time entries, and the first texts of a new ticket."""

from typing import Any

import pytest

from tests.simulator_process import SimulatorProcess

FIRST = 10_001  # the first service ticket of the seed
WORK = {"timeStart": "2025-03-03T10:00:00Z", "timeEnd": "2025-03-03T10:30:00Z", "notes": "Done."}


def replace(name: str, value: Any) -> list[dict[str, Any]]:
    return [{"op": "replace", "path": name, "value": value}]


def test_a_note_is_posted_with_exactly_the_flags_that_are_given(simulator: SimulatorProcess) -> None:
    ticket = simulator.ids()[0]
    answer = simulator.send(
        "POST", f"service/tickets/{ticket}/notes", {"text": "Hello", "internalAnalysisFlag": True}
    )

    assert answer.status_code == 201
    note = answer.json()
    assert (note["ticketId"], note["text"], note["internalFlag"]) == (ticket, "Hello", True)
    assert (note["detailDescriptionFlag"], note["createdBy"]) == (False, "ApiMember")
    assert note in simulator.get(f"service/tickets/{ticket}/notes", pageSize=1000).json()


def test_a_note_is_patched_and_deleted_under_its_own_ticket_only(simulator: SimulatorProcess) -> None:
    ticket, other = simulator.ids()[:2]
    [note] = simulator.create(entity="notes", ticketId=ticket)
    own, wrong = f"service/tickets/{ticket}/notes/{note}", f"service/tickets/{other}/notes/{note}"

    assert simulator.send("PATCH", wrong, replace("text", "x")).status_code == 404
    assert simulator.send("PATCH", own, replace("text", "x")).json()["text"] == "x"
    assert simulator.send("DELETE", wrong).status_code == 404
    assert simulator.send("DELETE", own).status_code == 204
    assert simulator.get(own).status_code == 404


def test_project_tickets_take_notes_and_patches_too(simulator: SimulatorProcess) -> None:
    ticket = simulator.ids("projectTickets")[0]

    assert simulator.send("POST", f"project/tickets/{ticket}/notes", {"text": "x"}).status_code == 201
    patched = simulator.send("PATCH", f"project/tickets/{ticket}", replace("summary", "y"))
    assert patched.json() == simulator.state("projectTickets")[0]
    assert patched.json()["summary"] == "y"


def test_a_written_note_or_entry_stamps_its_ticket(simulator: SimulatorProcess) -> None:
    first, second = simulator.state()[:2]
    simulator.send("POST", f"service/tickets/{first['id']}/notes", {"text": "x"})
    simulator.send("POST", "time/entries", WORK | {"chargeToId": second["id"]})

    for before, after in zip((first, second), simulator.state(), strict=False):
        assert after["_info"]["lastUpdated"] > before["_info"]["lastUpdated"]
        assert after["_info"]["updatedBy"] == "ApiMember"


def test_time_is_posted_with_the_hours_that_follow(simulator: SimulatorProcess) -> None:
    member, ticket = simulator.state("members")[0]["identifier"], simulator.ids()[0]
    charge = {"chargeToId": ticket, "chargeToType": "ServiceTicket", "member": {"identifier": member}}
    answer = simulator.send("POST", "time/entries", WORK | charge)

    assert answer.status_code == 201
    entry = answer.json()
    assert (entry["member"]["identifier"], entry["actualHours"]) == (member, 0.5)
    assert simulator.get("time/entries", conditions=f"chargeToId={ticket}").json()[-1] == entry


def test_hours_are_taken_of_an_entry_without_end(simulator: SimulatorProcess) -> None:
    work = {"timeStart": WORK["timeStart"], "actualHours": 1.25, "chargeToId": simulator.ids()[0]}

    entry = simulator.send("POST", "time/entries", work).json()
    assert (entry["timeEnd"], entry["actualHours"]) == (None, 1.25)
    ended = simulator.send("POST", "time/entries", work | WORK).json()
    assert ended["actualHours"] == 0.5


def test_an_entry_is_patched_and_deleted(simulator: SimulatorProcess) -> None:
    number = simulator.ids("timeEntries")[0]
    path = f"time/entries/{number}"

    assert simulator.send("PATCH", path, replace("notes", "x")).json()["notes"] == "x"
    assert simulator.send("DELETE", path).status_code == 204
    assert number not in simulator.ids("timeEntries")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("service/tickets/{0}/notes", {}, "text"),
        ("service/tickets/{0}/notes", {"text": 5}, "text"),
        ("service/tickets/{0}/notes", {"text": "x", "createdBy": "me"}, "createdBy"),
        ("service/tickets/{0}/notes", {"text": "x", "nonsense": 1}, "nonsense"),
        ("service/tickets/{0}/notes", {"text": "x", "member": {"id": 99_999}}, "member"),
        ("time/entries", {"chargeToId": FIRST}, "timeStart"),
        ("time/entries", WORK, "chargeToId"),
        ("time/entries", WORK | {"chargeToId": 9_999}, "chargeToId"),
        ("time/entries", WORK | {"chargeToId": FIRST, "chargeToType": "ProjectTicket"}, "chargeToId"),
        ("time/entries", WORK | {"chargeToId": FIRST, "timeEnd": "later"}, "timeEnd"),
        ("project/tickets", {"summary": "x"}, "phase"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    simulator: SimulatorProcess, path: str, body: Any, field: str
) -> None:
    answer = simulator.send("POST", path.format(simulator.ids()[0]), body)

    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidObject")
    assert answer.json()["errors"][0]["field"] == field


def test_the_first_texts_of_a_new_ticket_become_its_notes(simulator: SimulatorProcess) -> None:
    company = {"id": simulator.ids("companies")[0]}
    texts = {"initialDescription": "It burns.", "initialInternalAnalysis": "Again."}
    ticket = simulator.send("POST", "service/tickets", {"summary": "x", "company": company, **texts}).json()

    described, internal = simulator.get(f"service/tickets/{ticket['id']}/notes").json()
    assert (described["text"], described["detailDescriptionFlag"]) == ("It burns.", True)
    assert (internal["text"], internal["internalAnalysisFlag"]) == ("Again.", True)


def test_all_notes_can_only_be_read(simulator: SimulatorProcess) -> None:
    path = f"service/tickets/{simulator.ids()[0]}/allNotes"

    assert simulator.send("POST", path, {"text": "x"}).status_code == 405


def test_a_role_that_lacks_notes_cannot_write_them(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["service/tickets/*/notes"])
    path = f"service/tickets/{simulator.ids()[0]}/notes"

    assert simulator.send("POST", path, {"text": "x"}).status_code == 403
