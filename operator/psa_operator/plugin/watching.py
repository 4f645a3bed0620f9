"""Following a run to its end: each phase, the reason of every wait, and how far it is."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple, Self

from psa_operator.api.conditions import find_condition
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.errors import UnavailableError
from psa_operator.plugin.apiserver import NotFoundError
from psa_operator.plugin.console import plain, say
from psa_operator.plugin.resources import Resources

POLL = 1.0
"""Seconds between two looks at a run that somebody watches."""

_PATIENCE = 300.0
"""Seconds that the API server may be silent before a watch is given up; the run itself goes on."""

_UNSEEN_AFTER = 15.0

Tell = Callable[[TicketResync], None]


class Doing(NamedTuple):
    """What a run does now; a new `reason` or wait is news, other words of the same or no reason are not."""

    reason: str
    words: str
    waits: bool


def doing(run: TicketResync, now: datetime | None = None) -> Doing:
    """What a run does or waits for, in the operator's words."""
    phase, progress = run.status.phase or RunPhase.PENDING, run.status.progress
    ready = find_condition(run.status.conditions, "Ready")
    if ready is None:
        return _unseen(run, now)
    if progress is not None and progress.waiting_for and not phase.finished:
        return Doing(f"{phase}, waiting", progress.waiting_for, waits=True)
    if phase is RunPhase.AWAITING_APPROVAL and run.awaits_approval:
        return Doing(phase, f"{ready.message}. {_how_to_approve(run)}", waits=True)
    if ready.reason == phase.value:
        return Doing(phase, run.status.message or ready.message, waits=False)
    return Doing(f"{phase} ({ready.reason})", ready.message, waits=not phase.finished)


def follow(resources: Resources, name: str, tell: Tell, poll: float = POLL) -> TicketResync:
    """Look at a run until it is over, whatever happens to the connection meanwhile for some minutes."""
    patience = Patience()
    while True:
        with patience:
            run = _still_there(resources, name)
            tell(run)
            if run.status.phase is not None and run.status.phase.finished:
                return run
        time.sleep(poll)


def _still_there(resources: Resources, name: str) -> TicketResync:
    try:
        return resources.run(name)
    except NotFoundError:
        raise NotFoundError(
            f"{name} was deleted while it was on, so it is cancelled and nobody can tell how far it came"
        ) from None


class Patience:
    """Lets pass, for some minutes, that the API server does not answer."""

    def __init__(self) -> None:
        self._heard = time.monotonic()

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, UnavailableError):
            self._heard = time.monotonic()
            return False
        return time.monotonic() - self._heard <= _PATIENCE


class Lines:
    """Tells what is new in a line each; with `only_waits`, what somebody waits for."""

    def __init__(self, write: Callable[[str], None], *, only_waits: bool = False) -> None:
        self._write = write
        self._only_waits = only_waits
        self._said: tuple[str, str] | None = None

    def __call__(self, run: TicketResync) -> None:
        now = doing(run, datetime.now(UTC))
        # How a wait is worded changes when the place in the queue does; that of a phase, with every page.
        news = (now.reason, now.words if now.waits else "")
        if not now.reason or news == self._said or (run.status.phase and run.status.phase.finished):
            return
        self._said = news
        if now.waits or not self._only_waits:
            self._write(f"{now.reason}: {now.words}")


class Bar:
    """The same lines, and under them how far the run is, for as long as somebody looks at a terminal."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._console = Console(markup=False, emoji=False, highlight=False)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}% {task.fields[detail]}", markup=False),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task = self._progress.add_task("Pending", total=100, detail="")
        self._lines = Lines(lambda text: self._console.print(plain(text)))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, run: TicketResync) -> None:
        self._lines(run)
        progress = run.status.progress
        self._progress.update(
            self._task,
            description=run.status.phase or RunPhase.PENDING,
            completed=(progress and progress.percent) or 0,
            detail=plain(_detail(run)),
        )


def watch(resources: Resources, name: str) -> TicketResync:
    """Follow a run as a person does: with a bar on a terminal, else in lines."""
    if not sys.stdout.isatty():
        return follow(resources, name, Lines(say))
    with Bar() as bar:
        return follow(resources, name, bar)


def _detail(run: TicketResync) -> str:
    progress = run.status.progress
    if progress is None or progress.entity is None or progress.processed is None:
        return ""
    total = "?" if progress.total is None else f"{progress.total:,}"
    left = f", {progress.eta_seconds} s to go" if progress.eta_seconds else ""
    return f"{progress.processed:,} of {total} {progress.entity}{left}"


def _unseen(run: TicketResync, now: datetime | None) -> Doing:
    """It is new, which takes a moment; after some time that nobody has looked at it is worth a word."""
    created = run.metadata.creation_timestamp
    if now is None or created is None or (now - created).total_seconds() < _UNSEEN_AFTER:
        return Doing("", "The operator has not looked at it yet", waits=False)
    words = (
        "No operator has looked at it yet: see whether one is running (kubectl psa logs) and watches the "
        f'namespace "{run.metadata.namespace}"'
    )
    return Doing("Pending", words, waits=True)


def _how_to_approve(run: TicketResync) -> str:
    place = f"{run.metadata.name} -n {run.metadata.namespace}"
    return f"Approve: kubectl psa approve {place}, or: kubectl psa cancel {place}"
