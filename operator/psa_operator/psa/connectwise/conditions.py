"""A query in the words of ConnectWise's `conditions`, the same for its lists and for its counts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Query
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import DateField

LONGEST = 1_400
"""Encoded characters of conditions in a URL; with path and fields it stays below 2,000."""

_ROOM = 150
"""What an interval of ids and a time of change, or ten ids, take of these: the scope has what is left."""

_SECOND = timedelta(seconds=1)


def conditions(entity: Entity, query: Query) -> str:
    """Join what the PSA can filter; the caller filters by the rest of the scope again.

    Left out are a range of dateEntered, which has no condition of its own in the vendor's grammar, and
    lists of statuses, boards or companies that make the URL too long: their count has no other way in. Which
    these are depends on the scope alone, so that a list in intervals has what its count has.
    """
    scope = query.scope if query.scope and entity is Entity.TICKETS else ResolvedScope()
    return " and ".join([*_window(query), *_fitting(scope)])


def expresses(query: Query) -> bool:
    """Whether the conditions of tickets hold the whole of the query's scope."""
    scope = query.scope or ResolvedScope()
    if scope.date_field is DateField.DATE_ENTERED and (scope.start or scope.end):
        return False
    return _fitting(scope) == list(_scope(scope))


def id_lists(ids: Sequence[int], field: str = "id") -> Iterator[tuple[str, list[int]]]:
    """Conditions that name records by a field, each short enough for a URL, and what it names."""
    chunk: list[int] = []
    for record_id in ids:
        if encoded_length(_among(field, [*chunk, record_id])) > LONGEST:
            yield _among(field, chunk), chunk
            chunk = []
        chunk.append(record_id)
    if chunk:
        yield _among(field, chunk), chunk


def encoded(text: str) -> str:
    """Percent-encode a value of a query, but not what may stand there as it is."""
    return quote(text, safe="/(),:")


def encoded_length(text: str) -> int:
    return len(encoded(text))


def _fitting(scope: ResolvedScope) -> list[str]:
    """What a URL holds of a scope; in the order of the reasons, so that a narrower one has no less."""
    fitting: list[str] = []
    for each in _scope(scope):
        if encoded_length(" and ".join([*fitting, each])) <= LONGEST - _ROOM:
            fitting.append(each)
    return fitting


def _window(query: Query) -> Iterator[str]:
    if query.changed_since:
        # Stamps have whole seconds, so the begun one belongs to the window.
        yield f"lastUpdated>={_literal(query.changed_since.replace(microsecond=0))}"
    if query.after:
        yield f"id>{query.after}"
    if query.upto is not None:
        yield f"id<={query.upto}"
    if query.ids:
        yield _among("id", query.ids)
    if query.companies:
        yield _among("company/id", query.companies)


def _scope(scope: ResolvedScope) -> Iterator[str]:
    if scope.boards is not None:
        yield _among("board/id", scope.boards - scope.excluded_boards)
    elif scope.excluded_boards:
        yield _outside("board/id", scope.excluded_boards)
    if scope.excluded_statuses:
        yield _outside("status/id", scope.excluded_statuses)
    if not scope.include_closed:
        yield "closedFlag=False"
    if scope.date_field is DateField.LAST_UPDATED:
        if scope.start:
            yield f"lastUpdated>={_literal(_whole_second_from(scope.start))}"
        if scope.end:
            yield f"lastUpdated<{_literal(_whole_second_from(scope.end))}"
    if scope.excluded_companies:
        yield _outside("company/id", scope.excluded_companies)


def _among(field: str, ids: Iterable[int]) -> str:
    listed = ",".join(map(str, sorted(ids)))
    return f"{field} in ({listed})" if listed else "id=0"


def _outside(field: str, ids: Iterable[int]) -> str:
    return f"{field} not in ({','.join(map(str, sorted(ids)))})"


def _whole_second_from(moment: datetime) -> datetime:
    return moment.replace(microsecond=0) + (_SECOND if moment.microsecond else timedelta())


def _literal(moment: datetime) -> str:
    return f"[{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}]"
