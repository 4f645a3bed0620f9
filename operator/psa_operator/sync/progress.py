"""How far a run is: percent that never goes back, and a remaining time that follows from measurement."""

from collections.abc import Mapping
from typing import Protocol

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Progress
from psa_operator.sync.ports import Clock

PREPARING = "Preparing"
PUSHING = "PushingLocalChanges"
FETCHING = "Fetching"
CATCHING_UP = "CatchingUp"
VERIFYING = "Verifying"
APPLYING = "Applying"
SUCCEEDED = "Succeeded"

_SHARE = {
    PREPARING: (0, 1),
    PUSHING: (1, 2),
    FETCHING: (2, 80),
    CATCHING_UP: (80, 85),
    VERIFYING: (85, 95),
    APPLYING: (95, 99),
}
"""What percent means: where each phase begins and where it ends."""

_ENOUGH_TO_EXTRAPOLATE = 3


class Waiting(Protocol):
    @property
    def waited(self) -> float: ...
    @property
    def waiting_for(self) -> str | None: ...


class Tracker:
    """Counts rows as they are staged and turns them into a `Progress`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._phase = PREPARING
        self._percent = 0.0
        self._expected: dict[Entity, int] = {}
        self._done: dict[Entity, int] = {}
        self._fetched: dict[Entity, int] = {}
        self._entity: Entity | None = None
        self._began = clock.monotonic()
        self._percent_at_begin: float | None = None
        self._rows_this_attempt = 0

    @property
    def phase(self) -> str:
        return self._phase

    def enter(self, phase: str) -> None:
        """Go on to a later phase; what is done over is no earlier one."""
        if _SHARE[phase] < _SHARE[self._phase]:
            return
        self._phase = phase
        self._raise_to(_SHARE[phase][0])

    def expect(self, rows: Mapping[Entity, int]) -> None:
        """Say how many rows will be read."""
        self._expected = dict(rows)

    def already(self, entity: Entity, rows: int) -> None:
        """Count rows that an earlier attempt has staged."""
        self._entity = entity
        self._done[entity] = self._fetched[entity] = rows
        self._update()

    def advance(self, entity: Entity, rows: int, done: int | None = None) -> None:
        """Count rows that were just staged; `done` says what they are of the expected, if not as many."""
        if self._phase == FETCHING:
            self._entity = entity
            self._done[entity] = self._done.get(entity, 0) + (rows if done is None else done)
            self._fetched[entity] = self._fetched.get(entity, 0) + rows
            self._rows_this_attempt += rows
            self._update()

    def snapshot(self, source: Waiting, database_seconds: float) -> Progress:
        """Say it for the run row."""
        elapsed = self._clock.monotonic() - self._began
        done, expected = 0, 0
        if self._entity:
            done, expected = self._done.get(self._entity, 0), self._expected.get(self._entity, 0)
        return Progress(
            phase=self._phase,
            percent=int(self._percent),
            entity=self._entity or "",
            processed=done,
            total=max(done, expected),
            rate_per_second=round(self._rows_this_attempt / elapsed, 1) if elapsed > 0 else 0.0,
            eta_seconds=self._eta(elapsed),
            waiting_for=source.waiting_for,
            psa_seconds=round(source.waited, 1),
            database_seconds=round(database_seconds, 1),
            fetched={entity: rows for entity, rows in self._fetched.items() if rows},
        )

    def _update(self) -> None:
        total = sum(self._expected.values())
        done = sum(min(rows, self._expected.get(entity, rows)) for entity, rows in self._done.items())
        begin, end = _SHARE[FETCHING]
        self._raise_to(begin + (end - begin) * min(1.0, done / total if total else 1.0))
        if self._percent_at_begin is None:
            self._percent_at_begin = self._percent

    def _raise_to(self, percent: float) -> None:
        self._percent = max(self._percent, percent)

    def _eta(self, elapsed: float) -> int | None:
        gained = self._percent - (self._percent_at_begin or 0)
        if gained < _ENOUGH_TO_EXTRAPOLATE:
            return None
        return round(elapsed * (100 - self._percent) / gained)
