"""What a run says of itself: while it works, and at its end."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Mode


class Counts(Struct):
    """What became of the records of one entity; `fetched = created + updated + unchanged + quarantined`.

    Of those `deleted`, the `unguarded` are out of scope now or belong to a ticket that goes. A Rollback
    fetches former rows; `kept_newer` counts rows that it leaves, because they were changed since.
    """

    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    unguarded: int = 0
    quarantined: int = 0
    repaired: int = 0
    kept_newer: int = 0


class Difference(Struct, frozen=True):
    """What publishing the stage would change, by entity.

    `live` is the number of live rows in scope. `emptied` names boards and companies with more than ten live
    tickets that would have none, and `moved` is the number of these tickets that go elsewhere and are not
    deleted. `samples` holds a few ids by action ("created", "updated", "deleted"). `dropped` counts, by
    reason, staged tickets that are out of scope and not live, and time entries without a ticket in scope.
    `left_behind` counts, by reason, live tickets that left the scope without a change: a date range that
    moved does not contain them any more, or their company is left out now. `tickets_after` is the number of
    tickets in scope once it is published, and `absent_after` that of quarantined tickets without a live row.
    `kept_newer` holds the first ids of what a Rollback leaves because it was changed since.
    """

    counts: Mapping[Entity, Counts]
    live: Mapping[Entity, int]
    emptied: Sequence[str] = ()
    moved: int = 0
    samples: Mapping[Entity, Mapping[str, Sequence[int]]] = {}
    dropped: Mapping[str, int] = {}
    left_behind: Mapping[str, int] = {}
    tickets_after: int = 0
    absent_after: int = 0
    kept_newer: Mapping[Entity, Sequence[int]] = {}


class Progress(Struct):
    """What a worker says of itself about once a second; `phase` and `percent` never go back."""

    phase: str
    percent: int = 0
    entity: str = ""
    processed: int = 0
    total: int = 0
    rate_per_second: float = 0.0
    eta_seconds: int | None = None
    waiting_for: str | None = None
    psa_seconds: float = 0.0
    database_seconds: float = 0.0
    fetched: dict[str, int] = {}


class Problem(Struct, frozen=True):
    """One line of the bounded error list: what kind, which record, what was wrong."""

    kind: str
    id: int | None
    message: str
    time: datetime


class Check(Struct, frozen=True):
    """One check before the switch; `result` is Passed, Failed or Warning."""

    check: str
    result: str
    expected: str = ""
    actual: str = ""
    message: str = ""


class Plan(Struct):
    """What can be known before anything is read.

    `rows` are by entity, `pages` those of the long lists, `budget_percent` is their share of an hour.
    """

    rows: dict[str, int] = {}
    pages: int = 0
    requests: int = 0
    estimated_seconds: int | None = None
    budget_percent: int = 0
    local_changes: int = 0


class LocalOutcome(Struct, frozen=True):
    """What became of the portal's unsent changes; those `held` are unsent as well, until somebody decides."""

    sent: int = 0
    refused: int = 0
    held: int = 0
    unsent: int = 0
    discarded: int = 0


class Drift(Struct, frozen=True):
    """Tickets that were not as in the PSA, although the Quick runs had gone past them.

    `stale` became visible there too late for a Quick run, and so did `missing`, unless somebody removed them
    here; `damaged` were changed here, and `undeleted` are no more in the PSA.
    """

    missing: int = 0
    stale: int = 0
    damaged: int = 0
    undeleted: int = 0


class Verdict(StrEnum):
    """Whether readers see a ticket."""

    SHOWN = "Shown"
    HIDDEN = "Hidden"
    ABSENT = "Absent"


class Explanation(Struct, frozen=True):
    """Why a ticket is there or not: a word, and in sentences what that means and what mends it."""

    ticket_id: int
    verdict: Verdict
    reason: str
    detail: str


ANSWERED_WITHIN = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds by which answers of a PSA are sorted; the last sort has no end."""


class Traffic(Struct):
    """What the attempt that began at `began` asked of the PSA so far.

    `answers` counts requests by HTTP status, or "none"; `within` sorts them by ANSWERED_WITHIN, and `seconds`
    is the sum. `throttled` are the seconds that requests waited for the budget and for the PSA's rate limit.
    """

    began: datetime | None = None
    answers: dict[str, int] = {}
    within: list[int] = field(default_factory=lambda: [0] * (len(ANSWERED_WITHIN) + 1))
    seconds: float = 0.0
    throttled: float = 0.0

    def count(self, status: str, seconds: float) -> None:
        """Take note of one request."""
        self.answers[status] = self.answers.get(status, 0) + 1
        self.within[bisect_left(ANSWERED_WITHIN, seconds)] += 1
        self.seconds += seconds

    def since(self, before: "Traffic") -> "Traffic":
        """What came after an earlier state of the same attempt."""
        return Traffic(
            self.began,
            {status: number - before.answers.get(status, 0) for status, number in self.answers.items()},
            [now - then for now, then in zip(self.within, before.within, strict=True)],
            self.seconds - before.seconds,
            self.throttled - before.throttled,
        )


class Report(Struct):
    """What a run has found and done, as the run row keeps it; `newest` is the ticket changed last.

    `requests` were sent to the PSA by this attempt, and `traffic` has them in detail. `to_approve` is the
    number of deletions that somebody has to approve before it goes on. `resync_required` is None if the run
    did not find out, so that the word of an earlier one stands. `denied` are the areas that the run did
    without, because the PSA's role may not read them. Until `rollback_until` it can be undone.
    `kept_newer` holds the first ids of what a Rollback left because it was changed since. `lateness` is by
    how many seconds a ticket became visible too late for the run before this one, at most.
    """

    effective_mode: Mode | None = None
    notices: list[str] = []
    plan: Plan | None = None
    counts: dict[str, Counts] = {}
    skipped: dict[str, int] = {}
    checks: list[Check] = []
    samples: dict[str, dict[str, list[int]]] = {}
    problems: list[Problem] = []
    newest: tuple[int, datetime] | None = None
    warnings: int = 0
    error_count: int = 0
    resync_required: str | None = ""
    denied: list[str] = []
    to_approve: int = 0
    requests: int = 0
    rollback_until: datetime | None = None
    kept_newer: dict[str, list[int]] = {}
    explanations: list[Explanation] = []
    local: LocalOutcome | None = None
    drift: Drift | None = None
    lateness: float | None = None
    traffic: Traffic = field(default_factory=Traffic)
