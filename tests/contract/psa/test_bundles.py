"""Whether a server takes bundles, and how large ones, is learnt from refusals and not from failures."""

from typing import Any

import pytest

from psa_operator.errors import AuthenticationError, TransientError
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Limits
from tests.contract.psa.conftest import IMPATIENT, Open, Requests
from tests.contract.psa.test_faults import PASSING
from tests.simulator_process import SimulatorProcess


async def whole_for(client: ConnectWise, tickets: list[int]) -> list[int]:
    return sorted(
        [each async for page in client.of_tickets(Entity.NOTES, tickets) for each in page.whole_for]
    )


@pytest.mark.parametrize(("kind", "details"), PASSING)
async def test_a_first_bundle_that_fails_is_asked_again_and_the_next_ones_are_large(
    psa: SimulatorProcess, client: ConnectWise, requests: Requests, kind: str, details: dict[str, Any]
) -> None:
    psa.fault(kind, "bundles", count=1, **details)
    tickets = psa.ids()[:400]

    assert await client.requests_for_notes(400) == 4
    assert await whole_for(client, tickets) == tickets

    assert (requests("bundles"), requests("/notes")) == (2 + 4, 0)


async def test_a_first_bundle_that_never_comes_says_nothing_of_the_server(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.fault("status", "bundles", status=503, retryAfter=0, count=IMPATIENT.attempts)

    with pytest.raises(TransientError, match="503"):
        await client.requests_for_notes(400)

    assert await client.requests_for_notes(400) == 4


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
async def test_a_server_that_refuses_the_first_bundle_takes_none(
    psa: SimulatorProcess, client: ConnectWise, requests: Requests, status: int
) -> None:
    psa.fault("status", "bundles", status=status)

    assert await client.requests_for_notes(400) == 400
    assert requests("bundles") == 1


async def test_a_server_that_does_not_know_the_kind_of_list_is_asked_without_bundles(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    psa.set(bundleTypes={"ticket": "service/tickets"})

    assert await client.requests_for_notes(400) == 400


async def test_a_part_that_fails_says_nothing_of_bundles(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("part", "bundles", status=500)

    assert await client.requests_for_notes(400) == 4


async def test_a_refused_login_is_no_word_on_bundles(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("unauthorized", "bundles")

    with pytest.raises(AuthenticationError):
        await client.requests_for_notes(400)


async def test_bundles_that_failed_for_a_while_are_large_again_later(
    psa: SimulatorProcess, open_psa: Open, requests: Requests
) -> None:
    client = await open_psa(limits=Limits(requests_per_minute=60_000, concurrency=1))
    psa.fault("status", "bundles", status=500, after=1, count=120)
    tickets = psa.ids()[:300]

    assert await whole_for(client, tickets) == tickets

    assert requests("/notes") < 200
