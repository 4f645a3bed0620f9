"""A run that would remove too much removes nothing until somebody agrees to the number."""

import pytest

from psa_operator.errors import GuardError, VerificationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.guard import check_deletions, check_refusals, to_approve
from psa_operator.sync.outcome import Counts, Difference
from psa_operator.sync.spec import Guard


def deleting(deleted: int, live: int, *, unguarded: int = 0, moved: int = 0, emptied: str = "") -> Difference:
    tickets = {Entity.TICKETS: Counts(deleted=deleted, unguarded=unguarded)}
    return Difference(tickets, {Entity.TICKETS: live}, (emptied,) if emptied else (), moved)


@pytest.mark.parametrize(
    "difference",
    [deleting(10, 100), deleting(50, 1000), deleting(500, 100_000), deleting(600, 1000, unguarded=590)],
)
def test_few_deletions_pass(difference: Difference) -> None:
    check_deletions(difference, Guard(max_count=500, max_percent=5))


@pytest.mark.parametrize(
    "difference",
    [deleting(11, 100), deleting(501, 100_000), deleting(3, 3), deleting(1, 100, emptied="board Help")],
)
def test_many_deletions_stop_the_run(difference: Difference) -> None:
    with pytest.raises(GuardError):
        check_deletions(difference, Guard(max_count=500, max_percent=5))


def test_the_guard_names_the_numbers_and_the_field() -> None:
    with pytest.raises(GuardError, match=r"51 of 1,000 tickets.*spec.deletionGuard allows 500 rows or 5 %"):
        check_deletions(deleting(51, 1000), Guard())


def test_an_approval_of_the_number_or_more_lets_them_go() -> None:
    check_deletions(deleting(51, 1000), Guard(), approved=51)
    check_deletions(deleting(51, 1000), Guard(), approved=1000)


def test_an_approval_of_fewer_names_the_number() -> None:
    with pytest.raises(GuardError, match=r"set spec\.approvedDeletions to 51") as caught:
        check_deletions(deleting(51, 1000), Guard(), approved=50)
    assert caught.value.deletions == 51


def test_the_number_to_approve_counts_the_assigned_as_part_of_their_ticket() -> None:
    counts = {Entity.TICKETS: Counts(deleted=60, unguarded=5), Entity.CONTACTS: Counts(deleted=2)}
    gone = counts | {Entity.TECHNICIANS: Counts(deleted=90)}

    assert to_approve(Difference(gone, {}), Guard()) == 57
    assert to_approve(Difference({Entity.TECHNICIANS: Counts(deleted=90)}, {}), Guard()) == 90


def test_tickets_that_move_and_leave_none_count_as_if_they_went() -> None:
    moved = deleting(3, 1000, moved=12, emptied='company "Acme"')
    words = r"would leave no ticket in company \"Acme\" \(12 moved elsewhere\).* go or move, .* to 15,"
    with pytest.raises(GuardError, match=words) as caught:
        check_deletions(moved, Guard(), approved=14)
    assert caught.value.deletions == 15
    check_deletions(moved, Guard(), approved=15)


def test_what_left_the_scope_is_told_apart_from_the_number_to_approve() -> None:
    with pytest.raises(GuardError, match=r"to 60, .*; 600 more tickets go without an approval") as caught:
        check_deletions(deleting(660, 1000, unguarded=600), Guard())
    assert caught.value.deletions == 60


def test_more_refused_records_than_one_percent_fail_the_run() -> None:
    counts = {Entity.TICKETS: Counts(fetched=2000, quarantined=21)}
    with pytest.raises(VerificationError, match="21 of 2,000"):
        check_refusals(Difference(counts, {}), 1)


def test_ten_refused_records_never_fail_a_run() -> None:
    check_refusals(Difference({Entity.TICKETS: Counts(fetched=20, quarantined=10)}, {}), 1)


def test_a_guard_of_hundred_percent_lets_all_of_a_company_go_but_not_all_there_is() -> None:
    check_deletions(deleting(12, 13, emptied="company Acme", moved=1), Guard(max_count=500, max_percent=100))

    with pytest.raises(GuardError, match="all 12 tickets"):
        check_deletions(deleting(12, 12), Guard(max_count=500, max_percent=100))


def test_handing_on_the_tickets_of_a_technician_who_left_passes() -> None:
    handed_on = {Entity.TECHNICIANS: Counts(created=600, deleted=600)}
    check_deletions(Difference(handed_on, {Entity.TECHNICIANS: 1000}), Guard())


def test_that_nobody_is_assigned_to_anything_any_more_stops_the_run() -> None:
    nobody = {Entity.TECHNICIANS: Counts(deleted=1000)}
    with pytest.raises(GuardError, match="1,000 of 1,000 technicians"):
        check_deletions(Difference(nobody, {Entity.TECHNICIANS: 1000}), Guard())
