"""What was asked: counts per path, the last requests, and how many ran at once."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_KEPT = 5_000


class Traffic:
    """Counters of requests since the last reset."""

    def __init__(self) -> None:
        self._running = 0
        self.reset()

    def reset(self) -> None:
        self._by_path: Counter[str] = Counter()
        self._by_status: Counter[str] = Counter()
        self._log: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._peak = self._running

    @contextmanager
    def request(self, method: str, path: str, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        """Count one request; the caller fills in the `status`."""
        entry: dict[str, Any] = {"method": method, "path": path, "query": query, "status": None}
        self._by_path[f"{method} {path}"] += 1
        self._log.append(entry)
        self._running += 1
        self._peak = max(self._peak, self._running)
        try:
            yield entry
        finally:
            self._running -= 1
            self._by_status[str(entry["status"])] += 1

    def report(self) -> dict[str, Any]:
        return {
            "total": self._by_path.total(),
            "byPath": dict(self._by_path),
            "byStatus": dict(self._by_status),
            "peakConcurrency": self._peak,
            "running": self._running,
            "log": list(self._log),
        }
