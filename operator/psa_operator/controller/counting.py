"""What is counted of a run, for Prometheus."""

from datetime import UTC, datetime

from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import TicketResyncStatus
from psa_operator.metrics import Metrics
from psa_operator.store.history import RunRow


def count_traffic(metrics: Metrics, run: TicketResync, row: RunRow | None) -> None:
    """What its worker has asked of the PSA since the row was read before."""
    if row is not None:
        metrics.asked(*_place(run), run.spec.mode.value, uid=run.metadata.uid, traffic=row.report.traffic)


def count_end(metrics: Metrics, run: TicketResync, row: RunRow | None, status: TicketResyncStatus) -> None:
    """A run has ended."""
    ended = status.completion_time or datetime.now(UTC)
    began = status.start_time or ended
    place = *_place(run), run.spec.mode.value
    if status.start_time is not None and run.metadata.creation_timestamp is not None:
        metrics.run_began(*place, (began - run.metadata.creation_timestamp).total_seconds())
    metrics.run_ended(
        *place,
        uid=run.metadata.uid,
        result=status.phase.value if status.phase else "",
        ended=ended,
        seconds=(ended - began).total_seconds(),
        counts=row.report.counts if row else {},
        lateness=row.report.lateness if row else None,
    )


def _place(run: TicketResync) -> tuple[str, str]:
    return run.metadata.namespace, run.spec.integration_ref.name
