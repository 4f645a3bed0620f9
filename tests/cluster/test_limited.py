"""Limited runs and explanations, as their owner sees them."""

import json

from tests.cluster.tenant import Tenant, condition

UNKNOWN = 4_000_000


async def test_named_tickets_are_brought_and_the_word_on_a_full_run_stays(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-named")
    await guest.until("psai", guest.acme, lambda each: "lastFullSync" in each["status"])
    gone, changed, other = guest.psa.ids("tickets")[:3]
    guest.psa.delete(gone)
    guest.psa.change(changed, other, summary="changed")

    status = await guest.bring("named", ticketIds=[gone, changed])

    counts = status["counts"]["tickets"]
    assert (counts["updated"], counts["deleted"]) == (1, 1)
    assert "Limited to 2 named tickets" in status["message"]
    found = await guest.get("psai", guest.acme)
    assert found
    assert found["status"]["lastFullSync"]["name"].endswith("before-named")


async def test_each_ticket_is_explained_and_the_message_has_it_in_short(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-question")
    one = guest.psa.ids("tickets")[0]

    status = await guest.bring("question", "Quick", dryRun=True, ticketIds=[one, UNKNOWN])

    shown, absent = status["explanations"]
    assert (shown["ticketId"], shown["verdict"], shown["reason"]) == (one, "Shown", "UpToDate")
    assert "before-question" in shown["detail"]
    assert (absent["verdict"], absent["reason"]) == ("Absent", "NotInPSA")
    assert status["message"].startswith(f"#{one} Shown (UpToDate), #{UNKNOWN} Absent (NotInPSA)")
    assert (condition({"status": status}, "Succeeded") or {})["reason"] == "Explained"


async def test_twenty_explanations_fit_into_the_status(guest: Tenant) -> None:
    await guest.connect(tickets={"includeClosed": False})
    ids = guest.psa.ids("tickets")[:20]

    status = await guest.bring("questions", "Quick", dryRun=True, ticketIds=ids)

    assert [each["ticketId"] for each in status["explanations"]] == ids
    assert len(json.dumps(status)) < 16 * 1024


async def test_a_psa_that_refuses_us_is_the_explanation(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-refusal")
    one = guest.psa.ids("tickets")[0]
    await guest.apply(guest.secret(privateKey="wrong"))
    await guest.condition("psai", guest.acme, "Ready", "False", "AuthenticationFailed")

    status = await guest.bring("refused", "Quick", dryRun=True, ticketIds=[one])

    [answer] = status["explanations"]
    assert (answer["verdict"], answer["reason"]) == ("Shown", "AuthenticationFailed")
    assert "Connection: " in answer["detail"]
    assert "before-refusal" in answer["detail"]


async def test_a_full_run_of_some_kinds_counts_only_these(guest: Tenant) -> None:
    await guest.connect()
    await guest.bring("before-kinds")

    status = await guest.bring("kinds", entities=["companies", "contacts"])

    assert set(status["counts"]) == {"companyStatuses", "companies", "contacts"}
    assert "contacts compared; 0 rows created, 0 changed, 0 deleted" in status["message"]
    warned = [message for _, reason, message in await guest.events("kinds") if reason == "FullResyncStarted"]
    assert "brings companies and contacts to what the PSA has" in warned[0]
