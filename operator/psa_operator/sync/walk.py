"""Reading a long list with several pages in flight: intervals of ids, a short queue, two loaders."""

import asyncio
from collections.abc import Sequence

import msgspec

from psa_operator.sync.entities import Entity
from psa_operator.sync.intake import Intake
from psa_operator.sync.job import Job
from psa_operator.sync.ports import Page, Query, Source
from psa_operator.sync.storage import Segment, Stage
from psa_operator.sync.tasks import concurrently

PAGE_SIZE = 1000
LOADERS = 2
_QUEUED_PAGES = 2
_PAGES_A_SEGMENT = 3

Queue = asyncio.Queue[tuple[Page, Segment | None] | None]
"""Pages on their way into the stage; None is the end."""


def pieces(count: int, concurrency: int) -> int:
    """Into how many intervals a list of so many records is cut."""
    return max(1, min(2 * concurrency, -(-count // PAGE_SIZE) // _PAGES_A_SEGMENT))


def pages(count: int, concurrency: int) -> int:
    """How many pages of so many records there are: the last one of each interval is seldom full."""
    return -(-count // PAGE_SIZE) + pieces(count, concurrency)


def cut(count: int, largest: int, concurrency: int) -> list[Segment]:
    """Cut the ids up to `largest` into intervals of about three pages; the last one has no end."""
    number = max(1, min(pieces(count, concurrency), largest))
    edges = [largest * piece // number for piece in range(number)]
    ends: list[int | None] = [*edges[1:], None]
    return [Segment(after, upto, after) for after, upto in zip(edges, ends, strict=True)]


async def walk(job: Job, stage: Stage, intake: Intake, entity: Entity, query: Query) -> None:
    """Stage all records of an entity that match; continues where an earlier attempt stopped."""
    segments = await stage.segments(entity)
    if not segments:
        count, largest = await concurrently([job.source.count(entity, query), job.source.largest_id(entity)])
        segments = cut(count, largest, job.spec.limits.concurrency)
        await stage.plan(entity, segments)
    todo = asyncio.Queue[tuple[int, Segment]]()
    for number, segment in enumerate(segments):
        if not segment.complete:
            todo.put_nowait((number, segment))
    # Pages of one interval go to one loader, so that its checkpoint never passes a page not yet committed.
    queues = [Queue(_QUEUED_PAGES) for _ in range(LOADERS)]
    readers = min(job.spec.limits.concurrency, todo.qsize())
    reading = _read(job.source, entity, query, todo, queues, readers)
    await concurrently([reading, *(load(intake, queue) for queue in queues)])


async def _read(
    source: Source,
    entity: Entity,
    query: Query,
    todo: asyncio.Queue[tuple[int, Segment]],
    queues: Sequence[Queue],
    readers: int,
) -> None:
    async def reader() -> None:
        while not todo.empty():
            number, segment = todo.get_nowait()
            await _read_segment(source, entity, query, segment, queues[number % len(queues)])

    await concurrently(reader() for _ in range(readers))
    for queue in queues:
        await queue.put(None)


async def _read_segment(source: Source, entity: Entity, query: Query, segment: Segment, queue: Queue) -> None:
    narrowed = msgspec.structs.replace(query, after=segment.done_until, upto=segment.upto)
    async for page in source.walk(entity, narrowed):
        segment = msgspec.structs.replace(segment, done_until=page.last_id)
        await queue.put((page, segment))
        del page  # Memory: it must not wait here for the next one.
    ended = Page(entity, (), last_id=segment.done_until)
    await queue.put((ended, msgspec.structs.replace(segment, complete=True)))


async def load(intake: Intake, queue: Queue) -> None:
    """Stage what comes, to the end."""
    while (item := await queue.get()) is not None:
        await intake.put(*item)
        del item  # Memory: as above.
