"""Which runs of the database have to end, because their objects did or are gone."""

from typing import Any

import pytest

from psa_operator.api.resync import TicketResync
from psa_operator.controller.sweep import overdue_end
from tests.unit.controller.objects import ago, condition, resync_body

OVER = {
    "phase": "Failed",
    "message": "too long",
    "completionTime": ago(1),
    "conditions": [condition("Finished", "True", "DeadlineExceeded")],
}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, None),
        ({"phase": "Fetching", "startTime": ago(9)}, None),
        ({"phase": "Succeeded", "completionTime": ago(1)}, None),
        (OVER, ("Failed", "DeadlineExceeded", "too long")),
        ({"phase": "Cancelled", "message": "on request"}, ("Cancelled", "Cancelled", "on request")),
    ],
)
def test_a_run_ends_in_the_database_as_its_object_did(status: Any, expected: Any) -> None:
    body = resync_body(status=status)

    end = overdue_end("resync-run", body, TicketResync.model_validate(body))

    assert (end and (end.phase.value, end.reason, end.message)) == expected


def test_a_run_without_its_object_is_cancelled() -> None:
    other = resync_body()

    ends = [overdue_end("resync-run", None, None), overdue_end("another", other, None)]

    assert [each and each.reason for each in ends] == ["TicketResyncDeleted", "TicketResyncDeleted"]


def test_a_run_whose_object_cannot_be_read_is_left_alone() -> None:
    assert overdue_end("resync-run", resync_body(), None) is None
