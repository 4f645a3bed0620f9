"""What the operator, the command line and tests ask of the run history."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, LiteralString

import msgspec
from msgspec import Struct

from psa_operator.errors import ConfigurationError, PsaOperatorError
from psa_operator.store import claim, sweep
from psa_operator.store.border import translated
from psa_operator.store.connection import connect
from psa_operator.store.schema import migrate
from psa_operator.sync.outcome import Progress, Report
from psa_operator.sync.spec import Database, RunSpec

_COLUMNS: LiteralString = (
    """
SELECT run.id::text, run.number, run.name, integration.key, run.mode, run.effective_mode, run.reason,
       run.requested_by, run.dry_run, run.config_hash, run.attempt, run.failures, run.active, run.phase,
       run.created_at, run.started_at, run.heartbeat_at, run.finished_at, run.retry_at,
       run.cancel_requested, run.approval_seconds, run.progress, run.report, run.end_reason, run.end_message,
       """
    + claim.ALIVE
    + " FROM run JOIN integration ON integration.id = run.integration_id "
)
_ONE: LiteralString = _COLUMNS + "WHERE run.id = %(id)s::uuid"
_UNFINISHED: LiteralString = (
    _COLUMNS + "WHERE integration.key = %(key)s AND run.finished_at IS NULL ORDER BY run.number"
)
_CANCEL = """
UPDATE run SET cancel_requested = true, cancel_reason = %(reason)s
 WHERE id = %(id)s AND NOT cancel_requested AND finished_at IS NULL
"""
# FOR UPDATE waits for a commit that holds the fence: what it commits has happened before this end.
_LOCK = "SELECT number FROM run WHERE id = %(id)s AND finished_at IS NULL FOR UPDATE"
_END = """
UPDATE run
   SET phase = %(phase)s, end_reason = %(reason)s, end_message = %(message)s,
       active = false, finished_at = now(), heartbeat_at = now()
 WHERE id = %(id)s
"""
# An attempt that could not begin takes nothing from the time that the run waits for its approval.
_RELEASE = """
UPDATE run
   SET active = false, end_reason = %(reason)s, end_message = %(message)s,
       failures = failures + %(charge)s::integer,
       heartbeat_at = CASE WHEN phase = 'AwaitingApproval' THEN heartbeat_at ELSE now() END,
       retry_at = now() + make_interval(secs => %(retry_after)s)
 WHERE id = %(id)s AND finished_at IS NULL
"""


class RunRow(Struct, frozen=True):
    """One run. `reason` and `message` are those of the end, of the run or of its last attempt.

    `alive` says that a worker is on it, as far as PostgreSQL can tell.
    """

    run_id: str
    number: int
    name: str
    integration_key: str
    mode: str
    effective_mode: str | None
    why: str
    requested_by: str
    dry_run: bool
    config_hash: str
    attempt: int
    failures: int
    active: bool
    phase: str
    created_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    ended_at: datetime | None
    retry_at: datetime | None
    cancel_requested: bool
    approval_seconds: float
    progress: Progress | None
    report: Report
    reason: str
    message: str
    alive: bool = False

    @property
    def awaits_approval(self) -> bool:
        """Whether its last attempt ended because somebody has to approve what it would delete."""
        return self.phase == "AwaitingApproval" and not self.active and self.ended_at is None


async def read_run(database: Database, run_id: str) -> RunRow | None:
    """One run, None if it is not in the history."""
    rows = await _rows(database, _ONE, {"id": run_id})
    return rows[0] if rows else None


async def unfinished_runs(database: Database, integration_key: str) -> list[RunRow]:
    """Runs of an integration that have not ended, oldest first."""
    return await _rows(database, _UNFINISHED, {"key": integration_key})


async def create_run(spec: RunSpec) -> None:
    """Put a run into the history, pending; nothing happens if it is there."""
    await migrate(spec.database)
    async with connect(spec.database) as connection, connection.transaction():
        await claim.create(connection, spec)


async def request_cancel(database: Database, run_id: str, reason: str) -> None:
    """Ask the worker of a run to stop, wherever it is."""
    async with connect(database) as connection:
        await connection.execute(_CANCEL, {"id": run_id, "reason": reason})


async def release_run(
    database: Database, run_id: str, reason: str, message: str, *, charge: bool, retry_after: float | None
) -> None:
    """Write down how an attempt ended whose worker could not; the run goes on."""
    values: dict[str, Any] = {"id": run_id, "reason": reason, "message": message}
    values |= {"charge": charge, "retry_after": retry_after}
    async with connect(database) as connection:
        await connection.execute(_RELEASE, values)


async def end_run(database: Database, run_id: str, phase: str, reason: str, message: str) -> None:
    """End a run from outside: its worker can commit nothing any more. Does nothing if it has ended."""
    values = {"id": run_id, "phase": phase, "reason": reason, "message": message}
    async with connect(database) as connection:
        async with connection.transaction():
            row = await (await connection.execute(_LOCK, values)).fetchone()
            if row is None:
                return
            await connection.execute(_END, values)
        # It has ended, whether or not its staged rows can be dropped now; the next claim sweeps.
        with suppress(PsaOperatorError), translated():
            async with connection.transaction():
                await sweep.drop(connection, database, row[0])


async def forget(database: Database) -> None:
    """Forget what runs have replaced that cannot be undone any more, and changes of long ago."""
    try:
        async with connect(database) as connection:
            await sweep.forget_history(connection)
    except ConfigurationError as error:
        if error.reason != "NotMigrated":
            raise


async def _rows(database: Database, query: LiteralString, values: Mapping[str, Any]) -> list[RunRow]:
    try:
        async with connect(database) as connection:
            found = await (await connection.execute(query, values)).fetchall()
    except ConfigurationError as error:
        if error.reason == "NotMigrated":
            return []
        raise
    return [_row(each) for each in found]


def _row(columns: tuple[Any, ...]) -> RunRow:
    *head, progress, report, reason, message, alive = columns
    said = msgspec.json.decode(progress, type=Progress) if progress else None
    found = msgspec.json.decode(report, type=Report) if report else Report()
    return RunRow(*(*head, said, found, reason, message, alive))
