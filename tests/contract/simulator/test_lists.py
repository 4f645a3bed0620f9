"""Lists: pages by number and by id, order, parts of records, counts."""

from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.simulator_process import SimulatorProcess

FORWARD = {"pagination-type": "forward-only"}


def walk(simulator: SimulatorProcess, headers: dict[str, str], **query: Any) -> list[list[int]]:
    """The ids of each page, following the Link header."""
    pages = []
    with simulator.client(**headers) as client:
        answer = client.get("service/tickets", params={"fields": "id", **query})
        while True:
            pages.append([record["id"] for record in answer.json()])
            if "next" not in answer.links:
                return pages
            answer = client.get(answer.links["next"]["url"])


def test_a_page_has_25_records_unless_asked_otherwise(simulator: SimulatorProcess) -> None:
    assert len(simulator.get("service/tickets").json()) == 25


def test_a_page_has_at_most_1000_records(simulator: SimulatorProcess) -> None:
    simulator.create(800)

    assert len(simulator.get("service/tickets", pageSize=5000, fields="id").json()) == 1000


def test_the_largest_page_can_be_made_smaller(simulator: SimulatorProcess) -> None:
    simulator.set(pageSizeCap=10)

    assert len(simulator.get("service/tickets", pageSize=1000).json()) == 10


@pytest.mark.parametrize("headers", [{}, FORWARD])
def test_following_the_links_brings_each_record_once(
    simulator: SimulatorProcess, headers: dict[str, str]
) -> None:
    pages = walk(simulator, headers, pageSize=70)

    assert [len(page) for page in pages] == [70, 70, 70, 70, 20]
    assert [number for page in pages for number in page] == simulator.ids()


@pytest.mark.parametrize("headers", [{}, FORWARD])
def test_links_keep_the_conditions(simulator: SimulatorProcess, headers: dict[str, str]) -> None:
    pages = walk(simulator, headers, pageSize=7, conditions='board/name like "Help*" and closedFlag=True')

    wanted = [r["id"] for r in simulator.state() if r["board"]["name"] == "Help Desk" and r["closedFlag"]]
    assert [number for page in pages for number in page] == wanted


def test_a_full_last_page_has_no_next(simulator: SimulatorProcess) -> None:
    assert [len(page) for page in walk(simulator, FORWARD, pageSize=150)] == [150, 150]


def test_page_numbers_name_first_previous_next_and_last(simulator: SimulatorProcess) -> None:
    links = simulator.get("service/tickets", page=2, pageSize=100).links

    pages = {name: httpx.URL(link["url"]).params["page"] for name, link in links.items()}
    assert pages == {"next": "3", "last": "3", "prev": "1", "first": "1"}


def test_links_have_the_vendors_doubled_slash_and_lower_case_escapes(simulator: SimulatorProcess) -> None:
    link = simulator.get("service/tickets", pageSize=1, conditions="id>1").headers["Link"]

    assert "/v4_6_release//apis/3.0/service/tickets?" in link
    assert "id%3e1" in link


def test_forward_only_pages_name_only_the_next(simulator: SimulatorProcess) -> None:
    answer = simulator.get("service/tickets", FORWARD, pageSize=10, page=9)

    assert set(answer.links) == {"next"}
    assert [record["id"] for record in answer.json()] == simulator.ids()[:10]


def test_a_page_id_means_ids_greater_than_it(simulator: SimulatorProcess) -> None:
    first, second, third, *_ = simulator.ids()

    answer = simulator.get("service/tickets", FORWARD, pageSize=2, pageId=first)
    assert [record["id"] for record in answer.json()] == [second, third]


def test_beyond_the_last_page_there_is_nothing(simulator: SimulatorProcess) -> None:
    assert simulator.get("service/tickets", page=99).json() == []


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        (FORWARD, {"orderBy": "id"}),
        ({}, {"pageId": 3}),
        ({}, {"pageSize": 0}),
        ({}, {"pageSize": "many"}),
        ({}, {"page": -1}),
        ({"pagination-type": "sideways"}, {}),
        ({}, {"condition": "id=1"}),
        ({}, {"childConditions": 'types/name="x"'}),
        ({}, {"customFieldConditions": 'caption="VIP" and value=True'}),
        ({}, {"fields": "id,nonsense"}),
        ({}, {"fields": "customFields/value"}),
        ({}, {"orderBy": "nonsense"}),
        ({}, {"orderBy": "id sideways"}),
    ],
)
def test_what_is_not_understood_is_refused(
    simulator: SimulatorProcess, headers: dict[str, str], query: dict[str, Any]
) -> None:
    assert simulator.get("service/tickets", headers, **query).status_code == 400


