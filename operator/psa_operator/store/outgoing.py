"""What the store has for the PSA, and what became of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from psycopg import sql

from psa_operator.store import local
from psa_operator.store.connection import Connection
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import LocalOutcome
from psa_operator.sync.outgoing import (
    Created,
    Edit,
    Letter,
    LocalChange,
    NewNote,
    NewTimeEntry,
    Pending,
    Settled,
)

_CHANGES = """
SELECT id, ticket_id, base, value, base_updated_at, resolution
  FROM local_change
 WHERE integration_id = %(integration)s AND state IN ('Unsent', 'Held')
   AND (%(among)s::bigint[] = '{}' OR ticket_id = ANY (%(among)s))
 ORDER BY id
"""
_PROBE = """
INSERT INTO local_change (integration_id, ticket_id, base, value, changed_by)
VALUES (%(integration)s, %(ticket)s, %(base)s, %(value)s, %(probe)s)
RETURNING id
"""
_SENT = """
UPDATE local_change
   SET state = 'Sent', theirs = NULL, message = '', settled_at = now(), settled_by_run = %(run_id)s,
       base_updated_at = %(updated_at)s
 WHERE integration_id = %(integration)s AND id = ANY (%(ids)s)
"""
# What was changed again meanwhile was changed from what the PSA has now. What was changed before, and is open
# for another column's sake, must not overwrite it later.
_START_FROM = """
WITH sent AS (
    SELECT DISTINCT ON (key) change.ticket_id, change.id, key, changed.value
      FROM local_change AS change, jsonb_each(change.value) AS changed
     WHERE change.integration_id = %(integration)s AND change.id = ANY (%(ids)s)
     ORDER BY key, change.id DESC
), concerned AS (
    SELECT own.id,
           own.value - coalesce(array_agg(sent.key) FILTER (WHERE sent.id > own.id), '{}') AS rest,
           coalesce(jsonb_object_agg(sent.key, sent.value) FILTER (WHERE sent.id < own.id), '{}') AS there
      FROM local_change AS own
      JOIN sent ON sent.ticket_id = own.ticket_id AND own.value ? sent.key
     WHERE own.integration_id = %(integration)s AND own.state IN ('Unsent', 'Held')
     GROUP BY own.id
)
UPDATE local_change AS own
   SET value = CASE WHEN rest = '{}' THEN own.value ELSE rest END,
       base = own.base || there,
       base_updated_at = CASE WHEN there ?& ARRAY(SELECT jsonb_object_keys(rest)) THEN %(updated_at)s
                              ELSE own.base_updated_at END,
       state = CASE WHEN rest = '{}' THEN 'Sent' ELSE own.state END,
       settled_at = CASE WHEN rest = '{}' THEN now() END,
       settled_by_run = CASE WHEN rest = '{}' THEN %(run_id)s ELSE own.settled_by_run END
  FROM concerned
 WHERE own.id = concerned.id
"""
_SETTLE = """
UPDATE local_change
   SET state = %(state)s, message = %(message)s, theirs = nullif(%(theirs)s::jsonb, '{}'),
       settled_at = CASE WHEN %(state)s = 'Refused' THEN now() END, settled_by_run = %(run_id)s
 WHERE integration_id = %(integration)s AND id = %(change_id)s
   AND (state, message, theirs)
       IS DISTINCT FROM (%(state)s, %(message)s, nullif(%(theirs)s::jsonb, '{}'))
"""
_LETTERS = sql.SQL("""
SELECT id, tried_at, last_tried_at, (SELECT psa_author FROM {outbox} WHERE integration_id = %(integration)s
                         AND psa_author IS NOT NULL ORDER BY id DESC LIMIT 1), {columns}
  FROM {outbox}
 WHERE integration_id = %(integration)s AND state = 'Unsent'
   AND (%(among)s::bigint[] = '{{}}' OR ticket_id = ANY (%(among)s))
 ORDER BY tried_at IS NOT NULL, id
""")
_TRYING = sql.SQL("""
UPDATE {outbox} SET tried_at = coalesce(tried_at, %(now)s), last_tried_at = %(now)s WHERE id = %(id)s
""")
_TAKEN = sql.SQL("""
SELECT psa_id FROM {outbox} WHERE integration_id = %(integration)s AND psa_id = ANY (%(ids)s)
""")
_DELIVERED = sql.SQL("""
UPDATE {outbox}
   SET state = 'Sent', psa_id = %(psa_id)s, psa_author = %(author)s, message = '', settled_at = now(),
       settled_by_run = %(run_id)s
 WHERE id = %(id)s
""")
# A value that the PSA refused is here until its ticket was read again, which no Quick run has a reason for.
_ON_THEIR_WAY = """
SELECT ticket_id FROM outbox_note WHERE integration_id = %(integration)s AND state = 'Sent'
UNION
SELECT ticket_id FROM outbox_time_entry WHERE integration_id = %(integration)s AND state = 'Sent'
UNION
SELECT ticket_id FROM local_change
 WHERE integration_id = %(integration)s AND state = 'Refused'
   AND settled_at > coalesce((SELECT max(started_at) FROM run
                               WHERE integration_id = %(integration)s AND phase = 'Succeeded'
                                 AND mode IN ('Quick', 'Full') AND NOT dry_run AND NOT limited),
                             '-infinity')
