"""The staged rows of one run: filled page by page, then compared with what is live, then published."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
from psycopg import errors, sql

from psa_operator.errors import PsaOperatorError
from psa_operator.store import checks, children, listing, parents, publish, rows, sweep
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import STAGED, TABLES, Table, described, identifiers
from psa_operator.store.worker import Worker
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Difference, Report
from psa_operator.sync.ports import Page
from psa_operator.sync.records import Record
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.storage import Mark, Segment, StageState

_BEGIN = "UPDATE stage SET began = coalesce(began, %s) WHERE run = %s RETURNING began"
_SEGMENTS = """
SELECT after_id, upto_id, done_until, complete FROM segment WHERE run = %s AND entity = %s ORDER BY after_id
"""
_SEGMENT = """
INSERT INTO segment (run, entity, after_id, upto_id, done_until, complete)
VALUES (%(run)s, %(entity)s, %(after)s, %(upto)s, %(done_until)s, %(complete)s)
ON CONFLICT (run, entity, after_id)
DO UPDATE SET upto_id = excluded.upto_id, done_until = excluded.done_until, complete = excluded.complete
"""
_COPY = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)")
_MERGE = sql.SQL("""
INSERT INTO {table} AS old (run, {columns})
SELECT %(run)s, {columns} FROM json_to_recordset(%(rows)s) AS new ({described})
ON CONFLICT (run, psa_id) DO UPDATE SET ({columns}, origin) = ROW ({incoming}, NULL)
WHERE old.origin IS NOT NULL
   OR (coalesce(excluded.updated_at, '-infinity') >= coalesce(old.updated_at, '-infinity')
       AND ({old}) IS DISTINCT FROM ({incoming}))
""")
_ACCEPTED = "DELETE FROM refused WHERE run = %s AND entity = %s AND psa_id = ANY (%s)"
_REFUSED = """
INSERT INTO refused (run, entity, psa_id, field, reason, raw, ticket_id) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (run, entity, psa_id)
DO UPDATE SET field = excluded.field, reason = excluded.reason, raw = excluded.raw,
              ticket_id = excluded.ticket_id
"""
_DISCARD = sql.SQL("DELETE FROM {table} WHERE run = %s AND psa_id = ANY (%s)")
_KEY = sql.SQL("CREATE UNIQUE INDEX ON {table} (run, psa_id)")
_DEDUPLICATE = sql.SQL("""
DELETE FROM {table} AS doomed
 USING (SELECT ctid, row_number() OVER (PARTITION BY psa_id ORDER BY updated_at DESC NULLS LAST, ctid DESC)
          FROM {table}) AS ranked (place, rank)
 WHERE doomed.ctid = ranked.place AND ranked.rank > 1
""")
_ANALYZE = sql.SQL("ANALYZE {table} (run, psa_id)")
_GOOD_AFTER_ALL = sql.SQL("""
DELETE FROM refused USING {rows} AS good
 WHERE refused.run = %s AND refused.entity = %s AND refused.psa_id = good.psa_id
