"""What the user reads back: defaults, columns, explanations, the warning."""

from collections.abc import Iterator

import pytest

from psa_operator.api import PSAIntegration, TicketResync
from psa_operator.api.crd import RESOURCES, Resource, Schema, custom_resource_definition
from psa_operator.devcluster.cluster import Cluster
from tests.cluster.api.user import Api, Manifest, merged

NOW = "2026-11-23T15:00:00Z"
READY = {
    "type": "Ready",
    "status": "True",
    "reason": "Connected",
    "message": "all is well",
    "lastTransitionTime": NOW,
}


async def test_an_integration_gets_its_defaults(api: Api, integration: Manifest) -> None:
    (await api.create(integration)).output()

    spec = (await api.read(integration))["spec"]

    assert merged(spec, {"provider": None, "credentialsSecretRef": None}) == {
        "enabled": True,
        "database": {"schema": "psa"},
        "tickets": {
            "boards": {},
            "includeClosed": True,
            "notes": "Refetch",
            "timeEntries": True,
            "projectTickets": False,
        },
        "companies": {"excludeInactive": False},
        "mappings": {},
        "timeZone": "UTC",
        "writeBack": {"enabled": False, "conflictPolicy": "Hold"},
        "limits": {"concurrency": 8, "reservePercent": 20},
        "overlap": "5m",
        "maxCoverageAge": "168h",
        "deletionGuard": {"maxCount": 500, "maxPercent": 5},
        "verification": {"newest": 20, "sample": 50, "maxQuarantinedPercent": 1},
        "rollbackWindow": "72h",
        "deletionPolicy": "Retain",
        "overdueAfter": "30m",
    }


async def test_a_run_gets_its_defaults(api: Api, resync: Manifest) -> None:
    # Who asks is named, for a policy of the chart fills it in where it is installed.
    (await api.create(merged(resync, {"spec": {"requestedBy": "admin"}}))).output()

    assert (await api.read(resync))["spec"] == {
        "integrationRef": {"name": "acme"},
        "requestedBy": "admin",
        "mode": "Quick",
        "dryRun": False,
        "localChanges": "Push",
        "acknowledgeDataLoss": False,
        "cancel": False,
        "activeDeadlineSeconds": 21600,
        "approvalTimeoutSeconds": 259200,
        "backoffLimit": 3,
    }


async def test_a_new_object_is_not_taken_for_a_ready_one(
    api: Api, integration: Manifest, resync: Manifest
) -> None:
    for manifest in (integration, resync):
        (await api.create(manifest)).output()
        assert (await api.read(manifest))["status"] == {"observedGeneration": -1}


async def test_python_reads_the_defaults_that_the_api_server_writes(
    api: Api, integration: Manifest, resync: Manifest
) -> None:
    for manifest in (integration, resync):
        (await api.create(manifest)).output()
        model = PSAIntegration if manifest is integration else TicketResync

        assert (
            model.model_validate(await api.read(manifest)).spec
            == model.model_validate(_placed(manifest)).spec
        )


def _placed(manifest: Manifest) -> Manifest:
    return merged(manifest, {"metadata": {"namespace": "any"}})


async def test_what_python_writes_as_status_comes_back_as_it_was(
    api: Api, integration: Manifest, resync: Manifest
) -> None:
    for manifest, status in ((integration, INTEGRATION), (resync, RUN)):
        written = await _with_status(api, manifest, status)

        assert (await api.read(manifest))["status"] == written


