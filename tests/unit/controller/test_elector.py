"""Who leads: one at a time, whatever becomes of the requests for the Lease."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from psa_operator.controller.elector import Elector
from psa_operator.controller.kube import ConflictError
from psa_operator.controller.lease import Lease, Terms
from psa_operator.errors import UnavailableError

TERMS = Terms(duration=1.5, deadline=1.2, retry=0.05)


class Shelf:
    """The Leases, for all who ask."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Lease] = {}

    async def lease(self, namespace: str, name: str) -> Lease | None:
        return self.kept.get((namespace, name))

    async def write_lease(self, namespace: str, name: str, lease: Lease) -> Lease:
        before = self.kept.get((namespace, name), Lease())
        if lease.version != before.version:
            raise ConflictError("it has changed")
        # Whole seconds, as the API server has them, would make the tests long.
        after = replace(lease, seconds=TERMS.duration, version=f"{int(lease.version or 0) + 1}")
        self.kept[namespace, name] = after
        return after


@dataclass
class Line:
    """The way of one candidate to the shelf, which can be cut, or lose answers, or keep them for ever."""

    shelf: Shelf
    cut: bool = False
    silent: bool = False
    loses_answers: int = 0
    keeps_answers: int = 0

    async def lease(self, namespace: str, name: str) -> Lease | None:
        await self._pass()
        return await self.shelf.lease(namespace, name)

    async def write_lease(self, namespace: str, name: str, lease: Lease) -> Lease:
        await self._pass()
        written = await self.shelf.write_lease(namespace, name, lease)
        if self.loses_answers:
            self.loses_answers -= 1
            raise UnavailableError("the answer was lost")
        if self.keeps_answers:
            self.keeps_answers -= 1
            await asyncio.sleep(3600)
        return written

    async def _pass(self) -> None:
        if self.silent:
            await asyncio.sleep(3600)
        if self.cut:
            raise UnavailableError("there is no way")


@dataclass
class Candidate:
    """One operator."""

    line: Line
    leads: bool = False
    terms: int = 0
    unable_for: float = 0.0
    task: "asyncio.Task[None] | None" = field(default=None)

    async def lead(self) -> None:
        self.leads, self.terms = True, self.terms + 1
        try:
            await asyncio.sleep(3600)
        finally:
            self.leads = False

    def idle_for(self) -> float:
        return self.unable_for

    async def stop(self) -> None:
        assert self.task
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def candidates(number: int, shelf: Shelf | None = None) -> AsyncIterator[list[Candidate]]:
    """So many of them, the first of which leads."""
    shared, found = shelf or Shelf(), []
    for each in range(number):
        candidate = Candidate(Line(shared))
        elector = Elector(
            candidate.line,
            ("system", "lease"),
            TERMS,
            pod=f"pod-{each}",
            lead=candidate.lead,
            unable_for=candidate.idle_for,
        )
        candidate.task = asyncio.create_task(elector.run())
        found.append(candidate)
        await until(lambda: found[0].leads)
    yield found
    for candidate in found:
        await candidate.stop()


async def until(holds: Callable[[], bool], within: float = 5.0) -> float:
    """Wait for it; returns after how many seconds it was so."""
    began = asyncio.get_running_loop().time()
    while not holds():
        assert asyncio.get_running_loop().time() - began < within
        await asyncio.sleep(0.005)
    return asyncio.get_running_loop().time() - began


async def test_one_leads_for_as_long_as_it_can() -> None:
    async with candidates(3) as (one, two, three):
        await asyncio.sleep(3 * TERMS.duration)

        assert (one.leads, two.leads, three.leads, one.terms) == (True, False, False, 1)


async def test_who_stops_gives_it_back_and_nobody_waits_for_its_end() -> None:
    async with candidates(2) as (one, two):
        await one.stop()

        assert await until(lambda: two.leads) < TERMS.duration


async def test_who_stops_while_a_renewal_is_on_its_way_gives_it_back_all_the_same() -> None:
    shelf = Shelf()
    async with candidates(1, shelf) as (one,):
        one.line.keeps_answers = 1
        await until(lambda: not one.line.keeps_answers)

        await one.stop()

        assert [lease.holder for lease in shelf.kept.values()] == [""]


async def test_who_is_cut_off_stops_before_another_begins() -> None:
    async with candidates(2) as (one, two):
        one.line.cut = True

        await until(lambda: not one.leads)
        assert not two.leads
        await until(lambda: two.leads)
        one.line.cut = False
        await asyncio.sleep(TERMS.duration)
        assert (one.leads, two.leads) == (False, True)


async def test_who_gets_no_answer_stops_in_time_too() -> None:
    async with candidates(2) as (one, two):
        one.line.silent = True

        assert await until(lambda: not one.leads) <= TERMS.duration
        assert not two.leads
        await until(lambda: two.leads)


async def test_an_answer_that_was_lost_costs_nobody_the_lease() -> None:
    async with candidates(2) as (one, two):
        one.line.loses_answers = 2

        await until(lambda: not one.line.loses_answers)
        await asyncio.sleep(TERMS.duration)
        assert (one.leads, one.terms, two.leads) == (True, 1, False)


async def test_a_lease_that_was_deleted_is_made_again_by_one() -> None:
    shelf = Shelf()
    async with candidates(2, shelf) as (one, two):
        shelf.kept.clear()

        await until(lambda: bool(shelf.kept))
        await asyncio.sleep(TERMS.duration)
        assert one.leads != two.leads


async def test_who_cannot_work_lets_another_lead() -> None:
    async with candidates(2) as (one, two):
        one.unable_for = 3600.0

        await until(lambda: two.leads)
        await asyncio.sleep(2 * TERMS.duration)
        assert (one.leads, two.leads) == (False, True)


async def test_where_nobody_can_work_one_leads_all_the_same_and_keeps_it() -> None:
    async with candidates(2) as both:
        for each in both:
            each.unable_for = 3600.0

        await until(lambda: not both[0].leads)
        await until(lambda: any(each.leads for each in both))
        terms = sum(each.terms for each in both)
        await asyncio.sleep(3 * TERMS.duration)
        assert (sum(each.leads for each in both), sum(each.terms for each in both)) == (1, terms)
