"""Reference data: the small lists that are read whole, before anything that refers to them."""

from collections.abc import AsyncIterator, Collection, Iterator
from datetime import datetime, timedelta

from psa_operator.errors import VerificationError
from psa_operator.sync.entities import REFERENCE, Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.mapping import warn_of_unknown
from psa_operator.sync.ports import Page, Source
from psa_operator.sync.records import Record, Technician
from psa_operator.sync.scope import NAMED, ResolvedScope, resolve
from psa_operator.sync.spec import TicketScope
from psa_operator.sync.storage import Archive, Segment, Stage
from psa_operator.sync.tasks import concurrently

REFRESH_AFTER = timedelta(hours=1)
"""Quick runs read reference data again when it is older than this."""

_NEVER_EMPTY = (Entity.BOARDS, Entity.STATUSES, Entity.PRIORITIES, Entity.MEMBERS)

_ROUNDS = 3

Reference = dict[Entity, list[Page]]


async def read(source: Source, denied: Collection[str] = ()) -> Reference:
    """Read the reference lists that are not denied.

    Raises VerificationError if one is empty that no PSA has empty.
    """

    async def one(entity: Entity) -> list[Page]:
        return [page async for page in source.walk(entity)]

    allowed = [entity for entity in REFERENCE if entity not in denied]
    lists = await concurrently(one(entity) for entity in allowed)
    reference = dict(zip(allowed, lists, strict=True))
    for entity in _NEVER_EMPTY:
        if not size(reference, entity):
            raise VerificationError(
                f"The PSA answered with an empty list of {entity}; that is no PSA in order, and nothing was "
                "changed. Check the API member's security role",
                reason="EmptyAnswer",
            )
    return reference


def _records(pages: list[Page]) -> Iterator[Record]:
    for page in pages:
        yield from page.records


def size(reference: Reference, entity: Entity) -> int:
    """How many records of an entity were read, those that do not fit included."""
    return len(_ids(reference[entity]))


async def prove(job: Job, staged: Stage, intake: Intake, reference: Reference) -> None:
    """Make each staged list what the PSA counts now: it lives on while we read. Raises VerificationError."""
    counts = await concurrently(job.source.count(entity) for entity in reference)
    for (entity, read_pages), counted in zip(reference.items(), counts, strict=True):
        pages = await _proven(job, intake, entity, read_pages, counted)
        if not _ids(pages):
            job.none_listed.add(entity)
        await staged.set_listed(entity, _listed(pages))
        await staged.discard(entity, await staged.unlisted(entity))


async def _proven(job: Job, intake: Intake, entity: Entity, pages: list[Page], expected: int) -> list[Page]:
    for _ in range(_ROUNDS):
        if expected == len(_ids(pages)):
            break
        pages = [page async for page in job.source.walk(entity)]
        for page in pages:
            await intake.put(page)
        expected = await job.source.count(entity)
    settled = expected == len(_ids(pages))
    job.check(f"Count/{entity}", passed=settled, expected=expected, actual=len(_ids(pages)))
    if settled:
        return pages
    raise VerificationError(
        f"The PSA counts {expected:,} {entity} but listed {len(_ids(pages)):,}; nothing was changed"
    )


async def _listed(pages: list[Page]) -> AsyncIterator[list[int]]:
    yield sorted(_ids(pages))


def _ids(pages: list[Page]) -> set[int]:
    given = {each.id for page in pages for each in page.records if not isinstance(each, Technician)}
    return given | {each.id for page in pages for each in page.refused}


async def stage(job: Job, intake: Intake, reference: Reference) -> None:
    """Put the lists into the stage, parents first, and warn of names in the settings that are on none."""
    warn_of_unknown(job, {entity: [*_records(pages)] for entity, pages in reference.items()})
    for pages in reference.values():
        for page in pages:
            await intake.put(page, Segment(0, None, page.last_id) if intake.bulk else None)


def scope_of(wanted: TicketScope, reference: Reference, began: datetime) -> ResolvedScope:
    """Resolve the user's scope against what was just read. Raises ConfigurationError."""
    return resolve(wanted, [each for entity in NAMED for each in _records(reference.get(entity, []))], began)


async def live_scope(wanted: TicketScope, archive: Archive, began: datetime) -> ResolvedScope:
    """Resolve the user's scope against the live rows. Raises ConfigurationError."""
    return resolve(wanted, [each for entity in NAMED for each in await archive.reference(entity)], began)
