"""Whose rows an integration may fill."""

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.controller.ownership import key_allowed, key_problem
from tests.unit.controller.objects import ago, integration_body


def made(
    name: str, key: str | None = None, *, namespace: str = "tenant", seconds: int = 10
) -> PSAIntegration:
    body = integration_body(name)
    body["spec"] |= {"integrationKey": key}
    body["metadata"] |= {"namespace": namespace, "creationTimestamp": ago(seconds)}
    return PSAIntegration.model_validate(body)


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        (None, True),
        ("acme", True),
        ("tenant/other", True),
        ("tenant/a/b", True),
        ("other-tenant/acme", False),
        ("tenant-2/acme", False),
        ("x/tenant/acme", False),
    ],
)
def test_a_key_with_a_namespace_names_its_own(key: str | None, *, allowed: bool) -> None:
    assert key_allowed(made("acme", key)) is allowed


def test_a_key_of_another_namespace_is_refused_with_what_to_write() -> None:
    problem = key_problem(made("acme", "other-tenant/acme"), [])

    assert problem
    assert problem.reason == "IntegrationKeyNotAllowed"
    assert 'write a key that begins with "tenant/" or has no "/"' in str(problem)


def test_of_two_with_one_key_the_elder_fills_the_rows() -> None:
    elder, younger = made("elder", "shared", seconds=20), made("younger", "shared")
    both = [elder, younger]

    problem = key_problem(younger, both)

    assert key_problem(elder, both) is None
    assert problem
    assert (problem.reason, '"tenant/elder"' in str(problem)) == ("IntegrationKeyTaken", True)


def test_a_key_that_was_taken_first_from_abroad_stays_its_owners() -> None:
    thief = made("thief", "tenant/acme", namespace="abroad", seconds=99)

    assert key_problem(made("acme"), [thief]) is None
