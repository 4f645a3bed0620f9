"""One attempt of one run: the things that every step needs, and what it has found so far."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from psa_operator.errors import CancelledError, PsaOperatorError
from psa_operator.sync import access
from psa_operator.sync.entities import LARGE, OF_A_TICKET, Entity
from psa_operator.sync.outcome import Check, Difference, Problem, Report
from psa_operator.sync.ports import Clock, Permission, Refused, Source
from psa_operator.sync.progress import Tracker
from psa_operator.sync.spec import RunSpec
from psa_operator.sync.storage import Run

MOST_PROBLEMS = 20
_NAMED = 10


@dataclass
class Job:
    """What a step of a run works with.

    What is `denied` is not read; `written` are tickets; `none_listed` are lists that the PSA gave without
    any record.
    """

    spec: RunSpec
    source: Source
    run: Run
    clock: Clock
    tracker: Tracker
    report: Report = field(default_factory=Report)
    denied: dict[str, Permission] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    none_listed: set[Entity] = field(default_factory=set)
    _refused: set[tuple[Entity, int]] = field(default_factory=set)
    _warned: set[tuple[str, int | None, str]] = field(default_factory=set)
    _saying: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def lists(self) -> tuple[Entity, ...]:
        """The long lists that the run reads."""
        return tuple(filter(self._wanted, LARGE))

    @property
    def of_a_ticket(self) -> tuple[Entity, ...]:
        """What the run brings with each ticket."""
        return tuple(filter(self._wanted, OF_A_TICKET))

    def _wanted(self, entity: Entity) -> bool:
        unread = self.spec.scope.left_out.union(self.denied)
        return entity not in unread and self.spec.only.includes(entity)

    def notice(self, message: str) -> None:
        """Tell the user something that is not a problem, if there is something to tell."""
        if message and message not in self.report.notices:
            self.report.notices.append(message)

    def warn(self, kind: str, record_id: int | None, message: str) -> None:
        """Count a problem that does not end the run, once however often it is met; the first are listed."""
        if (kind, record_id, message) in self._warned:
            return
        self._warned.add((kind, record_id, message))
        self.report.warnings += 1
        self._list(kind, record_id, message)

    def refuse(self, entity: Entity, refused: Refused) -> None:
        """Count a record that does not fit, once however often it is read."""
        if (entity, refused.id) in self._refused:
            return
        self._refused.add((entity, refused.id))
        self.report.warnings += 1
        self._list("RecordRefused", refused.id, f"{entity}: {refused.field}: {refused.reason}")

    def fail(self, error: PsaOperatorError) -> None:
        """List what ended the attempt."""
        self._list(error.reason, None, str(error))

    def check(
        self,
        name: str,
        *,
        passed: bool,
        expected: object,
        actual: object,
        message: str = "",
        hard: bool = True,
    ) -> None:
        """Note a check before the switch, in the order of names; a later one of the same name replaces it.

        One that is not `hard` is a warning when it does not pass.
        """
        verdict = "Passed" if passed else "Failed" if hard else "Warning"
        result = Check(name, verdict, str(expected), str(actual), message)
        others = (each for each in self.report.checks if each.check != name)
        self.report.checks = sorted((*others, result), key=lambda each: each.check)

    def note_difference(self, difference: Difference) -> None:
        """Report what would change as if it had: in a dry run, or for somebody who has to approve it."""
        self.report.counts = {str(entity): counts for entity, counts in difference.counts.items()}
        self.report.samples = {
            str(entity): {action: list(ids) for action, ids in actions.items()}
            for entity, actions in difference.samples.items()
        }

    async def enter(self, phase: str) -> None:
        """Go on to a phase, and say so at once. Raises CancelledError if somebody has asked for the end."""
        self.tracker.enter(phase)
        await self.say()

    async def say(self) -> None:
        """Write down how far it is. Raises CancelledError if somebody has asked for the end."""
        # One after the other, or the heartbeat could write an earlier phase over a later one.
        async with self._saying:
            self.report.requests = self.source.requests
            progress = self.tracker.snapshot(self.source, self.run.database_seconds)
            signal = await self.run.report(progress, self.report)
        if signal.cancel_requested:
            raise CancelledError(signal.cancel_reason or "Cancelled by the user", reason="Cancelled")

    async def find_access(self) -> None:
        """Try every area, and do without those that are denied and not needed.

        Raises PermissionDeniedError that names what is needed and denied.
        """
        closed = access.denied(await self.source.probe(self.spec.scope.left_out))
        dispensable = access.dispensable(self.spec.scope, self.spec.only)
        if problem := access.refusal(closed, dispensable):
            raise problem
        self.denied |= {each.area: each for each in closed}
        self.report.denied = list(self.denied)
        self.source.do_without(self.denied)
        for each in closed:
            self.warn(
                "PermissionDenied",
                None,
                f"{access.refusal([each])}. What is here of it was left as it is",
            )

    def _list(self, kind: str, record_id: int | None, message: str) -> None:
        self.report.error_count += 1
        if len(self.report.problems) < MOST_PROBLEMS:
            self.report.problems.append(Problem(kind, record_id, message[:1024], self.clock.now()))


def listed(ids: Sequence[int]) -> str:
    """Name the first few of some records, for a message."""
    named = ", ".join(f"#{each}" for each in ids[:_NAMED])
    return f"{named} and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else named
