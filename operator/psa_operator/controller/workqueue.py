"""A queue of keys to reconcile: each once, never twice at a time, later again if it failed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from psa_operator.controller.keys import Key, Kind
from psa_operator.errors import PsaOperatorError

Reconcile = Callable[[Key], Awaitable[float | None]]
"""Bring one object further; the answer is after how many seconds to look again, None for not at all."""

LONGEST_DELAY = 420.0

log = structlog.get_logger(__name__)


class Observer(Protocol):
    """Who counts what the queue does."""

    def depth(self, keys: int) -> None:
        """So many keys wait."""

    def reconciled(self, kind: str, result: str, seconds: float) -> None:
        """One reconciliation ended with Success, Retry or Error."""


class WorkQueue:
    """Keys that wait for their turn, in the order of their first mention.

    Each kind has a line and `concurrency` workers of its own: a thousand integrations whose PSAs are tried
    hold up no run.
    """

    def __init__(
        self, reconcile: Reconcile, observer: Observer, *, concurrency: int = 8, first_delay: float = 1.0
    ) -> None:
        self._reconcile = reconcile
        self._observer = observer
        self._concurrency = concurrency
        self._first_delay = first_delay
        self._lines: dict[Kind, asyncio.Queue[Key]] = {kind: asyncio.Queue() for kind in Kind}
        self._waiting: set[Key] = set()
        self._running: set[Key] = set()
        self._again: set[Key] = set()
        self._later: dict[Key, asyncio.TimerHandle] = {}
        self._failures: dict[Key, int] = {}
        self.working = False

    def add(self, key: Key) -> None:
        """Ask for a reconciliation now, or after the one that runs; while nobody works nothing is kept."""
        self._forget_timer(key)
        if not self.working:
            return
        if key in self._running:
            self._again.add(key)
        elif key not in self._waiting:
            self._waiting.add(key)
            self._lines[key.kind].put_nowait(key)
            self._observer.depth(len(self._waiting))

    def add_after(self, key: Key, seconds: float) -> None:
        """Ask for a reconciliation in `seconds`, unless one is due before."""
        if not self.working:
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + seconds
        pending = self._later.get(key)
        if key in self._waiting or (pending is not None and pending.when() <= due):
            return
        self._forget_timer(key)
        self._later[key] = loop.call_at(due, self.add, key)

    async def run(self, keys: Iterable[Key] = ()) -> None:
        """Work until cancelled, on `keys` first; then forget what is left, for others may do it."""
        self.working = True
        for key in keys:
            self.add(key)
        try:
            async with asyncio.TaskGroup() as workers:
                for line in self._lines.values():
                    for _ in range(self._concurrency):
                        workers.create_task(self._work(line))
        finally:
            self._forget_all()

    def _forget_all(self) -> None:
        self.working = False
        for key in list(self._later):
            self._forget_timer(key)
        self._lines = {kind: asyncio.Queue() for kind in Kind}
        self._waiting.clear()
        self._again.clear()
        self._failures.clear()
        self._observer.depth(0)

    def _forget_timer(self, key: Key) -> None:
        if (handle := self._later.pop(key, None)) is not None:
            handle.cancel()

    async def _work(self, line: asyncio.Queue[Key]) -> None:
        while True:
            key = await line.get()
            self._waiting.discard(key)
            self._observer.depth(len(self._waiting))
            self._running.add(key)
            try:
                await self._turn(key)
            finally:
                self._running.discard(key)
            if key in self._again:
                self._again.discard(key)
                self.add(key)

    async def _turn(self, key: Key) -> None:
        began = time.monotonic()
        try:
            after = await self._reconcile(key)
        except PsaOperatorError as error:
            result, after = "Retry", self._next_delay(key)
            log.warning("reconcile.retry", key=str(key), reason=error.reason, error=str(error), after=after)
        except Exception:
            result, after = "Error", self._next_delay(key)
            log.exception("reconcile.failed", key=str(key), after=after)
        else:
            result = "Success"
            self._failures.pop(key, None)
        if after is not None:
            self.add_after(key, after)
        self._observer.reconciled(key.kind.written, result, time.monotonic() - began)

    def _next_delay(self, key: Key) -> float:
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        return float(min(self._first_delay * 2 ** min(failures, 20), LONGEST_DELAY))
