"""Which transitions are told by an event, and how loudly."""

from typing import Any

from psa_operator.api.resync_status import TicketResyncStatus
from psa_operator.controller import status as say
from psa_operator.controller.announce import of_integration, of_resync
from psa_operator.controller.obstacles import Obstacle
from tests.unit.controller.objects import NOW, condition, integration, resync


def told(run: Any, after: TicketResyncStatus) -> list[tuple[str, str]]:
    return [(each.type, each.reason) for each in of_resync(run, after)]


def test_a_full_run_is_warned_of_once() -> None:
    run = resync(mode="Full", reason="drift", requestedBy="eva")

    after = say.starting(run, "hash", NOW)

    assert told(run, after) == [("Warning", "FullResyncStarted"), ("Normal", "Preparing")]
    assert told(run.replace(status=after), after) == []


def test_the_warning_of_a_limited_run_says_what_it_is_limited_to() -> None:
    named = resync(mode="Full", reason="drift", ticketIds=[7, 8, 7])
    kinds = resync(mode="Full", reason="drift", entities=["companies", "contacts"])

    for run, words in ((named, "brings 2 named tickets to"), (kinds, "brings companies and contacts to")):
        [warning, _] = of_resync(run, say.starting(run, "hash", NOW))
        assert f'Limited Full Clear and Resync of "acme" {words} what the PSA has' in warning.message


def test_the_warning_says_that_unsent_local_changes_are_given_up() -> None:
    run = resync(mode="Full", reason="drift", localChanges="Discard", acknowledgeDataLoss=True)

    warning = of_resync(run, say.starting(run, "hash", NOW))[0]

    assert "replaces all local ticket data and gives up unsent local changes" in warning.message


def test_a_prune_is_warned_of_and_a_resync_of_the_settings_is_not() -> None:
    prune, settings = resync(mode="Prune", reason="drill"), resync(mode="ReferenceData")

    assert told(prune, say.starting(prune, "hash", NOW))[0] == ("Warning", "PruneStarted")
    assert told(settings, say.starting(settings, "hash", NOW)) == [("Normal", "Preparing")]


def test_a_rollback_is_warned_of_with_the_run_that_it_undoes() -> None:
    undo = resync(mode="Rollback", reason="drill", rollbackOf={"name": "monday"})

    warning = of_resync(undo, say.starting(undo, "hash", NOW))[0]

    assert (warning.type, warning.reason) == ("Warning", "RollbackStarted")
    assert 'Rollback of "acme" undoes "monday" where nothing newer is' in warning.message


def test_waiting_for_ones_turn_is_normal_and_a_missing_integration_is_not() -> None:
    queued = say.waiting(resync(), Obstacle("AnotherRunActive", "2nd"), NOW)
    lost = say.waiting(resync(), Obstacle("IntegrationNotFound", "none"), NOW)

    assert told(resync(), queued) == [("Normal", "AnotherRunActive")]
    assert told(resync(), lost) == [("Warning", "IntegrationNotFound")]


def test_a_new_place_in_the_queue_is_no_event() -> None:
    first = say.waiting(resync(), Obstacle("AnotherRunActive", "3rd"), NOW)
    run = resync().replace(status=first)

    assert told(run, say.waiting(run, Obstacle("AnotherRunActive", "2nd"), NOW)) == []


def test_an_integration_tells_of_its_connection_and_of_a_full_run_that_is_needed() -> None:
    broken = [condition("Ready", "False", "AuthenticationFailed")]
    needed = [condition("Ready", "True", "Connected"), condition("ResyncRequired", "True", "ScopeChanged")]
    before = integration(status={"conditions": broken}).status

    reasons = [
        (each.type, each.reason)
        for each in of_integration(before, integration(status={"conditions": needed}).status)
    ]

    assert reasons == [("Normal", "Connected"), ("Normal", "ScopeChanged")]


def test_an_area_that_is_switched_off_is_told_once_and_so_is_its_return() -> None:
    ready = condition("Ready", "True", "Connected")
    denied = [ready, condition("PermissionsGranted", "False", "PermissionDenied", "contacts")]
    fine = integration(status={"conditions": [ready, condition("PermissionsGranted", "True", "AllGranted")]})
    off = integration(
        status={"conditions": denied, "permissions": [{"area": "contacts", "state": "Denied"}]}
    ).status

    gone, still, back = (
        [(each.type, each.reason) for each in of_integration(before, after)]
        for before, after in ((fine.status, off), (off, off), (off, fine.status))
    )

    assert gone == [("Warning", "PermissionDenied")]
    assert still == []
    assert back == [("Normal", "AllGranted")]
