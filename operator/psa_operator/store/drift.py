"""How well the Quick runs keep up: what they had missed, which a Full run mends, and what came late."""

from typing import Any

from psycopg import sql

from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import TABLES, TICKET, identifiers
from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Drift
from psa_operator.sync.spec import Mode, RunSpec

# Under other settings than before, what is new was not missed but not wanted.
_COVERED = """
SELECT mark.covered_until
  FROM mark JOIN integration ON integration.id = mark.integration_id
 WHERE mark.integration_id = %s AND mark.entity = %s AND integration.last_full_config = %s
"""
_FOUND = sql.SQL("""
SELECT count(*) FILTER (WHERE action = 'c' AND new.updated_at < %(covered)s),
       count(*) FILTER (WHERE action = 'u' AND NOT live.stale AND new.updated_at > live.updated_at
                          AND new.updated_at < %(covered)s),
       count(*) FILTER (WHERE action = 'u' AND NOT live.stale
                          AND (new.updated_at > live.updated_at) IS NOT TRUE
                          AND (({was}) IS DISTINCT FROM ({becomes})
                               OR (live.custom_fields IS DISTINCT FROM new.custom_fields
                                   AND NOT {redefined}))),
       count(*) FILTER (WHERE action = 'd')
  FROM delta
  LEFT JOIN {staged} AS new ON new.psa_id = delta.psa_id
  LEFT JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
 WHERE delta.entity = {code}
""")
# The PSA stamps no ticket for these: neither the company that comes back nor the field that is renamed.
_UNSTAMPED = frozenset({"out_of_scope", "custom_fields"})
_REDEFINED = sql.SQL("""
(SELECT EXISTS (SELECT FROM delta WHERE entity = {code})
        OR EXISTS (SELECT FROM list_change
                    WHERE integration_id = %(integration)s AND entity = {name}
                      AND changed_at > (SELECT max(finished_at) FROM run
                                         WHERE integration_id = %(integration)s AND effective_mode = 'Full'
                                           AND phase = 'Succeeded' AND NOT dry_run AND NOT limited)))
""")
# What is older than the overlap was fetched for another reason than its stamp.
_LATEST = sql.SQL("""
SELECT coalesce(extract(epoch FROM max(%(covered)s - new.updated_at)), 0)::float8
  FROM delta
  JOIN {staged} AS new ON new.psa_id = delta.psa_id
  LEFT JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
 WHERE delta.entity = {code} AND new.updated_at < %(covered)s AND new.updated_at >= %(covered)s - %(overlap)s
   AND (live.psa_id IS NULL OR (NOT live.stale AND new.updated_at > live.updated_at))
""")


async def measure(connection: Connection, staging: Staging, claim: Claim, spec: RunSpec) -> Drift | None:
    """Sort what `delta` does to tickets by why it was needed; None if the run cannot know."""
    if staging.mode is not Mode.FULL:
        return None
    row = await _ask(connection, _FOUND, staging, claim, spec)
    return Drift(*row) if row else None


async def lateness(connection: Connection, staging: Staging, claim: Claim, spec: RunSpec) -> float | None:
    """By how many seconds a ticket came too late for the run before, at most; None if the run cannot know."""
    if staging.mode is not Mode.QUICK:
        return None
    row = await _ask(connection, _LATEST, staging, claim, spec)
    return row[0] if row else None


async def _ask(
    connection: Connection, query: sql.SQL, staging: Staging, claim: Claim, spec: RunSpec
) -> tuple[Any, ...] | None:
    """Ask `query` about the time that the runs before had covered; None if that is not known."""
    marked = await connection.execute(_COVERED, (claim.integration, Entity.TICKETS, spec.config_hash))
    (covered,) = await marked.fetchone() or (None,)
    if covered is None or spec.only.limited:
        return None
    values = {"covered": covered, "overlap": spec.overlap, "integration": claim.integration}
    stamped = tuple(column for column in TICKET.compared if column not in _UNSTAMPED)
    fields = TABLES[Entity.CUSTOM_FIELDS]
    asked = query.format(
        staged=staging.rows(TICKET.name),
        code=sql.Literal(TICKET.code),
        was=identifiers(stamped, "live"),
        becomes=identifiers(stamped, "new"),
        redefined=_REDEFINED.format(code=sql.Literal(fields.code), name=sql.Literal(fields.entity)),
    )
    return await (await connection.execute(asked, values)).fetchone()
