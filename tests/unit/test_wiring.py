"""What the user wrote becomes what the engine works with."""

from datetime import timedelta

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.sync.spec import CompanyFilter, ConflictPolicy, Database, LocalChanges, WriteBack
from psa_operator.wiring import account_key, current_config_hash, run_spec, ticket_scope
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

    spec = run_spec(integration(rollbackWindow="24h"), undo, KEYS, Database("postgresql://"))

    assert spec.rollback_of == f"{undo.metadata.namespace}/monday"
    assert spec.rollback_window == timedelta(hours=24)


def test_two_way_sync_is_off_unless_the_user_turns_it_on() -> None:
    spec = run_spec(integration(), resync(), KEYS, Database("postgresql://"))

    assert (spec.write_back, spec.local_changes) == (WriteBack(), LocalChanges.PUSH)
    assert not spec.write_back.enabled


def test_two_way_sync_reaches_the_engine_and_asks_for_no_full_run() -> None:
    given = {"enabled": True, "conflictPolicy": "PSAWins", "databaseRole": "portal"}
    two_way = integration(writeBack=given)
    give_up = resync(mode="Full", reason="drill", localChanges="Discard", acknowledgeDataLoss=True)

    spec = run_spec(two_way, give_up, KEYS, Database("postgresql://"))

    assert spec.write_back == WriteBack(
        enabled=True, conflict_policy=ConflictPolicy.PSA_WINS, database_role="portal"
    )
    assert spec.local_changes is LocalChanges.DISCARD
    assert current_config_hash(two_way) == current_config_hash(integration())


def test_companies_are_part_of_the_scope_and_of_what_a_full_run_is_asked_for() -> None:
    asked = integration(companies={"excludeInactive": True, "excludedTypes": ["Vendor", "Prospect"]})

    assert ticket_scope(asked).companies == CompanyFilter(
        exclude_inactive=True, excluded_types=("Prospect", "Vendor")
    )
    assert current_config_hash(asked) != current_config_hash(integration())
