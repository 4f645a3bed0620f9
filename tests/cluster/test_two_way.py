"""Two-way sync as its owner sees it: what is pending, what became of it, and what a Full run does with it."""

from tests.cluster.portal import Portal


async def test_edits_are_recorded_from_the_moment_that_the_user_says_so(portal: Portal) -> None:
    first, second = portal.tenant.psa.ids()[:2]
    await portal.rename(first, "by the portal")
    pending = await portal.pending(1, "one")
    assert [(each["ticketId"], each["what"]) for each in pending["first"]] == [(first, "summary")]

    await portal.tenant.patch("psai", portal.tenant.acme, {"spec": {"writeBack": {"enabled": False}}})
    await portal.tenant.until(
        "psai", portal.tenant.acme, lambda found: found["status"]["observedGeneration"] == 3
    )
    await portal.rename(second, "damage")

    assert await portal.sql("SELECT ticket_id FROM local_change") == [(first,)]


async def test_a_quick_run_sends_what_is_pending_and_its_receipt_says_so(portal: Portal) -> None:
    ticket = portal.tenant.psa.ids()[0]
    await portal.rename(ticket, "by the portal")
    await portal.note(ticket, "and a note")
    await portal.pending(2, "two")

    status = await portal.tenant.bring("quick", "Quick")

    assert status["localChanges"] == {"sent": 2, "refused": 0, "held": 0, "unsent": 0, "discarded": 0}
    assert "2 local changes sent" in status["message"]
    assert portal.tenant.psa.state()[0]["summary"] == "by the portal"
    assert [each["text"] for each in portal.tenant.psa.state("notes")].count("and a note") == 1
    await portal.pending(0, "done")


async def test_a_conflict_is_held_shown_and_resolved_by_the_next_run(portal: Portal) -> None:
    ticket = portal.tenant.psa.ids()[0]
    await portal.rename(ticket, "by the portal")
    portal.tenant.psa.change(ticket, summary="by a technician")

    status = await portal.tenant.bring("conflict", "Quick")

    assert "1 local changes held" in status["message"]
    pending = await portal.pending(1, "held")
    assert (pending["held"], pending["first"][0]["state"]) == (1, "Held")
    await portal.tenant.condition("psai", portal.tenant.acme, "Ready", "True", says="1 local changes wait")
    await portal.sql("UPDATE local_change SET resolution = 'Portal'")
    assert "1 local changes sent" in (await portal.tenant.bring("resolved", "Quick"))["message"]
    assert portal.tenant.psa.state()[0]["summary"] == "by the portal"


async def test_a_full_run_that_may_not_lose_anything_fails_before_it_reads(portal: Portal) -> None:
    await portal.rename(portal.tenant.psa.ids()[0], "by the portal")
    portal.tenant.psa.clear_requests()

    status = await portal.tenant.sync("careful", localChanges="Abort")

    assert (status["phase"], status["errors"][0]["kind"]) == ("Failed", "PendingLocalChanges")
    assert "1 local changes were not sent yet" in status["message"]
    assert not [path for path in portal.tenant.psa.requests()["byPath"] if "PATCH" in path]


async def test_what_is_given_up_is_planned_counted_and_kept(portal: Portal) -> None:
    ticket = portal.tenant.psa.ids()[0]
    await portal.rename(ticket, "never sent")

    planned = await portal.tenant.bring("planned", dryRun=True)
    done = await portal.tenant.bring("given-up", localChanges="Discard", acknowledgeDataLoss=True)

    assert planned["plan"]["localChanges"] == done["localChanges"]["discarded"] == 1
    assert planned["localChanges"]["unsent"] == 1
    assert "1 local changes discarded" in done["message"]
    assert await portal.sql("SELECT value ->> 'summary', state FROM local_change") == [
        ("never sent", "Discarded")
    ]
    assert portal.tenant.psa.state()[0]["summary"] != "never sent"