""")
_INDEXED = "UPDATE stage SET indexed = true WHERE run = %s"


class PostgresStage:
    """The rows that a run has read and not yet published."""

    def __init__(self, worker: Worker, staging: Staging, state: StageState) -> None:
        self._worker = worker
        self._staging = staging
        self._names = parents.Names()
        self._repaired: dict[Entity, int] = {}
        self.state = state

    async def begin(self, began: datetime) -> None:
        async with self._worker.writing(self._staging) as connection:
            row = await (await connection.execute(_BEGIN, (began, self._staging.run))).fetchone()
        self.state = msgspec.structs.replace(self.state, began=row[0] if row else began)

    async def segments(self, entity: Entity) -> list[Segment]:
        async with self._worker.reading(self._staging) as connection:
            found = await connection.execute(_SEGMENTS, (self._staging.run, entity))
            return [Segment(*row) async for row in found]

    async def plan(self, entity: Entity, segments: Sequence[Segment]) -> None:
        async with self._worker.writing(self._staging) as connection:
            for segment in segments:
                await self._checkpoint(connection, entity, segment)

    async def append(
        self,
        page: Page,
        segment: Segment,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> None:
        async with self._worker.writing(self._staging) as connection:
            if page.records:
                await self._copy(connection, page, rows.arrays(technicians), out_of_scope)
            await self._note(connection, page)
            await self._checkpoint(connection, page.entity, segment)
        self._noted(page)

    async def merge(
        self,
        page: Page,
        segment: Segment | None = None,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> int:
        table, run, news = TABLES[page.entity], self._staging.run, 0
        refused = [each.id for each in page.refused]
        async with self._worker.writing(self._staging) as connection:
            if page.whole_for:
                await children.begin(connection, self._staging, page)
            if page.records:
                written = rows.document(page, rows.arrays(technicians), out_of_scope)
                merged = await connection.execute(self._merging(table), {"run": run, "rows": written})
                news = merged.rowcount
                accepted = [getattr(record, "id", 0) for record in page.records]
                await connection.execute(_ACCEPTED, (run, page.entity, accepted))
            if refused:
                await self._discard(connection, table, refused)
            await self._note(connection, page)
            if segment:
                await self._checkpoint(connection, page.entity, segment)
        self._noted(page)
        return news

    async def index(self) -> None:
        if self.state.indexed:
            return
        async with self._worker.writing(self._staging) as connection:
            for table in STAGED:
                await self._index(connection, table)
            await connection.execute(_INDEXED, (self._staging.run,))
        self.state = msgspec.structs.replace(self.state, indexed=True)

    async def unread(self, entity: Entity, after: int, number: int, *, reuse: bool = False) -> list[int]:
        async with self._worker.reading(self._staging) as connection:
            integration = self._worker.claim.integration
            wanted = children.Wanted(entity, after, number, reuse=reuse)
            return await children.unread(connection, self._staging, integration, wanted)

    async def outdated(self, entity: Entity) -> int:
        async with self._worker.reading(self._staging) as connection:
            integration = self._worker.claim.integration
            return await children.outdated(connection, self._staging, integration, entity)

    async def missing_parents(self) -> dict[Entity, dict[int, str]]:
        async with self._worker.reading(self._staging) as connection:
            return await parents.missing(connection, self._staging, self._worker.claim.integration)

    async def add_stubs(self, entity: Entity, names: Mapping[int, str]) -> None:
        async with self._worker.writing(self._staging) as connection:
            integration = self._worker.claim.integration
            await parents.add_stubs(connection, self._staging, integration, entity, names)

    async def set_listed(self, entity: Entity, ids: AsyncIterator[list[int]]) -> int:
        return await listing.replace(self._worker, self._staging, entity, ids)

    async def add_listed(self, entity: Entity, ids: Sequence[int]) -> None:
        await listing.add(self._worker, self._staging, entity, ids)

    async def unlisted(self, entity: Entity) -> list[int]:
        async with self._worker.reading(self._staging) as connection:
            integration = self._worker.claim.integration
            return await listing.unlisted(connection, self._staging, integration, entity)

    async def unstaged(self, entity: Entity) -> list[int]:
        async with self._worker.reading(self._staging) as connection:
            return await listing.unstaged(connection, self._staging, entity)

    async def discard(self, entity: Entity, ids: Sequence[int]) -> None:
        async with self._worker.writing(self._staging) as connection:
            await self._discard(connection, TABLES[entity], list(ids))
            await connection.execute(_ACCEPTED, (self._staging.run, entity, list(ids)))

    async def members(self) -> dict[str, int]:
        async with self._worker.reading(self._staging) as connection:
            return await parents.members(connection, self._staging, self._worker.claim.integration)

    async def records(self, entity: Entity) -> list[Record]:
        async with self._worker.reading(self._staging) as connection:
            return await listing.records(connection, self._staging, entity)

    async def exclude(self, companies: Collection[int]) -> None:
        async with self._worker.writing(self._staging) as connection:
            await listing.exclude(connection, self._staging, companies)

    async def counts(self) -> dict[Entity, int]:
        async with self._worker.reading(self._staging) as connection:
            return await listing.counts(connection, self._staging)

    async def newest(self, number: int) -> list[tuple[int, datetime]]:
        async with self._worker.reading(self._staging) as connection:
            return await checks.newest(connection, self._staging, number)

    async def tally(self, column: str) -> dict[int, int]:
        async with self._worker.reading(self._staging) as connection:
            return await checks.tally(connection, self._staging, column)

    async def sample(self, number: int) -> list[int]:
        async with self._worker.reading(self._staging) as connection:
            return await checks.sample(connection, self._staging, number)

    async def differing(
        self,
        page: Page,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> list[int]:
        written = rows.document(page, rows.arrays(technicians), out_of_scope)
        async with self._worker.reading(self._staging) as connection:
            return await checks.differing(connection, self._staging, TABLES[page.entity], written)

    async def difference(self, scope: ResolvedScope) -> Difference:
        return await publish.compare(self._worker, self._staging, scope, self._repaired)

    async def seal(self, difference: Difference) -> None:
        await publish.seal(self._worker, self._staging, difference)

    async def publish(self, scope: ResolvedScope, marks: Mapping[Entity, Mark], report: Report) -> None:
        worker, staging = self._worker, self._staging
        counted = await publish.publish(worker, staging, scope, marks, report, self._repaired)
        # It has happened, whether or not the staged rows can be dropped now; the next claim sweeps.
        with suppress(PsaOperatorError):
            async with worker.tidying() as connection:
                await sweep.drop(connection, worker.spec.database, staging.run)
                await publish.analyze(connection, counted)

    async def _copy(
        self,
        connection: Connection,
        page: Page,
        technicians: Mapping[int, str],
        out_of_scope: Mapping[int, str],
    ) -> None:
        table = TABLES[page.entity]
        target = self._staging.table(table.name)
        statement = _COPY.format(table=target, columns=identifiers(table.staged_columns))
        async with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(table.staged_types)
            for row in rows.tuples(self._staging.run, page, technicians, out_of_scope):
                await copy.write_row(row)

    def _merging(self, table: Table) -> sql.Composed:
        columns = table.staged_columns[1:]
        return _MERGE.format(
            table=self._staging.table(table.name),
            columns=identifiers(columns),
            described=described(table),
            old=identifiers(columns, "old"),
            incoming=identifiers(columns, "excluded"),
        )

    async def _note(self, connection: Connection, page: Page) -> None:
        """Remember what did not fit, and how the records call their parents."""
        run = self._staging.run
        if page.refused:
            values = [(run, page.entity, *msgspec.structs.astuple(each)) for each in page.refused]
            await connection.cursor().executemany(_REFUSED, values)
        await self._names.write(connection, run, page)

    def _noted(self, page: Page) -> None:
        self._names.know(page)
        self._repaired[page.entity] = self._repaired.get(page.entity, 0) + page.repaired

    async def _checkpoint(self, connection: Connection, entity: Entity, segment: Segment) -> None:
        values = msgspec.structs.asdict(segment) | {"run": self._staging.run, "entity": entity}
        await connection.execute(_SEGMENT, values)

    async def _discard(self, connection: Connection, table: Table, ids: list[int]) -> None:
        statement = _DISCARD.format(table=self._staging.table(table.name))
        await connection.execute(statement, (self._staging.run, ids))

    async def _index(self, connection: Connection, table: Table) -> None:
        target, run = self._staging.table(table.name), self._staging.run
        try:
            async with connection.transaction():
                await connection.execute(_KEY.format(table=target))
        except errors.UniqueViolation:
            await connection.execute(_DEDUPLICATE.format(table=target))
            await connection.execute(_KEY.format(table=target))
        await connection.execute(_ANALYZE.format(table=target))
        good = _GOOD_AFTER_ALL.format(rows=self._staging.rows(table.name))
        await connection.execute(good, (run, table.entity))
