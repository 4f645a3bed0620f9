"""A PSA is asked no more, and no faster, than allowed."""

import asyncio
from itertools import pairwise

from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Query
from psa_operator.sync.spec import Limits
from tests.contract.psa.asking import walked
from tests.contract.psa.conftest import Open, Requests
from tests.simulator_process import SimulatorProcess


async def test_no_more_requests_run_at_once_than_allowed(psa: SimulatorProcess, open_psa: Open) -> None:
    client = await open_psa(limits=Limits(concurrency=3, requests_per_minute=60_000))
    psa.set(latency=0.05)

    await asyncio.gather(*(client.count(Entity.TICKETS) for _ in range(20)))

    assert psa.requests()["peakConcurrency"] == 3


async def test_segments_of_one_list_are_read_at_once(psa: SimulatorProcess, client: ConnectWise) -> None:
    truth = psa.ids()
    psa.set(latency=0.1)
    cuts = [0, *truth[299::300], None]
    segments = [Query(after=after or 0, upto=upto) for after, upto in pairwise(cuts)]

    parts = await asyncio.gather(*(walked(client, Entity.TICKETS, each) for each in segments))

    assert [each for part in parts for each in part] == truth
    assert psa.requests()["peakConcurrency"] > 1


async def test_requests_stay_within_the_minutes_budget(open_psa: Open, requests: Requests) -> None:
    limits = Limits(requests_per_minute=50, reserve_percent=20, concurrency=30)
    client = await open_psa(limits=limits)
    began = asyncio.get_running_loop().time()
    asking = [asyncio.create_task(client.now()) for _ in range(30)]

    await asyncio.sleep(2)
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    elapsed = asyncio.get_running_loop().time() - began

    burst, per_second = 4, 36 / 60
    assert requests("") <= burst + per_second * elapsed + 1


async def test_what_everybody_waits_for_is_told(psa: SimulatorProcess, client: ConnectWise) -> None:
    await client.now()
    psa.fault("status", "system/info", status=429, retryAfter=30)
    asking = asyncio.create_task(client.now())
    await asyncio.sleep(1)

    told = client.waiting_for or ""
    asking.cancel()

    assert told.endswith("s for the PSA's rate limit")
    assert 20 <= int(told.split()[0]) <= 31


async def test_an_overload_lowers_the_number_of_requests_at_once(
    psa: SimulatorProcess, open_psa: Open
) -> None:
    client = await open_psa(limits=Limits(concurrency=8, requests_per_minute=60_000))
    await client.now()
    psa.fault("status", "system/info", status=503, retryAfter=0, count=2)
    await client.now()
    psa.clear_requests()
    psa.set(latency=0.05)

    await asyncio.gather(*(client.now() for _ in range(8)))

    assert psa.requests()["peakConcurrency"] == 2


async def test_time_spent_waiting_is_added_up(psa: SimulatorProcess, client: ConnectWise) -> None:
    await client.now()
    psa.set(latency=0.2)
    before = client.waited

    await asyncio.gather(client.now(), client.now())

    assert client.waited - before >= 0.4


async def test_requests_are_counted_as_the_psa_counts_them(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("status", "service/tickets", status=500, count=1)
    await client.count(Entity.TICKETS)

    assert client.requests == psa.requests()["total"] == 3


async def test_reading_sends_nothing_but_get_and_bundles_that_read(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    before = {entity: psa.state(entity) for entity in ("tickets", "notes", "timeEntries")}
    await client.probe()
    await walked(client, Entity.TICKETS)
    await client.is_gone(Entity.TICKETS, 1)
    async for _ in client.of_tickets(Entity.NOTES, psa.ids()[:99]):
        pass

    sent = {each["method"]: each["path"] for each in psa.requests()["log"]}
    assert sent.keys() == {"GET", "POST"}
    assert sent["POST"].endswith("/system/bundles")
    assert {entity: psa.state(entity) for entity in before} == before
