"""Checks of tickets in numbers: by board, by what the portal calls their status, and who would have none."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.mapping import Mapper
from psa_operator.sync.outcome import Difference
from psa_operator.sync.ports import Page, Query
from psa_operator.sync.records import Board, Priority, Status
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.storage import Stage
from psa_operator.sync.tasks import concurrently

_NAMED = 10
_MAPPED = {Entity.STATUSES: "status_id", Entity.PRIORITIES: "priority_id"}

Lists = Mapping[Entity, Iterable[Page]]


async def check_boards(job: Job, stage: Stage, intake: Intake, lists: Lists, began: datetime) -> bool:
    """Compare each board with the PSA's count of it; whether tickets were staged anew for that.

    Tickets move from board to board while we count, so a difference counts only if it stays when what
    changed since `began` was read again. It is a warning, for the lists as a whole are complete.
    """
    boards = {
        each.id: each.name
        for page in lists[Entity.BOARDS]
        for each in page.records
        if isinstance(each, Board)
    }
    chosen = intake.scope.boards
    wanted = [each for each in boards if chosen is None or each in chosen]
    wanted = [each for each in wanted if each not in intake.scope.excluded_boards]
    if not all(job.source.expresses(_on(board, intake.scope)) for board in wanted):
        return False
    differing = await _differing(job, stage, intake, wanted)
    if first := sorted(differing):
        changed = Query(changed_since=began - job.spec.overlap)
        await intake.put_all(job.source.walk(Entity.TICKETS, changed))
        # What came since the list was proven is for the next Quick run.
        await stage.discard(Entity.TICKETS, await stage.unlisted(Entity.TICKETS))
        differing = await _differing(job, stage, intake, first)
    for board, (counted, here) in sorted(differing.items())[:_NAMED]:
        message = f'The PSA counts {counted:,} tickets on board "{boards[board]}", {here:,} were read'
        name = f"Board/{boards[board]}"
        job.check(name, passed=False, hard=False, expected=counted, actual=here, message=message)
    right = len(wanted) - len(differing)
    job.check("Boards/tickets", passed=not differing, hard=False, expected=len(wanted), actual=right)
    return bool(first)


async def _differing(
    job: Job, stage: Stage, intake: Intake, boards: Iterable[int]
) -> dict[int, tuple[int, int]]:
    """Boards of which the PSA counts another number than is staged, with both."""
    asked = list(boards)
    counts = (job.source.count(Entity.TICKETS, _on(board, intake.scope)) for board in asked)
    counted = dict(zip(asked, await concurrently(counts), strict=True))
    here = await stage.tally("board_id")
    return {each: (counted[each], here.get(each, 0)) for each in asked if counted[each] != here.get(each, 0)}


def _on(board: int, scope: ResolvedScope) -> Query:
    """What of a scope is on one board."""
    narrowed = msgspec.structs.replace(scope, boards=frozenset({board}), excluded_boards=frozenset())
    return Query(scope=narrowed)


async def check_mappings(job: Job, stage: Stage, lists: Lists) -> None:
    """Count the tickets whose status or priority has a name of the portal, if any was given one."""
    mapper = Mapper(job.spec.mappings, job.spec.scope.custom_fields)
    given = {Entity.STATUSES: job.spec.mappings.statuses, Entity.PRIORITIES: job.spec.mappings.priorities}
    for entity, column in _MAPPED.items():
        if not given[entity]:
            continue
        found = await stage.tally(column)
        unmapped = {
            each.name: found[each.id]
            for page in lists[entity]
            for each in mapper.mapped(page).records
            if isinstance(each, Status | Priority) and each.mapped is None and each.id in found
        }
        total = sum(found.values())
        mapped = total - sum(unmapped.values())
        words = ", ".join(f'"{name}" ({number:,})' for name, number in list(unmapped.items())[:_NAMED])
        job.check(
            f"Mapping/{entity}", passed=not unmapped, hard=False, expected=total, actual=mapped, message=words
        )


def check_emptied(job: Job, difference: Difference) -> None:
    """Name boards and companies that have many tickets and would have none; the guard waits for approval."""
    names = list(difference.emptied)
    words = ", ".join(names[:_NAMED])
    job.check("Emptied", passed=not names, hard=False, expected=0, actual=len(names), message=words)
