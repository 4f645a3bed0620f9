"""After a crash of PostgreSQL nothing is deleted, and the run says that it begins again."""

import pytest

from psa_operator.devcluster.postgres import Postgres
from psa_operator.errors import StageLostError, UnavailableError
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Report
from psa_operator.sync.ports import Page
from psa_operator.sync.spec import Mode
from tests.contract.store.world import (
    EVERYTHING,
    NOON,
    READ,
    WHOLE,
    bring,
    claimed,
    publish,
    rows,
    spec,
    staged,
    summaries,
    ticket,
    tickets,
)


async def crash(postgres: Postgres) -> None:
    await postgres.crash()
    await postgres.start()


@pytest.mark.parametrize("mode", list(READ))
async def test_a_crash_between_sealing_and_publishing_changes_nothing(
    postgres_servers: Postgres, database: str, mode: Mode
) -> None:
    await bring(database, tickets(1, 2, 3))
    asked = spec(database, mode)
    async with claimed(asked) as run, staged(run, mode, [ticket(1, "new")]) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        await crash(postgres_servers)
        with pytest.raises(StageLostError, match="PostgreSQL emptied"):
            await stage.publish(EVERYTHING, {}, Report())

    assert await summaries(database) == dict.fromkeys((1, 2, 3), "Printer on fire")


async def test_an_attempt_does_not_go_on_with_what_a_crash_left_of_its_stage(
    postgres_servers: Postgres, database: str
) -> None:
    await bring(database, tickets(1, 2))
    async with claimed(spec(database)) as run:
        stage = await run.open_stage(Mode.FULL)
        await stage.append(Page(Entity.TICKETS, tickets(1)), WHOLE)
        await crash(postgres_servers)
        for write in (
            stage.append(Page(Entity.TICKETS, tickets(2)), WHOLE),
            stage.index(),
            stage.begin(NOON),
        ):
            with pytest.raises(StageLostError):
                await write


@pytest.mark.parametrize("mode", list(READ))
async def test_an_emptied_stage_is_never_taken_for_an_empty_psa(
    postgres_servers: Postgres, database: str, mode: Mode
) -> None:
    await bring(database, tickets(1, 2, 3))
    async with claimed(spec(database, mode)) as run, staged(run, mode, tickets(1, 2, 3)) as stage:
        await crash(postgres_servers)
        questions = (stage.difference(EVERYTHING), stage.counts(), stage.unstaged(Entity.TICKETS))
        for question in questions:
            with pytest.raises(StageLostError, match="PostgreSQL emptied"):
                await question


async def test_the_next_attempt_after_a_crash_begins_again_and_says_so(
    postgres_servers: Postgres, database: str
) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    await crash(postgres_servers)

    async with claimed(asked) as run:
        stage = await run.open_stage(Mode.FULL)
        assert not stage.state.resumed
        assert "PostgreSQL lost the staged rows" in stage.state.notice
        async with staged(run, records=tickets(1, 2)) as whole:
            await publish(whole)

    assert set(await summaries(database)) == {1, 2}


async def test_an_orderly_restart_keeps_the_stage(postgres_servers: Postgres, database: str) -> None:
    asked = spec(database)
    async with claimed(asked) as run, staged(run, records=tickets(1)):
        pass
    await postgres_servers.restart()

    async with claimed(asked) as run, staged(run) as stage:
        assert stage.state.resumed
        assert (await stage.counts())[Entity.TICKETS] == 1


async def test_a_worker_hears_that_the_database_is_away_and_can_go_on_later(
    postgres_servers: Postgres, database: str
) -> None:
    async with claimed(spec(database)) as run, staged(run) as stage:
        await postgres_servers.stop()
        with pytest.raises(UnavailableError):
            await stage.merge(Page(Entity.TICKETS, tickets(1)))
        await postgres_servers.start()
        await stage.merge(Page(Entity.TICKETS, tickets(1)))
        await publish(stage)

    assert set(await summaries(database)) == {1}


async def test_rows_that_vanish_from_the_stage_stop_the_publication(database: str) -> None:
    await bring(database, tickets(1, 2))
    async with claimed(spec(database)) as run, staged(run, records=tickets(1, 2)) as stage:
        await stage.seal(await stage.difference(EVERYTHING))
        await rows(database, "DELETE FROM full_ticket_2 WHERE psa_id = 2")
        with pytest.raises(StageLostError):
            await stage.publish(EVERYTHING, {}, Report())

    assert set(await summaries(database)) == {1, 2}


async def test_after_a_crash_within_a_rollback_the_next_attempt_makes_it_whole(
    postgres_servers: Postgres, database: str
) -> None:
    await bring(database, tickets(1, 2, 3))
    await bring(database, tickets(1, 2))
    asked = spec(database, Mode.ROLLBACK, rollback_of="msp/full")
    async with claimed(asked) as run:
        await run.undo("msp/full")
        stage = await run.open_stage(Mode.ROLLBACK)
        await stage.seal(await stage.difference(EVERYTHING))
        await crash(postgres_servers)
        with pytest.raises(StageLostError):
            await stage.publish(EVERYTHING, {}, Report())

    async with claimed(asked) as run:
        await publish(await run.open_stage(Mode.ROLLBACK))

    assert set(await summaries(database)) == {1, 2, 3}
