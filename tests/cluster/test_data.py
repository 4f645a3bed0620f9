"""What a run may and may not do to the data, as its owner reads it."""

from typing import Any

import psycopg

from psa_operator.devcluster.postgres import DatabaseServer
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Object, Tenant, condition
from tests.simulator_process import start_simulator


def reason(status: Object) -> str:
    found = condition({"status": status}, "Ready")
    return str(found and found["reason"])


async def rows(dsn: str, key: str) -> list[Any]:
    """All ticket rows of one integration, whole."""
    query = (
        "SELECT ticket.* FROM psa.ticket JOIN psa.integration ON integration.id = integration_id "
        "WHERE key = %s ORDER BY psa_id"
    )
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        return await (await connection.execute(query, (key,))).fetchall()


async def test_a_psa_that_lists_nothing_fails_the_run_and_leaves_the_data(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-empty")
    guest.psa.fault("empty-list")

    status = await guest.sync("empty")

    assert status["phase"] == "Failed", status
    await guest.shows_tickets(300)


async def test_a_board_that_vanishes_from_the_answers_trips_the_guard(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-board")
    board = guest.psa.state("boards")[0]["id"]
    guest.psa.fault("hide", board=board, details=True)

    await guest.apply(guest.resync("vanished"))

    found = await guest.condition(
        "tres", "vanished", "Ready", "False", "AwaitingApproval", says="leave no ticket in"
    )
    assert found["status"]["phase"] == "AwaitingApproval"
    await guest.shows_tickets(300)


async def test_a_quick_run_works_with_the_settings_of_now(guest: Tenant) -> None:
    await guest.connect()
    before = await guest.bring("before-change")
    board = guest.psa.state("boards")[0]["name"]

    await guest.patch("psai", guest.acme, {"spec": {"tickets": {"boards": {"exclude": [board]}}}})
    quick, again = await guest.bring("after-change", "Quick"), await guest.bring("again", "Quick")

    assert before["configHash"] != quick["configHash"] == again["configHash"]
    await guest.condition("psai", guest.acme, "ResyncRequired", "True", "ScopeChanged")


async def test_an_approved_deletion_goes_on_and_others_work_meanwhile(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-purge")
    guest.psa.delete(*guest.psa.ids("tickets")[:100])
    await guest.apply(guest.resync("purge"))
    waiting = await guest.condition(
        "tres", "purge", "Ready", "False", "AwaitingApproval", says="100 of 300 tickets"
    )
    assert (waiting["status"]["approval"]["deletions"], waiting["status"]["diff"]["tickets"]["deleted"]) == (
        100,
        100,
    )
    await guest.bring("meanwhile", "Quick")

    await guest.patch("tres", "purge", {"spec": {"approvedDeletions": 100}})

    status = await guest.finished("purge")
    assert (status["phase"], status["attempt"], status["counts"]["tickets"]["deleted"]) == (
        "Succeeded",
        2,
        100,
    )
    assert status["approval"]["approvedDeletions"] == 100
    await guest.shows_tickets(200)


async def test_deletions_that_nobody_approves_in_time_fail_the_run(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-late")
    guest.psa.delete(*guest.psa.ids("tickets")[:100])

    status = await guest.sync("late", approvalTimeoutSeconds=1)

    assert (status["phase"], reason(status)) == ("Failed", "ApprovalTimeout"), status
    await guest.shows_tickets(300)


async def test_a_ticket_that_does_not_fit_is_set_aside_and_the_run_goes_on(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-odd")
    odd = guest.psa.ids("tickets")[5]
    guest.psa.fault("garble", ids=[odd], record={"summary": 5})

    status = await guest.sync("odd")

    assert status["phase"] == "Succeeded", status
    assert (status["warnings"], status["counts"]["tickets"]["quarantined"]) == (1, 1)
    assert str(odd) in [each["id"] for each in status["errors"]]
    await guest.shows_tickets(300)


async def test_a_run_that_the_database_refuses_fails_and_holds_up_nobody(
    guest: Tenant, database: str
) -> None:
    await guest.apply({**guest.secret("dsn"), "stringData": {"dsn": database}})
    await guest.connect(database={"secretRef": {"name": "dsn", "key": "dsn"}})
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("ALTER TABLE psa.run ADD CONSTRAINT ours CHECK (reason <> 'because')")

    status = await guest.sync("refused", reason="because")

    assert (status["phase"], reason(status)) == ("Failed", "ConstraintViolated"), status
    assert '"ours"' in status["message"]
    await guest.bring("after")


async def test_another_company_behind_the_same_url_is_not_mixed_in(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("ours")
    guest.psa.set(companyId="stranger", companyName="Stranger")

    status = await guest.sync("theirs")

    assert (status["phase"], reason(status)) == ("Failed", "IntegrationIdentityChanged"), status
    await guest.condition("psai", guest.acme, "Stalled", "True", "IntegrationIdentityChanged")


async def test_tickets_out_of_scope_are_counted_by_reason(guest: Tenant) -> None:
    closed = sum(each["closedFlag"] for each in guest.psa.state("tickets"))
    await guest.connect(tickets={"includeClosed": False})

    status = await guest.sync("open-only")

    assert status["skipped"]["closed"] == closed
    assert status["counts"]["tickets"]["fetched"] == 300 - closed


async def test_two_integrations_in_one_database_leave_each_other_alone(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await tenant.connect()
    await tenant.bring("mine")
    mine = await rows(database, f"{tenant.namespace}/acme")

    with start_simulator(tickets=100, seed=8) as psa:
        other = Tenant(tenant.cluster, tenant.namespace, psa, acme="other")
        await other.apply(other.secret("other-keys"))
        await other.apply(other.integration(credentialsSecretRef={"name": "other-keys"}))
        assert (await other.sync("theirs"))["phase"] == "Succeeded"

    assert await rows(database, f"{tenant.namespace}/acme") == mine
    assert len(await rows(database, f"{tenant.namespace}/other")) == 100


async def test_a_database_of_its_own_and_a_role_without_rights(
    guest: Tenant, postgres: DatabaseServer, database: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("DROP ROLE IF EXISTS powerless")
        await connection.execute("CREATE ROLE powerless LOGIN PASSWORD 'none'")
    given = psycopg.conninfo.conninfo_to_dict(database) | {"user": "powerless", "password": "none"}
    secret = {**guest.secret("dsn"), "stringData": {"dsn": psycopg.conninfo.make_conninfo("", **given)}}
    reference = {"secretRef": {"name": "dsn", "key": "dsn"}}

    await guest.apply(guest.secret(), secret, guest.integration(database=reference))
    await guest.condition("psai", guest.acme, "DatabaseReady", "False", "InsufficientPrivilege")
    await guest.apply({**secret, "stringData": {"dsn": database}})

    await guest.condition("psai", guest.acme, "Ready", "True")


async def test_what_the_settings_name_and_the_psa_lost_or_renamed_is_a_condition(guest: Tenant) -> None:
    [board] = guest.psa.create(entity="boards", name="Short-lived")
    [status] = guest.psa.create(entity="statuses", name="Parked", board={"id": guest.psa.ids("boards")[0]})
    field = guest.psa.state("userDefinedFields")[0]
    await guest.connect(
        tickets={"customFields": {"names": [field["caption"]]}, "boards": {"exclude": ["Short-lived"]}},
        mappings={"statuses": {"Parked": "Mine"}},
    )
    await guest.bring("first")
    await guest.condition("psai", guest.acme, "SettingsCurrent", "True", "AllKnown")
    guest.psa.delete(board, entity="boards")
    guest.psa.delete(field["id"], entity="userDefinedFields")
    guest.psa.change(status, entity="statuses", name="Other")

    await guest.bring("settings", "ReferenceData")

    found = await guest.condition("psai", guest.acme, "SettingsCurrent", "False", "Removed")
    message = (condition(found, "SettingsCurrent") or {})["message"]
    assert 'spec.tickets.boards.exclude names "Short-lived", which the PSA has no more' in message
    assert f'spec.tickets.customFields.names names "{field["caption"]}", which the PSA has no more' in message
    assert 'spec.mappings.statuses names "Parked", which the PSA calls "Other"' in message


async def test_a_custom_field_that_is_gone_is_told_until_a_full_run_where_none_is_named(
    guest: Tenant,
) -> None:
    await guest.connect()
    await guest.bring("first")
    field = guest.psa.state("userDefinedFields")[0]
    guest.psa.delete(field["id"], entity="userDefinedFields")

    await guest.bring("settings", "ReferenceData")

    says = f'The custom field "{field["caption"]}" is no more'
    await guest.condition("psai", guest.acme, "SettingsCurrent", "False", "Removed", says=says)
    await guest.bring("second")
    await guest.condition("psai", guest.acme, "SettingsCurrent", "True", "AllKnown")
