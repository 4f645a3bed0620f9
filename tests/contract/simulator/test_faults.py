"""Faults on order: each does what it is called, to the requests that it is meant for."""

import json
import socket
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.simulator_process import SimulatorProcess

LIST = {"pageSize": 3, "fields": "id,summary"}
FORWARD = {"pagination-type": "forward-only"}


def ids(answer: httpx.Response) -> list[int]:
    return [record["id"] for record in answer.json()]


def test_latency_delays_the_answer(simulator: SimulatorProcess) -> None:
    simulator.fault("latency", "system/info", seconds=0.5)
    start = time.monotonic()

    assert simulator.get("system/info").status_code == 200
    assert time.monotonic() - start >= 0.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
def test_any_status_can_be_answered(simulator: SimulatorProcess, status: int) -> None:
    simulator.fault("status", "service/tickets", status=status)

    assert simulator.get("service/tickets").status_code == status


def test_too_many_requests_comes_with_or_without_a_time_to_wait(simulator: SimulatorProcess) -> None:
    simulator.fault("status", "boards", status=429, retryAfter=7)
    simulator.fault("status", "members", status=429, retryAfter=60, httpDate=True)
    simulator.fault("status", "priorities", status=429)

    assert simulator.get("service/boards").headers["Retry-After"] == "7"
    date = parsedate_to_datetime(simulator.get("system/members").headers["Retry-After"])
    assert 50 < (date - datetime.now(UTC)).total_seconds() < 61
    assert "Retry-After" not in simulator.get("service/priorities").headers
    assert "error" in simulator.get("service/priorities").json()


@pytest.mark.parametrize(("kind", "details"), [("html", {}), ("status", {"status": 502})])
def test_html_can_come_instead_of_json(
    simulator: SimulatorProcess, kind: str, details: dict[str, Any]
) -> None:
    simulator.fault(kind, "service/tickets", **details)
    answer = simulator.get("service/tickets")

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<html>" in answer.text


def test_the_vendors_words_come_with_401_and_403(simulator: SimulatorProcess) -> None:
    simulator.fault("unauthorized", "service/tickets")
    simulator.fault("forbidden", "service/boards")

    assert simulator.get("service/tickets").json()["message"] == "UserNotAuthenticated"
    assert simulator.get("service/boards").status_code == 403


def test_the_body_can_be_empty(simulator: SimulatorProcess) -> None:
    simulator.fault("empty-body", "service/tickets")
    answer = simulator.get("service/tickets")

    assert (answer.status_code, answer.content) == (200, b"")


def test_the_body_can_break_off_within_the_json(simulator: SimulatorProcess) -> None:
    simulator.fault("truncated", "service/tickets")
    answer = simulator.get("service/tickets")

    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_more_bytes_can_be_promised_than_sent(simulator: SimulatorProcess) -> None:
    simulator.fault("wrong-length", "service/tickets", delta=10)

    with pytest.raises(httpx.RemoteProtocolError):
        simulator.get("service/tickets")


def test_fewer_bytes_can_be_promised_than_sent(simulator: SimulatorProcess) -> None:
    whole = simulator.get("service/tickets").content
    simulator.fault("wrong-length", "service/tickets", delta=-10)

    assert _raw(simulator, "service/tickets").endswith(whole)
    assert f"Content-Length: {len(whole) - 10}\r\n".encode() in _raw(simulator, "service/tickets")


def test_the_body_can_drip(simulator: SimulatorProcess) -> None:
    whole = simulator.get("service/tickets", **LIST).content
    simulator.fault("drip", "service/tickets", seconds=0.6)
    start = time.monotonic()

    assert simulator.get("service/tickets", **LIST).content == whole
    assert time.monotonic() - start > 0.5


def test_the_connection_can_be_reset_half_way(simulator: SimulatorProcess) -> None:
    simulator.fault("reset", "service/tickets")

    with pytest.raises(httpx.ReadError):
        simulator.get("service/tickets")


def test_a_list_can_be_empty_where_there_is_data(simulator: SimulatorProcess) -> None:
    simulator.fault("empty-list", "service/tickets")

    assert simulator.get("service/tickets").json() == []
    assert simulator.get("service/tickets/count").json() == {"count": 0}


def test_an_empty_list_can_stand_beside_a_right_count(simulator: SimulatorProcess) -> None:
    simulator.fault("empty-list", r"service/tickets(\?|$)")

    assert simulator.get("service/tickets").json() == []
    assert simulator.get("service/tickets/count").json() == {"count": 300}


def test_a_page_can_come_twice(simulator: SimulatorProcess) -> None:
    simulator.fault("repeat", "service/tickets", after=1, count=1)
    first = simulator.get("service/tickets", FORWARD, **LIST)
    second = simulator.get(f"service/tickets?{httpx.URL(first.links['next']['url']).query.decode()}", FORWARD)

    assert ids(second) == ids(first) == simulator.ids()[:3]


def test_records_can_be_hidden_from_lists_and_counts(simulator: SimulatorProcess) -> None:
    first, second, *_ = simulator.ids()
    simulator.fault("hide", "service/tickets", ids=[first])

    assert ids(simulator.get("service/tickets", **LIST))[0] == second
    assert simulator.get("service/tickets/count").json() == {"count": 299}
    assert simulator.get(f"service/tickets/{first}").status_code == 200


