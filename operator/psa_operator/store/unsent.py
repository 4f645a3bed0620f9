"""Every local change that the PSA does not have yet, value by value, for who keeps the list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from psa_operator.errors import ConfigurationError
from psa_operator.store.connection import connect
from psa_operator.sync.spec import Database

_KEYS = "SELECT key FROM integration ORDER BY key"
# An outbox has a column for each value; what nobody filled in is no change.
_UNSENT = """
WITH unsent (integration_id, kind, id, ticket_id, base, value, theirs, state, changed_by, changed_at, message)
AS (
    SELECT integration_id, 'edit', id, ticket_id, base, value, theirs, state, changed_by, changed_at, message
      FROM local_change WHERE state IN ('Unsent', 'Held')
    UNION ALL
    SELECT integration_id, 'note', id, ticket_id, '{}',
           jsonb_build_object('text', text, 'discussion', discussion, 'internal', internal,
                              'resolution', resolution),
           NULL, state, created_by, created_at, message
      FROM outbox_note WHERE state = 'Unsent'
    UNION ALL
    SELECT integration_id, 'time entry', id, ticket_id, '{}',
           jsonb_strip_nulls(jsonb_build_object(
               'started_at', started_at, 'member_id', member_id, 'ended_at', ended_at, 'hours', hours,
               'billable', billable, 'notes', notes, 'internal_notes', internal_notes)),
           NULL, state, created_by, created_at, message
      FROM outbox_time_entry WHERE state = 'Unsent')
SELECT integration.key, kind, unsent.id, ticket_id, changed.key, base -> changed.key, changed.value,
       theirs -> changed.key, state, changed_by, changed_at, message
  FROM unsent
  JOIN integration ON integration.id = unsent.integration_id,
       jsonb_each(unsent.value) AS changed
 WHERE %(key)s::text IS NULL OR integration.key = %(key)s
 ORDER BY integration.key, changed_at, kind, unsent.id, changed.key
"""

Value = str | int | float | bool | None


class UnsentValue(Struct, frozen=True):
    """One value that the portal gave and the PSA lacks; `kind` and `id` name the change that it is part of.

    `old` is what the PSA had, None for what is new; `theirs` is what it has by now, of a held change.
    """

    integration: str
    kind: str
    id: int
    ticket: int
    field: str
    old: Value
    new: Value
    theirs: Value
    state: str
    changed_by: str
    changed_at: datetime
    message: str


async def unsent_values(database: Database, key: str | None) -> Sequence[UnsentValue]:
    """All of one integration, or of every one in the database. Raises ConfigurationError for a wrong key."""
    async with connect(database) as connection, connection.transaction():
        await connection.execute("SET TRANSACTION READ ONLY")
        if key is not None:
            keys = [each async for (each,) in await connection.execute(_KEYS)]
            if key not in keys:
                raise ConfigurationError(
                    f'The database has no rows of an integration "{key}"; it has those of '
                    f"{', '.join(keys) or 'none'}",
                    reason="IntegrationNotFound",
                )
        rows = await connection.execute(_UNSENT, {"key": key})
        return [_unsent(row) async for row in rows]


def _unsent(row: tuple[Any, ...]) -> UnsentValue:
    values = (_value(each) for each in row[5:8])
    return UnsentValue(*row[:5], *values, *row[8:])


def _value(written: str | bytes | None) -> Value:
    found: Value = None if written is None else msgspec.json.decode(written, type=Value)
    return found
