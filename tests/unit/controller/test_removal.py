"""When rows go with their integration, when they stay, and when the object may go."""

from datetime import timedelta
from typing import Any

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.controller.removal import (
    PATIENCE,
    after_failure,
    before_removal,
    wanted_finalizers,
)
from psa_operator.errors import ConfigurationError, PendingLocalChangesError, UnavailableError
from tests.unit.controller.objects import NOW, integration, resync

OURS, OTHER = "psa.msportal.ai/rows", "example.com/other"
AWAY = UnavailableError("The database did not answer", reason="DatabaseUnreachable")


def going(*finalizers: str, **spec: Any) -> PSAIntegration:
    found = integration(**spec)
    return found.replace(metadata=found.metadata.replace(finalizers=finalizers, deletion_timestamp=NOW))


def test_the_finalizer_follows_the_policy_and_those_of_others_stay() -> None:
    assert wanted_finalizers(going(OTHER, deletionPolicy="Delete")) == (OTHER, OURS)
    assert wanted_finalizers(going(OURS, OTHER)) == (OTHER,)


def test_a_run_that_is_on_is_waited_for() -> None:
    on = resync(status={"phase": "Fetching", "startTime": NOW.isoformat()})

    said = before_removal(going(deletionPolicy="Delete"), [on], [])

    assert said is not None
    assert (said.reason, said.over) == ("Deleting", False)
    assert before_removal(going(deletionPolicy="Delete"), [], []) is None


def test_who_changes_their_mind_keeps_the_rows() -> None:
    said = before_removal(going(OURS), [], [])

    assert said is not None
    assert (said.reason, said.over) == ("RowsRetained", True)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("shared", "already fills the rows"),
        ("elsewhere/acme", "another namespace"),
    ],
)
def test_the_rows_of_another_do_not_go_with_one_that_was_never_theirs(key: str, says: str) -> None:
    late = going(OURS, deletionPolicy="Delete", integrationKey=key)
    owner = integration(integrationKey="shared")
    before = {"uid": "owner", "creation_timestamp": NOW - timedelta(days=1)}
    owner = owner.replace(metadata=owner.metadata.replace(name="first", **before))

    said = before_removal(late, [], [late, owner])

    assert said is not None
    assert (said.reason, said.over) == ("RowsRetained", True)
    assert says in said.message
    assert before_removal(going(OURS, deletionPolicy="Delete"), [], [late, owner]) is None


def test_a_database_that_is_away_is_tried_again_for_ten_minutes() -> None:
    integration = going(deletionPolicy="Delete")

    soon = after_failure(integration, AWAY, NOW + PATIENCE - timedelta(seconds=1))
    late = after_failure(integration, AWAY, NOW + PATIENCE)

    assert (soon.reason, soon.over) == ("Deleting", False)
    assert "until 09:10 UTC. To let the object go at once" in soon.message
    assert (late.reason, late.over) == ("RowsRetained", True)


@pytest.mark.parametrize(
    "error", [PendingLocalChangesError("3 changes"), ConfigurationError("no Secret", reason="SecretNotFound")]
)
def test_what_does_not_heal_by_waiting_keeps_the_rows_at_once(error: Exception) -> None:
    said = after_failure(going(deletionPolicy="Delete"), error, NOW)  # type: ignore[arg-type]

    assert (said.reason, said.over) == ("RowsRetained", True)
    assert "an object with the same key goes on with them" in said.message
