"""The chart meets a real API server: everything is accepted, everyone may do what they should and no more."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cluster.api.user import Api, Manifest
from tests.contract.chart.rendering import only, rendered

ONCE = ("--set", "crds.install=false,policies.install=false")


@pytest.mark.parametrize(
    "options", [(), ("--set", "watchNamespaces={default}", "--set", "database.secretName=db")]
)
async def test_the_api_server_accepts_every_manifest(api: Api, options: tuple[str, ...]) -> None:
    for manifest in await rendered(*options, namespace=api.namespace):
        answer = await api.cluster.kubectl("apply", "--dry-run=server", "-f", "-", stdin=json.dumps(manifest))

        assert (answer.exit_code, answer.stderr) == (0, ""), manifest["metadata"]["name"]


class People:
    """Accounts with the chart's roles, as the API server sees them."""

    def __init__(self, api: Api, release: str) -> None:
        self.api, self.release = api, release

    async def may(self, account: str, verb: str, what: str, namespace: str) -> bool:
        whom = f"--as=system:serviceaccount:{self.api.namespace}:{account}"
        answer = await self.api.cluster.kubectl(
            "auth", "can-i", verb, *what.split(), whom, "--namespace", namespace
        )
        return answer.stdout.strip() == "yes"


@pytest_asyncio.fixture
async def people(api: Api) -> AsyncIterator[People]:
    """The operator, cluster-wide, and kim, who manages integrations in one namespace."""
    release = f"psa-operator-{api.namespace}"
    manifests = await rendered(*ONCE, namespace=api.namespace, release=release)
    installed = [each for each in manifests if each["kind"] not in {"Deployment", "Service"}]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": installed})
    (await api.cluster.kubectl("apply", "-f", "-", stdin=text)).output()
    (await api.kubectl("create", "serviceaccount", "kim")).output()
    (await api.kubectl("create", "serviceaccount", "pat")).output()
    role = only(manifests, "ClusterRole", f"{release}-manage-integrations")["metadata"]["name"]
    account = f"--serviceaccount={api.namespace}:kim"
    (await api.kubectl("create", "rolebinding", "kim", f"--clusterrole={role}", account)).output()
    yield People(api, release)
    await api.cluster.kubectl("delete", "-f", "-", "--wait=false", stdin=text)


ALLOWED = [
    ("watch", "psaintegrations"),
    ("watch", "ticketresyncs"),
    ("patch", "ticketresyncs --subresource=status"),
    ("delete", "ticketresyncs"),
    ("create", "ticketresyncs"),
    ("patch", "ticketresyncs"),
    ("full", "ticketresyncs"),
    ("discard", "ticketresyncs"),
    ("patch", "ticketresyncschedules --subresource=status"),
    ("get", "secrets"),
    ("create", "events"),
]
REFUSED = [
    ("approve", "ticketresyncs"),
    ("patch", "ticketresyncschedules"),
    ("update", "psaintegrations"),
    ("delete", "psaintegrations"),
    ("create", "secrets"),
    ("get", "configmaps"),
    ("get", "pods"),
]


async def test_the_operator_may_do_its_work_and_nothing_else(people: People) -> None:
    answers = [each for each in [*ALLOWED, *REFUSED] if await people.may(people.release, *each, "default")]

    assert answers == ALLOWED


async def test_who_manages_integrations_may_start_a_run(people: People, resync: Manifest) -> None:
    kubeconfig = await people.api.cluster.kubeconfig_for("kim", people.api.namespace)

    answer = await people.api.create(resync, kubeconfig=kubeconfig)

    assert answer.exit_code == 0, answer.stderr


async def test_who_does_not_is_told_so(people: People, resync: Manifest) -> None:
    kubeconfig = await people.api.cluster.kubeconfig_for("pat", people.api.namespace)

    answer = await people.api.create(resync, kubeconfig=kubeconfig)

    assert "(Forbidden)" in answer.stderr
    assert 'cannot create resource "ticketresyncs"' in answer.stderr


async def test_who_manages_integrations_sees_no_secret(people: People) -> None:
    assert not await people.may("kim", "get", "secrets", people.api.namespace)
    assert not await people.may("kim", "list", "psaintegrations", "default")
