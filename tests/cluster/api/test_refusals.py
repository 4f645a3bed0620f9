"""What the API server refuses, and what the user reads then."""

import pytest
from pydantic import TypeAdapter

from psa_operator.api.tickets import Moment
from tests.cluster.api.user import Api, Manifest, merged

CONNECTWISE = "spec.provider.connectWise"
LONG_URL = "https://na.myconnectwise.net/" + "x" * 2048


def _connectwise(**changes: object) -> Manifest:
    return {"provider": {"connectWise": changes}}


def _dates(**changes: object) -> Manifest:
    return {"tickets": {"dateRange": changes}}


INTEGRATIONS: list[tuple[str, Manifest, str]] = [
    ("no such way with notes", {"tickets": {"notes": "All"}}, '"None", "ReuseUnchanged", "Refetch"'),
    ("custom fields of no kind", {"tickets": {"customFields": {}}}, "write either all: true, or names"),
    (
        "custom fields of both kinds",
        {"tickets": {"customFields": {"all": True, "names": ["a"]}}},
        "write either all: true, or names",
    ),
    ("a status mapped to nothing", {"mappings": {"statuses": {"New": ""}}}, "spec.mappings.statuses.New"),
    (
        "a mapping of nothing",
        {"mappings": {"statuses": {"": "New"}}},
        "spec.mappings.statuses: Invalid value: write the name that the PSA has, 1 to 100 characters",
    ),
    (
        "a mapping of a long name",
        {"mappings": {"fields": {"f" * 101: "size"}}},
        "spec.mappings.fields: Invalid value: write the name that the PSA has, 1 to 100 characters",
    ),
    (
        "one name for two custom fields",
        {"mappings": {"fields": {"Old points": "Points", "New points": "Points"}}},
        "spec.mappings.fields: Invalid value: two custom fields cannot have one name",
    ),
    ("a mapping of what is not mapped", {"mappings": {"boards": {}}}, 'unknown field "spec.mappings.boards"'),
    ("no provider", {"provider": None}, "spec.provider: Required value"),
    ("an empty provider", {"provider": {"connectWise": None}}, f"{CONNECTWISE}: Required value"),
    ("another provider", {"provider": {"haloPSA": {}}}, 'unknown field "spec.provider.haloPSA"'),
    ("no url", _connectwise(url=None), f"{CONNECTWISE}.url: Required value"),
    (
        "no scheme",
        _connectwise(url="na.myconnectwise.net"),
        "write the address like https://na.myconnectwise",
    ),
    ("another scheme", _connectwise(url="ftp://na.myconnectwise.net"), "write the address like https://na"),
    ("a password", _connectwise(url="https://me:pw@example.com"), "credentials belong in the Secret"),
    (
        "a query",
        _connectwise(url="https://example.com/?a=b"),
        "without user name, password, path, query or fragment",
    ),
    (
        "a fragment",
        _connectwise(url="https://example.com/#a"),
        "without user name, password, path, query or fragment",
    ),
    (
        "a path",
        _connectwise(url="https://example.com/v4_6_release"),
        "without user name, password, path, query or fragment",
    ),
    ("no host", _connectwise(url="https:///v4"), "write the address like https://na.myconnectwise.net"),
    ("a long url", _connectwise(url=LONG_URL), "may not be more than 2048"),
    ("no company", _connectwise(companyId=None), f"{CONNECTWISE}.companyId: Required value"),
    ("an empty company", _connectwise(companyId=""), "write the company id as on the ConnectWise login page"),
    (
        "a strange company",
        _connectwise(companyId="a+b"),
        "write the company id as on the ConnectWise login page",
    ),
    ("no credentials", {"credentialsSecretRef": None}, "spec.credentialsSecretRef: Required value"),
    (
        "a Secret above its folder",
        {"credentialsSecretRef": {"name": ".."}},
        'spec.credentialsSecretRef.name: Invalid value: "..": write a name as objects have them',
    ),
    (
        "a path to a Secret",
        {"database": {"secretRef": {"name": "other/database", "key": "dsn"}}},
        "write a name as objects have them: lower-case letters, digits, '-' and '.'",
    ),
    (
        "a key that no Secret has",
        {"database": {"secretRef": {"name": "database", "key": "the dsn"}}},
        "write a key as Secrets have them: letters, digits, '-', '_' and '.'",
    ),
    ("a long key", {"integrationKey": "k" * 318}, "may not be more than 317"),
    ("a strange key", {"integrationKey": "Acme!"}, "write lower-case letters, digits, '-', '.' and '/'"),
    (
        "half a database",
        {"database": {"secretRef": {"name": "a"}}},
        "spec.database.secretRef.key: Required value",
    ),
    (
        "a strange schema",
        {"database": {"schema": 'a"; drop'}},
        "write a plain identifier: lower-case letters",
    ),
    ("a system schema", {"database": {"schema": "pg_x"}}, "not beginning with pg_"),
    (
        "the catalog's schema",
        {"database": {"schema": "information_schema"}},
        "not information_schema, which is PostgreSQL's own",
    ),
    ("a long schema", {"database": {"schema": "s" * 58}}, "may not be more than 57"),
    ("a board twice", {"tickets": {"boards": {"include": ["a", "a"]}}}, 'Duplicate value: "a"'),
    (
        "a board in and out",
        {"tickets": {"boards": {"include": ["a", "b"], "exclude": ["b"]}}},
        "a board cannot be both included and excluded: keep it in one of the lists",
    ),
    (
        "a board that no database keeps",
        {"tickets": {"boards": {"include": ["a\x00b"]}}},
        "write it without the character U+0000 (NUL)",
    ),
    ("a number as board", {"tickets": {"boards": {"include": [12]}}}, "must be of type string"),
    ("an empty board", {"tickets": {"boards": {"include": [""]}}}, "should be at least 1 chars long"),
    ("201 boards", {"tickets": {"boards": {"include": [str(n) for n in range(201)]}}}, "at most 200 items"),
    ("201 statuses", {"tickets": {"excludedStatuses": [str(n) for n in range(201)]}}, "at most 200 items"),
    (
        "from after to",
        _dates(**{"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}),
        "spec.tickets.dateRange.from: Invalid value: from must be before to",
    ),
    (
        "from equal to to, in another zone",
        _dates(**{"from": "2026-02-01T01:00:00+01:00", "to": "2026-02-01T00:00:00Z"}),
        "from must be before to",
    ),
    (
        "two ways of saying when",
        _dates(**{"from": "2026-02-01T00:00:00Z", "lookbackDays": 3}),
        (
            "spec.tickets.dateRange.lookbackDays: Invalid value: lookbackDays counts back from now and "
            "excludes from"
        ),
    ),
    ("an empty range", _dates(field="dateEntered"), "give from, to or lookbackDays, or leave dateRange out"),
    (
        "a date without a time",
        _dates(to="2026-02-01"),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    (
        "a time without a zone",
        _dates(to="2026-02-01T00:00:00"),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    (
        "a year of three digits in UTC",
        _dates(to="1000-01-01T00:00:00+23:59"),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    (
        "a zone a day away",
        _dates(**{"from": "2026-01-31T00:00:00+24:00"}),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    (
        "a zone of 99 minutes",
        _dates(to="2026-01-31T00:00:00+01:99"),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    (
        "the year nought",
        _dates(to="0000-01-31T00:00:00Z"),
        "write a time with its zone, like 2026-01-31T00:00:00Z",
    ),
    ("another date field", _dates(field="dateClosed", lookbackDays=3), '"lastUpdated", "dateEntered"'),
    ("no days", _dates(lookbackDays=0), "should be greater than or equal to 1"),
    ("a century", _dates(lookbackDays=36501), "should be less than or equal to 36500"),
    ("a strange zone", {"timeZone": "(UTC-05:00) Eastern"}, "write an IANA time zone name like UTC"),
    ("no requests", {"limits": {"requestsPerMinute": 0}}, "should be greater than or equal to 1"),
    ("no concurrency", {"limits": {"concurrency": 0}}, "should be greater than or equal to 1"),
    ("all concurrency", {"limits": {"concurrency": 65}}, "should be less than or equal to 64"),
    ("all reserved", {"limits": {"reservePercent": 91}}, "should be less than or equal to 90"),
    ("a negative guard", {"deletionGuard": {"maxCount": -1}}, "should be greater than or equal to 0"),
    ("101 percent", {"deletionGuard": {"maxPercent": 101}}, "should be less than or equal to 100"),
    ("a number as duration", {"overlap": 300}, "must be of type string"),
    ("words as duration", {"overlap": "5 minutes"}, "write a duration like 90s, 30m, 24h or 1h30m"),
    ("a duration in days", {"maxCoverageAge": "7d"}, "write a duration like 90s, 30m, 24h or 1h30m"),
    (
        "a receiver twice",
        {"notifications": [{"type": "Slack", "secretRef": {"name": "hook", "key": "url"}}] * 2},
        "spec.notifications: Invalid value: two notifications have the same type and secretRef",
    ),
    (
        "a receiver of another kind",
        {"notifications": [{"type": "Teams", "secretRef": {"name": "hook", "key": "url"}}]},
        'spec.notifications[0].type: Unsupported value: "Teams": supported values: "Webhook", "Slack"',
    ),
    (
        "a receiver who is told of nothing",
        {"notifications": [{"type": "Slack", "secretRef": {"name": "hook", "key": "url"}, "events": []}]},
        "spec.notifications[0].events in body should have at least 1 items",
    ),
    ("an empty duration", {"overdueAfter": ""}, "write a duration like 90s, 30m, 24h or 1h30m"),
    (
        "a write probe without writing",
        {"verification": {"writeProbe": {"ticketId": 1}}},
        "spec.verification.writeProbe: Invalid value: writeProbe tries two-way sync: set writeBack.enabled",
    ),
    (
        "a write probe of no ticket",
        {"verification": {"writeProbe": {"ticketId": 0}}},
        "should be greater than or equal to 1",
    ),
    ("another conflict policy", {"writeBack": {"conflictPolicy": "LocalWins"}}, '"Hold", "PSAWins"'),
    ("no name of a role", {"writeBack": {"databaseRole": ""}}, "should be at least 1 chars long"),
    ("a long name of a role", {"writeBack": {"databaseRole": "r" * 64}}, "may not be more than 63"),
    ("a field of a later version", {"replaces": {}}, 'unknown field "spec.replaces"'),
]

RESYNCS: list[tuple[str, Manifest, str]] = [
    ("no integration", {"integrationRef": None}, "spec.integrationRef: Required value"),
    ("an empty integration", {"integrationRef": {"name": ""}}, "should be at least 1 chars long"),
    ("an integration elsewhere", {"integrationRef": {"name": "other/acme"}}, "write a name as objects have"),
    (
        "another mode",
        {"mode": "Reset"},
        'Unsupported value: "Reset": supported values: "Quick", "Full", "ReferenceData", "Prune", "Rollback"',
    ),
    (
        "full without a reason",
        {"mode": "Full"},
        "spec.reason: Required value: a Full Clear and Resync needs a",
    ),
    ("full with a blank reason", {"mode": "Full", "reason": " "}, "write in a few words why"),
    ("full, dry, without a reason", {"mode": "Full", "dryRun": True}, "spec.reason: Required value"),
    ("prune without a reason", {"mode": "Prune"}, "spec.reason: Required value: a Prune needs a reason"),
    ("prune with a blank reason", {"mode": "Prune", "reason": " "}, "write in a few words why"),
    (
        "rollback without a reason",
        {"mode": "Rollback", "rollbackOf": {"name": "full"}},
        "spec.reason: Required value: a Rollback needs a reason",
    ),
    (
        "rollback of nothing",
        {"mode": "Rollback", "reason": "drill"},
        "spec.rollbackOf: Required value: a Rollback undoes one run: name it in rollbackOf.name",
    ),
    (
        "rollback of no name",
        {"mode": "Rollback", "reason": "drill", "rollbackOf": {"name": ""}},
        "should be at least 1 chars long",
    ),
    (
        "another mode with a run to undo",
        {"mode": "Full", "reason": "drill", "rollbackOf": {"name": "full"}},
        "only a Rollback undoes a run: leave rollbackOf out, or set mode: Rollback",
    ),
    (
        "a reason that no database keeps",
        {"mode": "Full", "reason": "a\x00b"},
        "write it without the character U+0000 (NUL)",
    ),
    ("a long reason", {"reason": "r" * 501}, "may not be more than 500"),
    ("a long requester", {"requestedBy": "r" * 257}, "may not be more than 256"),
    ("no time to start", {"startingDeadlineSeconds": 0}, "should be greater than or equal to 1"),
    ("no time to run", {"activeDeadlineSeconds": 0}, "should be greater than or equal to 1"),
    ("no time to approve", {"approvalTimeoutSeconds": 0}, "should be greater than or equal to 1"),
    (
        "an approval of a Quick run",
        {"mode": "Quick", "approvedDeletions": 5},
        "a Quick Sync deletes nothing, so there is nothing to approve: leave approvedDeletions out",
    ),
    (
        "an approval of nothing",
        {"mode": "Full", "reason": "drill", "approvedDeletions": 0},
        "should be greater than or equal to 1",
    ),
    ("no ticket ids at all", {"ticketIds": []}, "should have at least 1 items"),
    ("1,001 ticket ids", {"ticketIds": list(range(1, 1002))}, "must have at most 1000 items"),
    ("the ticket id 0", {"ticketIds": [0]}, "should be greater than or equal to 1"),
    ("a ticket id in words", {"ticketIds": ["4711"]}, "must be of type integer"),
    (
        "ticket ids for a Prune",
        {"mode": "Prune", "reason": "drill", "ticketIds": [1]},
        "write mode: Quick to read these tickets again, or mode: Full to bring them to exactly what the PSA",
    ),
    (
        "ticket ids for the settings",
        {"mode": "ReferenceData", "ticketIds": [1]},
        "ticketIds limits a Quick or a Full run",
    ),
    (
        "ticket ids and entities",
        {"mode": "Full", "reason": "drill", "ticketIds": [1], "entities": ["contacts"]},
        "ticketIds limits the run to these tickets already: leave entities out",
    ),
    (
        "21 tickets to explain",
        {"dryRun": True, "ticketIds": list(range(1, 22))},
        "a dry run with ticketIds explains each ticket, 20 at most: name fewer, or leave dryRun out",
    ),
    ("no entities at all", {"mode": "Full", "entities": []}, "should have at least 1 items"),
    (
        "an unknown entity",
        {"mode": "Full", "entities": ["notebooks"]},
        'supported values: "boards", "statuses"',
    ),
    ("an entity twice", {"mode": "Full", "entities": ["boards", "boards"]}, 'Duplicate value: "boards"'),
    (
        "entities for a Quick run",
        {"entities": ["tickets"]},
        "write mode: Full and a reason, or leave entities",
    ),
    (
        "entities for a Prune",
        {"mode": "Prune", "reason": "drill", "entities": ["tickets"]},
        "write mode: Full and a reason, or leave entities",
    ),
    ("another way with local changes", {"localChanges": "Keep"}, '"Push", "Abort", "Discard"'),
    (
        "discard without a word on the loss",
        {"mode": "Full", "reason": "drill", "localChanges": "Discard"},
        (
            "spec.acknowledgeDataLoss: Required value: localChanges: Discard gives up what the portal has "
            "changed and not sent yet: the PSA never gets it, and readers see the PSA's values again; it "
            "stays in the table local_change as discarded. Write acknowledgeDataLoss: true if you want that"
        ),
    ),
    (
        "discard in a Quick run",
        {"localChanges": "Discard", "acknowledgeDataLoss": True},
        "spec.localChanges: Invalid value: only a Full Clear and Resync can refuse to run because of unsent",
    ),
    (
        "discard without tickets",
        {
            "mode": "Full",
            "reason": "drill",
            "entities": ["companies"],
            "localChanges": "Discard",
            "acknowledgeDataLoss": True,
        },
        (
            "spec.localChanges: Invalid value: localChanges: Discard gives up changes of the tickets that "
            "the run reads, and it reads none: add tickets to entities, or leave localChanges"
        ),
    ),
    (
        "abort of a Prune",
        {"mode": "Prune", "reason": "drill", "localChanges": "Abort"},
        "write mode: Full and a reason, or leave localChanges out, and they are kept",
    ),
    (
        "a loss of nothing",
        {"mode": "Full", "reason": "drill", "acknowledgeDataLoss": True},
        "acknowledgeDataLoss belongs to localChanges: Discard: write that as well, or leave both out",
    ),
    ("negative attempts", {"backoffLimit": -1}, "should be greater than or equal to 0"),
    ("101 attempts", {"backoffLimit": 101}, "should be less than or equal to 100"),
    ("a negative time to live", {"ttlSecondsAfterFinished": -1}, "should be greater than or equal to 0"),
]

FIXED: list[tuple[str, Manifest]] = [
    ("integrationRef", {"integrationRef": {"name": "other"}}),
    ("mode", {"mode": "Full"}),
    ("reason", {"reason": "other"}),
    ("reason", {"reason": None}),
    ("requestedBy", {"requestedBy": "kim"}),
    ("dryRun", {"dryRun": True}),
    ("ticketIds", {"ticketIds": [4711]}),
    ("entities", {"entities": ["tickets"]}),
    ("localChanges", {"localChanges": "Abort"}),
    ("acknowledgeDataLoss", {"acknowledgeDataLoss": True}),
    ("startingDeadlineSeconds", {"startingDeadlineSeconds": 5}),
    ("activeDeadlineSeconds", {"activeDeadlineSeconds": 5}),
    ("approvalTimeoutSeconds", {"approvalTimeoutSeconds": 5}),
    ("backoffLimit", {"backoffLimit": 0}),
    ("ttlSecondsAfterFinished", {"ttlSecondsAfterFinished": 5}),
]


@pytest.mark.parametrize(
    ("spec", "expected"), [case[1:] for case in INTEGRATIONS], ids=[c[0] for c in INTEGRATIONS]
)
async def test_a_wrong_integration_is_refused_with_a_word_on_what_to_write(
    anywhere: Api, integration: Manifest, spec: Manifest, expected: str
) -> None:
    answer = await anywhere.create(merged(integration, {"spec": spec}))

    assert answer.exit_code != 0
    assert expected in answer.stderr


@pytest.mark.parametrize(
    ("spec", "expected"), [case[1:] for case in RESYNCS], ids=[case[0] for case in RESYNCS]
)
async def test_a_wrong_run_is_refused_with_a_word_on_what_to_write(
    anywhere: Api, resync: Manifest, spec: Manifest, expected: str
) -> None:
    answer = await anywhere.create(merged(resync, {"spec": spec}))

    assert answer.exit_code != 0
    assert expected in answer.stderr


@pytest.mark.parametrize(("changed", "spec"), FIXED)
async def test_a_run_cannot_be_changed_and_the_message_names_what_and_the_way_out(
    api: Api, resync: Manifest, changed: str, spec: Manifest
) -> None:
    resync["spec"]["reason"] = "drill"
    (await api.create(resync)).output()

    answer = await api.patch(resync, {"spec": spec})

    assert f"{changed} cannot be changed, because a TicketResync is one run" in answer.stderr
    assert "under a new name, or with metadata.generateName and kubectl create" in answer.stderr


async def test_a_run_can_be_cancelled_but_not_taken_up_again(api: Api, resync: Manifest) -> None:
    (await api.create(resync)).output()

    (await api.patch(resync, {"spec": {"cancel": True}})).output()
    answer = await api.patch(resync, {"spec": {"cancel": False}})

    assert (
        "spec.cancel: Invalid value: false: a cancelled run cannot go on: create a new TicketResync"
        in answer.stderr
    )


async def test_the_run_to_undo_cannot_be_changed(api: Api, resync: Manifest) -> None:
    undo = {"mode": "Rollback", "reason": "drill", "rollbackOf": {"name": "full"}}
    resync = merged(resync, {"spec": undo})
    assert (await api.create(resync)).exit_code == 0

    answer = await api.patch(resync, {"spec": {"rollbackOf": {"name": "other"}}})

    assert answer.exit_code != 0
    assert "rollbackOf cannot be changed, because a TicketResync is one run" in answer.stderr


@pytest.mark.parametrize(
    "spec",
    [
        {"ticketIds": list(range(1, 1001))},
        {"ticketIds": [4711, 4711]},
        {"dryRun": True, "ticketIds": list(range(1, 21))},
        {"mode": "Full", "reason": "drill", "ticketIds": [4711], "approvedDeletions": 1},
        {"mode": "Full", "reason": "drill", "dryRun": True, "entities": ["companies", "contacts"]},
    ],
    ids=["a thousand", "one twice", "explained", "exactly", "some kinds"],
)
async def test_a_limited_run_is_accepted_and_stays_as_it_was_limited(
    api: Api, resync: Manifest, spec: Manifest
) -> None:
    (await api.create(merged(resync, {"spec": spec}))).output()

    answer = await api.patch(resync, {"spec": {"ticketIds": [1, 2]}})

    assert "ticketIds cannot be changed, because a TicketResync is one run" in answer.stderr
    assert (await api.patch(resync, {"spec": {"cancel": True}})).exit_code == 0


@pytest.mark.parametrize("mode", ["Full", "ReferenceData", "Prune"])
async def test_deletions_of_a_run_can_be_approved_later(api: Api, resync: Manifest, mode: str) -> None:
    (await api.create(merged(resync, {"spec": {"mode": mode, "reason": "drill"}}))).output()

    assert (await api.patch(resync, {"spec": {"approvedDeletions": 1200}})).exit_code == 0
    assert (await api.patch(resync, {"spec": {"approvedDeletions": 1300}})).exit_code == 0


async def test_the_company_of_an_integration_cannot_be_changed(api: Api, integration: Manifest) -> None:
    (await api.create(integration)).output()

    answer = await api.patch(integration, {"spec": _connectwise(companyId="other")})

    assert (
        "companyId cannot be changed, because the rows in the database belong to that company"
        in answer.stderr
    )


@pytest.mark.parametrize(("before", "after"), [("a", "b"), ("a", None), (None, "b")])
async def test_the_key_of_an_integration_stays_as_it_was_made(
    api: Api, integration: Manifest, before: str | None, after: str | None
) -> None:
    (await api.create(merged(integration, {"spec": {"integrationKey": before}}))).output()

    answer = await api.patch(integration, {"spec": {"integrationKey": after}})

    assert "integrationKey says whose rows are in the database and cannot be changed" in answer.stderr


@pytest.mark.parametrize("moment", ["2026-01-31T00:00:00Z", "2026-01-31T00:00:00.123456789-23:59"])
async def test_a_time_that_is_accepted_can_be_read(api: Api, integration: Manifest, moment: str) -> None:
    (await api.create(merged(integration, {"spec": _dates(to=moment)}))).output()

    assert TypeAdapter(Moment).validate_python(moment)


async def test_everything_else_of_an_integration_may_change(api: Api, integration: Manifest) -> None:
    (await api.create(integration)).output()

    spec = {
        **_connectwise(url="http://cw.example.com:8080/"),
        "enabled": False,
        "credentialsSecretRef": {"name": "other"},
        "database": {"secretRef": {"name": "a", "key": "dsn"}, "schema": "other"},
        "tickets": {"boards": {"include": ["Help Desk", "12"]}, "dateRange": {"lookbackDays": 365}},
        "timeZone": "America/Argentina/Buenos_Aires",
        "writeBack": {"enabled": True, "conflictPolicy": "PSAWins", "databaseRole": "portal"},
    }

    assert (await api.patch(integration, {"spec": spec})).exit_code == 0
