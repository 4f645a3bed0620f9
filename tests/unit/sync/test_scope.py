"""Which tickets are in scope."""

from datetime import UTC, datetime

import pytest

from psa_operator.errors import ConfigurationError
from psa_operator.sync.records import Board, Company, CompanyStatus, CompanyType, Record, Status, Ticket
from psa_operator.sync.scope import CompanyScope, ResolvedScope, resolve
from psa_operator.sync.spec import CompanyFilter, DateField, DateRange, TicketScope

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOARDS = [Board(1, "Help Desk"), Board(2, "Projects")]
STATUSES = [Status(10, 1, "New"), Status(11, 1, "Closed"), Status(20, 2, "Closed")]
OF_COMPANIES: list[Record] = [
    CompanyStatus(1, "Active"),
    CompanyStatus(3, "Credit Hold"),
    CompanyStatus(7, "Gone", inactive=True),
    CompanyType(1, "Customer"),
    CompanyType(5, "Vendor"),
]


def scope(**wanted: object) -> ResolvedScope:
    return resolve(TicketScope(**wanted), [*BOARDS, *STATUSES, *OF_COMPANIES], NOON)  # type: ignore[arg-type]


def companies(**wanted: object) -> CompanyScope:
    return scope(companies=CompanyFilter(**wanted)).companies  # type: ignore[arg-type]


def test_by_default_every_ticket_is_in_scope() -> None:
    assert scope().obstacle(Ticket(1, "x", board_id=2, closed=True)) is None


def test_a_board_is_named_in_any_case_or_by_id() -> None:
    assert (
        scope(include_boards=("help desk",)).boards == scope(include_boards=("1",)).boards == frozenset({1})
    )


def test_an_excluded_status_is_excluded_on_every_board() -> None:
    assert scope(excluded_statuses=("Closed",)).excluded_statuses == frozenset({11, 20})


def test_an_unknown_board_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r'"Hlep Desk".*it has "Help Desk", "Projects"') as caught:
        scope(include_boards=("Hlep Desk",))
    assert caught.value.reason == "UnknownBoard"


@pytest.mark.parametrize(
    ("wanted", "ticket", "reason"),
    [
        ({"include_boards": ("1",)}, Ticket(1, "x", board_id=2), "boardNotSelected"),
        ({"exclude_boards": ("2",)}, Ticket(1, "x", board_id=2), "boardNotSelected"),
        ({"excluded_statuses": ("New",)}, Ticket(1, "x", board_id=1, status_id=10), "statusExcluded"),
        ({"include_closed": False}, Ticket(1, "x", closed=True), "closed"),
        ({"date_range": DateRange(start=NOON)}, Ticket(1, "x"), "outsideDateRange"),
    ],
)
def test_a_ticket_out_of_scope_has_a_reason(wanted: dict[str, object], ticket: Ticket, reason: str) -> None:
    assert scope(**wanted).obstacle(ticket) == reason


def test_a_date_range_contains_its_start_and_not_its_end() -> None:
    later = datetime(2026, 3, 2, 12, tzinfo=UTC)
    dates = scope(date_range=DateRange(field=DateField.DATE_ENTERED, start=NOON, end=later))

    assert dates.obstacle(Ticket(1, "x", entered_at=NOON)) is None
    assert dates.obstacle(Ticket(1, "x", entered_at=later)) == "outsideDateRange"


def test_a_look_back_counts_from_the_begin_of_the_run() -> None:
    assert scope(date_range=DateRange(lookback_days=1)).start == datetime(2026, 2, 28, 12, tzinfo=UTC)


def test_steps_narrow_by_one_reason_at_a_time_and_leave_out_those_that_change_nothing() -> None:
    narrowed = scope(include_boards=("1",), include_closed=False)

    assert [reason for reason, _ in narrowed.steps()] == ["boardNotSelected", "closed"]
    assert narrowed.steps()[-1][1] == narrowed


@pytest.mark.parametrize(
    ("wanted", "company"),
    [
        ({"excluded_types": ("vendor",)}, Company(1, None, "x", type_ids=[1, 5])),
        ({"excluded_types": ("5",)}, Company(1, None, "x", type_ids=[5])),
        ({"excluded_statuses": ("Credit hold",)}, Company(1, None, "x", status_id=3)),
        ({"exclude_inactive": True}, Company(1, None, "x", status_id=7)),
        ({"exclude_inactive": True}, Company(1, None, "x", deleted=True)),
    ],
)
def test_a_company_is_left_out_by_type_status_or_as_inactive(
    wanted: dict[str, object], company: Company
) -> None:
    assert companies(**wanted).excludes(company)
    assert not companies().excludes(company)
    assert not companies(**wanted).excludes(Company(2, None, "y", status_id=1, type_ids=[1]))


def test_a_company_of_which_nothing_is_known_is_not_left_out() -> None:
    wanted = companies(exclude_inactive=True, excluded_types=("Vendor",), excluded_statuses=("Active",))

    assert not wanted.excludes(Company(1, None, "x"))


def test_a_ticket_of_a_company_that_is_left_out_says_so_after_all_other_reasons() -> None:
    without = ResolvedScope(excluded_companies=frozenset({4}), include_closed=False)

    assert without.obstacle(Ticket(1, "x", company_id=4)) == "companyExcluded"
    assert without.obstacle(Ticket(1, "x", company_id=4, closed=True)) == "closed"
    assert without.obstacle(Ticket(1, "x", company_id=5)) is None


@pytest.mark.parametrize(
    ("wanted", "reason", "words"),
    [
        ({"excluded_types": ("Vendro",)}, "UnknownCompanyType", '"Vendro".*it has "Customer", "Vendor"'),
        ({"excluded_statuses": ("Actve",)}, "UnknownCompanyStatus", '"Actve".*it has "Active"'),
    ],
)
def test_an_unknown_type_or_status_of_companies_is_refused_with_the_known_ones(
    wanted: dict[str, object], reason: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        companies(**wanted)
    assert caught.value.reason == reason


def test_without_any_company_status_none_can_be_inactive() -> None:
    with pytest.raises(ConfigurationError, match="excludeInactive"):
        resolve(TicketScope(companies=CompanyFilter(exclude_inactive=True)), BOARDS, NOON)


def test_all_unknown_names_are_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        scope(include_boards=("Hlep", "Porjects"), companies=CompanyFilter(excluded_types=("Vendro",)))

    told = str(caught.value)
    assert 'spec.tickets.boards.include names "Hlep", "Porjects", which the PSA does not have' in told
    assert 'spec.companies.excludedTypes names "Vendro"' in told
    assert caught.value.reason == "UnknownBoard"
