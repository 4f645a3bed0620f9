"""Who may ask for what: the verbs full, discard and approve, and whose name stands on a run."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from psa_operator.devcluster.programs import Completed
from tests.cluster.api.conftest import POLICIES
from tests.cluster.api.user import Api, Manifest, merged
from tests.contract.chart.rendering import rendered

FULL = {"spec": {"mode": "Full", "reason": "a test"}}
DISCARD = merged(FULL, {"spec": {"localChanges": "Discard", "acknowledgeDataLoss": True}})
VERB = "needs a role with the verb {} on ticketresyncs of psa.msportal.ai in namespace {}"


class People:
    """Eve edits the namespace, Ada administers it, Max manages integrations; Kim may ask for Full runs."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def create(self, who: str, manifest: Manifest, *options: str) -> Completed:
        return await self.api.create(manifest, f"--as={who}", *options)

    async def patch(self, who: str, manifest: Manifest, changes: Manifest) -> Completed:
        return await self.api.patch(manifest, changes, f"--as={who}")


@pytest_asyncio.fixture
async def people(api: Api) -> AsyncIterator[People]:
    roles = [
        each
        for each in await rendered(namespace=api.namespace, release=api.namespace)
        if each["kind"] == "ClusterRole" and each["metadata"]["name"] != f"{api.namespace}-psa-operator"
    ]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": roles})
    (await api.cluster.kubectl("apply", "-f", "-", stdin=text)).output()
    bindings = {"eve": "edit", "ada": "admin", "max": "manage-integrations", "kim": "edit"}
    for name, role in bindings.items():
        bound = f"--clusterrole={api.namespace}-psa-operator-{role}"
        (await api.kubectl("create", "rolebinding", name, bound, f"--user={name}")).output()
    # `view` comes with `edit` and `admin` where the cluster aggregates them.
    view = (f"--clusterrole={api.namespace}-psa-operator-view", *(f"--user={name}" for name in bindings))
    (await api.kubectl("create", "rolebinding", "view", *view)).output()
    full = ("--verb=full", "--resource=ticketresyncs.psa.msportal.ai")
    (await api.kubectl("create", "role", "full", *full)).output()
    (await api.kubectl("create", "rolebinding", "full", "--role=full", "--user=kim")).output()
    yield People(api)
    await api.cluster.kubectl("delete", "-f", "-", "--wait=false", stdin=text)


def named(manifest: Manifest, name: str, changes: Manifest | None = None) -> Manifest:
    return merged(merged(manifest, changes or {}), {"metadata": {"name": name}})


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, {"eve", "ada", "max", "kim"}),
        (FULL, {"ada", "max", "kim"}),
        (merged(FULL, {"spec": {"dryRun": True}}), {"eve", "ada", "max", "kim"}),
        (merged(FULL, {"spec": {"mode": "Prune"}}), {"ada", "max", "kim"}),
        (merged(FULL, {"spec": {"mode": "Rollback", "rollbackOf": {"name": "x"}}}), {"ada", "max", "kim"}),
        ({"spec": {"mode": "ReferenceData"}}, {"eve", "ada", "max", "kim"}),
        (DISCARD, {"ada", "max"}),
        (merged(FULL, {"spec": {"approvedDeletions": 5}}), {"ada", "max"}),
    ],
    ids=["Quick", "Full", "dry run", "Prune", "Rollback", "ReferenceData", "Discard", "approved"],
)
async def test_each_may_ask_for_what_their_role_allows(
    people: People, resync: Manifest, changes: Manifest, allowed: set[str]
) -> None:
    answers = {
        who: await people.create(who, named(resync, f"run-{who}", changes))
        for who in ("eve", "ada", "max", "kim")
    }

    assert {who for who, answer in answers.items() if answer.exit_code == 0} == allowed
    for who in set(answers) - allowed:
        assert "is forbidden" in answers[who].stderr
        assert f'user "{who}" may not' in answers[who].stderr


async def test_the_refusal_names_the_right_and_a_way_without_it(people: People, resync: Manifest) -> None:
    answer = await people.create("eve", merged(resync, FULL))

    assert VERB.format("full", people.api.namespace) in answer.stderr
    assert "dryRun: true shows what would change" in answer.stderr


async def test_deletions_are_approved_by_those_who_may(people: People, resync: Manifest) -> None:
    run = merged(resync, FULL)
    (await people.create("kim", run)).output()

    refused = await people.patch("kim", run, {"spec": {"approvedDeletions": 500}})
    (await people.patch("ada", run, {"spec": {"approvedDeletions": 500}})).output()
    (await people.patch("kim", run, {"spec": {"cancel": True}})).output()

    assert VERB.format("approve", people.api.namespace) in refused.stderr


@pytest.fixture
def monthly() -> dict[str, Any]:
    return {
        "apiVersion": "psa.msportal.ai/v1alpha1",
        "kind": "TicketResyncSchedule",
        "metadata": {"name": "monthly"},
        "spec": {
            "schedule": "@monthly",
            "template": {"spec": {"integrationRef": {"name": "acme"}, "mode": "Full", "reason": "monthly"}},
        },
    }


async def test_a_schedule_needs_the_rights_of_its_runs(people: People, monthly: Manifest) -> None:
    refused = await people.create("eve", monthly)
    (await people.create("kim", monthly)).output()
    hourly = await people.patch("eve", monthly, {"spec": {"schedule": "@hourly"}})
    discarding = {"localChanges": "Discard", "acknowledgeDataLoss": True}
    discard = await people.patch("kim", monthly, {"spec": {"template": {"spec": discarding}}})

    for answer in (refused, hourly):
        assert VERB.format("full", people.api.namespace) in answer.stderr
    assert VERB.format("discard", people.api.namespace) in discard.stderr


async def test_anybody_who_edits_may_stop_a_schedule_and_not_start_it_again(
    people: People, monthly: Manifest
) -> None:
    (await people.create("kim", monthly)).output()

    (await people.patch("eve", monthly, {"spec": {"suspend": True}})).output()
    (await people.patch("eve", monthly, {"metadata": {"labels": {"team": "a"}}})).output()
    resumed = await people.patch("eve", monthly, {"spec": {"suspend": False}})

    assert 'user "eve" may not ask for a Full run' in resumed.stderr


async def test_nobody_speaks_for_another(people: People, resync: Manifest, monthly: Manifest) -> None:
    boss = {"spec": {"requestedBy": "boss"}}
    (await people.create("max", named(resync, "mine", {"spec": {"requestedBy": "max"}}))).output()
    refused = await people.create("max", named(resync, "theirs", boss))
    by_clock = await people.create("max", merged(monthly, {"spec": {"template": boss}}))

    for answer in (refused, by_clock):
        assert 'requestedBy is the user who asks: leave it out, or write "max"' in answer.stderr
    (
        await people.api.create(named(resync, "for-boss", boss))
    ).output()  # a cluster admin, as GitOps tools are


async def test_who_asks_is_written_down(people: People, resync: Manifest) -> None:
    files = ["-f", str(POLICIES / "v1.36")]
    (await people.api.cluster.kubectl("apply", *files)).output()
    run: Manifest = {}
    for number in range(40):  # a policy takes effect a moment after it was made
        name = f"run-{number}"
        (await people.create("max", named(resync, name))).output()
        run = await people.api.read(named(resync, name))
        if "requestedBy" in run["spec"]:
            break
    await people.api.cluster.kubectl("delete", *files)

    assert run["spec"]["requestedBy"] == "max"
