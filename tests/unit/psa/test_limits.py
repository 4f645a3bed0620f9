"""A budget holds back what is too much, and says so."""

import asyncio

from psa_operator.psa.limits import Budget
from psa_operator.sync.spec import Limits


async def test_the_reserve_is_kept() -> None:
    assert Budget(Limits(reserve_percent=20), 1000).per_minute == 800


async def test_a_users_number_goes_before_the_providers() -> None:
    assert Budget(Limits(requests_per_minute=60, reserve_percent=50), 1000).per_minute == 30


async def test_no_more_run_at_once_than_allowed() -> None:
    budget, running, peak = Budget(Limits(concurrency=3), 60_000), 0, 0

    async def ask() -> None:
        nonlocal running, peak
        async with budget.request():
            running += 1
            peak = max(peak, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(ask() for _ in range(30)))
    assert peak == 3


async def test_an_overload_halves_and_good_answers_restore() -> None:
    budget = Budget(Limits(concurrency=8), 60_000)

    budget.overloaded(0)
    halved = budget.concurrency
    for _ in range(200):
        budget.went_well()

    assert (halved, budget.concurrency) == (4, 8)


async def test_halved_while_all_places_are_taken_lets_fewer_in_afterwards() -> None:
    budget = Budget(Limits(concurrency=4), 60_000)
    async with budget.request(), budget.request(), budget.request(), budget.request():
        budget.overloaded(0)

    async with budget.request(), budget.request():
        third = asyncio.ensure_future(budget.request().__aenter__())
        done, _ = await asyncio.wait([third], timeout=0.05)
        third.cancel()
    assert not done


async def test_the_burst_is_a_tenth_of_the_minute() -> None:
    budget = Budget(Limits(requests_per_minute=100, reserve_percent=0, concurrency=50), 1000)
    sent = 0

    async def ask() -> None:
        nonlocal sent
        async with budget.request():
            sent += 1

    tasks = [asyncio.create_task(ask()) for _ in range(50)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    at_once, waiting = sent, budget.waiting_for
    for task in tasks:
        task.cancel()

    assert (at_once, waiting) == (10, "the request budget of 100 a minute")


async def test_silence_is_announced_with_its_seconds() -> None:
    budget = Budget(Limits(), 1000)
    budget.overloaded(42)

    held = asyncio.ensure_future(budget.request().__aenter__())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting = budget.waiting_for
    held.cancel()

    assert waiting == "42 s for the PSA's rate limit"


async def test_nothing_is_announced_while_a_request_is_on_its_way() -> None:
    budget = Budget(Limits(), 1000)
    sleeping = asyncio.create_task(budget.sleep(9, "the PSA to recover"))
    await asyncio.sleep(0)

    alone = budget.waiting_for
    async with budget.request():
        together = budget.waiting_for
    sleeping.cancel()

    assert (alone, together) == ("9 s for the PSA to recover", None)
