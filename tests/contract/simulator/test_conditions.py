"""The `conditions` language: what is understood does what it says, all else is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator_process import SimulatorProcess

Record = dict[str, Any]


def technicians(ticket: Record) -> str:
    return (ticket["resources"] or "").lower()


def changed(ticket: Record) -> str:
    return str(ticket["_info"]["lastUpdated"])


UNDERSTOOD: dict[str, Callable[[Record], bool]] = {
    "id>10100": lambda t: t["id"] > 10100,
    "id >= 10100 and id<10300": lambda t: 10100 <= t["id"] < 10300,
    "id = 10100 or id in (10200,10201,10202,10203,10204)": lambda t: t["id"] in (10100, *range(10200, 10205)),
    "id<=10050 or id>10800": lambda t: t["id"] <= 10050 or t["id"] > 10800,
    "id != 10100 and id not in (10101,10102)": lambda t: t["id"] not in (10100, 10101, 10102),
    "lastUpdated>=[2025-06-01] and id>10500": lambda t: changed(t) > "2025-06-01" and t["id"] > 10500,
    "closedFlag=True": lambda t: t["closedFlag"],
    "closedFlag != true": lambda t: not t["closedFlag"],
    'board/name="help desk"': lambda t: t["board"]["name"] == "Help Desk",
    'Board/Name != "Help Desk" AND ClosedFlag = False': (
        lambda t: t["board"]["name"] != "Help Desk" and not t["closedFlag"]
    ),
    "status/id in (300, 303,306)": lambda t: t["status"]["id"] in (300, 303, 306),
    "status/id not in (300,303)": lambda t: t["status"]["id"] not in (300, 303),
    'priority/name in ("Do Not Respond")': lambda t: t["priority"]["name"] == "Do Not Respond",
    'summary contains "printer"': lambda t: "printer" in t["summary"].lower(),
    'summary not contains "printer"': lambda t: "printer" not in t["summary"].lower(),
    'summary like "printer%"': lambda t: t["summary"].lower().startswith("printer"),
    'summary like "*office*"': lambda t: "office" in t["summary"].lower(),
    'summary not like "printer*"': lambda t: not t["summary"].lower().startswith("printer"),
    'summary contains "\\"quotes\\""': lambda t: '"quotes"' in t["summary"],
    "contact = null": lambda t: t["contact"] is None,
    "contact/id != null": lambda t: t["contact"] is not None,
    "parentTicketId=null": lambda t: t["parentTicketId"] is None,
    "owner/id != 1": lambda t: t["owner"] is not None,
    'resources contains ","': lambda t: "," in technicians(t),
    'resources not contains ","': lambda t: technicians(t) != "" and "," not in technicians(t),
    "budgetHours <= 2.5": lambda t: t["budgetHours"] is not None and t["budgetHours"] <= 2.5,
    "id<10050 or closedFlag=False and id>10500": (
        lambda t: t["id"] < 10050 or (not t["closedFlag"] and t["id"] > 10500)
    ),
    "(id>10100 or closedFlag=False) and (id<10400)": (
        lambda t: (t["id"] > 10100 or not t["closedFlag"]) and t["id"] < 10400
    ),
    "lastUpdated>[2025-06-01T00:00:00Z]": lambda t: changed(t) > "2025-06-01T00:00:00Z",
    "LastUpdated >= [2025-06-01] and lastUpdated < [2026-01-01]": (
        lambda t: "2025-06-01" <= changed(t) < "2026-01-01"
    ),
    "_info/lastUpdated>[2025-06-01T02:00:00+02:00]": lambda t: changed(t) > "2025-06-01T00:00:00Z",
    "lastUpdated>[2025-06-01T00:00:00Z] or id<10100": (
        lambda t: changed(t) > "2025-06-01T00:00:00Z" or t["id"] < 10100
    ),
    "_info/dateEntered>[2025-06-01T00:00:00.500Z]": (
        lambda t: t["_info"]["dateEntered"] > "2025-06-01T00:00:00Z"
    ),
    "closedDate < [2025-01-01]": lambda t: t["closedDate"] is not None and t["closedDate"] < "2025-01-01",
}
REFUSED = [
    "dateEntered>[2025-01-01]",
    "member/id=1",
    "board/nonsense=1",
    "customFields/value=1",
    "_info=1",
    "customFields=null",
    'integratorTags contains "x"',
    "id",
    "id=",
    "id==1",
    "id=1 and",
    "id=1 id=2",
    "(id=1",
    "id=1)",
    "id=abc",
    "id='1'",
    'id="1"',
    "id=[2025-01-01]",
    "summary=printer",
    "summary='printer'",
    'summary="printer',
    "summary>5",
    "closedFlag=1",
    'closedFlag="True"',
    "closedFlag>True",
    "lastUpdated>2025",
    "lastUpdated>[2025-01-01",
    'lastUpdated>"2025-01-01"',
    "lastUpdated>[yesterday]",
    "lastUpdated>[2025-13-01]",
    "lastUpdated>[2025-01-01T00:00:00 00:00]",
    "id in 1,2",
    "id in ()",
    "id in (1,)",
    'id in (1,"a")',
    "id not 5",
    "not id=5",
    "id>null",
    "id like 5",
    "id is null",
    'summary ~ "x"',
    "id=1; drop",
    "board=1",
    "id=1 && id=2",
    "status/id/name=1",
]


@pytest.mark.parametrize("conditions", UNDERSTOOD)
def test_a_condition_means_what_it_says(simulator: SimulatorProcess, conditions: str) -> None:
    meant = [ticket["id"] for ticket in simulator.state() if UNDERSTOOD[conditions](ticket)]

    answer = simulator.get("service/tickets", conditions=conditions, fields="id", pageSize=1000)
    assert [record["id"] for record in answer.json()] == meant


@pytest.mark.parametrize("conditions", REFUSED)
def test_what_is_not_understood_is_refused_and_never_ignored(
    simulator: SimulatorProcess, conditions: str
) -> None:
    for path in ("service/tickets", "service/tickets/count"):
        answer = simulator.get(path, conditions=conditions)

        assert (answer.status_code, answer.json()["code"]) == (400, "ApiFindCondition")


@pytest.mark.parametrize(
    "path",
    ["company/companies", "company/contacts", "service/boards", "service/priorities", "system/members"],
)
def test_last_updated_can_be_asked_of_every_list(simulator: SimulatorProcess, path: str) -> None:
    everything = simulator.get(f"{path}/count").json()

    assert simulator.get(f"{path}/count", conditions="lastUpdated>[2001-01-01]").json() == everything
    assert simulator.get(f"{path}/count", conditions="lastUpdated>[2101-01-01]").json() == {"count": 0}


def test_an_unknown_name_is_named(simulator: SimulatorProcess) -> None:
    answer = simulator.get("service/tickets", conditions="member/id=1")

    assert answer.json()["message"] == "member/id is not a recognized name."


def test_a_remembered_answer_follows_what_changes(simulator: SimulatorProcess) -> None:
    question = {"conditions": 'summary="sought"', "fields": "id"}
    assert simulator.get("service/tickets", **question).json() == []
    first, second, *_ = simulator.ids()

    simulator.change(first, second, summary="sought")
    [third] = simulator.create(summary="sought")
    simulator.change(second, summary="not any more")

    assert [r["id"] for r in simulator.get("service/tickets", **question).json()] == [first, third]
    simulator.delete(first)
    assert [r["id"] for r in simulator.get("service/tickets", **question).json()] == [third]
