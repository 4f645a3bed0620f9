"""What the portal has changed and the PSA does not have yet: kept visible by every run, lost by none."""

from typing import Any, LiteralString

import msgspec
from psycopg import sql

from psa_operator.errors import LiveRowsLockedError
from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection, connect
from psa_operator.store.staging import Extent, Staging
from psa_operator.store.tables import TABLES, TICKET
from psa_operator.sync.entities import OF_A_TICKET, PARENTS, Entity
from psa_operator.sync.outcome import LocalOutcome
from psa_operator.sync.outgoing import Edit, Pending, PendingChange
from psa_operator.sync.spec import Database, LocalChanges, Mode, RunSpec, WriteBack

WORKSPACE: LiteralString = """
CREATE TEMPORARY TABLE IF NOT EXISTS local_value (
    psa_id    bigint PRIMARY KEY,
    unsent    jsonb NOT NULL,
    sent      jsonb NOT NULL,
    base      jsonb NOT NULL,
    there_at  timestamptz,
    sent_at   timestamptz
) ON COMMIT DELETE ROWS
"""
"""The values that the portal has given to columns of tickets, the newest of each.

Of those that were sent, `there_at` is the PSA's stamp: what it lists with an older one is from before, and so
is what it lists with the same one, for stamps have whole seconds, and the values of `base`. `sent_at` is
when the last one was sent.
"""

PROBE = "psa-operator, write probe"
"""Who a probe's changes are by; nobody has asked for these, so no count has them."""

OUTBOXES = {Entity.NOTES: "outbox_note", Entity.TIME_ENTRIES: "outbox_time_entry"}

