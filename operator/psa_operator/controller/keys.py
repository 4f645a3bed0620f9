"""How one object is named inside the operator."""

from enum import StrEnum
from typing import NamedTuple

from psa_operator.api.group import SCHEDULE


class Kind(StrEnum):
    """The kinds that are reconciled, as the API server spells them in a path."""

    INTEGRATION = "psaintegrations"
    RESYNC = "ticketresyncs"
    SCHEDULE = "ticketresyncschedules"

    @property
    def written(self) -> str:
        """The kind as it stands in a manifest."""
        return _WRITTEN[self]


_WRITTEN = {
    Kind.INTEGRATION: "PSAIntegration",
    Kind.RESYNC: "TicketResync",
    Kind.SCHEDULE: SCHEDULE,
}


class Key(NamedTuple):
    """One object; a recreated one has the same key and another uid."""

    kind: Kind
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
