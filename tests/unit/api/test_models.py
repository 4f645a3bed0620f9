"""What users write becomes typed values; what we write fits the place it goes to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from psa_operator.api import PSAIntegration, TicketResync
from psa_operator.api.integration_status import PSAIntegrationStatus
from psa_operator.api.resync_status import Check, RunError, TicketResyncStatus
from psa_operator.api.run_figures import Counts, Progress

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _integration(**spec: Any) -> PSAIntegration:
    smallest = {
        "provider": {"connectWise": {"url": "https://na.myconnectwise.net", "companyId": "acme"}},
        "credentialsSecretRef": {"name": "keys"},
    }
    metadata = {"name": "acme", "namespace": "msp", "managedFields": []}
    return PSAIntegration.model_validate({"metadata": metadata, "spec": smallest | spec})


def test_an_integration_owns_the_rows_of_its_namespace_and_name() -> None:
    assert _integration().key == "msp/acme"


def test_an_integration_made_again_goes_on_with_the_rows_of_its_key() -> None:
    assert _integration(integrationKey="old").key == "old"


def test_durations_become_time_spans() -> None:
    spec = _integration(overlap="90s").spec

    assert (spec.overlap, spec.max_coverage_age) == (timedelta(seconds=90), timedelta(days=7))


def test_times_of_any_zone_become_instants() -> None:
    spec = _integration(tickets={"dateRange": {"from": "2026-11-23T13:00:00+01:00"}}).spec

    assert spec.tickets.date_range is not None
    assert spec.tickets.date_range.from_ == NOON


def test_a_slash_at_the_end_of_the_address_makes_no_difference() -> None:
    provider = {"connectWise": {"url": "https://na.myconnectwise.net/", "companyId": "acme"}}

    assert _integration(provider=provider).spec == _integration().spec


def test_fields_of_other_versions_are_not_our_business() -> None:
    assert _integration(fromTheFuture=[{"type": "Carrier pigeon"}]).spec == _integration().spec


def test_a_spec_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        _integration().spec.enabled = False  # type: ignore[misc]


def test_a_changed_copy_is_checked() -> None:
    status = PSAIntegrationStatus().replace(consecutive_failures=2)

    assert status.consecutive_failures == 2
    with pytest.raises(ValidationError):
        status.replace(consecutive_failures=-1)


def test_an_object_that_nobody_looked_at_says_so() -> None:
    assert PSAIntegrationStatus().observed_generation == -1
    assert TicketResyncStatus().observed_generation == -1


def test_written_times_are_utc_to_the_second() -> None:
    status = PSAIntegrationStatus(covered_until=NOON + timedelta(microseconds=5))

    assert status.as_json()["coveredUntil"] == "2026-11-23T12:00:00Z"


def test_what_is_unset_is_not_written() -> None:
    assert "server" not in PSAIntegrationStatus().as_json()


def test_a_status_stays_small_whatever_happened() -> None:
    error = RunError(kind="tickets", id="1" * 300, message="x" * 5000, time=NOON)
    check = Check(check="count", result="Failed", message="x" * 5000)

    status = TicketResyncStatus(errors=(error,) * 50, verification=(check,) * 50)

    assert (len(status.errors), len(status.verification)) == (20, 30)
    assert (len(error.message), len(error.id or "")) == (1024, 256)


def test_numbers_may_stand_where_text_is_shown() -> None:
    check = Check.model_validate({"check": "count", "result": "Passed", "expected": 4812, "actual": 4812})

    assert (check.expected, check.actual) == ("4812", "4812")


def test_the_columns_add_up_all_kinds_of_records() -> None:
    counts = {"tickets": Counts(fetched=9, created=1, updated=2), "contacts": Counts(updated=4, deleted=5)}

    summary = TicketResyncStatus(counts=counts).as_json()["summary"]

    assert summary == {"tickets": "9", "changed": 7, "deleted": 5}


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (Progress(entity="tickets", processed=3, total=9), "3/9"),
        (Progress(entity="tickets", processed=3), "3/?"),
        (Progress(entity="contacts", processed=3, total=9), None),
    ],
)
def test_while_tickets_are_read_their_column_shows_how_far(progress: Progress, shown: str | None) -> None:
    assert TicketResyncStatus(progress=progress).as_json()["summary"].get("tickets") == shown


def test_a_run_is_quick_unless_asked_otherwise() -> None:
    body = {"metadata": {"name": "q", "namespace": "msp"}, "spec": {"integrationRef": {"name": "acme"}}}

    assert TicketResync.model_validate(body).spec.mode == "Quick"
