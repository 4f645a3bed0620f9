"""What the user wrote becomes what the engine works with."""

from datetime import timedelta

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.wiring import account_key, run_spec
from tests.unit.controller.objects import integration, resync

KEYS = {"publicKey": "a", "privateKey": "b", "clientId": "c"}


@pytest.mark.parametrize("url", ["https://a\u2100b.example", "https://[abc]"])
def test_a_url_that_no_parser_takes_still_names_an_account(url: str) -> None:
    spec = {
        "provider": {"connectWise": {"url": url, "companyId": "Acme"}},
        "credentialsSecretRef": {"name": "keys"},
    }
    integration = PSAIntegration.model_validate({"metadata": {"name": "a", "namespace": "b"}, "spec": spec})

    assert account_key(integration).endswith("/acme")


def test_a_rollback_names_the_run_as_the_history_does() -> None:
    undo = resync(mode="Rollback", reason="drill", rollbackOf={"name": "monday"})

    spec = run_spec(integration(rollbackWindow="24h"), undo, KEYS, "postgresql://")

    assert spec.rollback_of == f"{undo.metadata.namespace}/monday"
    assert spec.rollback_window == timedelta(hours=24)
