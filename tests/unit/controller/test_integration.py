"""What a PSAIntegration says of a probe, and when the next one is due."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from psa_operator.api.conditions import find_condition
from psa_operator.api.integration import PSAIntegration
from psa_operator.controller.findings import Probe
from psa_operator.controller.integration import connected, disabled, due, look_again, pause, stopped
from psa_operator.errors import AuthenticationError, ConfigurationError, PsaOperatorError, UnavailableError
from psa_operator.store.facts import Facts, LastRun
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Drift
from psa_operator.sync.outgoing import Pending, PendingChange
from psa_operator.sync.ports import Access, Permission, Server
from psa_operator.wiring import PsaProbe
from tests.unit.controller.objects import NOW, integration, integration_body

PSA = PsaProbe(Server("harbor", "v2025.1", "UTC", NOW), 0, [Permission("tickets", Access.GRANTED)])
FULL = LastRun("tenant/monday", NOW)
FACTS = Facts(last_full=FULL, full_config_hash="hash", identity="harbor", covered_until=NOW)


def probe(**changes: Any) -> Probe:
    given: dict[str, Any] = {"time": NOW, "generation": 1, "psa": PSA, "facts": FACTS}
    return Probe(**given | changes)


def said(found: Probe, about: str, of: PSAIntegration | None = None) -> tuple[str, str] | None:
    """Status and reason of one condition."""
    status = connected(of or integration(), found, "hash", NOW, syncing=False)
    condition = find_condition(status.conditions, about)
    return (condition.status, condition.reason) if condition else None


def permission(access: Access, area: str = "companies") -> PsaProbe:
    return PsaProbe(PSA.server, 0, [Permission(area, access, f"403 at company/{area}")])


ELSEWHERE = PsaProbe(replace(PSA.server, time_zone="Eastern Standard Time"), 0, PSA.permissions)
UNDONE = replace(FACTS, rolled_back="tenant/monday")
PARTLY = replace(FACTS, last_full=replace(FULL, denied=["contacts"]))
DOWN, WRONG = UnavailableError("down"), ConfigurationError("no", reason="InvalidDsn")


@pytest.mark.parametrize(
    ("found", "about", "expected"),
    [
        (probe(), "Ready", ("True", "Connected")),
        (probe(), "Stalled", None),
        (probe(), "CredentialsValid", ("True", "LoggedIn")),
        (probe(), "DatabaseReady", ("True", "Ready")),
        (probe(facts=UNDONE), "ResyncRequired", ("True", "RolledBack")),
        (probe(), "PermissionsGranted", ("True", "AllGranted")),
        (probe(psa=None, psa_error=DOWN), "Reconciling", ("True", "Unavailable")),
        (probe(psa=None, psa_error=DOWN), "CredentialsValid", ("Unknown", "NotTried")),
        (probe(psa=None, psa_error=AuthenticationError("401")), "Stalled", ("True", "AuthenticationFailed")),
        (probe(psa=None, psa_error=AuthenticationError("401")), "Reconciling", None),
        (probe(database_error=WRONG, facts=None), "DatabaseReady", ("False", "InvalidDsn")),
        (probe(database_error=WRONG, facts=None), "Ready", ("False", "InvalidDsn")),
        (probe(psa=None, psa_error=DOWN, database_error=WRONG), "Stalled", ("True", "InvalidDsn")),
        (probe(psa=permission(Access.DENIED)), "Ready", ("False", "PermissionDenied")),
        (probe(psa=permission(Access.DENIED)), "PermissionsGranted", ("False", "PermissionDenied")),
        (probe(psa=permission(Access.DENIED, "contacts")), "Ready", ("True", "Connected")),
        (probe(psa=permission(Access.DENIED, "contacts")), "Stalled", None),
        (
            probe(psa=permission(Access.DENIED, "contacts")),
            "PermissionsGranted",
            ("False", "PermissionDenied"),
        ),
        (probe(psa=permission(Access.UNKNOWN)), "Ready", ("True", "Connected")),
        (probe(psa=permission(Access.UNKNOWN)), "PermissionsGranted", ("Unknown", "NotTried")),
        (probe(facts=Facts(identity="other")), "Ready", ("False", "IntegrationIdentityChanged")),
        (probe(), "MappingComplete", ("True", "NothingToMap")),
        (probe(), "TimeZoneMatches", ("True", "Same")),
        (probe(), "SettingsCurrent", ("Unknown", "NotRead")),
        (probe(psa=ELSEWHERE), "TimeZoneMatches", ("False", "Differs")),
        (probe(psa=ELSEWHERE), "Ready", ("True", "Connected")),
        (probe(psa=None, psa_error=DOWN), "TimeZoneMatches", ("Unknown", "NotTried")),
        (probe(), "ResyncRequired", ("False", "UpToDate")),
        (probe(facts=Facts()), "ResyncRequired", ("True", "NeverSynchronized")),
        (
            probe(psa=permission(Access.GRANTED, "contacts"), facts=PARTLY),
            "ResyncRequired",
            ("True", "AreasLeftOut"),
        ),
        (
            probe(psa=permission(Access.DENIED, "contacts"), facts=PARTLY),
            "ResyncRequired",
            ("False", "UpToDate"),
        ),
        (
            probe(facts=Facts(last_full=FULL, full_config_hash="old")),
            "ResyncRequired",
            ("True", "ReleaseChanged"),
        ),
        (
            probe(facts=Facts(last_full=FULL, full_config_hash="hash", resync_required="3 more")),
            "ResyncRequired",
            ("True", "DifferenceFound"),
        ),
        (
            probe(
                facts=Facts(last_full=FULL, full_config_hash="hash", covered_until=NOW - timedelta(hours=169))
            ),
            "ResyncRequired",
            ("True", "CoverageTooOld"),
        ),
    ],
)
def test_what_a_probe_says(found: Probe, about: str, expected: tuple[str, str] | None) -> None:
    assert said(found, about) == expected


MAPPED = integration(mappings={"statuses": {"New": "Open"}})
UNMAPPED = Facts(
    last_full=FULL,
    full_config_hash="hash",
    identity="harbor",
    unmapped={Entity.STATUSES: {"Waiting": 1200, "Old": 3}, Entity.PRIORITIES: {"Low": 1}},
)


def test_nothing_lacks_a_name_where_none_was_asked_for() -> None:
    assert said(probe(facts=UNMAPPED), "MappingComplete") == ("True", "NothingToMap")


def test_a_mapping_that_lacks_nothing_is_complete() -> None:
    assert said(probe(), "MappingComplete", MAPPED) == ("True", "AllMapped")


def test_what_a_mapping_lacks_is_named_and_counted_where_one_was_given() -> None:
    status = connected(MAPPED, probe(facts=UNMAPPED), "hash", NOW, syncing=False)

    found = find_condition(status.conditions, "MappingComplete")
    assert found
    assert (found.status, found.reason) == ("False", "UnmappedValues")
    assert 'for statuses "Waiting" (1,200 tickets), "Old" (3 tickets): they keep' in found.message
    assert "Low" not in found.message


TWO_WAY = integration(writeBack={"enabled": True})
CHANGES = [
    PendingChange(4711, "status_id", "Held", "portal", NOW, "The PSA changed status_id as well"),
    PendingChange(4712, "note", "Unsent", "portal", NOW),
]
PENDING = replace(FACTS, pending=Pending(count=12, held=1, oldest=NOW, first=CHANGES))


@pytest.mark.parametrize(
    ("of", "facts", "count"),
    [(integration(), FACTS, None), (TWO_WAY, FACTS, 0), (TWO_WAY, PENDING, 12), (integration(), PENDING, 12)],
)
def test_pending_changes_are_shown_where_there_can_be_or_are_some(
    of: PSAIntegration, facts: Facts, count: int | None
) -> None:
    shown = connected(of, probe(facts=facts), "hash", NOW, syncing=False).pending_local_changes

    assert (shown and shown.count) == count


def test_the_oldest_pending_changes_are_named_with_why_they_wait() -> None:
    status = connected(TWO_WAY, probe(facts=PENDING), "hash", NOW, syncing=False)

    shown, ready = status.pending_local_changes, find_condition(status.conditions, "Ready")
    assert shown
    assert ready
    assert [(each.ticket_id, each.what, each.state) for each in shown.first] == [
        (4711, "status_id", "Held"),
        (4712, "note", "Unsent"),
    ]
    assert shown.first[0].message == "The PSA changed status_id as well"
    assert "1 local changes wait until somebody decides" in ready.message


def test_a_refusal_names_area_and_right() -> None:
    status = connected(integration(), probe(psa=permission(Access.DENIED)), "hash", NOW, syncing=False)

    ready = find_condition(status.conditions, "Ready")
    assert ready
    assert "may not read companies" in ready.message
    assert "403 at company/companies" in ready.message


def test_what_is_switched_off_is_named_with_the_right_and_everywhere_by_its_area() -> None:
    found = probe(psa=permission(Access.DENIED, "contacts"))
    status = connected(integration(), found, "hash", NOW, syncing=False)

    ready, granted = (find_condition(status.conditions, each) for each in ("Ready", "PermissionsGranted"))
    assert ready
    assert granted
    assert "contacts may not be read and stay as they are, see PermissionsGranted" in ready.message
    assert "403 at company/contacts. What is here of it stays as it is" in granted.message
    assert [(each.area, each.state) for each in status.permissions] == [("contacts", "Denied")]


def test_a_later_probe_that_finds_the_same_writes_nothing() -> None:
    first = connected(integration(), probe(), "hash", NOW, syncing=False)

    later = NOW + timedelta(minutes=5)
    same = probe(time=later, psa=PsaProbe(PSA.server, -1, PSA.permissions))
    again = connected(integration().replace(status=first), same, "hash", later, syncing=False)

    assert again == first


def test_a_clock_that_goes_wrong_is_shown() -> None:
    first = connected(integration(), probe(), "hash", NOW, syncing=False)

    wrong = probe(psa=PsaProbe(PSA.server, -2, PSA.permissions))
    again = connected(integration().replace(status=first), wrong, "hash", NOW, syncing=False)

    assert again.server
    assert again.server.clock_skew_seconds == -2


def test_a_disabled_integration_is_no_trouble() -> None:
    status = disabled(integration(enabled=False), NOW)

    ready = find_condition(status.conditions, "Ready")
    assert ready
    assert (status.phase, ready.status, ready.reason) == ("Disabled", "True", "IntegrationDisabled")


def asks(token: str) -> PSAIntegration:
    before = integration()
    metadata = before.metadata.replace(annotations={"psa.msportal.ai/probe": token})
    return before.replace(metadata=metadata)


@pytest.mark.parametrize(
    ("given", "last", "next_in", "expected"),
    [
        (integration(), None, 60, True),
        (integration(), probe(), 60, False),
        (integration(), probe(), 0, True),
        (integration(), probe(generation=0), 60, True),
        (asks("now"), probe(), 60, True),
        (asks("now"), probe(token="now"), 60, False),
    ],
)
def test_when_a_probe_is_due(
    given: PSAIntegration, last: Probe | None, next_in: float, expected: Any
) -> None:
    assert due(given, last, NOW + timedelta(seconds=next_in), NOW) is expected


@pytest.mark.parametrize(
    ("error", "failures", "jitter", "minutes"),
    [
        (None, 0, 0.5, 10),
        (None, 0, 0.0, 9),
        (WRONG, 5, 0.5, 10),
        (DOWN, 1, 0.5, 1),
        (DOWN, 3, 0.5, 4),
        (DOWN, 9, 0, 10),
    ],
)
def test_what_may_heal_is_looked_at_sooner(
    error: PsaOperatorError | None, failures: int, jitter: float, minutes: int
) -> None:
    found = probe(psa_error=error, failures=failures)

    assert pause(found, timedelta(minutes=10), timedelta(minutes=1), jitter) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("of", "probe_in", "seconds"), [(integration(), 600, 600), (TWO_WAY, 600, 60), (TWO_WAY, 20, 20)]
)
def test_what_the_portal_changes_is_looked_for_every_minute(
    of: PSAIntegration, probe_in: float, seconds: float
) -> None:
    assert look_again(of, NOW + timedelta(seconds=probe_in), NOW) == seconds


def test_what_the_quick_runs_had_missed_is_said_of_the_last_full_run() -> None:
    full = LastRun("tenant/monday", NOW, Drift(missing=2, undeleted=1))

    drift = connected(
        integration(), probe(facts=replace(FACTS, last_full=full)), "hash", NOW, syncing=False
    ).drift

    assert drift
    assert (drift.missing, drift.stale, drift.damaged, drift.undeleted) == (2, 0, 0, 1)


def test_a_full_run_is_overdue_only_where_one_is_expected() -> None:
    expecting = integration(resyncPeriodDays=30)
    old = Facts(last_full=LastRun("tenant/monday", NOW - timedelta(days=31)), full_config_hash="hash")

    assert said(probe(), "ResyncOverdue") is None
    assert said(probe(), "ResyncOverdue", expecting) == ("False", "InTime")
    assert said(probe(facts=old), "ResyncOverdue", expecting) == ("True", "NoFullRun")
    assert said(probe(facts=Facts()), "ResyncOverdue", expecting) == ("False", "InTime")


def test_what_is_no_more_expected_is_no_more_overdue() -> None:
    old = Facts(last_full=LastRun("tenant/monday", NOW - timedelta(days=31)), full_config_hash="hash")
    before = connected(integration(resyncPeriodDays=30), probe(facts=old), "hash", NOW, syncing=False)

    assert said(probe(facts=old), "ResyncOverdue", integration(status=before.as_json())) is None


def test_an_integration_is_stopped_before_the_psa_locks_the_account() -> None:
    refused = AuthenticationError("401")

    tried = connected(
        integration(), probe(psa=None, psa_error=refused, rejected=4), "hash", NOW, syncing=False
    )
    ended = connected(
        integration(), probe(psa=None, psa_error=refused, rejected=5), "hash", NOW, syncing=False
    )

    assert (tried.phase, ended.phase) == ("Error", "Stopped")
    assert said(probe(psa=None, psa_error=refused, rejected=5), "Stalled") == ("True", "Stopped")
    assert not stopped(integration(status=tried.as_json()))
    assert stopped(integration(status=ended.as_json()))


def test_a_stopped_integration_is_tried_again_on_request_and_when_its_spec_changes() -> None:
    status = {"phase": "Stopped", "observedGeneration": 1}
    asked = integration_body(status=status)
    asked["metadata"]["annotations"] = {"psa.msportal.ai/probe": "again"}

    assert stopped(integration(status=status))
    assert not stopped(integration(status=status | {"observedGeneration": 0}))
    assert not stopped(PSAIntegration.model_validate(asked))
