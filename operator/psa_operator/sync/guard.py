"""The deletion guard: a run that would remove too much waits for somebody who agrees to the number."""

from collections.abc import Collection

from psa_operator.errors import GuardError, VerificationError
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Counts, Difference
from psa_operator.sync.spec import Guard

FLOOR = 10
"""So many deletions never trip the guard, however few rows there are."""

_NEVER_NONE = (Entity.BOARDS, Entity.COMPANIES, Entity.TICKETS)
"""A PSA that has none of these any more is far likelier to be out of order, whatever the guard allows."""

_EVERYTHING = 100
_NAMED = 10
_REFUSED_FLOOR = 10


def check_deletions(
    difference: Difference, guard: Guard, approved: int = 0, none_listed: Collection[Entity] = ()
) -> None:
    """Raise GuardError if publishing would remove more than the guard allows and more than was approved."""
    words, rows = too_much(difference, guard, none_listed), to_approve(difference, guard)
    if not words or rows <= approved:
        return
    allowed = f"{guard.max_count:,} rows or {guard.max_percent:g} %"
    go = "go or move" if _moved(difference, guard) else "go"
    raise GuardError(
        f"This run would {words}; spec.deletionGuard allows {allowed} of an "
        f"entity. Nothing was changed. If they really are to {go}, set spec.approvedDeletions to "
        f"{rows}, the number of rows that would {go} (status.diff names the first; what belongs to a "
        f"ticket is not counted apart){out_of_scope(difference)}; else set spec.cancel to true and "
        "look at the PSA",
        deletions=rows,
    )


def too_much(difference: Difference, guard: Guard, none_listed: Collection[Entity] = ()) -> str:
    """What would be removed beyond the guard, in words; none if it allows all of it.

    Rows that leave because the user changed the scope, or with their ticket, are not counted. Of what the PSA
    lists none at all (`none_listed`), no deletion is allowed: it may be out of order, and some rows may stay
    for another reason, such as an unsent change.
    """
    findings: list[str] = []
    for entity, counts in difference.counts.items():
        live = difference.live.get(entity, 0)
        deleted = counts.deleted - counts.unguarded
        if live and deleted >= live and entity in _NEVER_NONE:
            findings.append(f"all {live:,} {entity}")
        elif deleted and entity in none_listed:
            findings.append(f"{deleted:,} of {live:,} {entity}, of which the PSA lists none at all")
        elif deleted > FLOOR and _exceeds(entity, deleted, live, guard):
            findings.append(f"{deleted:,} of {live:,} {entity}")
    words = [f"delete {', '.join(findings)}"] if findings else []
    if difference.emptied and guard.max_percent < _EVERYTHING:
        words.append(_leave_none(difference))
    return " and ".join(words)


def to_approve(difference: Difference, guard: Guard) -> int:
    """How many rows an approval has to name: deletions, and tickets that move and leave nothing behind.

    Who is assigned counts as part of the ticket.
    """
    deleted = {entity: counts.deleted - counts.unguarded for entity, counts in difference.counts.items()}
    assigned = deleted.pop(Entity.TECHNICIANS, 0)
    return sum(deleted.values()) + _moved(difference, guard) or assigned


def _moved(difference: Difference, guard: Guard) -> int:
    return difference.moved if guard.max_percent < _EVERYTHING else 0


def _leave_none(difference: Difference) -> str:
    names = difference.emptied
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    moved = f" ({difference.moved:,} moved elsewhere)" if difference.moved else ""
    return f"leave no ticket in {', '.join(names[:_NAMED])}{more}{moved}"


def out_of_scope(difference: Difference) -> str:
    """Words for the tickets that go without an approval, because the user changed the scope; none if none."""
    number = difference.counts.get(Entity.TICKETS, Counts()).unguarded
    words = f"; {number:,} more tickets go without an approval, for they are out of scope now"
    return words if number else ""


def _exceeds(entity: Entity, deleted: int, live: int, guard: Guard) -> bool:
    if entity is Entity.TECHNICIANS:
        # People leave and their tickets are handed on; that nobody is assigned to anything is another matter.
        return deleted >= live and guard.max_percent < _EVERYTHING
    return deleted > guard.max_count or deleted * 100 > live * guard.max_percent


def check_refusals(difference: Difference, most_percent: float) -> None:
    """Raise VerificationError if so many records of a kind did not fit that something else must be wrong."""
    for entity, counts in difference.counts.items():
        limit = max(_REFUSED_FLOOR, round(counts.fetched * most_percent / 100))
        if counts.quarantined > limit:
            raise VerificationError(
                f"{counts.quarantined:,} of {counts.fetched:,} {entity} did not fit, more than the {limit:,} "
                "that spec.verification.maxQuarantinedPercent accepts; nothing was changed. The errors name "
                "the records and fields",
                reason="TooManyRecordsRefused",
            )
