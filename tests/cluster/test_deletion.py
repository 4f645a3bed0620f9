"""What is deleted goes, what is to stay stays, and nothing hangs."""

import psycopg
import pytest

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant
from tests.cluster.test_data import rows
from tests.relay import relay

FINALIZER = "psa.msportal.ai/rows"


async def events_of(tenant: Tenant, name: str) -> str:
    return await tenant.kubectl("get", "events", "--field-selector", f"involvedObject.name={name}")


async def held(tenant: Tenant) -> None:
    """Wait until the object waits for its rows."""
    await tenant.until("psai", tenant.acme, lambda each: FINALIZER in each["metadata"].get("finalizers", ()))


async def unreachable(tenant: Tenant, policy: str) -> None:
    """Apply an integration whose database is away."""
    dsn = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "nowhere"},
        "stringData": {"dsn": "postgresql://portal:secret@127.0.0.1:1/portal"},
    }
    database = {"secretRef": {"name": "nowhere", "key": "dsn"}}
    await tenant.apply(dsn, tenant.secret(), tenant.integration(deletionPolicy=policy, database=database))


async def test_rows_stay_by_default_and_a_new_object_goes_on_with_them(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect()
    await tenant.bring("load")
    before = await rows(database, f"{tenant.namespace}/acme")

    await tenant.kubectl("delete", "psai", "acme", "--timeout=20s")
    await tenant.connect()
    status = await tenant.bring("again", "Quick")

    assert await rows(database, f"{tenant.namespace}/acme") == before
    assert status["effectiveMode"] == "Quick"


async def test_rows_go_with_the_object_and_a_run_that_is_on_is_stopped(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect(deletionPolicy="Delete")
    await tenant.bring("load")
    await held(tenant)
    tenant.psa.fault("latency", r"service/tickets\?", seconds=5)
    await tenant.apply(tenant.resync("running"))
    await tenant.in_phase("running")

    await tenant.kubectl("delete", "psai", "acme", "--timeout=60s")

    assert await rows(database, f"{tenant.namespace}/acme") == []
    assert (await tenant.finished("running"))["phase"] == "Cancelled"
    assert "RowsDeleted" in await events_of(tenant, "acme")
    async with await psycopg.AsyncConnection.connect(database) as connection:
        history = await (await connection.execute("SELECT count(*) FROM psa.run")).fetchone()
    assert history == (2,)


async def test_rows_stay_with_their_owner_when_another_that_asked_for_their_key_is_deleted(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect(integrationKey="shared")
    await tenant.bring("load")
    before = await rows(database, "shared")
    await tenant.apply(tenant.integration("late", integrationKey="shared", deletionPolicy="Delete"))
    await tenant.condition("psai", "late", "Ready", "False", "IntegrationKeyTaken")

    await tenant.kubectl("delete", "psai", "late", "--timeout=60s")

    assert await rows(database, "shared") == before != []
    assert "RowsRetained" in await events_of(tenant, "late")


async def test_one_that_waits_for_a_key_has_it_once_the_rows_of_the_one_before_are_gone(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect(integrationKey="shared", deletionPolicy="Delete")
    await tenant.bring("load")
    await held(tenant)
    await tenant.apply(tenant.integration("late", integrationKey="shared"))
    await tenant.condition("psai", "late", "Ready", "False", "IntegrationKeyTaken")
    async with await psycopg.AsyncConnection.connect(database) as reader:
        await reader.execute("SELECT FROM psa.integration WHERE key = 'shared' FOR UPDATE")
        await tenant.delete("psai", "acme")
        await tenant.kubectl("annotate", "psai", "late", "psa.msportal.ai/probe=now")
        await tenant.until(
            "psai",
            "late",
            lambda each: each["status"].get("lastHandledRequests", {}).get("psa.msportal.ai/probe") == "now",
        )
        await tenant.condition("psai", "late", "Ready", "False", "IntegrationKeyTaken")

    await tenant.condition("psai", "late", "Ready", "True")
    assert await rows(database, "shared") == []


async def test_unsent_changes_of_the_portal_keep_the_rows(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect(deletionPolicy="Delete", writeBack={"enabled": True})
    await tenant.bring("load")
    await held(tenant)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as portal:
        await portal.execute("SET search_path TO psa")
        await portal.execute(
            "UPDATE ticket SET summary = 'mine' WHERE psa_id = (SELECT min(psa_id) FROM ticket)"
        )

    await tenant.kubectl("delete", "psai", "acme", "--timeout=60s")

    assert len(await rows(database, f"{tenant.namespace}/acme")) == 300
    said = await events_of(tenant, "acme")
    assert "RowsRetained" in said
    assert "1 changes of the portal were not sent to the PSA yet" in said


async def test_a_database_that_is_away_holds_the_object_until_somebody_lets_it_go(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await unreachable(tenant, "Delete")
    await held(tenant)

    await tenant.delete("psai", "acme")
    await tenant.condition(
        "psai", "acme", "Ready", "False", "Deleting", says="set spec.deletionPolicy to Retain"
    )
    await tenant.patch("psai", "acme", {"spec": {"deletionPolicy": "Retain"}})

    await tenant.kubectl("wait", "--for=delete", "psai/acme", "--timeout=30s")


@pytest.mark.parametrize("policy", ["Retain", "Delete"])
async def test_a_namespace_can_be_deleted(operator: OperatorProcess, tenant: Tenant, policy: str) -> None:
    await unreachable(tenant, policy)
    await tenant.condition("psai", "acme", "Ready", "False", "DatabaseUnreachable")

    # The namespace controller deletes what is in a namespace, Secrets before our kinds.
    await tenant.kubectl("delete", "secrets", "--all")
    await tenant.kubectl("delete", "psai,tres,tressched", "--all", "--timeout=30s")


async def test_without_an_operator_what_retains_its_rows_can_be_deleted(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()
    await tenant.bring("load")
    await operator.terminate()

    await tenant.kubectl("delete", "psai,tres", "--all", "--timeout=20s")


async def test_an_operator_that_is_installed_again_goes_on_where_it_was(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect(deletionPolicy="Delete")
    await tenant.bring("load")
    await held(tenant)
    before, row = await tenant.get("tres", "load"), await rows(database, f"{tenant.namespace}/acme")
    await operator.terminate()

    await tenant.delete("psai", "acme")
    await operator.start()

    await tenant.kubectl("wait", "--for=delete", "psai/acme", "--timeout=30s")
    assert row
    assert await rows(database, f"{tenant.namespace}/acme") == []
    assert await tenant.get("tres", "load") == before


async def test_a_new_run_does_not_wait_for_the_database_of_a_deleted_one_of_its_name(
    guest: Tenant, database: str
) -> None:
    async with relay(database) as way:
        await guest.apply({**guest.secret("dsn"), "stringData": {"dsn": way.dsn}})
        await guest.connect(database={"secretRef": {"name": "dsn", "key": "dsn"}})
        guest.psa.fault("latency", r"service/tickets\?", seconds=5)
        await guest.apply(guest.resync("nightly"))
        await guest.in_phase("nightly")
        way.cut()
        await guest.delete("tres", "nightly")
        guest.psa.clear_faults()

        guest.acme = "elsewhere"
        await guest.connect()
        await guest.bring("nightly")