INTEGRATION: Manifest = {
    "observedGeneration": 1,
    "phase": "Connected",
    "conditions": [READY],
    "provider": "ConnectWise",
    "server": {"version": "v2026.1", "identity": "acme", "timeZone": "UTC", "clockSkewSeconds": -0.5},
    "permissions": [{"area": "tickets", "state": "Granted"}, {"area": "contacts", "state": "Denied"}],
    "coveredUntil": NOW,
    "counts": {"tickets": 4812, "boards": 3},
    "pendingLocalChanges": {
        "count": 2,
        "held": 1,
        "oldest": NOW,
        "first": [
            {
                "ticketId": 4711,
                "what": "status_id",
                "state": "Held",
                "changedBy": "portal",
                "changedAt": NOW,
                "message": "The PSA changed status_id as well",
            },
            {
                "ticketId": 4712,
                "what": "note",
                "state": "Unsent",
                "changedBy": "portal",
                "changedAt": NOW,
            },
        ],
    },
    "lastQuickSync": {"name": "q", "time": NOW},
    "lastFullSync": {"name": "f", "time": NOW},
    "configHash": "abc",
    "consecutiveFailures": 1,
    "lastHandledRequests": {"psa.msportal.ai/probe": "1"},
}
RUN: Manifest = {
    "observedGeneration": 1,
    "phase": "Fetching",
    "message": "reading tickets",
    "conditions": [READY],
    "effectiveMode": "Full",
    "runId": "r1",
    "configHash": "abc",
    "attempt": 1,
    "startTime": NOW,
    "completionTime": NOW,
    "lastProgressTime": NOW,
    "progress": {
        "percent": 42,
        "entity": "tickets",
        "processed": 1200,
        "total": 4812,
        "ratePerSecond": 99.5,
        "etaSeconds": 36,
        "waitingFor": "the PSA's rate limit",
    },
    "waited": {"psaSeconds": 1.5, "databaseSeconds": 0.25},
    "counts": {
        "tickets": {"fetched": 1200, "created": 5, "updated": 7, "deleted": 2},
        "boards": {"created": 1},
    },
    "skipped": {"boardNotSelected": 3},
    "plan": {"rows": {"tickets": 4812}, "requests": 5, "estimatedSeconds": 60, "localChanges": 3},
    "localChanges": {"sent": 2, "held": 1, "unsent": 1},
    "diff": {"tickets": {"created": 1, "createdIds": ["4711"]}},
    "verification": [
        {"check": "count", "result": "Passed", "expected": "4812", "actual": "4812", "message": "ok"}
    ],
    "errors": [{"kind": "tickets", "id": "13", "message": "no summary", "time": NOW}],
    "errorCount": 1,
    "warnings": 3,
}


INTEGRATION_ROW = {
    "NAME": "acme",
    "PROVIDER": "ConnectWise",
    "PHASE": "Connected",
    "READY": "True",
    "TICKETS": "4812",
    "PENDING": "2",
    "VERSION": "v2026.1",
    "MESSAGE": "all is well",
}
RUN_ROW = {
    "NAME": "monday",
    "INTEGRATION": "acme",
    "MODE": "Full",
    "PHASE": "Fetching",
    "PROGRESS": "42%",
    "TICKETS": "1200/4812",
    "CHANGED": "13",
    "DELETED": "2",
    "WARNINGS": "3",
    "REASON": "drill",
    "REQUESTED BY": "kim",
    "MESSAGE": "reading tickets",
}


async def test_the_columns_of_an_integration(api: Api, integration: Manifest) -> None:
    await _with_status(api, integration, INTEGRATION)

    row = await api.row("psai", "acme")

    assert INTEGRATION_ROW.items() <= row.items()
    assert all(row[column] not in {"", "<unknown>"} for column in ("LAST QUICK", "LAST FULL", "AGE"))


async def test_the_columns_of_a_run(api: Api, resync: Manifest) -> None:
    spec = {"mode": "Full", "reason": "drill", "requestedBy": "kim"}
    await _with_status(api, merged(resync, {"spec": spec}), RUN)

    row = await api.row("tres", "monday")

    assert RUN_ROW.items() <= row.items()
    assert all(row[column] not in {"", "<unknown>"} for column in ("STARTED", "AGE"))


async def _with_status(api: Api, manifest: Manifest, status: Manifest) -> Manifest:
    model = PSAIntegration if manifest["kind"] == "PSAIntegration" else TicketResync
    (await api.create(manifest)).output()
    written = model.model_validate({**_placed(manifest), "status": status}).status.as_json()
    (await api.patch(manifest, {"status": written}, "--subresource=status")).output()
    return written


async def test_one_word_lists_everything_of_ours(api: Api, integration: Manifest, resync: Manifest) -> None:
    for manifest in (integration, resync):
        (await api.create(manifest)).output()

    listed = (await api.kubectl("get", "psa", "-o", "name")).output()

    assert set(listed.split()) == {
        "psaintegration.psa.msportal.ai/acme",
        "ticketresync.psa.msportal.ai/monday",
    }


def _fields(node: Schema, path: str) -> Iterator[tuple[str, str]]:
    """Every field under `node` with its description."""
    inner: Schema = node.get("items") or node.get("additionalProperties") or node
    for name, field in inner.get("properties", {}).items():
        yield f"{path}.{name}", field.get("description", "")
        yield from _fields(field, f"{path}.{name}")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.kind)
