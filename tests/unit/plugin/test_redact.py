"""What looks like a secret does not get into a support archive; what support needs does."""

import pytest

from psa_operator.plugin.redact import REDACTED, clean, redacted, redacted_text

SECRETS = [
    "postgresql://portal:hunter2@db.example:5432/portal",
    "host=db user=portal password=hunter2 sslmode=require",
    "password = 'hunter2 with blanks'",
    '{"privateKey": "hunter2"}',
    "Authorization: Basic aHVudGVyMjpodW50ZXIy",
    "Authorization: Bearer hunter2hunter2",
    "eyJhbGciOiJSUzI1NiJ9.hunter2.signature",
    "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
    "https://hooks.slack.com/services/T0/B0/hunter2",
    "GET /v4?clientId=hunter2&page=2",
    "PSA_OPERATOR_DATABASE_DSN=hunter2",
    "X-Api-Key: hunter2",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_in_a_line_is_taken_out(text: str) -> None:
    shown = redacted_text(text)

    assert "hunter2" not in shown
    assert "aHVudGVy" not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    "text",
    [
        'The key "privateKey" is missing in Secret "keys" (spec.credentialsSecretRef)',
        "300 of 300 tickets, newest #300; 0 rows deleted",
        "https://na.myconnectwise.net/v4_6_release/apis/3.0",
        "The PSA refused the credentials: check publicKey, privateKey, clientId",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert redacted_text(text) == text


def test_a_value_is_taken_out_by_its_name_and_references_stay() -> None:
    value = {
        "env": [{"name": "DATABASE_PASSWORD", "value": "hunter2"}, {"name": "LOG_LEVEL", "value": "INFO"}],
        "credentialsSecretRef": {"name": "keys"},
        "database": {"secretRef": {"name": "portal", "key": "dsn"}},
        "token": "hunter2",
    }

    assert redacted(value) == {
        "env": [{"name": "DATABASE_PASSWORD", "value": REDACTED}, {"name": "LOG_LEVEL", "value": "INFO"}],
        "credentialsSecretRef": {"name": "keys"},
        "database": {"secretRef": {"name": "portal", "key": "dsn"}},
        "token": REDACTED,
    }


def test_annotations_of_others_are_left_out() -> None:
    metadata = {
        "name": "acme",
        "managedFields": [{"manager": "kubectl"}],
        "annotations": {
            "kubectl.kubernetes.io/last-applied-configuration": '{"stringData": {"x": "hunter2"}}',
            "psa.msportal.ai/probe": "now",
        },
    }

    assert clean({"metadata": metadata})["metadata"] == {
        "name": "acme",
        "annotations": {"psa.msportal.ai/probe": "now"},
    }
