"""What a client may change: tickets, by the vendor's kind of JSON Patch, by POST and by DELETE."""

from typing import Any

import httpx
import pytest

from tests.simulator_process import SimulatorProcess


def patch(simulator: SimulatorProcess, number: int, *operations: tuple[str, str, Any]) -> httpx.Response:
    body = [{"op": op, "path": path, "value": value} for op, path, value in operations]
    with simulator.client() as client:
        return client.patch(f"service/tickets/{number}", json=body)


def post(simulator: SimulatorProcess, body: Any) -> httpx.Response:
    with simulator.client() as client:
        return client.post("service/tickets", json=body)


@pytest.mark.parametrize("path", ["summary", "/summary"])
def test_a_patch_changes_the_field_and_the_stamp(simulator: SimulatorProcess, path: str) -> None:
    before = simulator.state()[0]

    after = patch(simulator, before["id"], ("replace", path, "new words")).json()

    assert after["summary"] == "new words"
    assert after["_info"]["lastUpdated"] > before["_info"]["lastUpdated"]
    assert after == simulator.state()[0]


def test_a_reference_is_replaced_by_id_or_identifier(simulator: SimulatorProcess) -> None:
    member = simulator.state("members")[3]
    number = simulator.ids()[0]

    for value in ({"id": member["id"]}, {"identifier": member["identifier"]}):
        patch(simulator, number, ("remove", "owner", None))
        owner = patch(simulator, number, ("replace", "owner", value)).json()["owner"]
        assert (owner["id"], owner["identifier"]) == (member["id"], member["identifier"])


def test_a_closing_status_closes_the_ticket_and_an_open_one_opens_it(simulator: SimulatorProcess) -> None:
    ticket = simulator.state()[0]
    statuses = [s for s in simulator.state("statuses") if s["board"]["id"] == ticket["board"]["id"]]
    for closes in (True, False):
        status = next(status["id"] for status in statuses if status["closedStatus"] == closes)
        after = patch(simulator, ticket["id"], ("replace", "status", {"id": status})).json()

        assert after["closedFlag"] is closes
        assert (after["closedDate"] is not None) is closes


def test_another_board_brings_its_own_first_status(simulator: SimulatorProcess) -> None:
    ticket = simulator.state()[0]
    board = next(number for number in simulator.ids("boards") if number != ticket["board"]["id"])

    after = patch(simulator, ticket["id"], ("replace", "board", {"id": board})).json()

    [default] = [s for s in simulator.state("statuses") if s["board"]["id"] == board and s["defaultFlag"]]
    assert after["status"]["id"] == default["id"]


def test_custom_fields_that_are_not_named_keep_their_values(simulator: SimulatorProcess) -> None:
    ticket = simulator.state()[0]
    first, *others = ticket["customFields"]

    after = patch(simulator, ticket["id"], ("replace", "customFields", [{"id": first["id"], "value": "x"}]))

    assert after.json()["customFields"] == [first | {"value": "x"}, *others]


def test_a_path_below_a_field_is_taken_and_changes_nothing(simulator: SimulatorProcess) -> None:
    ticket = simulator.state()[0]

    answer = patch(simulator, ticket["id"], ("replace", "company/identifier", "Other"))

    assert answer.status_code == 200
    assert answer.json()["company"] == ticket["company"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", 1),
        ("id", 5),
        ("_info", {}),
        ("closedDate", "2025-01-01T00:00:00Z"),
        ("summary", "x" * 101),
        ("summary", 5),
        ("board", {"id": 99_999}),
        ("owner", {"identifier": "Nobody"}),
        ("status", {"id": 99_999}),
        ("budgetHours", "many"),
        ("budgetHours", True),
        ("approved", 1),
    ],
)
def test_a_wrong_value_is_refused_with_the_field_that_it_is_for(
    simulator: SimulatorProcess, name: str, value: Any
) -> None:
    before = simulator.state()[0]

    answer = patch(simulator, before["id"], ("replace", name, value))

    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidObject")
    assert answer.json()["errors"][0]["field"] == name
    assert simulator.state()[0] == before


@pytest.mark.parametrize("body", [{}, [], [{"op": "move", "path": "a"}], [{"op": "add"}], "text", [5]])
def test_what_is_no_patch_is_refused(simulator: SimulatorProcess, body: Any) -> None:
    with simulator.client() as client:
        assert client.patch(f"service/tickets/{simulator.ids()[0]}", json=body).status_code == 400


def test_a_new_ticket_needs_a_summary_and_a_company(simulator: SimulatorProcess) -> None:
    errors = post(simulator, {}).json()["errors"]

    assert [(error["code"], error["field"]) for error in errors] == [
        ("MissingRequiredField", "summary"),
        ("MissingRequiredField", "company"),
    ]


def test_a_new_ticket_gets_an_id_and_keeps_its_first_text_to_itself(simulator: SimulatorProcess) -> None:
    company = simulator.ids("companies")[2]
    body = {"summary": "Help", "company": {"id": company}, "initialDescription": "It burns."}

    answer = post(simulator, body)

    assert answer.status_code == 201
    assert answer.json()["company"]["id"] == company
    assert "initialDescription" not in answer.json()
    assert answer.json() == simulator.state()[-1]


def test_a_deleted_ticket_is_gone_without_a_trace(simulator: SimulatorProcess) -> None:
    number = simulator.ids()[5]
    with simulator.client() as client:
        assert client.delete(f"service/tickets/{number}").status_code == 204
        assert client.delete(f"service/tickets/{number}").status_code == 404

    assert simulator.get(f"service/tickets/{number}").status_code == 404
    assert simulator.get("service/tickets/count").json() == {"count": 299}
