"""Whatever the PSA's clock and zone are: its own time decides, and nothing is lost or brought twice."""

import pytest
from msgspec.structs import replace

from psa_operator.sync.outcome import Drift
from tests.world import World


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


async def test_a_zone_that_is_not_the_psas_is_noticed_and_deletes_nothing(small_world: World) -> None:
    small_world.psa.set(stampZone="America/Los_Angeles")
    await small_world.full()

    await small_world.quick()

    assert (await small_world.tickets()).keys() == small_world.truth().keys()
