"""Which tickets are in scope, and why one is not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from psa_operator.errors import ConfigurationError
from psa_operator.sync.records import Board, Entity, Status, Ticket
from psa_operator.sync.spec import DateField, TicketScope

BOARD_NOT_SELECTED = "boardNotSelected"
STATUS_EXCLUDED = "statusExcluded"
CLOSED = "closed"
OUTSIDE_DATE_RANGE = "outsideDateRange"


class ResolvedScope(Struct, frozen=True):
    """A scope in the PSA's ids; `boards` is None for all. Dates are in [start, end).

    Of the kinds of records that are `left_out` there is to be none.
    """

    boards: frozenset[int] | None = None
    excluded_boards: frozenset[int] = frozenset()
    excluded_statuses: frozenset[int] = frozenset()
    include_closed: bool = True
    date_field: DateField = DateField.LAST_UPDATED
    start: datetime | None = None
    end: datetime | None = None
    left_out: frozenset[Entity] = frozenset()

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
        everything = ResolvedScope(left_out=self.left_out)
        boards = msgspec.structs.replace(everything, boards=self.boards, excluded_boards=self.excluded_boards)
        statuses = msgspec.structs.replace(boards, excluded_statuses=self.excluded_statuses)
        closed = msgspec.structs.replace(statuses, include_closed=self.include_closed)
        every = ((BOARD_NOT_SELECTED, boards), (STATUS_EXCLUDED, statuses), (CLOSED, closed))
        steps = [*every, (OUTSIDE_DATE_RANGE, self)]
        before = [everything, *(scope for _, scope in steps)]
        return [step for step, previous in zip(steps, before, strict=False) if step[1] != previous]


def resolve(
    scope: TicketScope, boards: Iterable[Board], statuses: Iterable[Status], began: datetime
) -> ResolvedScope:
    """Turn the user's names into ids. Raises ConfigurationError that lists the known names."""
    board_ids, status_ids = _by_name(boards), _by_name(statuses)
    include = _ids("tickets.boards.include", scope.include_boards, board_ids)
    dates = scope.date_range
    start = began - timedelta(days=dates.lookback_days) if dates.lookback_days else dates.start
    return ResolvedScope(
        boards=include if scope.include_boards else None,
        excluded_boards=_ids("tickets.boards.exclude", scope.exclude_boards, board_ids),
        excluded_statuses=_ids("tickets.excludedStatuses", scope.excluded_statuses, status_ids),
        include_closed=scope.include_closed,
        date_field=dates.field,
        start=start,
        end=dates.end,
        left_out=scope.left_out,
    )


def _by_name(records: Iterable[Board] | Iterable[Status]) -> dict[str, set[int]]:
    ids: dict[str, set[int]] = {}
    for record in records:
        ids.setdefault(record.name, set()).add(record.id)
    return ids


def _ids(field: str, wanted: Sequence[str], by_name: dict[str, set[int]]) -> frozenset[int]:
    known = {record_id for ids in by_name.values() for record_id in ids}
    found: set[int] = set()
    for name in wanted:
        named = {each for key, ids in by_name.items() if key.casefold() == name.casefold() for each in ids}
        if not named and name.isdecimal() and int(name) in known:
            named = {int(name)}
        if not named:
            listing = ", ".join(f'"{each}"' for each in sorted(by_name)) or "none"
            raise ConfigurationError(
                f'spec.{field} names "{name}", which the PSA does not have; it has {listing}',
                reason="UnknownBoard" if "boards" in field else "UnknownStatus",
            )
        found |= named
    return frozenset(found)
