"""Putting back what was there before a run, in the transaction of its Rollback."""

from msgspec import structs
from psycopg import sql

from psa_operator.store import apply, changes, rollback
from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.rollback import Undone
from psa_operator.store.tables import TABLES, TECHNICIAN, Table, identifiers, same_row

_FORMER = sql.SQL("""
(SELECT was.* FROM row_history AS kept, jsonb_populate_record(NULL::{live}, kept.former) AS was
  WHERE kept.run = {number} AND kept.entity = {entity} AND kept.former IS NOT NULL)
""")
# Columns that a later migration has added are not among the keys, and get their default.
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = to_regclass(%(table)s) AND attnum > 0 AND NOT attisdropped AND attname <> 'changed_at'
   AND (SELECT former ? attname FROM row_history
         WHERE run = %(number)s AND entity = %(entity)s AND former IS NOT NULL LIMIT 1)
 ORDER BY attnum
"""
_RETURN = sql.SQL("""
INSERT INTO {live} ({columns}, changed_at) OVERRIDING SYSTEM VALUE
SELECT {former}, now()
  FROM {was} AS live JOIN delta ON {same}
 WHERE delta.entity = {code} AND delta.action = 'c'
""")
_RESTORE = sql.SQL("""
UPDATE {live} AS live
   SET ({columns}, changed_at) = ROW ({former}, now())
  FROM {was} AS former JOIN delta ON delta.psa_id = former.psa_id
 WHERE delta.entity = {code} AND delta.action = 'u'
   AND live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
""")
_REMOVE = sql.SQL("""
DELETE FROM {live} AS live USING delta
 WHERE delta.entity = {code} AND delta.action = 'd'
   AND live.integration_id = %(integration)s AND {same}
""")
_FORGET_MARKS = "DELETE FROM mark WHERE integration_id = %(integration)s"
_MARKS = """
INSERT INTO mark SELECT was.* FROM run, jsonb_populate_recordset(NULL::mark, run.marks_before) AS was
 WHERE run.id = %(id)s
"""
_FULL_CONFIG = """
UPDATE integration SET last_full_config = undone.full_config_before
  FROM run AS undone
 WHERE integration.id = %(integration)s AND undone.id = %(id)s AND undone.effective_mode = 'Full'
   AND NOT EXISTS (SELECT FROM run AS later
                    WHERE later.integration_id = %(integration)s AND later.effective_mode = 'Full'
                      AND later.phase = 'Succeeded' AND NOT later.dry_run AND NOT later.limited
                      AND later.rolled_back_by IS NULL
                      AND later.finished_at > undone.finished_at)
"""
_UNDO = "UPDATE run SET rolled_back_by = %(run_id)s WHERE id = %(id)s"

_KEYS = frozenset({"integration_id", "psa_id", "id"})


async def restore(connection: Connection, claim: Claim, undone: Undone) -> None:
    """Carry out `delta`, whose rows are locked, and put back what belongs to the same commit."""
    values = structs.asdict(undone) | {"run_id": claim.run_id}
    await changes.emit(connection, claim, lambda table: _former(table, undone))
    done = {"c": 0, "u": 0, "d": 0}
    for table in TABLES.values():
        columns = await _columns(connection, table, undone)
        if columns:
            done["c"] += await _write(connection, _RETURN, table, columns, undone)
        if columns and table is not TECHNICIAN:
            values_of = tuple(each for each in columns if each not in _KEYS)
            done["u"] += await _write(connection, _RESTORE, table, values_of, undone)
    for table in reversed(TABLES.values()):
        done["d"] += await _write(connection, _REMOVE, table, (), undone)
    await apply.check(connection, done)
    await rollback.note_kept(connection, undone)
    for statement in (_FORGET_MARKS, _MARKS, _FULL_CONFIG, _UNDO):
        await connection.execute(statement, values)


async def _columns(connection: Connection, table: Table, undone: Undone) -> tuple[str, ...]:
    values = structs.asdict(undone) | {"table": table.name, "entity": table.entity}
    return tuple([name async for (name,) in await connection.execute(_COLUMNS, values)])


async def _write(
    connection: Connection, shape: sql.SQL, table: Table, columns: tuple[str, ...], undone: Undone
) -> int:
    statement = shape.format(
        code=sql.Literal(table.code),
        live=sql.Identifier(table.name),
        same=same_row(table, "delta"),
        columns=identifiers(columns),
        former=identifiers(columns, "former" if shape is _RESTORE else "live"),
        was=_former(table, undone),
    )
    return (await connection.execute(statement, structs.asdict(undone))).rowcount


def _former(table: Table, undone: Undone) -> sql.Composed:
    """The rows as they were before, to read from."""
    return _FORMER.format(
        live=sql.Identifier(table.name), number=sql.Literal(undone.number), entity=sql.Literal(table.entity)
    )