"""
_RETURNED = sql.SQL("""
UPDATE {outbox}
   SET state = 'Refused', message = %(message)s, settled_at = now(), settled_by_run = %(run_id)s
 WHERE id = %(id)s
""")
_REFUSED = """
SELECT ticket_id, message FROM local_change WHERE settled_by_run = %(run_id)s AND state = 'Refused'
UNION ALL
SELECT ticket_id, message FROM outbox_note WHERE settled_by_run = %(run_id)s AND state = 'Refused'
UNION ALL
SELECT ticket_id, message FROM outbox_time_entry WHERE settled_by_run = %(run_id)s AND state = 'Refused'
"""
_RECORD: dict[Entity, type[NewNote | NewTimeEntry]] = {
    Entity.NOTES: NewNote,
    Entity.TIME_ENTRIES: NewTimeEntry,
}


class PostgresOutgoing:
    """The unsent changes of one integration, for one attempt."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._values: dict[str, Any] = {
            "integration": worker.claim.integration,
            "run_id": worker.claim.run_id,
        }

    async def pending(self) -> Pending:
        async with self._worker.reading() as connection:
            return await local.pending(connection, self._worker.claim.integration)

    async def changes(self, among: Collection[int] = ()) -> list[LocalChange]:
        async with self._worker.reading() as connection:
            rows = await connection.execute(_CHANGES, self._values | {"among": list(among)})
            return [
                LocalChange(number, ticket, _edit(base), _edit(value), *about)
                async for number, ticket, base, value, *about in rows
            ]

    async def add_probe(self, ticket_id: int, there: Edit, back: Edit) -> tuple[LocalChange, LocalChange]:
        async with self._worker.writing() as connection:
            first = await self._add(connection, ticket_id, back, there)
            second = await self._add(connection, ticket_id, there, back)
        return first, second

    async def _add(self, connection: Connection, ticket_id: int, base: Edit, value: Edit) -> LocalChange:
        written = {"base": msgspec.json.encode(base).decode(), "value": msgspec.json.encode(value).decode()}
        values = self._values | {"ticket": ticket_id, "probe": local.PROBE} | written
        (number,) = await (await connection.execute(_PROBE, values)).fetchone() or (0,)
        return LocalChange(number, ticket_id, base, value, None, None)

    async def letters(self, entity: Entity, among: Collection[int] = ()) -> list[Letter]:
        shape = _RECORD[entity]
        columns = sql.SQL(", ").join(map(sql.Identifier, shape.__struct_fields__))
        query = _LETTERS.format(outbox=_outbox(entity), columns=columns)
        async with self._worker.reading() as connection:
            rows = await connection.execute(query, self._values | {"among": list(among)})
            return [
                Letter(number, entity, shape(*record), tried_at, last_tried_at, author)
                async for number, tried_at, last_tried_at, author, *record in rows
            ]

    async def check_fence(self) -> None:
        async with self._worker.writing():
            pass

    async def sent(self, changes: Collection[int], updated_at: datetime | None) -> None:
        values = self._values | {"ids": list(changes), "updated_at": updated_at}
        async with self._worker.writing() as connection:
            await connection.execute(_SENT, values)
            await connection.execute(_START_FROM, values)

    async def settle(self, settled: Settled) -> None:
        theirs = msgspec.json.encode(settled.theirs).decode()
        values = self._values | msgspec.structs.asdict(settled) | {"theirs": theirs}
        async with self._worker.writing() as connection:
            await connection.execute(_SETTLE, values)

    async def trying(self, letter: Letter, now: datetime) -> None:
        await self._note(_TRYING, letter, {"now": now})

    async def taken(self, entity: Entity, ids: Collection[int]) -> set[int]:
        query = _TAKEN.format(outbox=_outbox(entity))
        async with self._worker.reading() as connection:
            rows = await connection.execute(query, self._values | {"ids": list(ids)})
            return {psa_id async for (psa_id,) in rows}

    async def delivered(self, letter: Letter, created: Created) -> None:
        await self._note(_DELIVERED, letter, {"psa_id": created.id, "author": created.author})

    async def on_their_way(self) -> list[int]:
        async with self._worker.reading() as connection:
            return [ticket async for (ticket,) in await connection.execute(_ON_THEIR_WAY, self._values)]

    async def refused(self) -> list[tuple[int, str]]:
        async with self._worker.reading() as connection:
            return await (await connection.execute(_REFUSED, self._values)).fetchall()

    async def outcome(self) -> LocalOutcome:
        async with self._worker.reading() as connection:
            return await local.outcome(connection, self._worker.claim)

    async def returned(self, letter: Letter, message: str) -> None:
        await self._note(_RETURNED, letter, {"message": message})

    async def _note(self, shape: sql.SQL, letter: Letter, values: dict[str, Any]) -> None:
        statement = shape.format(outbox=_outbox(letter.entity))
        async with self._worker.writing() as connection:
            await connection.execute(statement, self._values | {"id": letter.id} | values)


def _outbox(entity: Entity) -> sql.Identifier:
    return sql.Identifier(local.OUTBOXES[entity])


def _edit(written: str | bytes) -> Edit:
    return msgspec.json.decode(written, type=Edit)
