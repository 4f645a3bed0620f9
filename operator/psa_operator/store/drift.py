"""What the Quick runs had missed, found by the Full run that mends it."""

from psycopg import sql

from psa_operator.store.claim import Claim
from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import TICKET
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
                          AND (new.updated_at > live.updated_at) IS NOT TRUE),
       count(*) FILTER (WHERE action = 'd')
  FROM delta
  LEFT JOIN {staged} AS new ON new.psa_id = delta.psa_id
  LEFT JOIN ticket AS live ON live.integration_id = %(integration)s AND live.psa_id = delta.psa_id
 WHERE delta.entity = {code}
""")


async def measure(connection: Connection, staging: Staging, claim: Claim, spec: RunSpec) -> Drift | None:
    """Sort what `delta` does to tickets by why it was needed; None if the run cannot know."""
    if staging.mode is not Mode.FULL or spec.only.limited:
        return None
    marked = await connection.execute(_COVERED, (claim.integration, Entity.TICKETS, spec.config_hash))
    (covered,) = await marked.fetchone() or (None,)
    if covered is None:
        return None
    query = _FOUND.format(staged=staging.rows(TICKET.name), code=sql.Literal(TICKET.code))
    values = {"covered": covered, "integration": claim.integration}
    row = await (await connection.execute(query, values)).fetchone()
    return Drift(*row) if row else None
