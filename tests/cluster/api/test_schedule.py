"""What the API server takes and refuses of a TicketResyncSchedule and of maintenance windows."""

from typing import Any

import pytest

from tests.cluster.api.user import Api, Manifest, merged

CRON = "write five cron fields like '0 3 1 * *'"


@pytest.fixture
def schedule() -> dict[str, Any]:
    """The smallest TicketResyncSchedule."""
    return {
        "apiVersion": "psa.msportal.ai/v1alpha1",
        "kind": "TicketResyncSchedule",
        "metadata": {"name": "quick"},
        "spec": {
            "schedule": "*/15 * * * *",
            "template": {"spec": {"integrationRef": {"name": "acme"}}},
        },
    }


def _metadata(**of_runs: object) -> Manifest:
    return {"spec": {"template": {"metadata": of_runs}}}


def _run(**spec: object) -> Manifest:
    return {"spec": {"template": {"spec": spec}}}


REFUSED: list[tuple[str, Manifest, str]] = [
    ("no schedule", {"spec": {"schedule": None}}, "spec.schedule: Required value"),
    ("no template", {"spec": {"template": None}}, "spec.template: Required value"),
    ("six fields", {"spec": {"schedule": "0 0 3 1 * *"}}, CRON),
    ("four fields", {"spec": {"schedule": "0 3 1 *"}}, CRON),
    ("words", {"spec": {"schedule": "every day"}}, CRON),
    ("an hour too late", {"spec": {"schedule": "0 24 * * *"}}, CRON),
    ("a minute too late", {"spec": {"schedule": "60 0 * * *"}}, CRON),
    ("a month too late", {"spec": {"schedule": "0 0 1 13 *"}}, CRON),
    ("a step of nothing", {"spec": {"schedule": "*/0 * * * *"}}, CRON),
    (
        "a zone in the schedule",
        {"spec": {"schedule": "TZ=UTC 0 3 * * *"}},
        "the time zone belongs in timeZone",
    ),
    ("an unknown name", {"spec": {"schedule": "@fortnightly"}}, CRON),
    ("an offset as zone", {"spec": {"timeZone": "+01:00"}}, "write an IANA time zone name like UTC"),
    ("too much jitter", {"spec": {"jitterSeconds": 90_000}}, "less than or equal to 86400"),
    ("a policy of others", {"spec": {"concurrencyPolicy": "Allow"}}, '"Forbid", "Replace"'),
    ("a long name", {"metadata": {"name": "q" * 53}}, "write a metadata.name of at most 52 characters"),
    ("Full without a reason", _run(mode="Full"), "a Full Clear and Resync needs a reason"),
    (
        "Rollback",
        _run(mode="Rollback", reason="x", rollbackOf={"name": "a"}),
        "a Rollback undoes one run, so it cannot be repeated",
    ),
    (
        "approval in advance",
        _run(mode="Full", reason="x", approvedDeletions=5),
        "nobody can approve deletions before they are known",
    ),
    ("a label of no name", _metadata(labels={"a team": "a"}), "write keys of at most 63 letters, digits"),
    ("a label in words", _metadata(labels={"team": "a team"}), "write values of at most 63 letters, digits"),
    ("an annotation of no name", _metadata(annotations={"/": "a"}), "a slash before, like example.com/team"),
    ("cancelled in advance", _run(cancel=True), 'unknown field "spec.template.spec.cancel"'),
    ("Discard unsaid", _run(mode="Full", reason="x", localChanges="Discard"), "acknowledgeDataLoss: true"),
]


@pytest.mark.parametrize(("changes", "expected"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
async def test_a_wrong_schedule_is_refused_with_a_word_on_what_to_write(
    anywhere: Api, schedule: Manifest, changes: Manifest, expected: str
) -> None:
    answer = await anywhere.create(merged(schedule, changes))

    assert answer.exit_code != 0
    assert expected in answer.stderr


@pytest.mark.parametrize(
    "cron",
    ["0 3 1 * *", "*/15 8-18 * * MON-FRI", "5,35 0-23/2 1,15 jan-jun,DEC 7", "@weekly"],
)
async def test_cron_as_people_write_it_is_taken(api: Api, schedule: Manifest, cron: str) -> None:
    (await api.create(merged(schedule, {"spec": {"schedule": cron}}))).output()


async def test_everything_of_a_schedule_may_change(api: Api, schedule: Manifest) -> None:
    (await api.create(schedule)).output()
    full = {"mode": "Full", "reason": "monthly", "integrationRef": {"name": "other"}}

    changes = {"spec": {"schedule": "@monthly", "suspend": True, "template": {"spec": full}}}
    (await api.patch(schedule, changes)).output()

    assert (await api.read(schedule))["spec"]["template"]["spec"]["mode"] == "Full"


async def test_a_new_schedule_is_not_ready_for_those_who_wait(api: Api, schedule: Manifest) -> None:
    (await api.create(schedule)).output()

    assert (await api.read(schedule))["status"] == {"observedGeneration": -1}


async def test_the_columns_say_what_is_made_when(api: Api, schedule: Manifest) -> None:
    (await api.create(schedule)).output()

    row = await api.row("tressched", "quick")

    assert (row["INTEGRATION"], row["MODE"], row["SCHEDULE"], row["TIME ZONE"], row["SUSPEND"]) == (
        "acme",
        "Quick",
        "*/15 * * * *",
        "UTC",
        "false",
    )


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"schedule": "0 22 * *", "duration": "6h"}, CRON),
        ({"schedule": "0 22 * * *", "duration": "6 hours"}, "write a duration from 1m to 168h"),
        ({"schedule": "0 22 * * *", "duration": "30s"}, "write a duration from 1m to 168h"),
        ({"schedule": "0 22 * * *", "duration": "169h"}, "write a duration from 1m to 168h"),
        ({"schedule": "0 22 * * *"}, "duration: Required value"),
        ({"schedule": "0 22 * * *", "duration": "6h", "timeZone": "CET+1:00"}, "write an IANA time zone"),
    ],
)
async def test_a_wrong_window_is_refused_with_a_word_on_what_to_write(
    anywhere: Api, integration: Manifest, window: Manifest, expected: str
) -> None:
    answer = await anywhere.create(merged(integration, {"spec": {"maintenanceWindows": [window]}}))

    assert answer.exit_code != 0
    assert expected in answer.stderr
