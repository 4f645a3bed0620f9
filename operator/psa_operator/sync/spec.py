"""What one run was asked to do, frozen: the engine reads nothing else, so a later edit cannot change it."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from psa_operator.sync.records import Entity


class Mode(StrEnum):
    QUICK = "Quick"
    FULL = "Full"
    REFERENCE_DATA = "ReferenceData"
    PRUNE = "Prune"


class DateField(StrEnum):
    LAST_UPDATED = "lastUpdated"
    DATE_ENTERED = "dateEntered"


class DateRange(Struct, frozen=True, omit_defaults=True):
    """Tickets whose `field` lies in [start, end); `lookback_days` counts back from the begin of the run."""

    field: DateField = DateField.LAST_UPDATED
    start: datetime | None = None
    end: datetime | None = None
    lookback_days: int | None = None


class TicketScope(Struct, frozen=True, omit_defaults=True):
    """Which tickets the user wants; boards and statuses by name or id, as written."""

    include_boards: tuple[str, ...] = ()
    exclude_boards: tuple[str, ...] = ()
    excluded_statuses: tuple[str, ...] = ()
    date_range: DateRange = DateRange()
    include_closed: bool = True


class Limits(Struct, frozen=True):
    """What we may ask of the PSA: requests a minute (None: the provider's own), requests at once."""

    requests_per_minute: int | None = None
    concurrency: int = 8
    reserve_percent: int = 20


class Guard(Struct, frozen=True):
    """How many rows of one entity a run may delete before it stops; either bound is enough."""

    max_count: int = 500
    max_percent: float = 5.0


class Verification(Struct, frozen=True):
    """How a Full run checks tickets before the switch, and which share of records may not fit."""

    newest: int = 20
    sample: int = 50
    max_quarantined_percent: float = 1.0


class Selection(Struct, frozen=True):
    """What a run is limited to: tickets by their ids, or kinds of records; nothing named is no limit."""

    ticket_ids: tuple[int, ...] = ()
    entities: tuple[Entity, ...] = ()

    @property
    def limited(self) -> bool:
        return bool(self.ticket_ids or self.entities)

    def includes(self, entity: Entity) -> bool:
        """Whether a run over kinds of records has to do with this one; who is assigned belongs to tickets."""
        kind = Entity.TICKETS if entity is Entity.TECHNICIANS else entity
        return not self.entities or kind in self.entities


class Account(Struct, frozen=True):
    """Where the PSA is: `settings` and `credentials` carry the provider's own words."""

    provider: str
    settings: dict[str, str]
    credentials: dict[str, str]
    time_zone: str = "UTC"

    def __repr__(self) -> str:
        return f"Account(provider={self.provider!r}, settings={self.settings!r})"


class Database(Struct, frozen=True):
    dsn: str
    schema: str = "psa"

    def __repr__(self) -> str:
        return f"Database(schema={self.schema!r})"


class RunSpec(Struct, frozen=True):
    """One run. `run_id` is a UUID, `name` is namespace/name of what the user applied."""

    run_id: str
    name: str
    integration_key: str
    mode: Mode
    account: Account
    database: Database
    reason: str = ""
    requested_by: str = ""
    dry_run: bool = False
    scope: TicketScope = TicketScope()
    overlap: timedelta = timedelta(minutes=5)
    limits: Limits = Limits()
    guard: Guard = Guard()
    approved_deletions: int = 0
    verification: Verification = Verification()
    only: Selection = Selection()

    @property
    def config_hash(self) -> str:
        """Twelve hex digits that differ when the same PSA would give other rows."""
        return config_hash(self.scope, self.account.time_zone)


def config_hash(scope: TicketScope, time_zone: str) -> str:
    """Hash what decides which rows a run brings, and with which values."""
    written = msgspec.json.encode([scope, time_zone], order="sorted")
    return hashlib.sha256(written).hexdigest()[:12]
