"""What of a query the PSA can answer, in its own words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from psa_operator.psa.connectwise.conditions import (
    LONGEST,
    conditions,
    encoded_length,
    expresses,
    id_lists,
)
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Query
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import DateField

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tickets(scope: ResolvedScope) -> str:
    return conditions(Entity.TICKETS, Query(scope=scope))


def test_everything_needs_no_condition() -> None:
    assert conditions(Entity.TICKETS, Query(scope=ResolvedScope())) == ""


def test_ids_and_changes_are_joined() -> None:
    query = Query(changed_since=NOON, after=7, upto=90)

    assert conditions(Entity.COMPANIES, query) == "lastUpdated>=[2026-03-01T12:00:00Z] and id>7 and id<=90"


def test_the_second_in_which_a_window_begins_belongs_to_it() -> None:
    query = Query(changed_since=NOON + timedelta(milliseconds=900))

    assert conditions(Entity.TICKETS, query) == "lastUpdated>=[2026-03-01T12:00:00Z]"


def test_other_zones_are_asked_for_in_utc() -> None:
    query = Query(changed_since=NOON.astimezone(timezone(timedelta(hours=-5))))

    assert conditions(Entity.TICKETS, query) == "lastUpdated>=[2026-03-01T12:00:00Z]"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (ResolvedScope(boards=frozenset({3, 1})), "board/id in (1,3)"),
        (ResolvedScope(excluded_boards=frozenset({2})), "board/id not in (2)"),
        (ResolvedScope(boards=frozenset({1, 2}), excluded_boards=frozenset({2})), "board/id in (1)"),
        (ResolvedScope(boards=frozenset({2}), excluded_boards=frozenset({2})), "id=0"),
        (ResolvedScope(excluded_statuses=frozenset({8})), "status/id not in (8)"),
        (ResolvedScope(include_closed=False), "closedFlag=False"),
        (ResolvedScope(excluded_companies=frozenset({9, 4})), "company/id not in (4,9)"),
        (
            ResolvedScope(start=NOON, end=NOON + timedelta(hours=1)),
            "lastUpdated>=[2026-03-01T12:00:00Z] and lastUpdated<[2026-03-01T13:00:00Z]",
        ),
        (ResolvedScope(start=NOON + timedelta(microseconds=1)), "lastUpdated>=[2026-03-01T12:00:01Z]"),
    ],
)
def test_a_scope_becomes_conditions(scope: ResolvedScope, expected: str) -> None:
    assert tickets(scope) == expected


def test_tickets_of_some_companies_are_asked_for_by_these() -> None:
    assert conditions(Entity.TICKETS, Query(companies=(4, 9))) == "company/id in (4,9)"


def test_a_range_of_entered_dates_is_left_to_us() -> None:
    assert tickets(ResolvedScope(date_field=DateField.DATE_ENTERED, start=NOON)) == ""


def test_a_scope_narrows_tickets_only() -> None:
    query = Query(scope=ResolvedScope(boards=frozenset({1})))

    assert conditions(Entity.COMPANIES, query) == ""


def test_a_list_too_long_for_a_url_is_left_to_us_and_the_rest_stays() -> None:
    many = frozenset(range(1000, 2000))

    assert tickets(ResolvedScope(boards=frozenset({5}), excluded_statuses=many)) == "board/id in (5)"


def test_a_narrower_scope_keeps_what_is_asked_of_the_wider_one() -> None:
    boards = ResolvedScope(boards=frozenset(range(1000, 1150)))
    both = replace(boards, excluded_statuses=frozenset(range(1000, 1200)))
    every = replace(both, include_closed=False)

    assert tickets(both) == tickets(boards) != ""
    assert tickets(every) == f"{tickets(boards)} and closedFlag=False"


@pytest.mark.parametrize(
    "query",
    [
        Query(after=2_147_480_000, upto=2_147_483_647),
        Query(changed_since=NOON, upto=2_147_483_647),
        Query(changed_since=NOON, after=2_147_480_000, upto=2_147_483_647),
        Query(ids=tuple(range(2_147_483_638, 2_147_483_648))),
    ],
)
def test_whatever_else_is_asked_a_scope_near_the_limit_keeps_its_conditions(query: Query) -> None:
    for number in range(150, 300):
        scope = ResolvedScope(
            include_closed=False, excluded_companies=frozenset(range(1_000, 1_000 + number))
        )
        where = conditions(Entity.TICKETS, replace(query, scope=scope))

        assert where == f"{conditions(Entity.TICKETS, query)} and {tickets(scope)}"
        assert expresses(replace(query, scope=scope)) is ("company/id not in" in where)
        assert encoded_length(where) <= LONGEST


def test_named_ids_are_cut_into_what_urls_hold() -> None:
    ids = list(range(100_000, 101_000))

    lists = list(id_lists(ids))

    assert [int(each) for where, _ in lists for each in where[len("id in (") : -1].split(",")] == ids
    assert [each for _, named in lists for each in named] == ids
    assert max(encoded_length(where) for where, _ in lists) <= LONGEST
    assert len(lists) < 7


def test_no_ids_make_no_list() -> None:
    assert list(id_lists([])) == []
