"""Tickets of companies that the user leaves out are not there, and follow their company out and back in."""

from typing import Any

from psa_operator.psa.connectwise.conditions import expresses
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Verdict
from psa_operator.sync.ports import Query
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import CompanyFilter, Mode, Selection, TicketScope
from tests.world import World

ACTIVE, INACTIVE, VENDOR = {"id": 1}, {"id": 7}, {"id": 5, "name": "Vendor"}
NO_VENDORS = TicketScope(companies=CompanyFilter(excluded_types=("Vendor",)))
NO_INACTIVE = TicketScope(companies=CompanyFilter(exclude_inactive=True))
NOBODY_ON_HOLD = TicketScope(companies=CompanyFilter(excluded_statuses=("Credit Hold",)))


def of_company(world: World, *companies: int) -> set[int]:
    """The PSA's tickets of these companies."""
    return {key for key, row in world.truth().items() if row["company_id"] in companies}


def active(world: World) -> list[int]:
    """Companies that are no longer left out by anything, those with most tickets first."""
    used = [row["company_id"] for row in world.truth().values()]
    found = [each["id"] for each in world.psa.state("companies") if each["status"]["name"] == "Active"]
    return sorted(found, key=used.count, reverse=True)


async def assert_all_but(world: World, *companies: int) -> None:
    """Readers see what the PSA has, but for the tickets of these companies."""
    live, left_out = await world.tickets(), of_company(world, *companies)
    assert live == {key: row for key, row in world.truth().items() if key not in left_out}


async def asked(world: World, ticket: int, scope: TicketScope) -> Any:
    await world.run(Mode.QUICK, dry_run=True, only=Selection((ticket,)), scope=scope)
    [answer] = (await world.row()).report.explanations
    return answer


async def test_tickets_of_left_out_types_are_not_brought_and_are_counted(world: World) -> None:
    vendor = active(world)[0]
    world.psa.change(vendor, entity="companies", types=[{"id": 1, "name": "Customer"}, VENDOR])

    row = await world.full(scope=NO_VENDORS)

    await assert_all_but(world, vendor)
    left_out = of_company(world, vendor)
    entries = [each for each in world.psa.state("timeEntries") if each["chargeToId"] in left_out]
    assert row.report.skipped == {"companyExcluded": len(left_out), "ticketOutOfScope": len(entries)}
    assert len(await world.sql("SELECT 1 FROM company WHERE psa_id = %s", vendor)) == 1
    assert await world.sql("SELECT 1 FROM contact WHERE company_id = %s LIMIT 1", vendor)


async def test_statuses_are_left_out_by_name_and_as_inactive_ones_with_deleted_companies(
    world: World,
) -> None:
    on_hold, gone, *_ = active(world)
    world.psa.change(on_hold, entity="companies", status={"id": 3})
    deleted = [each["id"] for each in world.psa.state("companies") if each["deletedFlag"]]

    await world.full(scope=NOBODY_ON_HOLD)
    await assert_all_but(world, on_hold)

    world.psa.change(gone, entity="companies", status=INACTIVE)
    await world.full(scope=NO_INACTIVE)
    await assert_all_but(world, gone, *deleted)


async def test_a_company_that_becomes_inactive_takes_its_tickets_along_without_a_change_of_theirs(
    world: World,
) -> None:
    await world.full(scope=NO_INACTIVE)
    before = await world.tickets()
    company = active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    left = of_company(world, company)

    row = await world.quick(scope=NO_INACTIVE)

    after = await world.tickets()
    assert after == {key: each for key, each in before.items() if key not in left}
    assert {
        key for (key,) in [tuple(each.values()) for each in await world.sql("SELECT psa_id FROM ticket")]
    } > left
    assert f"{len(left):,} tickets belong to companies" in " ".join(row.report.notices)
    assert row.report.resync_required == ""


async def test_a_company_that_comes_back_brings_its_tickets_with_their_notes(world: World) -> None:
    company = active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    await world.full(scope=NO_INACTIVE)
    [ticket] = world.psa.create(company={"id": company})
    await world.quick(scope=NO_INACTIVE)
    assert ticket not in await world.tickets()

    world.psa.change(company, entity="companies", status=ACTIVE)
    row = await world.quick(scope=NO_INACTIVE)

    deleted = [each["id"] for each in world.psa.state("companies") if each["deletedFlag"]]
    await assert_all_but(world, *deleted)
    assert row.report.resync_required == ""
    lacking = await world.sql(
        "SELECT 1 FROM ticket WHERE company_id = %s AND psa_id <> %s"
        " AND NOT EXISTS (SELECT FROM note WHERE note.ticket_id = ticket.psa_id)",
        company,
        ticket,
    )
    assert lacking == []


