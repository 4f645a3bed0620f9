"""Comparing the stage with what is live, sealing the verdict, and making it live in one transaction."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import LiteralString

import msgspec
from msgspec import Struct
from psycopg import sql

from psa_operator.errors import LiveRowsLockedError, StageLostError, TransientError, VerificationError
from psa_operator.store import apply, changes, delta, drift, former, local, restore, rollback
from psa_operator.store.blockers import blockers
from psa_operator.store.connection import Connection
from psa_operator.store.staging import LISTED, Staging
from psa_operator.store.summary import Counted, count, summarize
from psa_operator.store.tables import STAGED, TABLES, identifiers
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import PARENTS, Entity
from psa_operator.sync.outcome import Difference, Report
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Mark

_TRIES = 5
_PAUSE_SECONDS = 0.5

_ROWS = sql.SQL("SELECT count(*) FROM {staged} AS staged")
_REFUSED = "SELECT count(*) FROM refused WHERE run = %s"
_ANALYZE = sql.SQL("ANALYZE {table} ({columns})")
_KNOWN_ROWS = "SELECT relname, reltuples FROM pg_class WHERE oid = ANY (%s::regclass[])"
_SEAL = "UPDATE run SET verdict = %s WHERE id = %s"
_VERDICT = "SELECT verdict FROM run WHERE id = %s"
# Shorter than PostgreSQL's deadlock_timeout, so that in a deadlock we give way and not the portal.
_GIVE_WAY = "SET LOCAL lock_timeout = '800ms'"
_WORKSPACE: LiteralString = f"{delta.WORKSPACE}; {local.WORKSPACE}"


class _Verdict(Struct, frozen=True):
    """What was found good: how many rows of each entity were staged, and how many live ones may go."""

    epoch: str
    rows: dict[str, int]
    deletions: dict[str, int]


async def compare(
    worker: Worker, staging: Staging, scope: ResolvedScope, repaired: dict[Entity, int]
) -> Difference:
    """Compute what publishing would change; writes nothing. Raises StageLostError."""
    async with worker.reading(staging, _WORKSPACE) as connection:
        integration = worker.claim.integration
        staging = await local.lay(connection, staging, worker.claim, worker.spec)
        if staging.mode is Mode.ROLLBACK:
            undone = await rollback.find(connection, staging, integration)
            await rollback.compute(connection, undone)
            return await rollback.summarize(connection, undone)
        await delta.compute(connection, staging, integration, scope)
        return await summarize(connection, staging, integration, repaired)


async def seal(worker: Worker, staging: Staging, difference: Difference) -> None:
    """Write the verdict into the run row, which a crash of PostgreSQL does not empty."""
    deletions = {str(entity): counts.deleted for entity, counts in difference.counts.items()}
    async with worker.writing(staging) as connection:
        rows = await _inventory(connection, staging)
        verdict = msgspec.json.encode(_Verdict(staging.epoch, rows, deletions)).decode()
        await connection.execute(_SEAL, (verdict, worker.claim.run_id))


async def publish(
    worker: Worker,
    staging: Staging,
    scope: ResolvedScope,
    marks: Mapping[Entity, Mark],
    report: Report,
    repaired: dict[Entity, int],
) -> Counted:
    """Make the stage live; tries a few times while others hold the rows, then names them."""
    for attempt in range(1, _TRIES + 1):
        try:
            counts = await _publish(worker, staging, scope, marks, report, repaired)
        except LiveRowsLockedError as error:
            if attempt == _TRIES:
                raise await blockers(worker, error) from error
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return counts
    raise AssertionError


async def analyze(connection: Connection, counted: Counted) -> None:
    """Tell the planner of tables that grew by a tenth or more: the next run may come before autovacuum."""
    names = [table.name for table in TABLES.values()]
    known: dict[str, float] = dict(await (await connection.execute(_KNOWN_ROWS, (names,))).fetchall())
    for entity, counts in counted.items():
        table = TABLES[entity]
        if counts.created * 10 > max(known[table.name], 0):
            columns = identifiers(tuple({"integration_id", table.columns[0], *PARENTS.get(entity, {})}))
            await connection.execute(_ANALYZE.format(table=sql.Identifier(table.name), columns=columns))


async def _publish(
    worker: Worker,
    staging: Staging,
    scope: ResolvedScope,
    marks: Mapping[Entity, Mark],
    report: Report,
    repaired: dict[Entity, int],
) -> Counted:
    integration = worker.claim.integration
    async with worker.writing(staging) as connection:
        await connection.execute(_GIVE_WAY)
        verdict = await _sealed(connection, worker, staging)
        await connection.execute(_WORKSPACE)
        unsent = await local.known(connection, integration)
        staging = await local.lay(connection, staging, worker.claim, worker.spec)
        if staging.mode is Mode.ROLLBACK:
            counts = await _undo(connection, worker, staging, verdict, unsent)
        else:
            await delta.compute(connection, staging, integration, scope)
            counts = await count(connection, staging, integration, repaired)
            _check_deletions(verdict, counts)
            await _hold(connection, integration, unsent)
            report.drift = await drift.measure(connection, staging, worker.claim, worker.spec)
            report.lateness = await drift.lateness(connection, staging, worker.claim, worker.spec)
            report.rollback_until = await _remember(connection, worker, staging)
            await apply.apply(connection, staging, worker.claim)
            await local.rebase(connection, staging, worker.claim)
        report.counts = {str(entity): each for entity, each in counts.items()}
        await apply.settle(connection, staging, worker, marks, report)
    return counts


async def _hold(connection: Connection, integration: int, unsent: list[int]) -> None:
    """Lock what `delta` names, which is right unless the portal was quicker."""
    await apply.lock(connection, integration)
    await local.check_late(connection, integration, unsent)


async def _undo(
    connection: Connection, worker: Worker, staging: Staging, verdict: _Verdict, unsent: list[int]
) -> Counted:
    claim = worker.claim
    undone = await rollback.find(connection, staging, claim.integration)
    await rollback.hold(connection, undone)
    await rollback.compute(connection, undone)
    counts = dict((await rollback.summarize(connection, undone)).counts)
    _check_deletions(verdict, counts)
    await _hold(connection, claim.integration, unsent)
    await restore.restore(connection, claim, undone)
    return counts


async def _remember(connection: Connection, worker: Worker, staging: Staging) -> datetime | None:
    """Log what is about to change, and keep what was there; until when."""
    claim = worker.claim
    if await former.first_load(connection, claim.integration):
        await former.note_baseline(connection, claim)
        await changes.emit_baseline(connection, claim)
        return None
    await changes.emit(connection, claim, changes.of_stage(staging))
    return await former.keep(connection, claim, staging.mode, worker.spec.rollback_window)


async def _sealed(connection: Connection, worker: Worker, staging: Staging) -> _Verdict:
    """The verdict, if the stage is still what it was given for."""
    (written,) = await (await connection.execute(_VERDICT, (worker.claim.run_id,))).fetchone() or (None,)
    if written is None:
        raise VerificationError("The staged rows were not sealed, so nothing was published")
    verdict = msgspec.json.decode(written, type=_Verdict)
    if (verdict.epoch, verdict.rows) != (staging.epoch, await _inventory(connection, staging)):
        raise StageLostError("The staged rows are not those that were verified; nothing was published")
    return verdict


async def _inventory(connection: Connection, staging: Staging) -> dict[str, int]:
    rows = {}
    for name in (*(table.name for table in STAGED), LISTED):
        counted = await connection.execute(_ROWS.format(staged=staging.rows(name)))
        (rows[name],) = await counted.fetchone() or (0,)
    (rows["refused"],) = await (await connection.execute(_REFUSED, (staging.run,))).fetchone() or (0,)
    return rows


def _check_deletions(verdict: _Verdict, counted: Counted) -> None:
    for entity, counts in counted.items():
        allowed = verdict.deletions.get(str(entity), 0)
        if counts.deleted > allowed:
            raise TransientError(
                f"Publishing would delete {counts.deleted:,} {entity} where {allowed:,} were verified: "
                "the live rows changed meanwhile, and nothing was published",
                reason="VerdictExceeded",
            )
