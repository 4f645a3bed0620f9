"""The operator as a process: its health, its log, its manners towards the API server."""

import asyncio

import pytest

from psa_operator.devcluster.binaries import find_control_plane
from psa_operator.devcluster.controlplane import run_control_plane
from psa_operator.devcluster.processes import Sandbox
from tests.cluster.chart import install
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant
from tests.simulator_process import SimulatorProcess


async def test_it_says_what_is_missing_and_works_with_the_rights_of_either_mode(
    psa: SimulatorProcess, database: str
) -> None:
    async with run_control_plane(await find_control_plane()) as bare, Sandbox("operator") as box:
        lost = OperatorProcess(box, bare.kubeconfig, {})
        with pytest.raises(AssertionError):
            await lost.start()
        assert (lost.daemon.exit_code, lost.log()[0]["event"]) == (1, "crds.missing")

        for namespace, watched in (("everywhere", ""), ("here", "here")):
            await bare.kubectl("create", "namespace", namespace)
            options = ["--set", f"watchNamespaces={{{watched}}}"] if watched else []
            kubeconfig = await install(bare, f"system-{namespace}", *options)
            process = OperatorProcess(
                box,
                kubeconfig,
                {"PSA_OPERATOR_NAMESPACES": watched, "PSA_OPERATOR_DATABASE_DSN": database},
            )
            await process.start()
            tenant = Tenant(bare, namespace, psa)
            await tenant.connect()
            assert (await tenant.sync("run"))["phase"] == "Succeeded"
            await process.terminate()


async def test_the_log_is_json_and_holds_no_secret(operator: OperatorProcess, tenant: Tenant) -> None:
    await tenant.connect()
    await tenant.bring("logged")
    await tenant.apply(tenant.secret(privateKey="another"))
    await tenant.condition("psai", "acme", "CredentialsValid", "False")

    assert operator.log()
    text = operator.daemon.log.read_text()
    for secret in (tenant.psa.account.privateKey, tenant.psa.account.publicKey, "another", "postgresql://"):
        assert secret not in text


async def test_at_rest_it_writes_nothing(operator: OperatorProcess, tenant: Tenant) -> None:
    await tenant.connect()
    await tenant.bring("settled")
    await asyncio.sleep(3)
    before = await versions(tenant)

    await asyncio.sleep(5)

    assert await versions(tenant) == before


async def versions(tenant: Tenant) -> str:
    return await tenant.kubectl("get", "psai,tres", "-o", "jsonpath={.items[*].metadata.resourceVersion}")


async def test_others_may_write_to_a_run_while_it_is_on(operator: OperatorProcess, tenant: Tenant) -> None:
    await tenant.connect()
    tenant.psa.fault("latency", r"service/tickets\?", seconds=0.5)
    await tenant.apply(tenant.resync("touched"))

    for number in range(30):
        await tenant.kubectl("label", "tres", "touched", f"touched={number}", "--overwrite")

    status = await tenant.finished("touched")
    assert (status["phase"], status["attempt"]) == ("Succeeded", 1), status


async def test_what_it_counts_can_be_scraped_and_goes_with_the_object(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    await tenant.bring("counted")
    await tenant.until("psai", "acme", lambda each: "lastFullSync" in each["status"])

    place = f'integration="acme",mode="Full",namespace="{tenant.namespace}"'
    metrics = await operator.metrics()
    assert f'psa_resync_total{{{place},result="Succeeded"}} 1.0' in metrics
    assert "psa_covered_age_seconds{" in metrics
    await tenant.kubectl("delete", "tres,psai", "--all")
    await asyncio.sleep(2)

    assert 'integration="acme"' not in await operator.metrics()


async def test_what_a_worker_asks_of_the_psa_is_counted_by_the_operator(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    tenant.psa.fault("status", "company/companies", status=503, count=1)
    status = await tenant.bring("asking")

    metrics = (await operator.metrics()).splitlines()

    by_status = {
        line.split('status="')[1][:3]: float(line.rsplit(" ", 1)[1])
        for line in metrics
        if line.startswith("psa_api_requests_total{")
    }
    assert by_status["503"] == 1
    assert sum(by_status.values()) == status["requests"]
    (timed,) = [line for line in metrics if line.startswith("psa_api_request_duration_seconds_count{")]
    assert float(timed.rsplit(" ", 1)[1]) == status["requests"]


async def test_an_unlabelled_secret_is_noticed_at_the_next_probe(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await operator.terminate()
    await operator.start(PSA_OPERATOR_PROBE_INTERVAL="2")
    unlabelled = {"name": "keys"}
    await tenant.apply({**tenant.secret(privateKey="wrong"), "metadata": unlabelled}, tenant.integration())
    await tenant.condition("psai", "acme", "CredentialsValid", "False", "AuthenticationFailed")

    await tenant.apply({**tenant.secret(), "metadata": unlabelled})

    await tenant.condition("psai", "acme", "CredentialsValid", "True")
