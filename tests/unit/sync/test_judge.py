"""A local change is sent unless the PSA itself has changed the same field since."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from psa_operator.sync.judge import judge, merged, same
from psa_operator.sync.outgoing import Edit, LocalChange
from psa_operator.sync.records import Ticket
from psa_operator.sync.spec import ConflictPolicy

READ_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
TICKET = Ticket(id=7, summary="as it was", status_id=1, severity="Low", updated_at=READ_AT)

LISTED_LATE = replace(TICKET, summary="before", updated_at=READ_AT - timedelta(minutes=1))
BOTH_HELD = {1: "Held", 2: "Held"}
BOTH_REFUSED = {1: "Refused", 2: "Refused"}
FIRST_REFUSED = {1: "Refused", 2: "Held"}


def change(number: int, resolution: str | None = None, **values: Any) -> LocalChange:
    """An edit of a ticket that was as `TICKET`."""
    base = Edit(**{name: getattr(TICKET, name) for name in values})
    return LocalChange(number, TICKET.id, base, Edit(**values), READ_AT, resolution)


SINCE = replace(change(3, summary="b"), base_updated_at=READ_AT + timedelta(minutes=1))


def changed_there(**values: Any) -> Ticket:
    return replace(TICKET, updated_at=READ_AT + timedelta(minutes=1), **values)


OTHER = changed_there(summary="c")


def states(changes: list[LocalChange], ticket: Ticket, policy: ConflictPolicy = ConflictPolicy.HOLD) -> Any:
    found = judge(changes, ticket, policy)
    return [each.id for each in found.to_send], {each.change_id: each.state for each in found.in_conflict}


@pytest.mark.parametrize(
    ("changes", "ticket", "expected"),
    [
        ([change(1, summary="ours")], TICKET, ([1], {})),
        ([change(1, summary="ours")], changed_there(severity="High"), ([1], {})),
        ([change(1, summary="ours")], LISTED_LATE, ([1], {})),
        ([change(1, summary="ours")], changed_there(summary="theirs"), ([], {1: "Held"})),
        ([change(1, summary="ours")], changed_there(summary="ours"), ([1], {})),
        ([change(1, summary="ours", severity="High")], changed_there(summary="theirs"), ([], {1: "Held"})),
        ([change(1, summary="a"), change(2, status_id=5)], changed_there(summary="c"), ([2], {1: "Held"})),
        ([change(1, summary="a"), change(2, summary="b")], changed_there(summary="a"), ([1, 2], {})),
        ([change(1, summary="a"), change(2, summary="b")], OTHER, ([], BOTH_HELD)),
        ([change(1, "Portal", summary="ours")], changed_there(summary="theirs"), ([1], {})),
        ([change(1, "PSA", summary="ours")], changed_there(summary="theirs"), ([], {1: "Refused"})),
        ([change(1, "PSA", summary="ours")], TICKET, ([], {1: "Refused"})),
        ([change(1, summary="a"), change(2, "Portal", summary="b")], OTHER, ([1, 2], {})),
        ([change(1, "Portal", summary="a"), change(2, summary="b")], OTHER, ([1, 2], {})),
        ([change(1, summary="a"), change(2, "PSA", summary="b")], OTHER, ([], BOTH_REFUSED)),
        ([change(1, "PSA", summary="a"), change(2, summary="b")], OTHER, ([], FIRST_REFUSED)),
        ([change(1, summary="a"), SINCE], OTHER, ([], {1: "Held", 3: "Held"})),
        ([SINCE], OTHER, ([3], {})),
    ],
)  # fmt: skip
def test_what_is_sent_and_what_is_in_conflict(
    changes: list[LocalChange], ticket: Ticket, expected: tuple[list[int], dict[int, str]]
) -> None:
    assert states(changes, ticket) == expected


def test_the_policy_decides_who_wins_a_conflict() -> None:
    found = judge([change(1, summary="ours")], changed_there(summary="theirs"), ConflictPolicy.PSA_WINS)

    [settled] = found.in_conflict
    assert (settled.state, settled.theirs) == ("Refused", Edit(summary="theirs"))
    assert "summary" in settled.message


def test_of_several_changes_the_newest_value_is_written_and_nothing_that_is_there_already() -> None:
    several = [change(1, summary="a", severity="Low"), change(2, summary="b")]

    assert merged(several, TICKET) == Edit(summary="b")


@pytest.mark.parametrize(
    ("one", "other"),
    [(READ_AT, READ_AT + timedelta(milliseconds=999)), (None, ""), ("", None), (2.0, 2), (None, None)],
)
def test_values_that_a_psa_cannot_tell_apart_are_the_same(one: object, other: object) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [(READ_AT, READ_AT + timedelta(seconds=1)), (0.0, None), (None, 3), ("a", "A")]
)
def test_other_values_are_not(one: object, other: object) -> None:
    assert not same(one, other)