async def test_one_that_was_hidden_with_its_company_comes_back_with_it(world: World) -> None:
    await world.full(scope=NO_INACTIVE)
    before, company = await world.tickets(), active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    await world.quick(scope=NO_INACTIVE)

    world.psa.change(company, entity="companies", status=ACTIVE)
    await world.quick(scope=NO_INACTIVE)

    assert await world.tickets() == before


async def test_a_status_that_becomes_inactive_itself_hides_and_shows_as_well(world: World) -> None:
    on_hold = active(world)[0]
    world.psa.change(on_hold, entity="companies", status={"id": 3})
    await world.full(scope=NO_INACTIVE)
    before = await world.tickets()

    world.psa.change(3, entity="companyStatuses", inactiveFlag=True)
    await world.sql("DELETE FROM mark WHERE entity = 'boards'")
    await world.quick(scope=NO_INACTIVE)
    hidden = before.keys() - (await world.tickets()).keys()
    world.psa.change(3, entity="companyStatuses", inactiveFlag=False)
    await world.sql("DELETE FROM mark WHERE entity = 'boards'")
    await world.quick(scope=NO_INACTIVE)

    assert hidden == of_company(world, on_hold)
    assert await world.tickets() == before


async def test_a_status_that_another_run_brought_back_shows_hidden_tickets_with_the_next_quick_run(
    world: World,
) -> None:
    on_hold = active(world)[0]
    await world.full(scope=NO_INACTIVE)
    before = await world.tickets()
    world.psa.change(on_hold, entity="companies", status=INACTIVE)
    await world.quick(scope=NO_INACTIVE)
    world.psa.change(7, entity="companyStatuses", inactiveFlag=False)
    assert (await world.run(Mode.REFERENCE_DATA, scope=NO_INACTIVE)).phase == "Succeeded"

    await world.quick(scope=NO_INACTIVE)

    assert (await world.tickets()).keys() >= before.keys()


async def test_those_that_a_full_run_removes_are_counted_apart_from_the_guard(world: World) -> None:
    await world.full()
    vendor = active(world)[0]
    left = len(of_company(world, vendor))
    world.psa.change(vendor, entity="companies", types=[VENDOR])

    row = await world.full(scope=NO_VENDORS)

    assert row.report.counts["tickets"].deleted == left > 20
    await assert_all_but(world, vendor)


async def test_more_companies_than_a_url_holds_are_told_apart_by_us(world: World) -> None:
    world.psa.create(400, entity="companies", types=[VENDOR])
    vendor = active(world)[0]
    world.psa.change(vendor, entity="companies", types=[VENDOR])
    left = len(of_company(world, vendor))

    full = await world.full(scope=NO_VENDORS)
    quick = await world.quick(scope=NO_VENDORS)

    await assert_all_but(world, vendor)
    assert full.report.skipped["companyExcluded"] == left
    assert quick.report.resync_required is None


async def test_as_many_companies_as_a_url_holds_raise_no_doubt_about_a_board(world: World) -> None:
    many = world.psa.create(400, entity="companies")
    vendor = active(world)[0]
    fitting = [number for number in range(len(many)) if _expressed(vendor, *many[:number])]
    world.psa.change(vendor, *many[: fitting[-1]], entity="companies", types=[VENDOR])

    row = await world.full(scope=NO_VENDORS)

    await assert_all_but(world, vendor)
    assert [each.check for each in row.report.checks if each.result != "Passed"] == []


def _expressed(*companies: int) -> bool:
    return expresses(Query(scope=ResolvedScope(excluded_companies=frozenset(companies))))


async def test_a_ticket_that_moves_to_a_left_out_company_is_hidden_and_counted_if_it_is_new(
    world: World,
) -> None:
    vendor, other, *_ = active(world)
    world.psa.change(vendor, entity="companies", types=[VENDOR])
    await world.full(scope=NO_VENDORS)
    moved = min(of_company(world, other))
    world.psa.change(moved, company={"id": vendor})
    world.psa.create(2, company={"id": vendor})

    row = await world.quick(scope=NO_VENDORS)

    await assert_all_but(world, vendor)
    assert row.report.skipped == {"companyExcluded": 2}
    assert [
        each["out_of_scope"]
        for each in await world.sql("SELECT out_of_scope FROM ticket WHERE psa_id = %s", moved)
    ] == ["companyExcluded"]


