"""What one run was asked to do, frozen: the engine reads nothing else, so a later edit cannot change it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from psa_operator.sync.entities import OF_A_TICKET, Entity


class Mode(StrEnum):
    QUICK = "Quick"
    FULL = "Full"
    REFERENCE_DATA = "ReferenceData"
    PRUNE = "Prune"
    ROLLBACK = "Rollback"


class DateField(StrEnum):
    LAST_UPDATED = "lastUpdated"
    DATE_ENTERED = "dateEntered"


class DateRange(Struct, frozen=True, omit_defaults=True):
    """Tickets whose `field` lies in [start, end); `lookback_days` counts back from the begin of the run."""

    field: DateField = DateField.LAST_UPDATED
    start: datetime | None = None
    end: datetime | None = None
    lookback_days: int | None = None


class Notes(StrEnum):
    """How the notes of tickets are read: not at all, all of them, or those of tickets that changed."""

    NONE = "None"
    REUSE_UNCHANGED = "ReuseUnchanged"
    REFETCH = "Refetch"


class CustomFields(Struct, frozen=True, omit_defaults=True):
    """Which custom fields tickets have, by caption (None: all), and what the portal calls some of them."""

    wanted: tuple[str, ...] | None = None
    renamed: tuple[tuple[str, str], ...] = ()


class Mappings(Struct, frozen=True):
    """What the portal calls the PSA's statuses and priorities, by name or id as written."""

    statuses: dict[str, str] = {}
    priorities: dict[str, str] = {}


class CompanyFilter(Struct, frozen=True, omit_defaults=True):
    """Companies whose tickets the user does not want; types and statuses by name or id, as written."""

    exclude_inactive: bool = False
    excluded_types: tuple[str, ...] = ()
    excluded_statuses: tuple[str, ...] = ()


class TicketScope(Struct, frozen=True, omit_defaults=True):
    """Which tickets the user wants, and what of them; boards and statuses by name or id, as written."""

    include_boards: tuple[str, ...] = ()
    exclude_boards: tuple[str, ...] = ()
    excluded_statuses: tuple[str, ...] = ()
    date_range: DateRange = DateRange()
    include_closed: bool = True
    notes: Notes = Notes.REFETCH
    time_entries: bool = True
    custom_fields: CustomFields = CustomFields()
    companies: CompanyFilter = CompanyFilter()
    project_tickets: bool = False

    @property
    def names_lists(self) -> bool:
        """Whether it names what the PSA must have: boards, statuses, or kinds of companies."""
        boards = self.include_boards or self.exclude_boards
        return bool(boards or self.excluded_statuses) or self.companies != CompanyFilter()

    @property
    def left_out(self) -> frozenset[Entity]:
        """Kinds of records of which the user wants none."""
        unwanted = {Entity.NOTES: self.notes is Notes.NONE, Entity.TIME_ENTRIES: not self.time_entries}
        return frozenset(entity for entity, left_out in unwanted.items() if left_out)


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
    """How a Full run checks tickets before the switch, and which share of records may not fit.

    `write_probe` is the ticket on which two-way sync is tried, 0 for none.
    """

    newest: int = 20
    sample: int = 50
    max_quarantined_percent: float = 1.0
    write_probe: int = 0


class Selection(Struct, frozen=True):
    """What a run is limited to: tickets by their ids, or kinds of records; nothing named is no limit."""

    ticket_ids: tuple[int, ...] = ()
    entities: tuple[Entity, ...] = ()

    @property
    def limited(self) -> bool:
        return bool(self.ticket_ids or self.entities)

    def includes(self, entity: Entity) -> bool:
        """Whether a run over kinds of records has to do with this one: tickets come whole."""
        kind = Entity.TICKETS if entity in {Entity.TECHNICIANS, *OF_A_TICKET} else entity
        return not self.entities or kind in self.entities


class ConflictPolicy(StrEnum):
    """Whose value stays where portal and PSA have changed the same field: both, until somebody decides."""

    HOLD = "Hold"
    PSA_WINS = "PSAWins"


