"""What the chart installs, and what it lets the operator do."""

from typing import Any

import pytest
import yaml

from psa_operator.api import render_crds
from psa_operator.controller.executor import GRACE
from psa_operator.settings import Settings
from tests.contract.chart.rendering import CHART, Manifest, helm, only, rendered

OURS = "psa.msportal.ai"
CLUSTER_WIDE = {
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
}
NAMESPACED = ("--set", "watchNamespaces={blue,green}")


def _rules(role: Manifest) -> set[tuple[str, str, str]]:
    """A role as (group, resource, verb)."""
    return {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def _pod(manifests: list[Manifest]) -> Any:
    return only(manifests, "Deployment")["spec"]["template"]["spec"]


def _environment(manifests: list[Manifest]) -> dict[str, Any]:
    return {each["name"]: each for each in _pod(manifests)["containers"][0]["env"]}


async def test_helm_finds_nothing_to_complain_of() -> None:
    code, output, _ = await helm("lint", "--strict", str(CHART))

    assert code == 0, output


OPERATOR = {
    *(
        (OURS, kind, verb)
        for kind in ("psaintegrations", "ticketresyncs", "ticketresyncschedules")
        for verb in ("get", "list", "watch")
    ),
    (OURS, "psaintegrations/status", "patch"),
    (OURS, "ticketresyncs/status", "patch"),
    (OURS, "ticketresyncschedules/status", "patch"),
    (OURS, "psaintegrations", "patch"),
    *(
        (OURS, "ticketresyncs", verb)
        for verb in ("create", "patch", "delete", "full", "discard", "attribute")
    ),
    ("", "secrets", "get"),
    ("", "secrets", "list"),
    ("", "secrets", "watch"),
    ("", "events", "create"),
}


LEADER = {("coordination.k8s.io", "leases", verb) for verb in ("create", "get", "update")}


async def test_the_operator_may_do_this_and_nothing_else() -> None:
    manifests = await rendered()

    assert _rules(only(manifests, "ClusterRole")) == OPERATOR
    assert [_rules(each) for each in manifests if each["kind"] == "Role"] == [LEADER]


async def test_the_operator_may_change_no_lease_but_its_own() -> None:
    manifests = await rendered(release="second", namespace="msp")

    rules = only(manifests, "Role", "second-psa-operator-leader")["rules"]
    assert [(each["verbs"], each.get("resourceNames")) for each in rules] == [
        (["create"], None),
        (["get", "update"], ["second-psa-operator"]),
    ]
    (pod,) = [each for each in manifests if each["kind"] == "Deployment"]
    environment = {each["name"]: each for each in pod["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert environment["PSA_OPERATOR_LEASE_NAME"]["value"] == "second-psa-operator"


async def test_two_replicas_share_the_work_and_a_drain_takes_one_at_a_time() -> None:
    manifests = await rendered()
    deployment, budget = only(manifests, "Deployment"), only(manifests, "PodDisruptionBudget")

    assert deployment["spec"]["replicas"] == 2
    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert budget["spec"]["maxUnavailable"] == 1
    assert budget["spec"]["selector"] == deployment["spec"]["selector"]
    fields = {name: each["valueFrom"]["fieldRef"]["fieldPath"] for name, each in _from_the_pod(manifests)}
    assert fields == {
        "PSA_OPERATOR_POD_NAME": "metadata.name",
        "PSA_OPERATOR_LEASE_NAMESPACE": "metadata.namespace",
    }


async def test_the_grace_of_a_pod_is_longer_than_that_of_its_workers() -> None:
    assert _pod(await rendered())["terminationGracePeriodSeconds"] > 2 * GRACE


def _from_the_pod(manifests: list[Manifest]) -> list[tuple[str, Any]]:
    return [
        (name, each)
        for name, each in _environment(manifests).items()
        if "fieldRef" in each.get("valueFrom", {})
    ]


async def test_in_namespaced_mode_the_same_holds_there_only() -> None:
    manifests = await rendered(*NAMESPACED, "--set", "userRoles.install=false")

    roles = {each["metadata"]["namespace"]: _rules(each) for each in manifests if each["kind"] == "Role"}
    assert roles == {"blue": OPERATOR, "green": OPERATOR, "psa-system": LEADER}
    assert not [each for each in manifests if each["kind"].startswith("ClusterRole")]
    assert _environment(manifests)["PSA_OPERATOR_NAMESPACES"]["value"] == "blue,green"


async def test_every_binding_binds_the_account_that_the_pod_runs_as() -> None:
    for manifests in (await rendered(namespace="msp"), await rendered(*NAMESPACED, namespace="msp")):
        account = only(manifests, "ServiceAccount")["metadata"]
        assert _pod(manifests)["serviceAccountName"] == account["name"]
        for each in manifests:
            if each["kind"].endswith("RoleBinding"):
                subject = {"kind": "ServiceAccount", "name": account["name"], "namespace": "msp"}
                assert each["subjects"] == [subject]


async def test_people_get_roles_by_what_they_do() -> None:
    manifests = await rendered()
    view, edit, admin, manage = (
        _rules(only(manifests, "ClusterRole", f"psa-operator-{name}"))
        for name in ("view", "edit", "admin", "manage-integrations")
    )

    assert {verb for _, _, verb in view} == {"get", "list", "watch"}
    assert {resource for _, resource, _ in edit} == {"ticketresyncs", "ticketresyncschedules"}
    assert not {verb for _, _, verb in edit} & {"full", "discard", "approve"}
    assert view | edit | admin <= manage
    assert not {rule for rule in manage if rule[1] == "secrets" or rule[1].endswith("/status")}


@pytest.mark.parametrize("name", ["view", "edit", "admin"])
async def test_the_roles_join_those_of_the_cluster(name: str) -> None:
    labels = only(await rendered(), "ClusterRole", f"psa-operator-{name}")["metadata"]["labels"]

    assert labels[f"rbac.authorization.k8s.io/aggregate-to-{name}"] == "true"


async def test_the_definitions_are_installed_and_stay() -> None:
    manifests = await rendered()

    found = [each for each in manifests if each["kind"] == "CustomResourceDefinition"]
    assert sorted(found, key=str) == sorted(map(yaml.safe_load, render_crds().values()), key=str)
    assert all(each["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep" for each in found)


async def test_a_second_release_shares_what_exists_once_per_cluster() -> None:
    shared = ("crds", "policies", "userRoles")
    options = [option for name in shared for option in ("--set", f"{name}.install=false")]

    manifests = await rendered(*NAMESPACED, *options)

    assert not [each["kind"] for each in manifests if each["kind"] in CLUSTER_WIDE]


async def test_the_pod_has_no_more_rights_than_it_needs() -> None:
    pod = _pod(await rendered())

    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


async def test_every_variable_that_the_pod_gets_is_a_setting_of_ours() -> None:
    given = _environment(await rendered("--set", "database.secretName=db"))

    assert {name.removeprefix("PSA_OPERATOR_").lower() for name in given} <= set(Settings.model_fields)


async def test_the_settings_arrive_as_they_were_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    options = [
        "maxConcurrentRuns=2",
        "allowHttp=true",
        "logLevel=DEBUG",
        "allowedHosts={10.0.0.0/8,psa.example}",
    ]
    for name, given in _environment(await rendered("--set", ",".join(options), *NAMESPACED)).items():
        monkeypatch.setenv(name, given.get("value", "a-word"))

    settings = Settings()

    assert (settings.max_concurrent_runs, settings.allow_http, settings.log_level) == (2, True, "DEBUG")
    assert settings.allowed_hosts == {"10.0.0.0/8", "psa.example"}
    assert settings.namespaces == {"blue", "green"}


async def test_the_dsn_comes_from_a_secret_and_is_never_written_down() -> None:
    dsn = _environment(await rendered("--set", "database.secretName=db"))["PSA_OPERATOR_DATABASE_DSN"]

    assert dsn["valueFrom"] == {"secretKeyRef": {"name": "db", "key": "dsn"}}
    assert "PSA_OPERATOR_DATABASE_DSN" not in _environment(await rendered())


async def test_probes_and_service_meet_the_port_of_the_operator() -> None:
    manifests = await rendered()
    container = _pod(manifests)["containers"][0]

    assert container["ports"] == [{"name": "http", "containerPort": 8080}]
    assert container["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert only(manifests, "Service")["spec"]["ports"][0]["targetPort"] == "http"
    assert only(manifests, "Service")["spec"]["selector"].items() <= (
        only(manifests, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    )


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("watchNamespace=blue", "watchNamespace"),
        ("logLevel=LOUD", "logLevel"),
        ("maxConcurrentRuns=0", "maxConcurrentRuns"),
        ("replicas=0", "replicas"),
        ("image.repository=", "repository"),
    ],
)
async def test_a_wrong_value_is_refused_by_name(value: str, complaint: str) -> None:
    code, _, said = await helm("template", "x", str(CHART), "--kube-version", "1.36.3", "--set", value)

    assert code != 0
    assert complaint in said
