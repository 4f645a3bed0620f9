"""Company login, keys, client id, rights of the role, and the address that moves with an upgrade."""

import httpx
import pytest

from tests.simulator_process import SimulatorProcess


def test_a_known_company_is_told_its_codebase_without_keys(simulator: SimulatorProcess) -> None:
    answer = httpx.get(f"{simulator.url}/login/companyinfo/{simulator.account.companyId}")

    assert answer.json() == {
        "CompanyName": "Harbor IT Services",
        "Codebase": "v2025_1/",
        "VersionCode": "v2025.1",
        "VersionNumber": "v2025.1.12345",
        "CompanyID": "harbor",
        "IsCloud": True,
    }


def test_an_unknown_company_is_answered_with_null(simulator: SimulatorProcess) -> None:
    answer = httpx.get(f"{simulator.url}/login/companyinfo/nobody")

    assert (answer.status_code, answer.text) == (200, "null")


def test_a_request_without_client_id_is_forbidden(simulator: SimulatorProcess) -> None:
    with simulator.client() as client:
        del client.headers["clientId"]

        assert client.get("system/info").status_code == 403


@pytest.mark.parametrize("user", ["harbor+wrong", "other+Qx7tPublicKeyOfTests", "Qx7tPublicKeyOfTests"])
def test_wrong_keys_are_refused_in_the_vendors_words(simulator: SimulatorProcess, user: str) -> None:
    with simulator.client() as client:
        answer = client.get("system/info", auth=(user, simulator.account.privateKey))

    assert answer.status_code == 401
    assert answer.json() == {"code": "ConnectWiseApi", "message": "UserNotAuthenticated", "errors": None}


def test_rotated_keys_replace_the_old_ones(simulator: SimulatorProcess) -> None:
    simulator.set(privateKey="new")

    assert simulator.get("system/info").status_code == 401


def test_a_role_is_kept_from_what_is_denied_and_from_nothing_else(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["company/contacts"])

    assert simulator.get("company/contacts/count").status_code == 403
    assert "permission" in simulator.get("company/contacts").json()["message"]
    assert simulator.get("company/companies").status_code == 200


def test_a_single_board_can_be_denied(simulator: SimulatorProcess) -> None:
    first, second, *_ = simulator.ids("boards")
    simulator.set(denied=[f"service/boards/{first}"])

    assert simulator.get(f"service/boards/{first}/statuses").status_code == 403
    assert simulator.get(f"service/boards/{second}/statuses").status_code == 200


def test_both_the_router_and_the_codebase_lead_to_the_api(simulator: SimulatorProcess) -> None:
    with simulator.client() as client:
        direct = client.get(f"{simulator.url}/v2025_1//apis/3.0/system/info")

    assert direct.json() == simulator.get("system/info").json()


def test_after_an_upgrade_the_old_codebase_is_gone(simulator: SimulatorProcess) -> None:
    simulator.set(codebase="v2025_2/")

    with simulator.client() as client:
        assert client.get(f"{simulator.url}/v2025_1/apis/3.0/system/info").status_code == 404
        assert client.get(f"{simulator.url}/v2025_2/apis/3.0/system/info").status_code == 200


def test_another_company_can_answer_behind_the_same_address(simulator: SimulatorProcess) -> None:
    simulator.set(companyId="rival", companyName="Rival IT")

    answer = httpx.get(f"{simulator.url}/login/companyinfo/{simulator.account.companyId}").json()
    assert (answer["CompanyID"], answer["CompanyName"]) == ("rival", "Rival IT")


def test_an_unknown_endpoint_is_named_as_such(simulator: SimulatorProcess) -> None:
    answer = simulator.get("service/nonsense")

    assert (answer.status_code, answer.json()["message"]) == (404, "The endpoint does not exist.")


def test_a_method_that_a_list_does_not_know_is_refused(simulator: SimulatorProcess) -> None:
    with simulator.client() as client:
        assert client.delete("company/companies").status_code == 405
