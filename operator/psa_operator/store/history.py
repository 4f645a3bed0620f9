"""What the operator, the command line and tests ask: the run history, and facts of an integration."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, LiteralString

import msgspec
from msgspec import Struct
from psycopg import sql

from psa_operator.errors import ConfigurationError, PsaOperatorError
from psa_operator.store import claim, lists, live, local, sweep
from psa_operator.store.border import translated
from psa_operator.store.connection import Connection, connect
from psa_operator.store.lists import ListChange
from psa_operator.store.schema import migrate
from psa_operator.sync.entities import LARGE, Entity
from psa_operator.sync.outcome import Drift, Progress, Report
from psa_operator.sync.outgoing import Pending
from psa_operator.sync.spec import Database, Mode, RunSpec

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

_INTEGRATION = "SELECT id, identity, last_full_config FROM integration WHERE key = %s"
_LAST = """
SELECT name, finished_at, report -> 'drift' FROM run
 WHERE integration_id = %s AND effective_mode = %s AND phase = 'Succeeded' AND NOT dry_run AND NOT limited
   AND rolled_back_by IS NULL
 ORDER BY finished_at DESC LIMIT 1
"""
_UNTIL = """
SELECT max(rollback_until) FROM run
 WHERE integration_id = %s AND marks_before IS NOT NULL AND rollback_until > now() AND rolled_back_by IS NULL
"""
_ROLLED_BACK = """
SELECT undone.name FROM run AS undone JOIN run AS own ON own.id = undone.rolled_back_by
 WHERE undone.integration_id = %s
   AND NOT EXISTS (SELECT FROM run AS later
                    WHERE later.integration_id = undone.integration_id AND later.phase = 'Succeeded'
                      AND later.effective_mode IN ('Full', undone.effective_mode)
                      AND NOT later.dry_run AND NOT later.limited AND later.rolled_back_by IS NULL
                      AND later.finished_at > own.finished_at)
 ORDER BY own.finished_at DESC LIMIT 1
"""
_REQUIRED = """
SELECT report ->> 'resync_required' FROM run
 WHERE integration_id = %s AND phase = 'Succeeded' AND NOT dry_run
   AND report ->> 'resync_required' IS NOT NULL
 ORDER BY finished_at DESC LIMIT 1
"""
_UNMAPPED = sql.SQL("""
SELECT named.name, count(*)
  FROM {table} AS named
  JOIN ticket ON (ticket.integration_id, ticket.{column}) = (named.integration_id, named.psa_id)
 WHERE named.integration_id = %(integration)s AND named.mapped IS NULL AND ticket.out_of_scope IS NULL
   AND EXISTS (SELECT FROM {table} WHERE integration_id = %(integration)s AND mapped IS NOT NULL)
 GROUP BY named.name
 ORDER BY count(*) DESC, named.name
""")
_QUARANTINED = "SELECT count(*) FROM quarantine WHERE integration_id = %s"


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


class LastRun(Struct, frozen=True):
    """A run that succeeded; `drift` is what a Full run found to mend, if it could know."""

    name: str
    ended_at: datetime
    drift: Drift | None = None


class Facts(Struct, frozen=True):
    """`counts` has the tickets in scope; `resync_required` is what the last run found to be different.

    `unmapped` has the names of statuses and priorities without a name of the portal, with the number of
    tickets; it is empty where no name was ever given. `names` are those that settings can use, by id, and
    `list_changes` what became of former ones. `rollback_until` is until when the last run that can be
    undone can be. `rolled_back` is the name of a run that was undone and not made good since. `pending`
    are the changes of the portal that the PSA does not have yet.
    """

    counts: Mapping[Entity, int] = {}
    covered_until: datetime | None = None
    last_quick: LastRun | None = None
    last_full: LastRun | None = None
    full_config_hash: str | None = None
    resync_required: str = ""
    quarantined: int = 0
    unmapped: Mapping[Entity, Mapping[str, int]] = {}
    identity: str | None = None
    rollback_until: datetime | None = None
    rolled_back: str = ""
    pending: Pending = Pending()
    names: Mapping[Entity, Mapping[int, str]] = {}
    list_changes: Sequence[ListChange] = ()


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


async def integration_facts(database: Database, integration_key: str) -> Facts:
    """Ask for everything at once; nothing is known of an integration that has had no run."""
    try:
        async with connect(database) as connection, connection.transaction():
            row = await (await connection.execute(_INTEGRATION, (integration_key,))).fetchone()
            return await _facts(connection, *row) if row else Facts()
    except ConfigurationError as error:
        if error.reason == "NotMigrated":
            return Facts()
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


async def _facts(
    connection: Connection, integration: int, identity: str | None, last_full_config: str | None
) -> Facts:
    counts = await live.counts(connection, integration)
    counts[Entity.TICKETS] = await live.tickets_in_scope(connection, integration)
    marks = await live.marks(connection, integration)
    covered = [marks[entity].covered_until for entity in LARGE if entity in marks]
    required = await (await connection.execute(_REQUIRED, (integration,))).fetchone()
    undone = await (await connection.execute(_ROLLED_BACK, (integration,))).fetchone()
    (until,) = await (await connection.execute(_UNTIL, (integration,))).fetchone() or (None,)
    (quarantined,) = await (await connection.execute(_QUARANTINED, (integration,))).fetchone() or (0,)
    return Facts(
        counts=counts,
        covered_until=min((each for each in covered if each), default=None),
        last_quick=await _last(connection, integration, Mode.QUICK),
        last_full=await _last(connection, integration, Mode.FULL),
        full_config_hash=last_full_config,
        resync_required=required[0] if required else "",
        quarantined=quarantined,
        unmapped=await _unmapped(connection, integration),
        identity=identity,
        rollback_until=until,
        rolled_back=undone[0] if undone else "",
        pending=await local.pending(connection, integration),
        names=await lists.names(connection, integration),
        list_changes=await lists.changes(connection, integration),
    )


async def _unmapped(connection: Connection, integration: int) -> dict[Entity, dict[str, int]]:
    found = {}
    for entity, table in ((Entity.STATUSES, "status"), (Entity.PRIORITIES, "priority")):
        query = _UNMAPPED.format(table=sql.Identifier(table), column=sql.Identifier(f"{table}_id"))
        rows = await connection.execute(query, {"integration": integration})
        found[entity] = {name: number async for name, number in rows}
    return {entity: names for entity, names in found.items() if names}


async def _last(connection: Connection, integration: int, mode: Mode) -> LastRun | None:
    row = await (await connection.execute(_LAST, (integration, mode))).fetchone()
    if row is None:
        return None
    name, ended_at, drift = row
    return LastRun(name, ended_at, msgspec.json.decode(drift or b"null", type=Drift | None))
