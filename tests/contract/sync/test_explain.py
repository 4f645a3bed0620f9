"""Why a ticket is there or not: each stage has its word, and says which run mends it."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from psa_operator.store.history import RunRow
from psa_operator.sync.outcome import Explanation, Verdict
from psa_operator.sync.spec import CustomFields, DateField, DateRange, Mappings, Mode, Selection, TicketScope
from tests.world import World

UNKNOWN = 4_000_000
EVERYTHING = "SELECT psa_id, xmin::text, ctid::text FROM ticket ORDER BY psa_id"


async def asked(world: World, *ids: int, mode: Mode = Mode.QUICK, **changes: Any) -> RunRow:
    """An explanation, which must come about whatever it says."""
    outcome = await world.run(mode, dry_run=True, only=Selection(ids), **changes)
    assert outcome.phase == "Succeeded", outcome
    return await world.row()


async def explained(world: World, ticket_id: int, **changes: Any) -> Explanation:
    [answer] = (await asked(world, ticket_id, **changes)).report.explanations
    assert answer.ticket_id == ticket_id
    return answer


def oldest(world: World) -> int:
    """The ticket that was changed before all others, so that no Quick run looks at it."""
    stamps = {key: row["updated_at"] for key, row in world.truth().items()}
    return min(stamps, key=lambda each: stamps[each])


def is_about(answer: Explanation, verdict: Verdict, reason: str, *words: str) -> None:
    assert (answer.verdict, answer.reason) == (verdict, reason), answer
    assert [each for each in words if each not in answer.detail] == [], answer


async def test_one_that_is_right_says_since_when_and_by_which_run(world: World) -> None:
    row = await world.full()

    answer = await explained(world, min(world.truth()))

    is_about(answer, Verdict.SHOWN, "UpToDate", "There since 2", f"by run {row.name}.")


async def test_one_that_an_older_release_brought_has_no_beginning(world: World) -> None:
    await world.full()
    await world.sql("UPDATE ticket SET inserted_at = NULL")

    is_about(
        await explained(world, min(world.truth())), Verdict.SHOWN, "UpToDate", "There, last changed at 2"
    )


async def test_every_ticket_of_a_true_copy_is_up_to_date(world: World) -> None:
    await world.full()

    answers = (await asked(world, *sorted(world.truth())[:300])).report.explanations

    assert {(each.verdict, each.reason) for each in answers} == {(Verdict.SHOWN, "UpToDate")}


async def test_the_names_of_the_portal_are_no_difference_and_a_missing_one_is_told(world: World) -> None:
    every = world.psa.state("userDefinedFields")
    renamed = tuple((each["caption"], f"portal's {each['id']}") for each in every)
    first, *others = world.psa.state("statuses")
    world.settings = {
        "scope": TicketScope(custom_fields=CustomFields(renamed=renamed)),
        "mappings": Mappings(statuses={first["name"]: "Open"}),
    }
    await world.full()
    names = {each["id"]: each["name"] for each in others}
    chosen = [
        each for each in world.psa.state() if names.get(each["status"]["id"], first["name"]) != first["name"]
    ]

    answers = (await asked(world, *(each["id"] for each in chosen[:20]))).report.explanations

    for answer, ticket in zip(answers, chosen, strict=False):
        name = names[ticket["status"]["id"]]
        is_about(answer, Verdict.SHOWN, "UpToDate", f'spec.mappings.statuses has no name for "{name}"')


async def test_it_changes_nothing_and_is_answered_in_the_order_of_asking(world: World) -> None:
    await world.full()
    first, second = sorted(world.truth())[:2]
    world.psa.change(first, summary="changed")
    before = await world.sql(EVERYTHING), await world.sql("SELECT * FROM mark ORDER BY entity")

    row = await asked(world, second, UNKNOWN, first, second)

    assert [each.ticket_id for each in row.report.explanations] == [second, UNKNOWN, first]
    assert row.message.startswith(f"#{second} Shown (UpToDate), #{UNKNOWN} Absent (NotInPSA)")
    assert (await world.sql(EVERYTHING), await world.sql("SELECT * FROM mark ORDER BY entity")) == before
    assert (await world.facts()).last_quick is None


async def test_one_that_nobody_has(world: World) -> None:
    await world.full()

    is_about(await explained(world, UNKNOWN), Verdict.ABSENT, "NotInPSA", "The PSA does not have it")


async def test_one_that_was_deleted_in_the_psa_names_the_runs_that_remove_it(world: World) -> None:
    await world.full()
    gone = min(world.truth())
    world.psa.delete(gone)

    answer = await explained(world, gone)

    is_about(
        answer,
        Verdict.SHOWN,
        "NotInPSA",
        f"A Prune or a Full run removes it, also one with ticketIds: [{gone}]",
    )


async def test_one_that_its_list_hides_is_not_called_gone(world: World) -> None:
    await world.full()
    hidden = min(world.truth())
    world.psa.fault("hide", "service/tickets", ids=[hidden])

    is_about(await explained(world, hidden), Verdict.SHOWN, "NotListed", "Ask again")


async def test_a_new_one_comes_with_the_next_quick_run(world: World) -> None:
    await world.full()
    [new] = world.psa.create()

    is_about(await explained(world, new), Verdict.ABSENT, "NotBroughtYet", "The next Quick run brings it")
    await world.quick()

    is_about(await explained(world, new), Verdict.SHOWN, "UpToDate")


async def test_an_old_one_that_is_lost_comes_with_no_quick_run(world: World) -> None:
    await world.full()
    lost = oldest(world)
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = %s", lost)
    await world.sql("DELETE FROM ticket WHERE psa_id = %s", lost)

    answer = await explained(world, lost)
    await world.quick()
    still = await explained(world, lost)
    assert (await world.run(Mode.QUICK, only=Selection((lost,)))).phase == "Succeeded"

    words = "No Quick run brings it", f"so does a Quick or Full run with ticketIds: [{lost}]"
    is_about(answer, Verdict.ABSENT, "NotBroughtYet", *words)
    assert still == answer
    is_about(await explained(world, lost), Verdict.SHOWN, "UpToDate")


async def test_damage_is_told_by_its_columns(world: World) -> None:
    await world.full()
    old = oldest(world)
    await world.sql(
        """UPDATE ticket SET summary = 'damaged', custom_fields = '{"a": 1}' WHERE psa_id = %s""", old
    )
    await world.sql("DELETE FROM ticket_technician WHERE ticket_id = %s", old)

    answer = await explained(world, old)

    differs = "summary, custom_fields" + (", technicians" if world.truth()[old]["technicians"] else "")
    is_about(answer, Verdict.SHOWN, "Differs", f"differs from the PSA in {differs}.", "No Quick run mends it")


async def test_a_row_that_claims_to_be_newer_needs_a_full_run(world: World) -> None:
    await world.full()
    one = min(world.truth())
    await world.sql("UPDATE ticket SET updated_at = updated_at + interval '9 years' WHERE psa_id = %s", one)

    answer = await explained(world, one)
    assert (await world.run(Mode.FULL, only=Selection((one,)))).phase == "Succeeded"

    is_about(answer, Verdict.SHOWN, "Differs", "updated_at", "A Full run mends it, also one with ticketIds")
    is_about(await explained(world, one), Verdict.SHOWN, "UpToDate")


async def test_each_reason_of_the_scope_names_what_is_written_in_it(world: World) -> None:
    raw = next(each for each in world.psa.state("tickets") if not each["closedFlag"])
    closed = next(each["id"] for each in world.psa.state("tickets") if each["closedFlag"])
    board, status = raw["board"]["name"], raw["status"]["name"]
    await world.full()
    cases = (
        (TicketScope(exclude_boards=(board,)), raw["id"], "BoardNotSelected", f'board "{board}"'),
        (TicketScope(excluded_statuses=(status,)), raw["id"], "StatusExcluded", f'status is "{status}"'),
        (TicketScope(include_closed=False), closed, "Closed", "spec.tickets.includeClosed is false"),
        (
            TicketScope(
                date_range=DateRange(DateField.DATE_ENTERED, end=world.truth()[closed]["entered_at"])
            ),
            closed,
            "OutsideDateRange",
            "its dateEntered is 2",
        ),
    )
    for scope, ticket_id, reason, words in cases:
        answer = await explained(world, ticket_id, scope=scope)
        is_about(answer, Verdict.SHOWN, reason, "Out of scope: ", words)


async def test_a_hidden_one_says_why_and_what_shows_it_again(world: World) -> None:
    await world.full()
    raw = next(each for each in world.psa.state("tickets") if each["contact"])
    narrowed = TicketScope(exclude_boards=(raw["board"]["name"],))
    await world.run(Mode.QUICK, only=Selection((raw["id"],)), scope=narrowed)

    hidden = await explained(world, raw["id"], scope=narrowed)
    wanted_again = await explained(world, raw["id"])

    is_about(hidden, Verdict.HIDDEN, "BoardNotSelected", "To have it, change the integration's spec.tickets")
    is_about(wanted_again, Verdict.HIDDEN, "HiddenYet", "It was hidden (boardNotSelected)")


async def test_what_a_date_range_left_behind_is_hidden_by_the_next_quick_run(world: World) -> None:
    await world.full()
    old = oldest(world)
    begin = world.truth()[old]["updated_at"] + timedelta(seconds=1)
    scope = TicketScope(date_range=DateRange(start=begin))

    answer = await explained(world, old, scope=scope)
    await world.quick(scope=scope)

    is_about(answer, Verdict.SHOWN, "OutsideDateRange", "The next Quick run hides it")
    is_about(await explained(world, old, scope=scope), Verdict.HIDDEN, "OutsideDateRange")


async def test_a_record_that_does_not_fit_names_the_field_and_what_is_shown_instead(world: World) -> None:
    await world.full()
    one, other = sorted(world.truth())[:2]
    world.psa.delete(other)
    [new] = world.psa.create()
    world.psa.change(one, board={"id": "no number"})
    world.psa.change(new, board={"id": "no number"})

    shown, absent = (await asked(world, one, new)).report.explanations

    is_about(shown, Verdict.SHOWN, "RecordRefused", "board", "What is here is the last record that did fit")
    is_about(absent, Verdict.ABSENT, "RecordRefused", "every Quick run tries it again")


async def test_a_stale_row_is_settled_by_the_next_quick_run(world: World) -> None:
    await world.full()
    one = oldest(world)
    world.psa.change(one, board={"id": "no number"})
    await world.quick()
    raw = next(each for each in world.psa.state("tickets") if each["id"] != one)
    world.psa.change(one, board=raw["board"])

    answer = await explained(world, one)
    await world.quick()

    assert answer.reason in {"Stale", "Differs"}
    is_about(answer, Verdict.SHOWN, answer.reason, "The next Quick run")
    is_about(await explained(world, one), Verdict.SHOWN, "UpToDate")


async def test_a_refused_login_is_the_answer_and_names_the_remedy(world: World) -> None:
    row = await world.full()
    world.psa.fault("unauthorized", "apis")

    answer = await explained(world, min(world.truth()))

    words = "Connection: ", "check publicKey, privateKey and clientId", f"by run {row.name}"
    is_about(answer, Verdict.SHOWN, "AuthenticationFailed", *words)


async def test_what_is_known_here_is_told_even_if_the_psa_is_down(world: World) -> None:
    await world.full()
    hidden, unfit = sorted(world.truth())[:2]
    await world.sql("UPDATE ticket SET out_of_scope = 'closed' WHERE psa_id = %s", hidden)
    await world.sql(
        "INSERT INTO quarantine SELECT integration_id, 'tickets', psa_id, 'summary', 'too long', '{}',"
        " changed_by_run, now(), now() FROM ticket WHERE psa_id = %s",
        unfit,
    )
    world.psa.fault("status", "apis", status=503)

    first, second = (await asked(world, hidden, unfit)).report.explanations

    is_about(first, Verdict.HIDDEN, first.reason, "Connection: ", "It is hidden (closed).")
    is_about(
        second, Verdict.SHOWN, first.reason, "At the last try its record did not fit: summary: too long."
    )


async def test_a_denied_area_is_the_answer_and_is_named(world: World) -> None:
    await world.full()
    world.psa.fault("forbidden", "company/companies")

    answer = await explained(world, UNKNOWN)

    is_about(answer, Verdict.ABSENT, "PermissionDenied", "Permission: ", "companies")


async def test_an_area_that_is_switched_off_is_told_beside_the_answer(world: World) -> None:
    await world.full()
    world.psa.fault("forbidden", "company/contacts")

    answer = await explained(world, min(world.truth()))

    is_about(answer, Verdict.SHOWN, "UpToDate", "may not read contacts", "stays as it is")


async def test_what_may_be_a_project_ticket_is_not_called_gone_where_these_may_not_be_read(
    world: World,
) -> None:
    account = replace(world.spec().account, project_tickets=True)
    given = {"account": account, "scope": TicketScope(project_tickets=True)}
    await world.full(**given)
    theirs = world.psa.ids("projectTickets")[0]
    world.psa.set(denied=["project/tickets"])

    answer = await explained(world, theirs, **given)

    is_about(answer, Verdict.SHOWN, "PermissionDenied", "Permission: ", "projectTickets")


async def test_an_unknown_board_in_the_scope_is_the_answer(world: World) -> None:
    await world.full()

    answer = await explained(world, UNKNOWN, scope=TicketScope(include_boards=("Nowhere",)))

    is_about(answer, Verdict.ABSENT, "UnknownBoard", 'Scope: spec.tickets.boards.include names "Nowhere"')


async def test_a_board_made_since_the_lists_were_read_is_known(world: World) -> None:
    await world.full()
    world.psa.create(entity="boards", name="Brand new")

    answer = await explained(world, min(world.truth()), scope=TicketScope(include_boards=("Brand new",)))

    is_about(answer, Verdict.SHOWN, "BoardNotSelected", "Out of scope")


async def test_another_company_behind_the_url_is_the_answer(world: World) -> None:
    await world.full()
    await world.sql("UPDATE integration SET identity = 'another'")

    is_about(await explained(world, UNKNOWN), Verdict.ABSENT, "IntegrationIdentityChanged", "Connection: ")


async def test_nothing_is_here_before_the_first_run_and_it_says_which_brings_it(world: World) -> None:
    answer = await explained(world, min(world.truth()))

    is_about(answer, Verdict.ABSENT, "NotBroughtYet", "The next Quick run brings it")


async def test_no_list_is_read_and_no_table_is_counted_for_it(world: World) -> None:
    await world.full()
    board = world.psa.state("boards")[0]["name"]
    one = min(world.truth())
    world.psa.clear_requests()

    await explained(world, one, scope=TicketScope(include_boards=(board,)))

    assert world.psa.requests()["total"] < 25
