"""What goes wrong between us and the PSA costs a retry or a clear word, never a record."""

import asyncio
from typing import Any

import pytest

from psa_operator.errors import RateLimitedError, UnavailableError
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page
from tests.contract.psa.asking import listed, numbers, walked
from tests.contract.psa.conftest import IMPATIENT, Open, Requests
from tests.simulator_process import SimulatorProcess

PASSING: list[tuple[str, dict[str, Any]]] = [
    ("status", {"status": 429}),
    ("status", {"status": 429, "retryAfter": 0}),
    ("status", {"status": 429, "retryAfter": 0, "httpDate": True}),
    ("status", {"status": 500}),
    ("status", {"status": 502}),
    ("status", {"status": 503, "retryAfter": 0}),
    ("status", {"status": 504}),
    ("html", {}),
    ("empty-body", {}),
    ("truncated", {}),
    ("wrong-length", {"delta": 100}),
    ("wrong-length", {"delta": -100}),
    ("reset", {}),
]
TICKETS = r"service/tickets\?"


@pytest.mark.parametrize(("kind", "details"), PASSING)
async def test_what_passes_is_tried_again_and_nothing_is_lost(
    psa: SimulatorProcess, client: ConnectWise, kind: str, details: dict[str, Any]
) -> None:
    psa.fault(kind, TICKETS, after=1, count=1, **details)

    assert await walked(client, Entity.TICKETS) == psa.ids()
    assert psa.faults()[0]["hits"] == 1


@pytest.mark.parametrize(("kind", "details"), PASSING)
async def test_what_does_not_pass_is_said_after_a_few_tries(
    psa: SimulatorProcess, client: ConnectWise, kind: str, details: dict[str, Any]
) -> None:
    psa.fault(kind, TICKETS, **details)

    with pytest.raises((UnavailableError, RateLimitedError), match=r"127\.0\.0\.1.*tried 3 times") as caught:
        await walked(client, Entity.TICKETS)

    assert psa.faults()[0]["hits"] == IMPATIENT.attempts
    assert psa.account.privateKey not in str(caught.value)
    assert "fields" not in str(caught.value)


async def test_a_rate_limit_is_named_with_what_to_do(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("status", status=429, retryAfter=1)

    with pytest.raises(RateLimitedError, match=r"429 .* lower spec\.limits\.requestsPerMinute") as caught:
        await client.server()

    assert caught.value.retry_after == 1


async def test_a_wait_longer_than_we_bear_is_handed_on(
    psa: SimulatorProcess, client: ConnectWise, requests: Requests
) -> None:
    psa.fault("status", "service/tickets", status=429, retryAfter=3600)

    with pytest.raises(RateLimitedError) as caught:
        await client.count(Entity.TICKETS)

    assert caught.value.retry_after == 3600
    assert requests("service/tickets") == 1
    assert await client.now()  # nobody else is made to wait for it


async def test_retry_after_is_honoured(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("status", "service/tickets", status=429, retryAfter=1, count=1)
    waited = client.waited

    await client.count(Entity.TICKETS)

    assert client.waited - waited >= 1


async def test_an_answer_that_drips_is_given_up(psa: SimulatorProcess, open_psa: Open) -> None:
    client = await open_psa(patience=IMPATIENT.__class__(attempts=2, first_pause=0.01, whole_answer=0.3))
    psa.fault("drip", TICKETS, seconds=60)

    with pytest.raises(UnavailableError, match=r"did not complete an answer within 0\.3 s"):
        await walked(client, Entity.TICKETS)


async def test_silence_is_given_up(psa: SimulatorProcess, open_psa: Open) -> None:
    client = await open_psa(patience=IMPATIENT.__class__(attempts=2, first_pause=0.01, silence=0.2))
    psa.fault("latency", TICKETS, seconds=60)

    with pytest.raises(UnavailableError, match="fell silent"):
        await walked(client, Entity.TICKETS)


async def test_a_page_that_repeats_is_no_progress(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.set(pageSizeCap=100)
    psa.fault("repeat", TICKETS, after=3)

    with pytest.raises(UnavailableError, match="repeats records that came before"):
        await walked(client, Entity.TICKETS)


async def test_a_page_that_repeats_once_is_asked_for_again(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(pageSizeCap=100)
    psa.fault("repeat", TICKETS, after=3, count=1)

    assert await walked(client, Entity.TICKETS) == psa.ids()


async def test_smaller_pages_than_asked_for_are_not_the_end(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(pageSizeCap=7)

    assert await listed(client, Entity.CONTACTS) == psa.ids("contacts")


async def test_an_empty_list_is_shown_as_it_is(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("empty-list", TICKETS)

    assert await walked(client, Entity.TICKETS) == []
    assert await client.count(Entity.TICKETS) == len(psa.ids())


async def whole(client: ConnectWise) -> list[Page]:
    return [page async for page in client.walk(Entity.TICKETS)]


async def test_a_record_that_does_not_fit_is_refused_alone(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    bad = psa.ids()[10]
    psa.fault("garble", TICKETS, ids=[bad], record={"summary": 5})

    pages = await whole(client)

    [refused] = [each for page in pages for each in page.refused]
    assert (refused.id, refused.field) == (bad, "summary")
    assert '"summary":5' in refused.raw
    assert sorted([bad, *(each for page in pages for each in numbers(page))]) == psa.ids()


async def test_a_record_without_id_spoils_its_page(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("garble", TICKETS, record={"id": None})

    with pytest.raises(UnavailableError):
        await walked(client, Entity.TICKETS)


async def test_a_broken_record_spoils_its_page_until_it_is_whole(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("garble", TICKETS, raw="{broken", count=2)

    assert await walked(client, Entity.TICKETS) == psa.ids()


async def test_nul_characters_are_removed_and_counted(psa: SimulatorProcess, client: ConnectWise) -> None:
    [number] = psa.create(summary="a\x00b")

    page = await client.fetch(Entity.TICKETS, [number])

    assert page.records[0].summary == "ab"  # type: ignore[union-attr]
    assert page.repaired == 1


async def test_a_moved_codebase_is_followed(psa: SimulatorProcess, client: ConnectWise) -> None:
    await client.server()
    psa.set(codebase="v2026_1/")

    assert await client.count(Entity.TICKETS) == len(psa.ids())


async def test_a_moved_codebase_is_looked_up_once_for_all(
    psa: SimulatorProcess, client: ConnectWise, requests: Requests
) -> None:
    await client.server()
    psa.set(codebase="v2026_1/")

    await asyncio.gather(*(client.count(Entity.TICKETS) for _ in range(8)))

    assert requests("companyinfo") == 2


async def test_a_board_that_goes_while_we_read_takes_its_statuses_along(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    gone = psa.ids("boards")[0]
    psa.fault("status", f"service/boards/{gone}/", status=404)
    left = [each["id"] for each in psa.state("statuses") if each["board"]["id"] != gone]

    assert sorted(await walked(client, Entity.STATUSES)) == left
    assert await client.count(Entity.STATUSES) == len(left)
