"""How far each kind of records is covered, where a run could not read all that belongs together."""

from collections.abc import Mapping
from datetime import datetime

from psa_operator.sync.entities import PROJECT_TICKETS, Entity
from psa_operator.sync.job import Job
from psa_operator.sync.storage import Mark

Marks = Mapping[Entity, Mark]


def movable(job: Job, moved: Marks, before: Marks) -> dict[Entity, Mark]:
    """The marks that the run may move: those of what it may not read stay, and the next one asks again."""
    stay: set[str] = set(job.denied)
    tickets = before.get(Entity.TICKETS)
    if PROJECT_TICKETS in stay and tickets:
        stay.add(Entity.TICKETS)
    marks = {entity: mark for entity, mark in moved.items() if entity not in stay}
    if Entity.NOTES in stay and Entity.NOTES not in before and tickets:
        # Of an integration that a release without marks of notes has filled.
        marks[Entity.NOTES] = Mark(tickets.covered_until, tickets.covered_until)
    return marks


def since(job: Job, entity: Entity, marks: Marks) -> datetime | None:
    """From when on changes are read: for tickets, from when on all that belongs to them was read too."""
    mark = marks.get(entity)
    if mark is None or mark.watermark is None:
        return None
    if entity is not Entity.TICKETS or mark.covered_until is None:
        return mark.watermark
    others = (marks[each].covered_until for each in job.of_a_ticket if each in marks)
    return min([mark.watermark, *(each for each in others if each and each < mark.covered_until)])
