"""What the engine needs of the store that holds what was read.

`store/` implements this and knows nothing of a PSA. It raises `psa_operator.errors`, nothing else.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Difference, Progress, Report
from psa_operator.sync.outgoing import Outgoing
from psa_operator.sync.ports import Page
from psa_operator.sync.records import Record, Ticket
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Mode, RunSpec


class Mark(Struct, frozen=True):
    """How far one entity is covered, in the PSA's time."""

    watermark: datetime | None = None
    covered_until: datetime | None = None


class Segment(Struct, frozen=True):
    """A closed interval of ids that one walk reads; `done_until` is the last committed id in it."""

    after: int
    upto: int | None
    done_until: int
    complete: bool = False


class StageState(Struct, frozen=True):
    """What a stage already holds. `notice` says why an earlier stage could not be continued."""

    resumed: bool
    began: datetime | None
    indexed: bool
    notice: str = ""


class Stage(Protocol):
    """The rows that a run has read and not yet published. Every write commits with the fence."""

    state: StageState

    async def begin(self, began: datetime) -> None:
        """Remember the PSA's time at which reading began."""

    async def segments(self, entity: Entity) -> list[Segment]:
        """The intervals of an earlier attempt, or nothing."""

    async def plan(self, entity: Entity, segments: Sequence[Segment]) -> None:
        """Remember the intervals into which a walk was cut."""

    async def append(
        self,
        page: Page,
        segment: Segment,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> None:
        """Add a page by COPY and move its checkpoint to `segment`, in one transaction; before `index`."""

    async def merge(
        self,
        page: Page,
        segment: Segment | None = None,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> int:
        """Add a page where the newer of two records with one id wins; after `index`, or in Quick runs.

        What was staged before of the tickets that the page is `whole_for` goes. Returns how many records
        were new or other than those staged before.
        """

    async def index(self) -> None:
        """Remove records that came twice, newest kept, and build the keys."""

    async def unread(self, entity: Entity, after: int, number: int, *, reuse: bool = False) -> list[int]:
        """The next staged tickets in scope of which notes or time entries were not read as they are now.

        With `reuse`, those that are live as they are staged are left out, but for a tenth that changes from
        run to run.
        """

    async def outdated(self, entity: Entity) -> int:
        """How many tickets are live as they are staged, and yet have other notes than the live ones."""

    async def missing_parents(self) -> dict[Entity, dict[int, str]]:
        """Parents that staged rows refer to and that are neither staged nor (Quick) live, with names."""

    async def add_stubs(self, entity: Entity, names: Mapping[int, str]) -> None:
        """Put in what is known of parents that the PSA does not give: the live row, else id and name."""

    async def set_listed(self, entity: Entity, ids: AsyncIterator[list[int]]) -> int:
        """Replace the list of ids that the PSA says are in scope; returns how many distinct ones."""

    async def add_listed(self, entity: Entity, ids: Sequence[int]) -> None:
        """Put into the list what it lacks although the PSA has it."""

    async def unlisted(self, entity: Entity) -> list[int]:
        """Ids staged in scope (Prune: live) that the PSA's list lacks."""

    async def unstaged(self, entity: Entity) -> list[int]:
        """Ids that the PSA lists and the stage lacks (quarantined ones are not lacking)."""

    async def discard(self, entity: Entity, ids: Sequence[int]) -> None:
        """Take records out that the PSA has no more."""

    async def members(self) -> dict[str, int]:
        """Ids of members by lower-case identifier: the staged ones, and (Quick) the live ones."""

    async def records(self, entity: Entity) -> list[Record]:
        """The staged rows of an entity as records; of two of one id the newer comes later."""

    async def exclude(self, companies: Collection[int]) -> None:
        """Put staged tickets out of scope that belong to just these companies, and the others back in."""

    async def counts(self) -> dict[Entity, int]:
        """Rows staged by entity."""

    async def newest(self, number: int) -> list[tuple[int, datetime]]:
        """The staged tickets in scope that were changed last, with the time, the last one first."""

    async def tally(self, column: str) -> dict[int, int]:
        """How many staged tickets in scope refer to what, by the id in a column."""

    async def sample(self, number: int) -> list[int]:
        """Some staged tickets in scope, chosen at random."""

    async def differing(
        self,
        page: Page,
        *,
        technicians: Mapping[int, Sequence[int]] = {},
        out_of_scope: Mapping[int, str] = {},
    ) -> list[int]:
        """Ids of records on a page that are staged with the same time of change, and other values."""

    async def difference(self, scope: ResolvedScope) -> Difference:
        """Compute, in a read-only transaction, what `publish` would change."""

    async def seal(self, difference: Difference) -> None:
        """Bind the verdict to the stage, in the logged run row: rows by entity, epoch, deletions."""

    async def publish(self, scope: ResolvedScope, marks: Mapping[Entity, Mark], report: Report) -> None:
        """Make it live and record marks, the report with the counts, and the end, in one transaction.

        Raises StageLostError if the stage is not what was sealed, LiveRowsLockedError if others hold rows.
        """


class Signal(Struct, frozen=True):
    """What the run row says to its worker."""

    cancel_requested: bool = False
    cancel_reason: str = ""


class Replaced(Struct, frozen=True):
    """What the history knows of a run that is to be undone; `kept` says that its window has not ended."""

    integration_key: str
    mode: str
    phase: str
    dry_run: bool
    baseline: bool
    until: datetime | None
    kept: bool
    rolled_back_by: str | None


class Kept(Struct, frozen=True):
    """A live ticket: since when it is here, and which run wrote it last.

    `out_of_scope` says why readers do not see it. `since` is None if an older release brought it. `unsent`
    are the columns that the portal has changed and the PSA does not have yet.
    """

    ticket: Ticket
    technicians: frozenset[int]
    unsent: frozenset[str]
    out_of_scope: str | None
    stale: bool
    since: datetime | None
    changed_at: datetime
    changed_by: str


class Unfit(Struct, frozen=True):
    """A record in quarantine: which field did not fit, and since when."""

    field: str
    reason: str
    since: datetime


class Archive(Protocol):
    """What is live of one integration, to read."""

    async def check_identity(self, provider: str, identity: str) -> None:
        """Compare with the company that the rows came from. Raises IdentityChangedError."""

    async def marks(self) -> dict[Entity, Mark]:
        """Marks by entity; those that cannot be trusted are left out."""

    async def reference(self, entity: Entity) -> list[Record]:
        """The live rows of a reference entity, as records."""

    async def tickets(self, ids: Collection[int]) -> dict[int, Kept]:
        """The named live tickets, those out of scope included."""

    async def unfit(self, ids: Collection[int]) -> dict[int, Unfit]:
        """Those of the named tickets that did not fit at the last try."""


class Run(Archive, Protocol):
    """One claimed attempt of one run."""

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""

    @property
    def outgoing(self) -> Outgoing:
        """What the PSA is to have from us."""

    @property
    def database_seconds(self) -> float:
        """Seconds spent waiting for the database in this attempt."""

    async def report(self, progress: Progress, report: Report) -> Signal:
        """Heartbeat: write both, read the signal. Raises FencedError if another attempt took over."""

    async def check_identity(self, provider: str, identity: str) -> None:
        """Adopt the identity at the first run, compare it ever after. Raises IdentityChangedError."""

    async def live_counts(self) -> dict[Entity, int]:
        """Live rows by entity, tickets out of scope included."""

    async def quarantined(self, entity: Entity) -> list[int]:
        """Ids that did not fit at the last try."""

    async def quarantined_tickets(self, entity: Entity) -> list[int]:
        """Tickets in scope with notes or time entries that did not fit at the last try."""

    async def hidden_companies(self) -> set[int]:
        """Companies with live tickets that are out of scope because of them."""

    async def last_full_config(self) -> str | None:
        """The config hash of the last Full run that succeeded."""

    async def left_out(self) -> set[str]:
        """Areas that the last Full run that succeeded could not read, or any run since."""

    async def undo(self, name: str) -> Replaced | None:
        """Choose the run to undo, once for all attempts: the newest of that name, one of ours if there is."""

    async def open_stage(self, mode: Mode, denied: Collection[str] = (), *, anew: bool = False) -> Stage:
        """Continue this run's stage unless it is to begin `anew`, or make one.

        Of areas that are denied live rows stay as they are.
        """

    async def finish(self, phase: str, reason: str, message: str, report: Report) -> None:
        """Write the end of the run (Succeeded, Failed, Cancelled) where `publish` did not."""

    async def await_approval(self, reason: str, message: str, report: Report) -> None:
        """End this attempt, and let others work, until somebody approves what the report says."""

    async def release(self, reason: str, message: str, *, charge: bool, retry_after: float | None) -> None:
        """End this attempt, not the run; a charged one counts against `backoffLimit`."""


class Store(Protocol):
    """The database of one integration."""

    def claim(self, spec: RunSpec) -> AbstractAsyncContextManager[Run]:
        """Begin the next attempt of a run. Raises FencedError, or AnotherRunActive as a TransientError."""
