"""Conditions keep their time until they flip, and say to kstatus what api.md promises."""

from datetime import UTC, datetime, timedelta

import pytest

from psa_operator.api import integration_status, resync_status
from psa_operator.api.conditions import (
    Condition,
    Outlook,
    find_condition,
    is_true,
    remove_condition,
    set_condition,
    set_outlook,
)
from psa_operator.api.integration_status import IntegrationPhase
from psa_operator.api.resync_status import RunPhase

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def _valid() -> tuple[Condition, ...]:
    before = set_condition((), "Other", "Unknown", "New", now=NOON, generation=1)
    return set_condition(before, "CredentialsValid", "True", "Probed", now=NOON, generation=1)


def test_a_new_condition_begins_now() -> None:
    found = find_condition(_valid(), "CredentialsValid")

    assert found is not None
    assert (found.status, found.reason, found.last_transition_time) == ("True", "Probed", NOON)


def test_the_time_stays_while_only_reason_and_message_change() -> None:
    after = set_condition(_valid(), "CredentialsValid", "True", "Again", "still", now=LATER, generation=2)

    found = find_condition(after, "CredentialsValid")
    assert found is not None
    assert (found.reason, found.message, found.observed_generation) == ("Again", "still", 2)
    assert found.last_transition_time == NOON


def test_the_time_moves_when_the_status_flips() -> None:
    after = set_condition(_valid(), "CredentialsValid", "False", "Refused", now=LATER, generation=1)

    found = find_condition(after, "CredentialsValid")
    assert found is not None
    assert found.last_transition_time == LATER


def test_each_type_is_there_once_and_in_its_place() -> None:
    after = set_condition(_valid(), "Other", "True", "Changed", now=LATER, generation=1)

    assert [each.type for each in after] == ["Other", "CredentialsValid"]


def test_a_removed_condition_is_not_true_any_more() -> None:
    assert is_true(_valid(), "CredentialsValid")
    assert not is_true(remove_condition(_valid(), "CredentialsValid"), "CredentialsValid")


def test_a_long_message_is_cut_to_what_the_api_server_takes() -> None:
    after = set_condition((), "Ready", "False", "Long", "x" * 5000, now=NOON, generation=1)

    assert len(after[0].message) == 1024
    assert after[0].message.endswith("…")


KSTATUS = {
    Outlook.DONE: {"Ready": "True"},
    Outlook.IN_PROGRESS: {"Ready": "False", "Reconciling": "True"},
    Outlook.STALLED: {"Ready": "False", "Stalled": "True"},
}


@pytest.mark.parametrize("before", Outlook)
@pytest.mark.parametrize("after", Outlook)
def test_reconciling_and_stalled_are_there_only_while_true(before: Outlook, after: Outlook) -> None:
    conditions = set_outlook((), before, "Before", now=NOON, generation=1)

    conditions = set_outlook(conditions, after, "After", "message", now=LATER, generation=2)

    assert {each.type: each.status for each in conditions} == KSTATUS[after]
    assert {(each.reason, each.message) for each in conditions} == {("After", "message")}


@pytest.mark.parametrize(
    ("phase", "heals", "expected"),
    [
        (IntegrationPhase.CONNECTED, False, Outlook.DONE),
        (IntegrationPhase.SYNCING, False, Outlook.DONE),
        (IntegrationPhase.DISABLED, False, Outlook.DONE),
        (IntegrationPhase.PENDING, False, Outlook.IN_PROGRESS),
        (IntegrationPhase.ERROR, True, Outlook.IN_PROGRESS),
        (IntegrationPhase.ERROR, False, Outlook.STALLED),
    ],
)
def test_the_outlook_of_an_integration(phase: IntegrationPhase, *, heals: bool, expected: Outlook) -> None:
    assert integration_status.outlook(phase, heals=heals) is expected


@pytest.mark.parametrize("phase", RunPhase)
def test_the_outlook_of_a_run(phase: RunPhase) -> None:
    ended = {
        RunPhase.SUCCEEDED: Outlook.DONE,
        RunPhase.FAILED: Outlook.STALLED,
        RunPhase.CANCELLED: Outlook.STALLED,
    }

    assert resync_status.outlook(phase) is ended.get(phase, Outlook.IN_PROGRESS)
    assert phase.finished is (phase in ended)
