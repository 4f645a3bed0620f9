"""Bundles: several questions in one request, each answered for itself."""

import time
from typing import Any

import httpx
import pytest

from tests.simulator_process import SimulatorProcess


def part(number: int, parent: int | None = None, kind: str = "ticketNote", **wanted: Any) -> dict[str, Any]:
    asked = {"parentId": parent, "page": {"page": 1, "pageSize": 1000}, **wanted}
    return {"sequenceNumber": number, "resourceType": kind, "version": "2025.8", "apiRequest": asked}


def bundle(simulator: SimulatorProcess, *parts: Any, path: str = "system/bundles") -> httpx.Response:
    return simulator.send("POST", path, {"requests": parts})


def results(simulator: SimulatorProcess, *parts: Any, path: str = "system/bundles") -> list[Any]:
    found: list[Any] = bundle(simulator, *parts, path=path).json()["results"]
    return found


def test_each_part_is_answered_as_if_it_had_come_alone(simulator: SimulatorProcess) -> None:
    tickets = simulator.ids()[:5]
    found = results(simulator, *(part(place, ticket) for place, ticket in enumerate(tickets)))

    for place, (ticket, result) in enumerate(zip(tickets, found, strict=True)):
        alone = simulator.get(f"service/tickets/{ticket}/notes", pageSize=1000).json()
        assert result["entities"] == alone
        assert (result["sequenceNumber"], result["count"]) == (place, len(alone))
        assert (result["success"], result["statusCode"], result["error"]) == (True, 200, None)


def test_parts_have_pages_conditions_and_fields(simulator: SimulatorProcess) -> None:
    filters = {"conditions": "closedFlag=True", "orderBy": "id desc"}
    page = {"page": 2, "pageSize": 3}
    closed = [{"id": ticket["id"]} for ticket in simulator.state() if ticket["closedFlag"]]

    [result] = results(simulator, part(1, kind="ticket", filters=filters, fields="id", page=page))
    assert result["entities"] == closed[::-1][3:6]


def test_names_may_begin_with_a_capital_as_in_the_vendors_examples(simulator: SimulatorProcess) -> None:
    ticket = simulator.ids()[0]
    asked = {"SequenceNumber": 7, "ResourceType": "TICKETNOTE", "ApiRequest": {"ParentId": ticket}}

    [result] = results(simulator, asked)
    assert (result["sequenceNumber"], result["success"]) == (7, True)


def test_one_record_can_be_asked_for_by_id(simulator: SimulatorProcess) -> None:
    company = simulator.state("companies")[0]

    [result] = results(simulator, part(1, kind="company", id=company["id"]))
    assert result["entities"] == [company]


def test_counts_can_be_bundled_too(simulator: SimulatorProcess) -> None:
    ticket = simulator.ids()[0]
    alone = simulator.get(f"service/tickets/{ticket}/notes/count").json()["count"]

    [result] = results(simulator, part(1, ticket), path="system/bundles/count")
    assert (result["count"], result["entities"], result["success"]) == (alone, [], True)


def test_a_part_for_an_unknown_ticket_fails_alone(simulator: SimulatorProcess) -> None:
    answer = bundle(simulator, part(1, simulator.ids()[0]), part(2, 9999))
    good, bad = answer.json()["results"]

    assert (answer.status_code, good["success"]) == (207, True)
    assert (bad["success"], bad["statusCode"], bad["entities"]) == (False, 404, [])
    assert bad["error"] == {"code": "NotFound", "message": "Ticket 9999 not found", "errors": None}


def test_the_status_of_a_mixed_bundle_can_be_chosen(simulator: SimulatorProcess) -> None:
    simulator.set(bundleMixedStatus=200)

    assert bundle(simulator, part(1, 9999)).status_code == 200


def test_a_part_without_the_right_fails_alone(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["service/tickets/*/notes"])

    bad, good = results(simulator, part(1, simulator.ids()[0]), part(2, kind="ticket"))
    assert (bad["statusCode"], good["statusCode"]) == (403, 200)


@pytest.mark.parametrize(
    "wrong",
    [
        part(1, 10_001, kind="ticketAllNote"),
        part(1, None),
        part(1, kind="ticket", entity={"summary": "x"}),
        part(1, kind="ticket", filters={"conditions": "nonsense=1"}),
        part(1, kind="ticket", filters=5),
        part(1, kind="ticket", id={"a": 1}, page={"page": "many"}),
        {"sequenceNumber": 1},
        5,
    ],
)
def test_a_part_that_is_not_understood_fails_alone(simulator: SimulatorProcess, wrong: Any) -> None:
    bad, good = results(simulator, wrong, part(2, simulator.ids()[0]))

    assert (bad["statusCode"], good["statusCode"]) == (400, 200)
    assert bad["error"]["message"]