def test_records_can_be_hidden_from_lists_only_or_from_everything(simulator: SimulatorProcess) -> None:
    first, second, *_ = simulator.ids()
    simulator.fault("hide", "service/tickets", ids=[first], counts=False)
    assert simulator.get("service/tickets/count").json() == {"count": 300}

    simulator.fault("hide", "service/tickets", ids=[second], details=True)
    assert simulator.get(f"service/tickets/{second}").status_code == 404


def test_a_whole_board_can_vanish(simulator: SimulatorProcess) -> None:
    board = simulator.ids("boards")[0]
    others = [ticket["id"] for ticket in simulator.state() if ticket["board"]["id"] != board]
    simulator.fault("hide", board=board)

    assert ids(simulator.get("service/tickets", pageSize=1000)) == others
    assert simulator.get("service/tickets/count").json() == {"count": len(others)}
    assert board not in ids(simulator.get("service/boards"))


def test_what_was_hidden_is_there_again_afterwards(simulator: SimulatorProcess) -> None:
    simulator.fault("hide", ids=simulator.ids()[:5])
    simulator.get("service/tickets", conditions="id>1")
    simulator.clear_faults()

    assert simulator.get("service/tickets/count", conditions="id>1").json() == {"count": 300}


def test_one_record_can_be_of_the_wrong_type_or_no_json(simulator: SimulatorProcess) -> None:
    first, second, *_ = simulator.ids()
    simulator.fault("garble", "service/tickets", ids=[second], record={"summary": {"a": 1}})
    answer = simulator.get("service/tickets", **LIST).json()
    assert answer[1]["summary"] == {"a": 1}
    assert isinstance(answer[0]["summary"], str)

    simulator.fault("garble", "service/tickets", ids=[first], raw='{"id": 1')
    with pytest.raises(json.JSONDecodeError):
        simulator.get("service/tickets", **LIST).json()


def test_a_fault_strikes_only_where_and_as_often_as_told(simulator: SimulatorProcess) -> None:
    simulator.fault("status", "service/tickets", status=500, after=1, count=2)
    boards = [simulator.get("service/boards").status_code for _ in range(2)]
    tickets = [simulator.get("service/tickets").status_code for _ in range(5)]

    assert (boards, tickets) == ([200, 200], [200, 500, 500, 200, 200])
    assert simulator.faults()[0]["hits"] == 2


def test_a_fault_can_look_at_the_query_and_the_method(simulator: SimulatorProcess) -> None:
    simulator.fault("status", r"\?.*pageId=5", status=500)
    simulator.fault("status", "service/tickets", status=503, method="PATCH")

    assert simulator.get("service/tickets", FORWARD, pageId=5).status_code == 500
    assert simulator.get("service/tickets", FORWARD, pageId=4).status_code == 200
    with simulator.client() as client:
        assert client.patch(f"service/tickets/{simulator.ids()[0]}", json=[]).status_code == 503


def test_a_fault_can_strike_by_chance(simulator: SimulatorProcess) -> None:
    simulator.fault("status", "system/info", status=500, probability=0.5)
    statuses = {simulator.get("system/info").status_code for _ in range(40)}

    assert statuses == {200, 500}


def test_a_fault_strikes_the_company_login_too(simulator: SimulatorProcess) -> None:
    simulator.fault("status", "/login/companyinfo", status=503)

    assert httpx.get(f"{simulator.url}/login/companyinfo/harbor").status_code == 503


def _raw(simulator: SimulatorProcess, path: str) -> bytes:
    """What comes over the wire, to the end."""
    with simulator.client() as client:
        request = client.build_request("GET", path)
    target = f"{request.url.host}:{request.url.port}"
    lines = [f"GET {request.url.raw_path.decode()} HTTP/1.1", f"Host: {target}"]
    lines += [f"clientId: {request.headers['clientId']}", _authorization(simulator)]
    with socket.create_connection((request.url.host, request.url.port or 80)) as connection:
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def _authorization(simulator: SimulatorProcess) -> str:
    account = simulator.account
    basic = httpx.BasicAuth(f"{account.companyId}+{account.publicKey}", account.privateKey)
    signed = next(basic.auth_flow(httpx.Request("GET", account.url)))
    return f"Authorization: {signed.headers['Authorization']}"


@pytest.mark.parametrize(("done", "summary"), [(True, "x"), (False, None)])
def test_an_answer_can_be_lost_with_its_effect_or_without(
    simulator: SimulatorProcess, *, done: bool, summary: str | None
) -> None:
    before = simulator.state()[0]
    simulator.fault("status", method="PATCH", status=504, done=done)
    body = [{"op": "replace", "path": "summary", "value": "x"}]

    assert simulator.send("PATCH", f"service/tickets/{before['id']}", body).status_code == 504
    assert simulator.state()[0]["summary"] == (summary or before["summary"])


def test_a_patch_can_be_answered_and_change_nothing(simulator: SimulatorProcess) -> None:
    before = simulator.state()[0]
    simulator.fault("no-effect", method="PATCH")
    body = [{"op": "replace", "path": "summary", "value": "x"}]

    answer = simulator.send("PATCH", f"service/tickets/{before['id']}", body)
    assert (answer.status_code, answer.json()) == (200, before)
    assert simulator.state()[0] == before
