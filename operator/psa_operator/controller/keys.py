"""How one object is named inside the operator."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds that are reconciled, as the API server spells them in a path."""

    INTEGRATION = "psaintegrations"
    RESYNC = "ticketresyncs"

    @property
    def written(self) -> str:
        """The kind as it stands in a manifest."""
        return "PSAIntegration" if self is Kind.INTEGRATION else "TicketResync"


class Key(NamedTuple):
    """One object; a recreated one has the same key and another uid."""

    kind: Kind
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"