_UNSENT = "change.integration_id = %(integration)s AND change.state IN ('Unsent', 'Held')"
# What was changed after the run began is not what the user has given up.
_GIVEN_UP = sql.SQL("""
(%(discard)s AND {dated} <= (SELECT started_at FROM run WHERE id = %(run_id)s) AND {among})
""")
# What was sent lately counts too: a PSA may list a ticket as it was before.
_LAY = sql.SQL("""
INSERT INTO local_value
SELECT ticket_id, coalesce(jsonb_object_agg(key, value) FILTER (WHERE NOT there), '{{}}'),
       coalesce(jsonb_object_agg(key, value) FILTER (WHERE there), '{{}}'),
       coalesce(jsonb_object_agg(key, former) FILTER (WHERE there), '{{}}'),
       max(base_updated_at) FILTER (WHERE there), max(settled_at) FILTER (WHERE there)
  FROM (SELECT DISTINCT ON (ticket_id, key) ticket_id, key, changed.value, change.base -> key AS former,
               change.state = 'Sent' AS there, base_updated_at, settled_at
          FROM local_change AS change, jsonb_each(change.value) AS changed
         WHERE change.integration_id = %(integration)s
           AND ((change.state IN ('Unsent', 'Held') AND NOT {given_up})
                OR (change.state = 'Sent' AND change.settled_at > now() - interval '1 day'))
         ORDER BY ticket_id, key, change.state = 'Sent', change.id DESC) AS newest
 GROUP BY ticket_id
""")
_KNOWN = f"SELECT id FROM local_change AS change WHERE {_UNSENT}"
# Not by the largest id: changes become visible in the order of their commits.
_LATE = f"""
SELECT EXISTS ({_KNOWN} AND change.id <> ALL (%(known)s::bigint[])
                  AND change.ticket_id IN (SELECT psa_id FROM delta WHERE entity = %(ticket)s))
"""
_KEEP_EDITED = """
DELETE FROM delta USING local_value
 WHERE delta.entity = %(ticket)s AND delta.psa_id = local_value.psa_id AND delta.action IN ('d', 'o')
   AND local_value.unsent <> '{}'
"""
_KEEP_NAMED = sql.SQL("""
DELETE FROM delta USING local_value
 WHERE delta.entity = {parent} AND delta.action = 'd'
   AND delta.psa_id = ((local_value.sent || local_value.unsent) ->> {column})::bigint
""")
_REBASE = sql.SQL(f"""
UPDATE local_change AS change SET base_updated_at = new.updated_at
  FROM {{staged}} AS new
 WHERE {_UNSENT} AND new.psa_id = change.ticket_id AND new.origin IS NULL
   AND new.updated_at > change.base_updated_at
   AND NOT EXISTS (SELECT FROM jsonb_each(change.base) AS was
                    WHERE was.value IS DISTINCT FROM to_jsonb(new) -> was.key)
""")
_DISCARD = sql.SQL("""
UPDATE {table} AS change
   SET state = 'Discarded', settled_at = now(), settled_by_run = %(run_id)s
 WHERE integration_id = %(integration)s AND state IN ('Unsent', 'Held') AND {given_up}
""")
_ARRIVED = sql.SQL("""
UPDATE {outbox} AS sent SET state = 'Arrived'
 WHERE integration_id = %(integration)s AND state = 'Sent'
   AND ((%(all_read)s AND settled_by_run <> %(run_id)s)
        OR EXISTS (SELECT FROM {live} AS live
                    WHERE (live.integration_id, live.psa_id) = (sent.integration_id, sent.psa_id)))
""")
_OUTCOME = """
WITH change AS (
    SELECT state, settled_by_run FROM local_change
     WHERE integration_id = %(integration)s AND changed_by <> %(probe)s
    UNION ALL
    SELECT state, settled_by_run FROM outbox_note WHERE integration_id = %(integration)s
    UNION ALL
    SELECT state, settled_by_run FROM outbox_time_entry WHERE integration_id = %(integration)s)
SELECT count(*) FILTER (WHERE state IN ('Sent', 'Arrived') AND settled_by_run = %(run_id)s),
       count(*) FILTER (WHERE state = 'Refused' AND settled_by_run = %(run_id)s),
       count(*) FILTER (WHERE state = 'Held'),
       count(*) FILTER (WHERE state IN ('Unsent', 'Held')),
       count(*) FILTER (WHERE state = 'Discarded' AND settled_by_run = %(run_id)s)
  FROM change
"""
_SET_WRITE_BACK = """
UPDATE integration SET write_back = %(enabled)s, write_back_role = %(role)s
 WHERE key = %(key)s AND (write_back, write_back_role) IS DISTINCT FROM (%(enabled)s, %(role)s)
"""
_PENDING = """
WITH pending (ticket_id, what, state, changed_by, changed_at, message) AS (
    SELECT ticket_id, (SELECT string_agg(key, ', ' ORDER BY key) FROM jsonb_object_keys(value) AS key),
           state, changed_by, changed_at, message
      FROM local_change WHERE integration_id = %(integration)s AND state IN ('Unsent', 'Held')
    UNION ALL
    SELECT ticket_id, 'note', state, created_by, created_at, message
      FROM outbox_note WHERE integration_id = %(integration)s AND state = 'Unsent'
    UNION ALL
    SELECT ticket_id, 'time entry', state, created_by, created_at, message
      FROM outbox_time_entry WHERE integration_id = %(integration)s AND state = 'Unsent')
SELECT *, count(*) OVER (), count(*) FILTER (WHERE state = 'Held') OVER ()
  FROM pending ORDER BY changed_at, ticket_id LIMIT 10
"""


async def lay(connection: Connection, staging: Staging, claim: Claim, spec: RunSpec) -> Staging:
    """Gather the unsent values that the run keeps, for the rest of the transaction."""
    statement = _LAY.format(given_up=_given_up(staging, "changed_at"))
    laid = await connection.execute(statement, _values(claim, spec))
    if not laid.rowcount:
        return staging
    await connection.execute("ANALYZE local_value")
    return msgspec.structs.replace(staging, overlaid=True)


async def known(connection: Connection, integration: int) -> list[int]:
    """The unsent changes there are; asked before `lay`, which must not miss one of them."""
    return [each async for (each,) in await connection.execute(_KNOWN, {"integration": integration})]


async def keep_edited(connection: Connection) -> None:
    """Take back from `delta` what would make unsent values invisible."""
    await connection.execute(_KEEP_EDITED, {"ticket": TICKET.code})