async def test_explain_describes_every_field(installed: Cluster, resource: Resource) -> None:
    schema = custom_resource_definition(resource)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    explained = " ".join(
        (await installed.kubectl("explain", resource.plural, "--recursive", "--output=plaintext"))
        .output()
        .split()
    )

    for path, description in _fields(schema, resource.plural):
        if not path.endswith(".metadata"):
            assert description, path
            assert path.rpartition(".")[2] in explained


async def test_explain_says_what_a_field_does(installed: Cluster) -> None:
    said = " ".join((await installed.kubectl("explain", "tres.spec.mode")).output().split())

    assert "Quick (Quick Sync): only recent changes" in said
    assert "Full (Full Clear and Resync): every ticket in scope is read again" in said
    assert "ReferenceData (PSA settings resync): only boards, statuses, priorities, types" in said
    assert "Prune: only removes what the PSA no longer has: tickets with all that belongs to them" in said
    assert "Rollback: puts back what the run in rollbackOf has replaced" in said


@pytest.mark.parametrize("options", [(), ("--dry-run=server",)], ids=["for real", "dry"])
async def test_a_full_run_is_warned_of_at_once(api: Api, resync: Manifest, options: tuple[str, ...]) -> None:
    answer = await api.create(merged(resync, {"spec": {"mode": "Full", "reason": "drill"}}), *options)

    assert answer.exit_code == 0
    assert "Warning: " in answer.stderr
    assert f"Full Clear and Resync replaces all local ticket data of {api.namespace}/acme" in answer.stderr
    assert "set dryRun: true" in answer.stderr


async def test_the_warning_of_a_limited_full_run_names_what_it_replaces(api: Api, resync: Manifest) -> None:
    limited = {"mode": "Full", "reason": "drill", "entities": ["companies", "contacts"]}

    answer = await api.create(merged(resync, {"spec": limited}))

    assert f"Full Clear and Resync replaces the companies, contacts of {api.namespace}/acme" in answer.stderr


@pytest.mark.parametrize(
    ("local", "words"),
    [
        ({}, "are sent first, and kept where that is not possible. Readers see"),
        ({"localChanges": "Abort"}, "keep it from running (localChanges: Abort). Readers see"),
        (
            {"localChanges": "Discard", "acknowledgeDataLoss": True},
            "are lost because of localChanges: Discard. Readers see",
        ),
    ],
    ids=["Push", "Abort", "Discard"],
)
async def test_the_warning_of_a_full_run_says_what_becomes_of_unsent_local_changes(
    api: Api, resync: Manifest, local: Manifest, words: str
) -> None:
    answer = await api.create(merged(resync, {"spec": {"mode": "Full", "reason": "drill", **local}}))

    assert f"Unsent local changes (spec.writeBack of the integration) {words}" in answer.stderr


async def test_a_prune_is_warned_of_at_once(api: Api, resync: Manifest) -> None:
    answer = await api.create(merged(resync, {"spec": {"mode": "Prune", "reason": "drill"}}))

    assert answer.exit_code == 0
    assert f"Prune removes the tickets, companies and contacts of {api.namespace}/acme" in answer.stderr
    assert "Full Clear and Resync" not in answer.stderr


async def test_a_rollback_is_warned_of_at_once(api: Api, resync: Manifest) -> None:
    undo = {"mode": "Rollback", "reason": "drill", "rollbackOf": {"name": "full"}}

    answer = await api.create(merged(resync, {"spec": undo}))

    assert answer.exit_code == 0
    assert f"Rollback puts the rows of {api.namespace}/acme back to what they were before run full" in (
        answer.stderr
    )


@pytest.mark.parametrize(
    "spec",
    [
        {"mode": "Quick"},
        {"mode": "ReferenceData"},
        {"mode": "Full", "reason": "drill", "dryRun": True},
        {"mode": "Full", "reason": "drill", "ticketIds": [4711]},
        {"mode": "Prune", "reason": "drill", "dryRun": True},
        {"mode": "Rollback", "reason": "drill", "rollbackOf": {"name": "full"}, "dryRun": True},
    ],
)
async def test_what_changes_nothing_or_a_few_tickets_is_not_warned_of(
    api: Api, resync: Manifest, spec: Manifest
) -> None:
    answer = await api.create(merged(resync, {"spec": spec}))

    assert (answer.exit_code, answer.stderr) == (0, "")
