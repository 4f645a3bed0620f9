"""What the log says of who is behind a transition."""

from psa_operator.controller.cause import cause_of
from psa_operator.controller.keys import Key, Kind
from tests.unit.controller.objects import integration_body, resync_body

RUN = Key(Kind.RESYNC, "tenant", "run")


def test_a_run_by_hand_names_who_asked() -> None:
    assert cause_of(RUN, resync_body(mode="Full", requestedBy="eva")) == {
        "integration": "tenant/acme",
        "run": "tenant/run",
        "uid": "resync-run",
        "mode": "Full",
        "requested_by": "eva",
    }


def test_a_run_that_an_object_made_names_it() -> None:
    body = resync_body()
    nightly = {"kind": "TicketResyncSchedule", "name": "nightly", "controller": True}
    body["metadata"]["ownerReferences"] = [{"kind": "Application", "name": "git"}, nightly]

    assert cause_of(RUN, body)["made_by"] == "TicketResyncSchedule/nightly"


def test_a_schedule_is_no_run() -> None:
    body = resync_body(mode="Quick")
    body |= {"spec": {"schedule": "@daily", "template": {"spec": body["spec"]}}}

    assert cause_of(Key(Kind.SCHEDULE, "tenant", "nightly"), body) == {
        "integration": "tenant/acme",
        "schedule": "tenant/nightly",
        "uid": "resync-run",
        "mode": "Quick",
    }


def test_an_integration_is_its_own_cause() -> None:
    key = Key(Kind.INTEGRATION, "tenant", "acme")

    assert cause_of(key, integration_body()) == {"integration": "tenant/acme", "uid": "integration-acme"}
