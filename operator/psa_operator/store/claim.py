"""Who may work on an integration: one run at a time, and of it the latest attempt."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import errors

from psa_operator.errors import FencedError, TransientError
from psa_operator.store.connection import APPLICATION, Connection
from psa_operator.sync.spec import RunSpec

STALE_AFTER_SECONDS = 60
"""A worker that has not been heard of for so long is taken for dead."""

_FIRST_SESSION_WITHIN_SECONDS = 10

# Not by ON CONFLICT alone, which takes a number even where the row is there.
_NEW_INTEGRATION = """
INSERT INTO integration (key) SELECT %(key)s WHERE NOT EXISTS (SELECT FROM integration WHERE key = %(key)s)
ON CONFLICT DO NOTHING
"""
_INTEGRATION = "SELECT id FROM integration WHERE key = %(key)s"
_LOCK_INTEGRATION = "SELECT 1 FROM integration WHERE id = %s FOR NO KEY UPDATE"
_RUN = """
INSERT INTO run (id, integration_id, name, mode, reason, requested_by, dry_run, limited, config_hash)
SELECT %(id)s, %(integration)s, %(name)s, %(mode)s, %(reason)s, %(requested_by)s, %(dry_run)s, %(limited)s,
       %(config)s
 WHERE NOT EXISTS (SELECT FROM run WHERE id = %(id)s)
ON CONFLICT DO NOTHING
"""
_STATE = "SELECT attempt, phase, finished_at IS NOT NULL FROM run WHERE id = %s"
_SESSIONS = f"SELECT FROM pg_stat_activity WHERE application_name LIKE '{APPLICATION} ' || run.id || '/%%'"
# A long publication sends no heartbeat, but PostgreSQL is seen to work on it.
_HEARD_OR_PUBLISHING = f"""
heartbeat_at > now() - interval '{STALE_AFTER_SECONDS} s'
OR EXISTS ({_SESSIONS} AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client')
"""
_OTHER = f"""
SELECT id, name, mode, heartbeat_at, {_HEARD_OR_PUBLISHING}
  FROM run WHERE integration_id = %(integration)s AND active AND id <> %(id)s
"""
# Whose sessions have ended has died; only between its claim and its first session a worker has none.
ALIVE = f"""
run.active AND (heartbeat_at > now() - interval '{_FIRST_SESSION_WITHIN_SECONDS} s'
                OR EXISTS ({_SESSIONS}) AND ({_HEARD_OR_PUBLISHING}))
"""
"""Whether a worker is on a run, as far as PostgreSQL can tell."""
_DISCONNECT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE application_name LIKE %s AND datname = current_database() AND pid <> pg_backend_pid()
"""
_FENCE_OFF = "UPDATE run SET attempt = attempt + 1, active = false WHERE id = %s"
_CLAIM = """
UPDATE run
   SET attempt = attempt + 1, active = true, phase = 'Preparing', config_hash = %(config)s,
       started_at = coalesce(started_at, now()), heartbeat_at = now(), retry_at = NULL, verdict = NULL,
       progress = NULL, end_reason = '', end_message = '',
       approval_seconds = approval_seconds
                          + CASE WHEN phase = 'AwaitingApproval'
                                 THEN extract(epoch FROM now() - heartbeat_at) ELSE 0 END
 WHERE id = %(id)s
RETURNING number, attempt
"""


class Claim(Struct, frozen=True):
    """The right to write for one integration, until somebody claims a later attempt."""

    run_id: str
    run: int
    attempt: int
    integration: int

    @property
    def application(self) -> str:
        """How the sessions of this attempt are called."""
        return f"{APPLICATION} {self.run_id}/{self.attempt}"


async def create(connection: Connection, spec: RunSpec) -> int:
    """Put the run into the history unless it is there; returns the id of its integration."""
    key = {"key": spec.integration_key}
    await connection.execute(_NEW_INTEGRATION, key)
    (integration,) = await (await connection.execute(_INTEGRATION, key)).fetchone() or (0,)
    await connection.execute(_RUN, _values(spec, integration))
    return int(integration)


async def claim(connection: Connection, spec: RunSpec) -> Claim:
    """Begin the next attempt. Raises FencedError if the run has ended, TransientError if another is on."""
    async with connection.transaction():
        integration = await create(connection, spec)
        await connection.execute(_LOCK_INTEGRATION, (integration,))
        await _require_our_turn(connection, spec)
        await _fence_off_others(connection, spec, integration)
        await disconnect(connection, spec.run_id)
        claimed = await connection.execute(_CLAIM, _values(spec, integration))
        number, attempt = await claimed.fetchone() or (0, 0)
        return Claim(spec.run_id, number, attempt, integration)


async def _require_our_turn(connection: Connection, spec: RunSpec) -> None:
    found = await (await connection.execute(_STATE, (spec.run_id,))).fetchone()
    made, phase, ended = found or (0, "", False)
    if ended:
        raise FencedError(f"Run {spec.name} has ended already ({phase})")
    if spec.attempts_before not in {None, made}:
        raise FencedError(f"Run {spec.name} was taken up by another operator, which made attempt {made}")


async def disconnect(connection: Connection, run_id: object) -> None:
    """End the sessions of earlier attempts: one that hangs in a transaction would block the fence."""
    # After a change of the DSN's role they may not be ours to end; they can commit nothing even so.
    with suppress(errors.InsufficientPrivilege):
        async with connection.transaction():
            await connection.execute(_DISCONNECT, (f"{APPLICATION} {run_id}/%",))


async def _fence_off_others(connection: Connection, spec: RunSpec, integration: int) -> None:
    others = await connection.execute(_OTHER, {"id": spec.run_id, "integration": integration})
    for run_id, name, mode, heard, alive in await others.fetchall():
        if alive:
            raise _another(name, mode, heard)
        await disconnect(connection, run_id)
        await connection.execute(_FENCE_OFF, (run_id,))


def _another(name: str, mode: str, heard: datetime) -> TransientError:
    return TransientError(
        f"Run {name} ({mode}) is working on this integration, last heard of at {heard:%H:%M:%S} UTC",
        reason="AnotherRunActive",
        retry_after=STALE_AFTER_SECONDS,
    )


def _values(spec: RunSpec, integration: int) -> dict[str, Any]:
    return {
        "id": spec.run_id,
        "integration": integration,
        "name": spec.name,
        "mode": spec.mode,
        "reason": spec.reason,
        "requested_by": spec.requested_by,
        "dry_run": spec.dry_run,
        "limited": spec.only.limited,
        "config": spec.config_hash,
    }
