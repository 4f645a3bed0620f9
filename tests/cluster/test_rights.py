"""A right that is taken away in the PSA is named where people look, and stops no more than it has to."""

from tests.cluster.tenant import Object, Tenant, condition

CONTACTS = "Companies > Contacts: Inquire All"


def states(found: Object) -> dict[str, str]:
    return {each["area"]: each["state"] for each in found["status"]["permissions"]}


async def told(guest: Tenant, reason: str) -> list[str]:
    """The types of the integration's events of a reason."""
    return [type_ for type_, why, _ in await guest.events(guest.acme) if why == reason]


async def test_a_revoked_right_switches_off_its_area_and_is_told_once(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("rights-all")
    guest.psa.set(denied=["company/contacts"])

    run = await guest.bring("rights-fewer", "Quick")

    assert "contacts left as they are" in run["message"]
    assert [CONTACTS in each["message"] for each in run["errors"]] == [True]
    found = await guest.condition(
        "psai", guest.acme, "PermissionsGranted", "False", "PermissionDenied", says=CONTACTS
    )
    ready = condition(found, "Ready")
    assert ready
    assert (ready["status"], found["status"]["phase"]) == ("True", "Connected")
    assert "contacts may not be read" in ready["message"]
    assert {area for area, state in states(found).items() if state == "Denied"} == {"contacts"}
    await guest.bring("rights-still", "Quick")
    assert await told(guest, "PermissionDenied") == ["Warning"]

    guest.psa.set(denied=[])
    await guest.kubectl("annotate", "psai", guest.acme, "psa.msportal.ai/probe=back")

    found = await guest.condition("psai", guest.acme, "PermissionsGranted", "True", "AllGranted")
    assert set(states(found).values()) == {"Granted"}
    assert await told(guest, "AllGranted") == ["Normal"]
