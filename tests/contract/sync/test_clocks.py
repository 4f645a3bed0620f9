"""Whatever the PSA's clock and zone are: its own time decides, and nothing is lost or brought twice."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from psa_operator.controller import zones
from psa_operator.psa import open_source
from psa_operator.sync.outcome import Drift
from tests.world import LOOPBACK, World


@pytest.mark.parametrize("seconds", [600, -600])
async def test_a_clock_that_is_ten_minutes_off_loses_nothing(small_world: World, seconds: int) -> None:
    small_world.psa.set(clockSkew=seconds)
    await small_world.full()
    small_world.psa.change(*sorted(small_world.truth())[:3], summary="changed")
    small_world.psa.create(2)

    quick = await small_world.quick()
    await small_world.assert_equal_to_the_psa()
    again = await small_world.full()

    tickets = quick.report.counts["tickets"]
    assert (tickets.created, tickets.updated) == (2, 3)
    assert again.report.drift == Drift()
    assert again.report.resync_required == ""


async def test_stamps_without_a_zone_are_read_in_the_zone_of_the_spec(small_world: World) -> None:
    zone = "Pacific/Pitcairn"  # eight hours behind UTC; without summer time no stamp is said twice
    small_world.settings["account"] = replace(small_world.spec().account, time_zone=zone)
    small_world.psa.set(stampZone=zone)
    await small_world.full()
    small_world.psa.change(*sorted(small_world.truth())[:3], summary="changed")

    quick = await small_world.quick()

    assert quick.report.counts["tickets"].updated == 3
    await small_world.assert_equal_to_the_psa()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
async def test_a_zone_that_is_not_the_psas_is_noticed_and_deletes_nothing(
    small_world: World, zone: str
) -> None:
    small_world.psa.set(stampZone=zone, serverTimeZone=zone)
    await small_world.full()
    changed = sorted(small_world.truth())[:3]
    small_world.psa.change(*changed, summary="changed")

    quick = await small_world.quick()
    again = await small_world.full()

    tickets = await small_world.tickets()
    assert tickets.keys() == small_world.truth().keys()
    assert {tickets[each]["summary"] for each in changed} == {"changed"}
    assert (quick.report.counts["tickets"].updated, again.report.counts["tickets"].deleted) == (3, 0)
    assert await noticed(small_world) == ("False", "Differs")


async def noticed(world: World) -> tuple[str, str]:
    """Status and reason of the condition TimeZoneMatches."""
    spec = world.spec()
    async with open_source(spec.account, spec.limits, LOOPBACK) as source:
        theirs = (await source.server()).time_zone
    status, reason, _ = zones.judge(theirs, spec.account.time_zone, datetime.now(UTC))
    return status, reason
