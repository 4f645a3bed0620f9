"""Continuing the stage of an earlier attempt, or making one, and saying which and why."""

from datetime import datetime
from uuid import UUID, uuid4

from msgspec import Struct

from psa_operator.store.connection import Connection
from psa_operator.store.stage import PostgresStage
from psa_operator.store.staging import Staging, forget
from psa_operator.store.tables import STAGE_VERSION
from psa_operator.store.worker import Worker
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import StageState

_EXPECTED = "SELECT stage_epoch FROM run WHERE id = %s"
_FOUND = "SELECT epoch, mode, config_hash, stage_version, began, indexed FROM stage WHERE run = %s"
_MADE = """
INSERT INTO stage (run, mode, epoch, config_hash, stage_version, indexed)
VALUES (%(run)s, %(mode)s, %(epoch)s, %(config)s, %(version)s, %(indexed)s)
"""
_BOUND = "UPDATE run SET stage_epoch = %(epoch)s, effective_mode = %(mode)s WHERE id = %(id)s"


class _Found(Struct, frozen=True):
    epoch: UUID
    mode: str
    config_hash: str
    version: str
    began: datetime | None
    indexed: bool


async def open_stage(worker: Worker, mode: Mode, denied: frozenset[str], *, anew: bool) -> PostgresStage:
    """Continue this run's stage if it is whole, of the same kind, and wanted, else begin again."""
    claim, database, epoch = worker.claim, worker.spec.database, uuid4()
    async with worker.writing() as connection:
        (expected,) = await (await connection.execute(_EXPECTED, (claim.run_id,))).fetchone() or (None,)
        row = await (await connection.execute(_FOUND, (claim.run,))).fetchone()
        found = _Found(*row) if row else None
        obstacle = _obstacle(found, expected, worker.spec.config_hash, mode)
        if found and obstacle is None and not anew:
            staging = Staging.of(database, mode, claim.run, str(found.epoch), worker.spec.only, denied)
            state = StageState(resumed=True, began=found.began, indexed=found.indexed)
            return PostgresStage(worker, staging, state)
        await forget(connection, database, claim.run)
        staging = Staging.of(database, mode, claim.run, str(epoch), worker.spec.only, denied)
        await staging.create(connection)
        await _remember(connection, worker, staging)
    state = StageState(resumed=False, began=None, indexed=not staging.own, notice=obstacle or "")
    return PostgresStage(worker, staging, state)


async def _remember(connection: Connection, worker: Worker, staging: Staging) -> None:
    values = {
        "id": worker.claim.run_id,
        "run": staging.run,
        "mode": staging.mode,
        "epoch": staging.epoch,
        "config": worker.spec.config_hash,
        "version": STAGE_VERSION,
        "indexed": not staging.own,
    }
    await connection.execute(_MADE, values)
    await connection.execute(_BOUND, values)


def _obstacle(found: _Found | None, expected: UUID | None, config_hash: str, mode: Mode) -> str | None:
    """Why an earlier stage cannot be continued; empty if there was none, None if it can."""
    if expected is None:
        return ""
    if found is None or found.epoch != expected:
        return (
            "PostgreSQL lost the staged rows in a crash or failover, or they were dropped after 30 days, so "
            "everything is read again"
        )
    if found.config_hash != config_hash:
        return "The scope changed since the last attempt, so everything is read again"
    if found.version != STAGE_VERSION:
        return "Another release staged the rows of the last attempt, so everything is read again"
    if found.mode != mode:
        return (
            f"The last attempt was a {found.mode} run and this is a {mode} one, so everything is read again"
        )
    return None
