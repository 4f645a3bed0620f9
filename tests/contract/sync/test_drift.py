"""A Full run says what the Quick runs before it had missed, and why; a Quick run, what came late."""

from collections import Counter

import pytest

from psa_operator.sync.outcome import Drift
from psa_operator.sync.spec import CompanyFilter, Mode, TicketScope
from tests.world import World

ON_TIME = Drift()


async def test_what_was_missed_is_sorted_by_its_cause(small_world: World) -> None:
    await small_world.full()
    new, changed, deleted, damaged, *_ = sorted(small_world.truth())
    await small_world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = %s", damaged)
    small_world.psa.delete(deleted)
    # As a PSA does that shows a change only after a Quick run has gone past its stamp.
    for table in ("note", "time_entry", "ticket_technician"):
        await small_world.sql(f"DELETE FROM {table} WHERE ticket_id = %s", new)
    await small_world.sql("DELETE FROM ticket WHERE psa_id = %s", new)
    await small_world.sql(
        "UPDATE ticket SET summary = 'old', updated_at = updated_at - interval '1 day' WHERE psa_id = %s",
        changed,
    )

    row = await small_world.full()

    assert row.report.drift == Drift(missing=1, stale=1, damaged=1, undeleted=1)
    last = (await small_world.facts()).last_full
    assert last
    assert last.drift == row.report.drift


async def test_what_the_psa_changes_without_a_new_stamp_is_no_damage(small_world: World) -> None:
    scope = TicketScope(companies=CompanyFilter(excluded_statuses=("Credit Hold",)))
    await small_world.full(scope=scope)
    company = Counter(each["company_id"] for each in small_world.truth().values()).most_common(1)[0][0]
    before = next(each["status"] for each in small_world.psa.state("companies") if each["id"] == company)
    small_world.psa.change(company, entity="companies", status={"id": 3})
    await small_world.quick(scope=scope)
    small_world.psa.change(company, entity="companies", status=before)
    field = small_world.psa.state("userDefinedFields")[0]
    small_world.psa.delete(field["id"], entity="userDefinedFields")

    row = await small_world.full(scope=scope)

    assert row.report.counts["tickets"].updated
    assert row.report.drift == ON_TIME


async def test_what_changed_since_the_last_quick_run_is_no_drift(small_world: World) -> None:
    await small_world.full()
    small_world.psa.change(*sorted(small_world.truth())[:3], summary="changed")
    small_world.psa.create(2)

    row = await small_world.full()

    assert row.report.counts["tickets"].updated + row.report.counts["tickets"].created == 5
    assert row.report.drift == ON_TIME


async def test_nothing_is_said_where_nothing_was_missed_or_can_be_known(small_world: World) -> None:
    first = await small_world.full()
    board = small_world.psa.ids("boards")[0]
    fewer = await small_world.full(scope=TicketScope(exclude_boards=(str(board),)))
    await small_world.run(Mode.QUICK)
    again = await small_world.full()

    assert (first.report.drift, fewer.report.drift, again.report.drift) == (None, None, None)


async def test_a_quick_run_says_how_late_a_ticket_came(small_world: World) -> None:
    await small_world.full()
    on_time = await small_world.quick()
    # As if the run before had gone past the stamp of a change that the PSA shows only now.
    small_world.psa.change(next(iter(small_world.truth())), summary="late")
    await small_world.sql("UPDATE mark SET covered_until = covered_until + interval '200 s'")

    late = await small_world.quick()

    assert on_time.report.lateness == 0
    assert late.report.lateness == pytest.approx(200, abs=30)


async def test_a_ticket_that_came_for_another_reason_is_not_late(small_world: World) -> None:
    await small_world.full()
    await small_world.sql("DELETE FROM mark")
    await small_world.quick()

    assert (await small_world.quick()).report.lateness == 0
    assert (await small_world.full()).report.lateness is None
