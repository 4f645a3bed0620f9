"""The control endpoint: what was asked, how the world is set, what is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.simulator_process import SimulatorProcess


def test_requests_are_counted_by_path_and_status(simulator: SimulatorProcess) -> None:
    simulator.get("service/tickets", pageSize=1)
    simulator.get("service/tickets", pageSize=1)
    simulator.get("service/nonsense")

    report = simulator.requests()
    assert report["total"] == 3
    assert report["byPath"]["GET /v4_6_release/apis/3.0/service/tickets"] == 2
    assert report["byStatus"] == {"200": 2, "404": 1}
    assert report["log"][0]["query"] == {"pageSize": "1"}


def test_counting_begins_again_when_cleared(simulator: SimulatorProcess) -> None:
    simulator.get("system/info")
    simulator.clear_requests()

    assert simulator.requests()["total"] == 0


def test_the_peak_of_concurrent_requests_is_known(simulator: SimulatorProcess) -> None:
    simulator.set(latency=0.5)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: simulator.get("system/info"), range(3)))

    assert simulator.requests()["peakConcurrency"] == 3


@pytest.mark.parametrize("entity", ["companies", "contacts", "boards", "statuses", "members", "priorities"])
def test_records_of_every_kind_can_be_made_changed_and_deleted(
    simulator: SimulatorProcess, entity: str
) -> None:
    [new] = simulator.create(entity=entity)
    simulator.change(new, entity=entity, _info={"updatedBy": "somebody"})
    assert simulator.state(entity)[-1]["_info"]["updatedBy"] == "somebody"

    simulator.delete(new, entity=entity)
    assert new not in simulator.ids(entity)


def test_any_field_can_be_set_to_anything(simulator: SimulatorProcess) -> None:
    number = simulator.ids()[0]
    simulator.change(number, summary=5, status=None, customFields="none")

    [seen] = simulator.get("service/tickets", conditions=f"id={number}").json()
    assert (seen["summary"], seen["status"], seen["customFields"]) == (5, None, "none")


def test_a_bare_reference_is_filled_in(simulator: SimulatorProcess) -> None:
    number, board = simulator.ids()[0], simulator.state("boards")[1]
    simulator.change(number, board={"id": board["id"]})

    assert simulator.state()[0]["board"]["name"] == board["name"]


def test_an_id_is_never_given_twice(simulator: SimulatorProcess) -> None:
    [first] = simulator.create()
    simulator.delete(first)

    assert simulator.create() > [first]


def test_a_reset_puts_everything_back(simulator: SimulatorProcess) -> None:
    before = simulator.state()
    simulator.live(50)
    simulator.set(denied=["service"], changeRate=5, clockSkew=9)
    simulator.fault("reset")
    simulator.reset()

    assert simulator.state() == before
    assert simulator.faults() == []
    assert (simulator.settings()["denied"], simulator.settings()["changeRate"]) == ([], 0)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "settings", {"nonsense": 1}),
        ("POST", "settings", {"latency": "slow"}),
        ("POST", "faults", [{"kind": "nonsense"}]),
        ("POST", "faults", [{"kind": "status"}]),
        ("POST", "faults", [{"kind": "reset", "path": "("}]),
        ("POST", "change", {"ids": [1]}),
        ("POST", "delete", {"ids": [1]}),
        ("GET", "state?entity=nonsense", None),
        ("POST", "create", {"x": 1}),
    ],
)
def test_what_control_does_not_understand_is_refused(
    simulator: SimulatorProcess, method: str, path: str, body: object
) -> None:
    with simulator.client() as client:
        answer = client.request(method, f"{simulator.account.controlUrl}/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]
