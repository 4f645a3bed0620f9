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
_REFUSED_FLOOR = 10


def check_deletions(
    difference: Difference, guard: Guard, approved: int = 0, none_listed: Collection[Entity] = ()
) -> None:
    """Raise GuardError if publishing would delete more than the guard allows and more than was approved."""
    findings, deletions = too_many(difference, guard, none_listed), to_approve(difference)
    if not findings or deletions <= approved:
        return
    allowed = f"{guard.max_count:,} rows or {guard.max_percent:g} %"
    raise GuardError(
        f"This run would delete {', '.join(findings)}; spec.deletionGuard allows {allowed} of an "
        f"entity. Nothing was changed. If they really are to go, set spec.approvedDeletions to "
        f"{deletions}, the number of rows that would go (status.diff names the first; what belongs to a "
        f"ticket is not counted apart){out_of_scope(difference)}; else set spec.cancel to true and "
        "look at the PSA",
        deletions=deletions,
    )


def too_many(difference: Difference, guard: Guard, none_listed: Collection[Entity] = ()) -> list[str]:
    """What would be deleted beyond the guard, in words; nothing if it allows all of it.

    Rows that leave because the user changed the scope, or with their ticket, are not counted. Of what the PSA
    lists none at all (`none_listed`), no deletion is allowed: it may be out of order, and some rows may stay
    for another reason, such as an unsent change.
    """
    findings: list[str] = []
    anything = guard.max_percent >= _EVERYTHING
    for entity, counts in difference.counts.items():
        live = difference.live.get(entity, 0)
        deleted = counts.deleted - counts.unguarded
        if live and deleted >= live and entity in _NEVER_NONE:
            findings.append(f"all {live:,} {entity}")
        elif deleted and entity in none_listed:
            findings.append(f"{deleted:,} of {live:,} {entity}, of which the PSA lists none at all")
        elif deleted > FLOOR and _exceeds(entity, deleted, live, guard):
            findings.append(f"{deleted:,} of {live:,} {entity}")
    if not anything:
        findings += [f"every ticket of {name}" for name in difference.emptied]
    return findings


def to_approve(difference: Difference) -> int:
    """How many deletions an approval has to name: who is assigned counts as part of the ticket."""
    deleted = {entity: counts.deleted - counts.unguarded for entity, counts in difference.counts.items()}
    assigned = deleted.pop(Entity.TECHNICIANS, 0)
    return sum(deleted.values()) or assigned


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