class WriteBack(Struct, frozen=True):
    """Whether edits of live rows go to the PSA; only those of members of `database_role`, if it is named."""

    enabled: bool = False
    conflict_policy: ConflictPolicy = ConflictPolicy.HOLD
    database_role: str = ""


class LocalChanges(StrEnum):
    """What a Full run does with unsent changes: send them, refuse to run, or give them up."""

    PUSH = "Push"
    ABORT = "Abort"
    DISCARD = "Discard"


class Account(Struct, frozen=True):
    """Where the PSA is: `settings` and `credentials` carry the provider's own words.

    With `project_tickets` its tickets are those of projects as well.
    """

    provider: str
    settings: dict[str, str]
    credentials: dict[str, str]
    time_zone: str = "UTC"
    project_tickets: bool = False

    def __repr__(self) -> str:
        return f"Account(provider={self.provider!r}, settings={self.settings!r})"


class Database(Struct, frozen=True):
    """Where rows are; a tenant's DSN leads into private networks only to `allowed_hosts`.

    None is the administrator's own DSN, which may lead anywhere.
    """

    dsn: str
    schema: str = "psa"
    allowed_hosts: frozenset[str] | None = None

    def __repr__(self) -> str:
        return f"Database(schema={self.schema!r})"


class RunSpec(Struct, frozen=True):
    """One run. `run_id` is a UUID, `name` is namespace/name of what the user applied.

    `rollback_of` is the name of the run that a Rollback undoes; `rollback_window` is how long this one can be
    undone, zero if never. `attempts_before` makes the attempt void if more than these were made meanwhile.
    """

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
    mappings: Mappings = Mappings()
    overlap: timedelta = timedelta(minutes=5)
    limits: Limits = Limits()
    guard: Guard = Guard()
    approved_deletions: int = 0
    verification: Verification = Verification()
    rollback_of: str = ""
    rollback_window: timedelta = timedelta(hours=72)
    only: Selection = Selection()
    write_back: WriteBack = WriteBack()
    local_changes: LocalChanges = LocalChanges.PUSH
    attempts_before: int | None = None

    @property
    def config_hash(self) -> str:
        """The fingerprint of what decides which rows the run brings."""
        return config_hash(self.scope, self.account.time_zone)


_CONTENT = 3
"""Raised when a release brings rows that the one before did not, so that a Full run is asked for."""

PARTS = ("ScopeChanged", "CustomFieldsChanged", "MappingChanged", "TimeZoneChanged", "ReleaseChanged")
"""What is said where two fingerprints differ, in the order of their parts."""

_BRANCHED = "*"
"""Ends the fingerprint of rows to which a Quick run with other settings has added."""


def config_hash(scope: TicketScope, time_zone: str) -> str:
    """Fingerprint the settings: the same for those that bring the same rows of the same PSA."""
    if scope.notes is Notes.REUSE_UNCHANGED:  # brings the same rows, with fewer questions
        scope = msgspec.structs.replace(scope, notes=Notes.REFETCH)
    fields = scope.custom_fields
    plain = msgspec.structs.replace(scope, custom_fields=CustomFields())
    parts = [plain, fields.wanted, fields.renamed, time_zone]
    return "-".join([*map(_digest, parts), str(_CONTENT)])


def changed(was: str, now: str) -> Sequence[str]:
    """Which of `PARTS` differ between two fingerprints; the first one where that cannot be told."""
    before, after = was.removesuffix(_BRANCHED).split("-"), now.split("-")
    if was == now:
        return ()
    if len(before) != len(PARTS):  # of a release that had one hash for all
        return (PARTS[-1],)
    found = tuple(part for part, one, other in zip(PARTS, before, after, strict=True) if one != other)
    return found or (PARTS[0],)  # changed, and changed back


def _digest(part: object) -> str:
    written = msgspec.json.encode(part, order="sorted")
    return hashlib.sha256(written).hexdigest()[:8]
