"""Who holds the live tables that a run must write."""

from psa_operator.errors import LiveRowsLockedError
from psa_operator.store.tables import TABLES
from psa_operator.store.worker import Worker

_HOLDERS = """
SELECT DISTINCT activity.pid, coalesce(nullif(activity.application_name, ''), activity.usename, 'unknown'),
       extract(epoch FROM now() - activity.xact_start)::bigint
  FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
 WHERE held.relation = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
   AND held.granted AND held.mode <> 'AccessShareLock' AND held.pid <> pg_backend_pid()
   AND activity.application_name NOT LIKE %s
 ORDER BY activity.pid
"""


async def blockers(worker: Worker, error: LiveRowsLockedError) -> LiveRowsLockedError:
    """The same error with the names of the sessions that hold locks, where they can be seen."""
    tables = [table.name for table in TABLES.values()]
    async with worker.reading() as connection:
        rows = await connection.execute(_HOLDERS, (tables, worker.claim.application))
        holders = [f"{name} (pid {pid}, since {age or 0} s)" async for pid, name, age in rows]
    if not holders:
        return error
    return LiveRowsLockedError(
        f"Others hold rows that must be written: {', '.join(holders)}. End or finish their transactions; "
        "nothing was changed"
    )