def test_an_address_can_be_too_long(simulator: SimulatorProcess) -> None:
    conditions = f"id in ({','.join(map(str, range(10_000, 10_300)))})"
    assert simulator.get("service/tickets", conditions=conditions).status_code == 200
    simulator.set(longestUrl=2000)

    assert simulator.get("service/tickets", conditions=conditions).status_code == 414


def test_records_come_in_the_order_asked_for(simulator: SimulatorProcess) -> None:
    answer = simulator.get("service/tickets", orderBy="status/name desc, lastUpdated", pageSize=300)

    keys = [(record["status"]["name"], record["_info"]["lastUpdated"]) for record in answer.json()]
    assert all(a[0] > b[0] or (a[0] == b[0] and a[1] <= b[1]) for a, b in pairwise(keys))


def test_empty_values_come_first(simulator: SimulatorProcess) -> None:
    answer = simulator.get("service/tickets", orderBy="contact/id", pageSize=300, fields="contact/id")

    empty = [record["contact"] is None for record in answer.json()]
    assert empty[0]
    assert empty == sorted(empty, reverse=True)


def test_only_the_named_fields_are_sent(simulator: SimulatorProcess) -> None:
    [record] = simulator.get("service/tickets", fields="id,status/name,company/id", pageSize=1).json()

    assert set(record) == {"id", "status", "company"}
    assert (set(record["status"]), set(record["company"])) == ({"name"}, {"id"})


def test_info_and_custom_fields_are_sent_only_when_named(simulator: SimulatorProcess) -> None:
    query = {"fields": "_info/lastUpdated,customFields", "pageSize": 1}
    [record], [truth] = simulator.get("service/tickets", **query).json(), simulator.state()[:1]

    assert record["_info"] == {"lastUpdated": truth["_info"]["lastUpdated"]}
    assert record["customFields"] == truth["customFields"]


def test_counts_answer_the_same_conditions_as_lists(simulator: SimulatorProcess) -> None:
    listed = simulator.get("service/tickets", conditions="closedFlag=False", pageSize=300).json()

    counted = simulator.get("service/tickets/count", conditions="closedFlag=False").json()
    assert counted == {"count": len(listed)}


@pytest.mark.parametrize(
    ("children", "entity"),
    [
        ("statuses", "statuses"),
        ("types", "types"),
        ("subtypes", "subTypes"),
        ("items", "items"),
        ("typeSubTypeItemAssociations", "associations"),
    ],
)
def test_a_board_lists_what_belongs_to_it(simulator: SimulatorProcess, children: str, entity: str) -> None:
    board = simulator.ids("boards")[1]
    own = [r["id"] for r in simulator.state(entity) if r["board"]["id"] == board]
    path = f"service/boards/{board}/{children}"

    assert [record["id"] for record in simulator.get(path, pageSize=1000).json()] == own
    assert simulator.get(f"{path}/count").json() == {"count": len(own)}
    assert simulator.get(f"{path}/{own[0]}").json()["id"] == own[0]


def test_an_unknown_board_or_record_is_not_found(simulator: SimulatorProcess) -> None:
    assert simulator.get("service/boards/9999/statuses").status_code == 404
    answer = simulator.get("service/tickets/9999")
    assert (answer.status_code, answer.json()["message"]) == (404, "Ticket 9999 not found")


@pytest.mark.parametrize(
    ("entity", "path"),
    [
        ("companies", "company/companies"),
        ("contacts", "company/contacts"),
        ("boards", "service/boards"),
        ("priorities", "service/priorities"),
        ("members", "system/members"),
        ("userDefinedFields", "system/userDefinedFields"),
        ("sources", "service/sources"),
        ("serviceLocations", "service/locations"),
        ("companyStatuses", "company/companies/statuses"),
        ("companyTypes", "company/companies/types"),
    ],
)
def test_every_kind_of_record_is_listed_counted_and_read_alone(
    simulator: SimulatorProcess, entity: str, path: str
) -> None:
    truth = simulator.state(entity)

    assert simulator.get(path, pageSize=1000).json() == truth
    assert simulator.get(f"{path}/count").json() == {"count": len(truth)}
    assert simulator.get(f"{path}/{truth[0]['id']}").json() == truth[0]
