"""One claimed attempt of one run: heartbeat, what is live, and how it ends."""

from collections.abc import Collection
from contextlib import suppress

import msgspec

from psa_operator.errors import FencedError, PsaOperatorError
from psa_operator.store import live, sweep
from psa_operator.store.archive import PostgresArchive
from psa_operator.store.opening import open_stage
from psa_operator.store.outgoing import PostgresOutgoing
from psa_operator.store.stage import PostgresStage
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Progress, Report
from psa_operator.sync.spec import Mode
from psa_operator.sync.storage import Replaced, Signal

_HEARTBEAT = """
UPDATE run
   SET heartbeat_at = now(), phase = %(phase)s, progress = %(progress)s, report = %(report)s
 WHERE id = %(id)s AND attempt = %(attempt)s AND active
RETURNING cancel_requested, cancel_reason
"""
_ADOPT = """
UPDATE integration
   SET provider = coalesce(provider, %(provider)s), identity = coalesce(identity, %(identity)s)
 WHERE id = %(integration)s AND (provider IS NULL OR identity IS NULL)
"""
_CHOOSE = """
UPDATE run AS own
   SET rollback_of = coalesce(own.rollback_of, (
           SELECT other.id FROM run AS other WHERE other.name = %(name)s AND other.id <> own.id
            ORDER BY other.integration_id = own.integration_id DESC, other.number DESC LIMIT 1))
 WHERE own.id = %(id)s
RETURNING own.rollback_of
"""
_REPLACED = """
SELECT integration.key, coalesce(run.effective_mode, run.mode), run.phase, run.dry_run, run.baseline,
       run.rollback_until, run.marks_before IS NOT NULL AND run.rollback_until > clock_timestamp(), later.name
  FROM run JOIN integration ON integration.id = run.integration_id
  LEFT JOIN run AS later ON later.id = run.rolled_back_by
 WHERE run.id = %s
"""
_LAST_FULL_CONFIG = "SELECT last_full_config FROM integration WHERE id = %(integration)s"
_LEFT_OUT = """
SELECT DISTINCT area
  FROM run, jsonb_array_elements_text(report -> 'denied') AS area
 WHERE integration_id = %(integration)s AND phase = 'Succeeded' AND NOT dry_run
   AND finished_at >= (SELECT max(finished_at) FROM run
                        WHERE integration_id = %(integration)s AND effective_mode = 'Full'
                          AND phase = 'Succeeded' AND NOT dry_run AND NOT limited AND rolled_back_by IS NULL)
"""
_FINISH = """
UPDATE run
   SET phase = %(phase)s, end_reason = %(reason)s, end_message = %(message)s, report = %(report)s,
       active = false, finished_at = now(), heartbeat_at = now()
 WHERE id = %(id)s AND finished_at IS NULL
"""
_AWAIT_APPROVAL = """
UPDATE run
   SET active = false, phase = 'AwaitingApproval', end_reason = %(reason)s, end_message = %(message)s,
       report = %(report)s, heartbeat_at = now()
 WHERE id = %(id)s
"""
_RELEASE = """
UPDATE run
   SET active = false, end_reason = %(reason)s, end_message = %(message)s,
       failures = failures + %(charge)s::integer, heartbeat_at = now(),
       retry_at = now() + make_interval(secs => %(retry_after)s)
 WHERE id = %(id)s
"""


class PostgresRun(PostgresArchive):
    """One claimed attempt."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(worker.reading, worker.spec.integration_key, worker.claim.integration)
        self._worker = worker
        self._claim = worker.claim
        self.attempt = worker.claim.attempt
        self.outgoing = PostgresOutgoing(worker)

    @property
    def database_seconds(self) -> float:
        return self._worker.seconds

    async def report(self, progress: Progress, report: Report) -> Signal:
        values = {
            "id": self._claim.run_id,
            "attempt": self.attempt,
            "phase": progress.phase,
            "progress": msgspec.json.encode(progress).decode(),
            "report": msgspec.json.encode(report).decode(),
        }
        async with self._worker.writing() as connection:
            row = await (await connection.execute(_HEARTBEAT, values)).fetchone()
        if row is None:
            raise FencedError(f"Run {self._worker.spec.name} is no longer ours to work on")
        return Signal(*row)

    async def check_identity(self, provider: str, identity: str) -> None:
        values = {"provider": provider, "identity": identity, "integration": self._claim.integration}
        if not self._worker.spec.dry_run:
            async with self._worker.writing() as connection:
                await connection.execute(_ADOPT, values)
        await super().check_identity(provider, identity)

    async def live_counts(self) -> dict[Entity, int]:
        async with self._worker.reading() as connection:
            return await live.counts(connection, self._claim.integration)

    async def quarantined(self, entity: Entity) -> list[int]:
        async with self._worker.reading() as connection:
            return await live.quarantined(connection, self._claim.integration, entity)

    async def quarantined_tickets(self, entity: Entity) -> list[int]:
        async with self._worker.reading() as connection:
            return await live.quarantined_tickets(connection, self._claim.integration, entity)

    async def hidden_companies(self) -> set[int]:
        async with self._worker.reading() as connection:
            return await live.hidden_companies(connection, self._claim.integration)

    async def last_full_config(self) -> str | None:
        async with self._worker.reading() as connection:
            found = await connection.execute(_LAST_FULL_CONFIG, {"integration": self._claim.integration})
            row = await found.fetchone()
        return row[0] if row else None

    async def left_out(self) -> set[str]:
        async with self._worker.reading() as connection:
            areas = await connection.execute(_LEFT_OUT, {"integration": self._claim.integration})
            return {area async for (area,) in areas}

    async def undo(self, name: str) -> Replaced | None:
        values = {"id": self._claim.run_id, "name": name}
        async with self._worker.writing() as connection:
            chosen = await (await connection.execute(_CHOOSE, values)).fetchone()
            row = await (await connection.execute(_REPLACED, chosen)).fetchone()
        return Replaced(*row) if row else None

    async def open_stage(
        self, mode: Mode, denied: Collection[str] = (), *, anew: bool = False
    ) -> PostgresStage:
        return await open_stage(self._worker, mode, frozenset(denied), anew=anew)

    async def finish(self, phase: str, reason: str, message: str, report: Report) -> None:
        values = {
            "id": self._claim.run_id,
            "phase": phase,
            "reason": reason,
            "message": message,
            "report": msgspec.json.encode(report).decode(),
        }
        async with self._worker.writing() as connection:
            await connection.execute(_FINISH, values)
        # The run has ended, whether or not its staged rows can be dropped now; the next claim sweeps.
        with suppress(PsaOperatorError):
            async with self._worker.tidying() as connection:
                await sweep.drop(connection, self._worker.spec.database, self._claim.run)

    async def await_approval(self, reason: str, message: str, report: Report) -> None:
        values = {
            "id": self._claim.run_id,
            "reason": reason,
            "message": message,
            "report": msgspec.json.encode(report).decode(),
        }
        async with self._worker.writing() as connection:
            await connection.execute(_AWAIT_APPROVAL, values)

    async def release(self, reason: str, message: str, *, charge: bool, retry_after: float | None) -> None:
        values = {
            "id": self._claim.run_id,
            "reason": reason,
            "message": message,
            "charge": charge,
            "retry_after": retry_after,
        }
        async with self._worker.writing() as connection:
            await connection.execute(_RELEASE, values)