@pytest.mark.parametrize("body", [5, {}, {"requests": 5}, []])
def test_what_is_no_bundle_is_refused(simulator: SimulatorProcess, body: Any) -> None:
    assert simulator.send("POST", "system/bundles", body).status_code == 400


def test_a_bundle_of_too_many_requests_is_refused(simulator: SimulatorProcess) -> None:
    simulator.set(bundleLimit=3)
    parts = [part(place, simulator.ids()[0]) for place in range(4)]

    assert bundle(simulator, *parts[:3]).status_code == 200
    assert bundle(simulator, *parts).status_code == 400


def test_a_large_bundle_can_take_too_long_for_the_server(simulator: SimulatorProcess) -> None:
    simulator.set(bundleTimesOutAbove=1)
    ticket = simulator.ids()[0]
    answer = bundle(simulator, part(1, ticket), part(2, ticket))

    assert (answer.status_code, bundle(simulator, part(1, ticket)).status_code) == (500, 200)
    assert "Timeout" in answer.json()["message"]


def test_some_servers_do_not_know_bundles(simulator: SimulatorProcess) -> None:
    simulator.set(bundles=False)
    answer = bundle(simulator, part(1, simulator.ids()[0]))

    assert (answer.status_code, answer.json()["message"]) == (404, "The endpoint does not exist.")


def test_a_role_can_be_kept_from_bundles(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["system/bundles"])

    assert bundle(simulator, part(1, simulator.ids()[0])).status_code == 403


def test_the_resource_types_can_be_others(simulator: SimulatorProcess) -> None:
    simulator.set(bundleTypes={"ticketAllNote": "service/tickets/{parentId}/allNotes"})
    ticket = simulator.ids()[0]
    alone = simulator.get(f"service/tickets/{ticket}/allNotes", pageSize=1000).json()

    found = results(simulator, part(1, ticket, kind="ticketAllNote"), part(2, ticket))
    assert (found[0]["entities"], found[1]["statusCode"]) == (alone, 400)


def test_parts_can_fail_by_a_fault(simulator: SimulatorProcess) -> None:
    first, second, third, *_ = simulator.ids()
    simulator.fault("part", "system/bundles", ids=[second], status=500, count=1)
    parts = [part(1, first), part(2, second), part(3, third)]

    assert [result["statusCode"] for result in results(simulator, *parts)] == [200, 500, 200]
    assert [result["statusCode"] for result in results(simulator, *parts)] == [200, 200, 200]


def test_notes_within_a_bundle_can_be_hidden_or_spoilt(simulator: SimulatorProcess) -> None:
    of_service = set(simulator.ids())
    first, second, *_ = (note for note in simulator.state("notes") if note["ticketId"] in of_service)
    simulator.fault("hide", "system/bundles", ids=[first["id"]])
    simulator.fault("garble", "system/bundles", ids=[second["id"]], record={"text": 5})

    notes = results(simulator, *(part(1, each) for each in {first["ticketId"], second["ticketId"]}))
    seen = {note["id"]: note["text"] for result in notes for note in result["entities"]}
    assert first["id"] not in seen
    assert seen[second["id"]] == 5


def test_a_bundle_can_be_slow_or_fail_as_a_whole(simulator: SimulatorProcess) -> None:
    simulator.fault("latency", "system/bundles", seconds=0.4)
    simulator.fault("status", "system/bundles", status=504, after=1)
    start = time.monotonic()

    assert bundle(simulator, part(1, simulator.ids()[0])).status_code == 200
    assert time.monotonic() - start >= 0.4
    assert bundle(simulator, part(1, simulator.ids()[0])).status_code == 504


def test_a_bundle_can_take_longer_the_more_it_holds(simulator: SimulatorProcess) -> None:
    simulator.set(bundleLatency=0.15)
    start = time.monotonic()
    bundle(simulator, *(part(place, simulator.ids()[0]) for place in range(4)))

    assert time.monotonic() - start >= 0.6


def test_how_much_each_bundle_held_is_known(simulator: SimulatorProcess) -> None:
    simulator.fault("status", "system/bundles", status=504, count=1)
    simulator.clear_requests()
    for size in (3, 2):
        bundle(simulator, *(part(place, 9999) for place in range(size)))
    simulator.get("system/info")

    assert [entry.get("parts") for entry in simulator.requests()["log"]] == [3, 2, None]


def test_a_bundle_is_a_post(simulator: SimulatorProcess) -> None:
    assert simulator.get("system/bundles").status_code == 405
