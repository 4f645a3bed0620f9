"""Which tickets are in scope, and why one is not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec import Struct

from psa_operator.errors import ConfigurationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.records import Board, Company, CompanyStatus, CompanyType, Record, Status, Ticket
from psa_operator.sync.spec import CompanyFilter, DateField, TicketScope

BOARD_NOT_SELECTED = "boardNotSelected"
STATUS_EXCLUDED = "statusExcluded"
CLOSED = "closed"
OUTSIDE_DATE_RANGE = "outsideDateRange"
COMPANY_EXCLUDED = "companyExcluded"
TICKET_OUT_OF_SCOPE = "ticketOutOfScope"
"""Of a time entry, not of a ticket."""

_BOARDS_INCLUDED = "tickets.boards.include"
_BOARDS_EXCLUDED = "tickets.boards.exclude"
_STATUSES_EXCLUDED = "tickets.excludedStatuses"
_COMPANY_TYPES_EXCLUDED = "companies.excludedTypes"
_COMPANY_STATUSES_EXCLUDED = "companies.excludedStatuses"
_UNKNOWN = {
    _BOARDS_INCLUDED: "UnknownBoard",
    _BOARDS_EXCLUDED: "UnknownBoard",
    _STATUSES_EXCLUDED: "UnknownStatus",
    _COMPANY_TYPES_EXCLUDED: "UnknownCompanyType",
    _COMPANY_STATUSES_EXCLUDED: "UnknownCompanyStatus",
}
UNKNOWN_NAMES = frozenset(_UNKNOWN.values())
"""Reasons of errors that say that the scope names what the PSA does not have."""

N = TypeVar("N", Board, Status, CompanyStatus, CompanyType)

NAMED = (Entity.BOARDS, Entity.STATUSES, Entity.COMPANY_STATUSES, Entity.COMPANY_TYPES)
"""Lists of what a scope can name."""


class CompanyScope(Struct, frozen=True):
    """Whose tickets are left out, in the PSA's ids; statuses that are inactive there are among them."""

    types: frozenset[int] = frozenset()
    statuses: frozenset[int] = frozenset()
    deleted: bool = False

    @property
    def limits(self) -> bool:
        """Whether there may be any."""
        return bool(self.types or self.statuses or self.deleted)

    def excludes(self, company: Company) -> bool:
        """Whether the company is one of those."""
        return (
            company.status_id in self.statuses
            or not self.types.isdisjoint(company.type_ids or ())
            or (self.deleted and company.deleted)
        )


class ResolvedScope(Struct, frozen=True):
    """A scope in the PSA's ids; `boards` is None for all. Dates are in [start, end).

    Of the kinds of records that are `left_out` there is to be none. `excluded_companies` are those that
    `companies` means, as far as companies were read. Without `project_tickets` the PSA is not asked for any.
    """

    boards: frozenset[int] | None = None
    excluded_boards: frozenset[int] = frozenset()
    excluded_statuses: frozenset[int] = frozenset()
    include_closed: bool = True
    date_field: DateField = DateField.LAST_UPDATED
    start: datetime | None = None
    end: datetime | None = None
    left_out: frozenset[Entity] = frozenset()
    companies: CompanyScope = CompanyScope()
    excluded_companies: frozenset[int] = frozenset()
    project_tickets: bool = True

    def obstacle(self, ticket: Ticket) -> str | None:
        """Say why a ticket is out of scope, None if it is in; the first reason in the user's order."""
        if self.boards is not None and ticket.board_id not in self.boards:
            return BOARD_NOT_SELECTED
        if ticket.board_id in self.excluded_boards:
            return BOARD_NOT_SELECTED
        if ticket.status_id in self.excluded_statuses:
            return STATUS_EXCLUDED
        if ticket.closed and not self.include_closed:
            return CLOSED
        if (self.start or self.end) and not self._contains(ticket):
            return OUTSIDE_DATE_RANGE
        # The last one, so that a ticket is in scope as soon as its company is.
        if ticket.company_id in self.excluded_companies:
            return COMPANY_EXCLUDED
        return None

    def stamp(self, ticket: Ticket) -> datetime | None:
        """The time of a ticket that the dates are about."""
        return ticket.entered_at if self.date_field is DateField.DATE_ENTERED else ticket.updated_at

    def _contains(self, ticket: Ticket) -> bool:
        stamp = self.stamp(ticket)
        if stamp is None:
            return False
        return (self.start is None or stamp >= self.start) and (self.end is None or stamp < self.end)

    def steps(self) -> list[tuple[str, "ResolvedScope"]]:
        """Narrow from everything to this scope, a reason at a time: what a step drops has its reason."""
        everything = ResolvedScope(
            left_out=self.left_out, companies=self.companies, project_tickets=self.project_tickets
        )
        boards = msgspec.structs.replace(everything, boards=self.boards, excluded_boards=self.excluded_boards)
        statuses = msgspec.structs.replace(boards, excluded_statuses=self.excluded_statuses)
        closed = msgspec.structs.replace(statuses, include_closed=self.include_closed)
        dates = msgspec.structs.replace(self, excluded_companies=frozenset())
        every = ((BOARD_NOT_SELECTED, boards), (STATUS_EXCLUDED, statuses), (CLOSED, closed))
        steps = [*every, (OUTSIDE_DATE_RANGE, dates), (COMPANY_EXCLUDED, self)]
        before = [everything, *(scope for _, scope in steps)]
        return [step for step, previous in zip(steps, before, strict=False) if step[1] != previous]


