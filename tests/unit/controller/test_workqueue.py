"""The queue: each key once, never twice at a time, later again if it failed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.workqueue import WorkQueue
from psa_operator.errors import TransientError

ONE, TWO = (Key(Kind.RESYNC, "tenant", name) for name in ("one", "two"))


class Counts:
    def __init__(self) -> None:
        self.depths: list[int] = []
        self.results: list[str] = []

    def depth(self, keys: int) -> None:
        self.depths.append(keys)

    def reconciled(self, kind: str, result: str, seconds: float) -> None:
        self.results.append(f"{kind} {result}")
        assert seconds >= 0


@asynccontextmanager
async def working(
    reconcile: Callable[[Key], Awaitable[float | None]], counts: Counts | None = None
) -> AsyncIterator[WorkQueue]:
    queue = WorkQueue(reconcile, counts or Counts(), concurrency=4, first_delay=0.01)
    task = asyncio.create_task(queue.run())
    await asyncio.sleep(0)
    yield queue
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for it, and a little longer for what must not come."""
    for _ in range(1000):
        if holds():
            break
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)


async def test_a_key_that_is_added_many_times_is_reconciled_once() -> None:
    seen: list[Key] = []

    async def reconcile(key: Key) -> None:
        seen.append(key)

    async with working(reconcile) as queue:
        for key in (ONE, TWO, ONE, ONE):
            queue.add(key)
        await until(lambda: len(seen) >= 2)

    assert seen == [ONE, TWO]


async def test_a_key_that_is_added_while_it_runs_runs_once_more_and_never_beside_itself() -> None:
    running, most, turns = 0, 0, 0

    async def reconcile(key: Key) -> None:
        nonlocal running, most, turns
        running, turns = running + 1, turns + 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    async with working(reconcile) as queue:
        queue.add(ONE)
        await asyncio.sleep(0.01)
        queue.add(ONE)
        queue.add(ONE)
        await until(lambda: turns >= 2 and not running)

    assert (most, turns) == (1, 2)


async def test_a_failure_is_tried_again_later_and_later() -> None:
    times: list[float] = []

    async def reconcile(key: Key) -> None:
        times.append(asyncio.get_running_loop().time())
        if len(times) < 4:
            raise TransientError("no")

    counts = Counts()
    async with working(reconcile, counts) as queue:
        queue.add(ONE)
        await until(lambda: len(times) >= 4)

    pauses = [after - before for before, after in pairwise(times)]
    assert counts.results == ["TicketResync Retry"] * 3 + ["TicketResync Success"]
    # A busy machine makes a pause longer, never shorter.
    assert all(pause >= 0.01 * 2**number * 0.9 for number, pause in enumerate(pauses))


async def test_a_defect_of_ours_stops_neither_the_queue_nor_the_key() -> None:
    turns: list[Key] = []

    async def reconcile(key: Key) -> None:
        turns.append(key)
        if len(turns) == 1:
            raise ZeroDivisionError

    async with working(reconcile) as queue:
        queue.add(ONE)
        queue.add(TWO)
        await until(lambda: len(turns) >= 3)

    assert turns == [ONE, TWO, ONE]


async def test_of_two_appointments_the_earlier_one_counts() -> None:
    turns: list[Key] = []

    async def reconcile(key: Key) -> None:
        turns.append(key)

    async with working(reconcile) as queue:
        queue.add_after(ONE, 0.02)
        queue.add_after(ONE, 5)
        await until(lambda: bool(turns))

    assert turns == [ONE]


async def test_the_answer_says_when_to_come_back() -> None:
    turns: list[Key] = []

    async def reconcile(key: Key) -> float | None:
        turns.append(key)
        return 0.01 if len(turns) < 3 else None

    async with working(reconcile) as queue:
        queue.add(ONE)
        await until(lambda: len(turns) >= 3)

    assert len(turns) == 3


async def test_the_depth_is_told() -> None:
    async def reconcile(key: Key) -> None: ...

    counts = Counts()
    async with working(reconcile, counts) as queue:
        queue.add(ONE)
        queue.add(TWO)
        await until(lambda: counts.results[1:] != [])

    assert (max(counts.depths), counts.depths[-1]) == (2, 0)


async def test_who_stops_working_forgets_and_begins_with_what_it_is_given() -> None:
    turns: list[Key] = []

    async def reconcile(key: Key) -> float | None:
        turns.append(key)
        return 0.01

    counts = Counts()
    async with working(reconcile, counts) as queue:
        queue.add(ONE)
        await until(lambda: bool(turns))
    turns.clear()
    queue.add(ONE)
    queue.add_after(ONE, 0.01)
    task = asyncio.create_task(queue.run([TWO]))
    await until(lambda: bool(turns))
    task.cancel()

    assert (set(turns), counts.depths[-1]) == ({TWO}, 0)


async def test_integrations_that_take_long_hold_up_no_run() -> None:
    never, seen = asyncio.Event(), asyncio.Event()

    async def reconcile(key: Key) -> None:
        if key.kind is Kind.INTEGRATION:
            await never.wait()
        seen.set()

    async with working(reconcile) as queue:
        for number in range(100):
            queue.add(Key(Kind.INTEGRATION, "tenant", f"acme-{number}"))
        queue.add(Key(Kind.RESYNC, "tenant", "run"))
        async with asyncio.timeout(5):
            await seen.wait()
