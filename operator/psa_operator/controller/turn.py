"""One look at one run: what is known of it, and when to look again."""

from dataclasses import dataclass
from datetime import UTC, datetime

from psa_operator.api.resync import TicketResync
from psa_operator.controller.keys import Key
from psa_operator.controller.mirror import Body
from psa_operator.controller.obstacles import World, obstacle_for
from psa_operator.controller.resync import begun, finished
from psa_operator.store.history import RunRow


@dataclass(frozen=True)
class Turn:
    """One look at one run: the object as read, and what is known of it."""

    key: Key
    body: Body
    run: TicketResync
    world: World
    row: RunRow | None = None

    @property
    def uid(self) -> str:
        return self.run.metadata.uid


@dataclass(frozen=True)
class Next:
    """When to look again, and whether the integration and the waiting runs have to be looked at now.

    `suspect` says that a run failed, or met a right that is gone: the integration may be worth a probe.
    """

    after: float | None = None
    ripples: bool = False
    suspect: bool = False


def needs_row(run: TicketResync, world: World) -> bool:
    """A run that has neither begun nor may begin has nothing in the database."""
    if finished(run):
        return False
    return begun(run, None) or world.working or obstacle_for(run, world, datetime.now(UTC)) is None


def met_news(turn: Turn) -> bool:
    """Whether the run could not read what the integration does not know to be denied."""
    integration = turn.world.integration
    known = integration.status.permissions if integration else ()
    denied = {each.area for each in known if each.state == "Denied"}
    return turn.row is not None and not denied.issuperset(turn.row.report.denied)
