"""A database that an earlier release has filled is taken over with its rows, under their ids."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from psa_operator.store import migrate
from psa_operator.sync.spec import Database, Mode
from tests.older_release import BEFORE_NOTES, BEFORE_TWO_WAY, make_tables
from tests.simulator_process import SimulatorProcess
from tests.world import World

INTEGRATION = "INSERT INTO integration (key, last_full_config) VALUES (%s, 'of before') RETURNING id"
TICKET = (
    "INSERT INTO ticket (integration_id, psa_id, summary, closed, updated_at, changed_by_run, changed_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, now())"
)
PLACES = "SELECT psa_id, id FROM ticket ORDER BY psa_id"


def filled_by(migrations: tuple[str, ...], world: World) -> None:
    """The database of a release that knew these migrations, with the tickets of the PSA, half of them old."""
    make_tables(world.dsn, migrations)
    with psycopg.connect(world.dsn, autocommit=True, options="-c search_path=psa") as connection:
        [integration] = connection.execute(INTEGRATION, (world.key,)).fetchall()
        run = uuid.uuid4()
        for number, each in world.truth().items():
            summary = each["summary"] if number % 2 else "as it was long ago"
            values = (*integration, number, summary, each["closed"], each["updated_at"], run)
            connection.execute(TICKET, values)


@pytest.fixture
def empty(small_simulator: SimulatorProcess, database: str) -> Iterator[World]:
    """A database without our tables."""
    yield World(small_simulator, database)
    small_simulator.reset()


@pytest.mark.parametrize("migrations", [BEFORE_NOTES, BEFORE_TWO_WAY])
async def test_rows_of_an_earlier_release_are_taken_over(empty: World, migrations: tuple[str, ...]) -> None:
    world = empty
    filled_by(migrations, world)
    before = await world.sql(PLACES)

    await migrate(Database(world.dsn))
    quick = await world.quick()
    world.psa.change(*sorted(world.truth())[:3], summary="changed")
    full = await world.full()
    await world.assert_equal_to_the_psa()
    outcome = await world.run(Mode.ROLLBACK, rollback_of=full.name)

    assert "mode: Full brings them in line" in (quick.report.resync_required or "")
    assert quick.report.counts["tickets"].deleted == full.report.counts["tickets"].created == 0
    assert outcome.phase == "Succeeded", outcome
    assert await world.sql(PLACES) == before