async def keep_named(connection: Connection) -> None:
    """Take back the deletion of what unsent values refer to."""
    for column, parent in PARENTS[Entity.TICKETS].items():
        if column in Edit.__struct_fields__:
            statement = _KEEP_NAMED.format(
                parent=sql.Literal(TABLES[parent].code), column=sql.Literal(column)
            )
            await connection.execute(statement)


async def check_late(connection: Connection, integration: int, before: list[int]) -> None:
    """Raise LiveRowsLockedError if the portal changed tickets of `delta` before these were locked."""
    values = {"integration": integration, "ticket": TICKET.code, "known": before}
    if await (await connection.execute(_LATE, values)).fetchone() == (True,):
        raise LiveRowsLockedError("The portal changed tickets while they were being published")


async def rebase(connection: Connection, staging: Staging, claim: Claim) -> None:
    """Let unsent changes start from what the PSA has now, where it did not change the same columns."""
    plain = msgspec.structs.replace(staging, overlaid=False)
    statement = _REBASE.format(staged=plain.rows(TICKET.name))
    await connection.execute(statement, {"integration": claim.integration})


async def discard(connection: Connection, staging: Staging, claim: Claim, spec: RunSpec) -> None:
    """Give up what the user acknowledged to lose; the rows stay."""
    if spec.local_changes is not LocalChanges.DISCARD:
        return
    tables = {"local_change": "changed_at"} | dict.fromkeys(OUTBOXES.values(), "created_at")
    for table, dated in tables.items():
        statement = _DISCARD.format(table=sql.Identifier(table), given_up=_given_up(staging, dated))
        await connection.execute(statement, _values(claim, spec))


async def note_arrivals(connection: Connection, staging: Staging, claim: Claim) -> None:
    """Let the live row stand for what was sent, once it is there; a later Full run need not wait for it."""
    all_read = staging.mode is Mode.FULL and not staging.only.limited
    values = {"integration": claim.integration, "run_id": claim.run_id, "all_read": all_read}
    for entity in OF_A_TICKET:
        statement = _ARRIVED.format(
            outbox=sql.Identifier(OUTBOXES[entity]), live=sql.Identifier(TABLES[entity].name)
        )
        await connection.execute(statement, values)


async def pending(connection: Connection, integration: int) -> Pending:
    """What the PSA does not have yet, for people."""
    rows = await (await connection.execute(_PENDING, {"integration": integration})).fetchall()
    if not rows:
        return Pending()
    count, held = rows[0][-2:]
    first = [PendingChange(*each[:-2]) for each in rows]
    return Pending(count, held, min(each.changed_at for each in first), first)


async def outcome(connection: Connection, claim: Claim) -> LocalOutcome:
    """What became of the unsent changes in all attempts of a run."""
    values = {"integration": claim.integration, "run_id": claim.run_id, "probe": PROBE}
    return LocalOutcome(*(await (await connection.execute(_OUTCOME, values)).fetchone() or ()))


async def set_write_back(database: Database, integration_key: str, write_back: WriteBack) -> None:
    """Have edits of live tickets recorded from now on, or no longer."""
    async with connect(database) as connection:
        await record(connection, integration_key, write_back)


async def record(connection: Connection, integration_key: str, write_back: WriteBack) -> None:
    """The same, on a connection that is there."""
    values = {
        "key": integration_key,
        "enabled": write_back.enabled,
        "role": write_back.database_role or None,
    }
    await connection.execute(_SET_WRITE_BACK, values)


def _given_up(staging: Staging, dated: str) -> sql.Composed:
    read = staging.extent(Entity.TICKETS) is not Extent.NOTHING
    among = staging.among(Entity.TICKETS, "ticket_id") if read else sql.SQL("false")
    return _GIVEN_UP.format(dated=sql.Identifier(dated), among=among)


def _values(claim: Claim, spec: RunSpec) -> dict[str, Any]:
    return {
        "integration": claim.integration,
        "run_id": claim.run_id,
        "discard": spec.local_changes is LocalChanges.DISCARD,
    }
