"""A wrong integration says what is wrong, names the field, and says what to do."""

from typing import Any

import pytest

from tests.cluster.tenant import Tenant, condition

NOBODY = "127.0.0.1:1"


def at(url: str) -> dict[str, Any]:
    return {"provider": {"connectWise": {"url": url, "companyId": "harbor"}}}


BAD_SPECS = [
    (at(f"http://{NOBODY}"), "Unavailable", NOBODY),
    (at("https://psa.invalid"), "HostNotFound", "psa.invalid"),
    (at("http://10.0.0.1"), "HostNotAllowed", "10.0.0.1"),
    ({"integrationKey": "other/acme"}, "IntegrationKeyNotAllowed", 'has no "/"'),
    ({"timeZone": "Europe/Atlantis"}, "UnknownTimeZone", 'spec.timeZone "Europe/Atlantis"'),
    ({"tickets": {"boards": {"include": ["Nowhere"]}}}, "UnknownBoard", 'it has "'),
    (
        {"tickets": {"excludedStatuses": ["Odd"]}},
        "UnknownStatus",
        'spec.tickets.excludedStatuses names "Odd"',
    ),
    ({"companies": {"excludedTypes": ["Odd"]}}, "UnknownCompanyType", 'it has "Customer"'),
    (
        {"credentialsSecretRef": {"name": "lost"}},
        "SecretNotFound",
        'Secret "lost" (spec.credentialsSecretRef)',
    ),
]


@pytest.mark.parametrize(("spec", "reason", "words"), BAD_SPECS, ids=[each[1] for each in BAD_SPECS])
async def test_a_wrong_spec_is_named(guest: Tenant, spec: dict[str, Any], reason: str, words: str) -> None:
    await guest.apply(guest.secret(), guest.integration(**spec))

    await guest.condition("psai", guest.acme, "Ready", "False", reason, says=words)
    assert ("Warning", reason) in [event[:2] for event in await guest.events(guest.acme)]


async def test_a_server_without_tls_is_named(guest: Tenant) -> None:
    url = guest.psa.url.replace("http://", "https://")
    await guest.apply(guest.secret(), guest.integration(**at(url)))

    await guest.condition("psai", guest.acme, "Ready", "False", "TLSFailed")


BAD_SECRETS = [
    ({"privateKey": "wrong"}, "AuthenticationFailed", ""),
    ({"privateKey": None}, "InvalidCredentialsSecret", 'The key "privateKey" is missing in Secret "keys"'),
    ({"clientId": " "}, "InvalidCredentialsSecret", 'The key "clientId" is empty in Secret "keys"'),
]


@pytest.mark.parametrize(("keys", "reason", "words"), BAD_SECRETS, ids=["wrong", "missing", "empty"])
async def test_wrong_credentials_are_named_and_heal_without_a_new_object(
    guest: Tenant, keys: dict[str, str | None], reason: str, words: str
) -> None:
    await guest.apply(guest.secret("keys", **keys), guest.integration())
    await guest.condition("psai", guest.acme, "CredentialsValid", "False", reason, says=words)
    await guest.condition("psai", guest.acme, "Stalled", "True", reason)

    await guest.apply(guest.secret())

    await guest.condition("psai", guest.acme, "CredentialsValid", "True")


async def test_another_time_zone_than_the_psas_is_named_and_stops_nothing(guest: Tenant) -> None:
    guest.psa.set(serverTimeZone="Central Europe Standard Time")
    await guest.connect(timeZone="America/New_York")

    words = "Write timeZone: Europe/Budapest"
    await guest.condition("psai", guest.acme, "TimeZoneMatches", "False", "Differs", says=words)
    await guest.apply(guest.integration(timeZone="Europe/Berlin"))
    await guest.condition("psai", guest.acme, "TimeZoneMatches", "True", "Same")


async def test_a_missing_right_is_named_and_blocks_a_run(guest: Tenant) -> None:
    guest.psa.set(denied=["company/companies"])
    await guest.apply(guest.secret(), guest.integration(), guest.resync("denied"))

    await guest.condition("psai", guest.acme, "PermissionsGranted", "False", says="companies")
    await guest.condition("tres", "denied", "Ready", "False", "IntegrationNotReady", says="companies")


DATABASES = [
    ("postgresql://u:p@127.0.0.1:1/none", "DatabaseUnreachable", ""),
    ("postgresql://u:p@10.255.255.1/none", "HostNotAllowed", "the operator's list of allowed hosts"),
    ("not a dsn", "InvalidDsn", ""),
    (None, "InvalidDatabaseSecret", 'The key "dsn" is missing in Secret "database"'),
]


@pytest.mark.parametrize(("dsn", "reason", "words"), DATABASES, ids=[each[1] for each in DATABASES])
async def test_a_wrong_database_is_named(guest: Tenant, dsn: str | None, reason: str, words: str) -> None:
    reference = {"secretRef": {"name": "database", "key": "dsn"}}
    secret = {**guest.secret("database"), "stringData": {"dsn": dsn} if dsn else {"other": "x"}}
    await guest.apply(guest.secret(), secret, guest.integration(database=reference))

    await guest.condition("psai", guest.acme, "DatabaseReady", "False", reason, says=words)
    await guest.condition("psai", guest.acme, "Ready", "False", reason)


async def test_two_integrations_do_not_fill_the_same_rows_and_the_second_follows_the_first(
    guest: Tenant,
) -> None:
    await guest.connect(integrationKey="shared")

    await guest.apply(guest.integration("late", integrationKey="shared"))

    words = f'"{guest.namespace}/{guest.acme}" already fills the rows'
    await guest.condition("psai", "late", "Ready", "False", "IntegrationKeyTaken", says=words)

    await guest.delete("psai", guest.acme)

    await guest.condition("psai", "late", "Ready", "True", "Connected")


async def test_a_disabled_integration_says_so_and_asks_nothing(guest: Tenant) -> None:
    guest.psa.clear_requests()
    await guest.apply(guest.secret(), guest.integration(enabled=False))

    await guest.condition("psai", guest.acme, "Ready", "True", "IntegrationDisabled")

    assert guest.psa.requests()["total"] == 0


async def test_a_probe_is_made_on_request_and_its_token_is_echoed(guest: Tenant) -> None:
    await guest.connect()
    guest.psa.set(denied=["company/contacts"])

    await guest.kubectl("annotate", "psai", guest.acme, "psa.msportal.ai/probe=now")

    await guest.condition("psai", guest.acme, "PermissionsGranted", "False")
    found = await guest.get("psai", guest.acme)
    assert found
    assert found["status"]["lastHandledRequests"] == {"psa.msportal.ai/probe": "now"}


async def test_a_changed_scope_asks_for_a_full_run_which_settles_it(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-scope")
    await guest.condition("psai", guest.acme, "ResyncRequired", "False", "UpToDate")

    await guest.patch("psai", guest.acme, {"spec": {"tickets": {"includeClosed": False}}})
    await guest.condition("psai", guest.acme, "ResyncRequired", "True", "ScopeChanged")
    await guest.bring("after-scope")

    await guest.condition("psai", guest.acme, "ResyncRequired", "False", "UpToDate")


async def test_an_integration_shows_what_the_database_holds(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("shown")

    found = await guest.until("psai", guest.acme, lambda each: "lastFullSync" in each["status"])

    assert found["status"]["counts"]["tickets"] == len(guest.psa.ids("tickets"))
    assert found["status"]["lastFullSync"]["name"] == "shown"
    assert condition(found, "Reconciling") is None