def resolve(scope: TicketScope, lists: Sequence[Record], began: datetime) -> ResolvedScope:
    """Turn the user's names into ids, by the records of `NAMED`.

    Raises ConfigurationError that has all unknown names, and lists the known ones.
    """
    names = _Names(lists)
    include = names.ids(_BOARDS_INCLUDED, scope.include_boards, Board)
    dates = scope.date_range
    start = began - timedelta(days=dates.lookback_days) if dates.lookback_days else dates.start
    resolved = ResolvedScope(
        boards=include if scope.include_boards else None,
        excluded_boards=names.ids(_BOARDS_EXCLUDED, scope.exclude_boards, Board),
        excluded_statuses=names.ids(_STATUSES_EXCLUDED, scope.excluded_statuses, Status),
        include_closed=scope.include_closed,
        date_field=dates.field,
        start=start,
        end=dates.end,
        left_out=scope.left_out,
        companies=_companies(scope.companies, names),
        project_tickets=scope.project_tickets,
    )
    names.require_known()
    return resolved


def resolve_companies(wanted: CompanyFilter, lists: Sequence[Record]) -> CompanyScope:
    """Turn names of company types and statuses into ids. Raises ConfigurationError as `resolve` does."""
    names = _Names(lists)
    resolved = _companies(wanted, names)
    names.require_known()
    return resolved


def _companies(wanted: CompanyFilter, names: "_Names") -> CompanyScope:
    statuses = names.of(CompanyStatus)
    if wanted.exclude_inactive and not statuses:
        raise ConfigurationError(
            "spec.companies.excludeInactive asks for the company statuses of the PSA, and it has none",
            reason=_UNKNOWN[_COMPANY_STATUSES_EXCLUDED],
        )
    inactive = {each.id for each in statuses if each.inactive and wanted.exclude_inactive}
    return CompanyScope(
        types=names.ids(_COMPANY_TYPES_EXCLUDED, wanted.excluded_types, CompanyType),
        statuses=names.ids(_COMPANY_STATUSES_EXCLUDED, wanted.excluded_statuses, CompanyStatus) | inactive,
        deleted=wanted.exclude_inactive,
    )


class _Names:
    """Looks the user's names up, and keeps the unknown ones until all have been looked up."""

    def __init__(self, lists: Sequence[Record]) -> None:
        self._lists = lists
        self._unknown: dict[str, str] = {}

    def of(self, kind: type[N]) -> list[N]:
        """The records of a kind."""
        return [each for each in self._lists if isinstance(each, kind)]

    def ids(self, field: str, wanted: Sequence[str], kind: type[N]) -> frozenset[int]:
        """The records that a field of the spec names, by name or id."""
        records, found, unknown = self.of(kind), set[int](), []
        known = {each.id for each in records}
        for name in wanted:
            named = {each.id for each in records if each.name.casefold() == name.casefold()}
            if not named and name.isdecimal() and int(name) in known:
                named = {int(name)}
            if not named:
                unknown.append(name)
            found |= named
        if unknown:
            there = quoted(each.name for each in records)
            self._unknown[field] = (
                f"spec.{field} names {quoted(unknown)}, which the PSA does not have; it has {there}"
            )
        return frozenset(found)

    def require_known(self) -> None:
        """Raise ConfigurationError if a name was unknown."""
        if self._unknown:
            reason = _UNKNOWN[next(iter(self._unknown))]
            raise ConfigurationError(". ".join(self._unknown.values()), reason=reason)


def quoted(names: Iterable[str]) -> str:
    """Names in a sentence."""
    return ", ".join(f'"{each}"' for each in sorted(set(names))) or "none"