async def test_a_new_company_that_is_left_out_keeps_its_tickets_out(world: World) -> None:
    await world.full(scope=NO_VENDORS)
    [company] = world.psa.create(entity="companies", types=[VENDOR])
    world.psa.create(3, company={"id": company})

    row = await world.quick(scope=NO_VENDORS)

    await assert_all_but(world, company)
    assert row.report.skipped == {"companyExcluded": 3}


async def test_a_prune_leaves_what_is_hidden_and_has_no_word_on_what_is_left_out(world: World) -> None:
    await world.full(scope=NO_INACTIVE)
    company = active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    await world.quick(scope=NO_INACTIVE)
    gone = min((await world.tickets()).keys())
    world.psa.delete(gone)

    outcome = await world.run(Mode.PRUNE, scope=NO_INACTIVE)

    assert outcome.phase == "Succeeded", outcome
    row = await world.row()
    assert row.report.counts["tickets"].deleted == 1
    assert row.report.resync_required is None


async def test_a_full_run_of_tickets_alone_knows_companies_by_the_live_ones(world: World) -> None:
    vendor = active(world)[0]
    world.psa.change(vendor, entity="companies", types=[VENDOR])
    await world.full(scope=NO_VENDORS)

    await world.full(scope=NO_VENDORS, only=Selection(entities=(Entity.TICKETS,)))

    await assert_all_but(world, vendor)


async def test_a_named_ticket_of_a_left_out_company_is_not_brought(world: World) -> None:
    vendor = active(world)[0]
    world.psa.change(vendor, entity="companies", types=[VENDOR])
    await world.full(scope=NO_VENDORS)

    row = await world.full(scope=NO_VENDORS, only=Selection((min(of_company(world, vendor)),)))

    await assert_all_but(world, vendor)
    assert row.report.skipped == {"companyExcluded": 1}


async def test_a_kind_of_company_that_the_psa_does_not_have_fails_with_those_it_has(world: World) -> None:
    outcome = await world.run(
        Mode.FULL, scope=TicketScope(companies=CompanyFilter(excluded_types=("Suppliers",)))
    )

    assert (outcome.phase, outcome.reason) == ("Failed", "UnknownCompanyType")
    assert 'spec.companies.excludedTypes names "Suppliers"' in outcome.message
    assert '"Customer"' in outcome.message


async def test_other_company_settings_ask_for_a_full_run(world: World) -> None:
    await world.full()

    row = await world.quick(scope=NO_VENDORS)

    assert "scope changed" in (row.report.resync_required or "")


async def test_an_explanation_names_the_company_and_what_brings_the_ticket_back(world: World) -> None:
    company = active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    await world.full(scope=NO_INACTIVE)
    ticket = min(of_company(world, company))
    [name] = [each["name"] for each in world.psa.state("companies") if each["id"] == company]

    answer = await asked(world, ticket, NO_INACTIVE)

    assert (answer.verdict, answer.reason) == (Verdict.ABSENT, "CompanyExcluded")
    assert f'its company "{name}" is one that spec.companies leaves out' in answer.detail
    assert '"Not-Active"' in answer.detail
    assert "change the integration's spec.companies" in answer.detail


async def test_an_explanation_knows_a_company_that_has_just_changed(world: World) -> None:
    await world.full(scope=NO_INACTIVE)
    company = active(world)[0]
    world.psa.change(company, entity="companies", status=INACTIVE)
    ticket = min(of_company(world, company))

    leaves = await asked(world, ticket, NO_INACTIVE)
    await world.quick(scope=NO_INACTIVE)
    world.psa.change(company, entity="companies", status=ACTIVE)
    returns = await asked(world, ticket, NO_INACTIVE)

    assert (leaves.verdict, leaves.reason) == (Verdict.SHOWN, "CompanyExcluded")
    assert "The next Quick run hides it" in leaves.detail
    assert (returns.verdict, returns.reason) == (Verdict.HIDDEN, "HiddenYet")
    assert "The next Quick run shows it if its company changed" in returns.detail
