"""Stops the servers and removes the folder of a starter that is gone, however it went.

It runs as a process of its own, by path and with nothing but the standard library. Its input says `+PID` for
a server that was started and `-PID` for one that has ended; the end of the input means that the starter has
closed, crashed, or was killed in a way that leaves no time to clean up.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 5.0


def main() -> None:
    # Whoever stops the starter by name or by its terminal would otherwise stop its guard with it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    left: dict[int, None] = {}
    for line in sys.stdin:
        pid = int(line[1:])
        if line.startswith("+"):
            left[pid] = None
        else:
            left.pop(pid, None)
    stop(list(left))
    remove(sys.argv[1])


def stop(pids: Iterable[int]) -> None:
    """End every process: SIGQUIT is PostgreSQL's immediate shutdown, which leaves no shared memory behind."""
    deadline = time.monotonic() + GRACE
    left = {pid for pid in pids if _signalled(pid, signal.SIGQUIT)}
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = {pid for pid in left if _signalled(pid, 0)}
    for pid in left:
        _signalled(pid, signal.SIGKILL)


def remove(folder: str) -> None:
    """Remove the folder, patiently: a dying server may still write into it."""
    deadline = time.monotonic() + GRACE
    while os.path.lexists(folder) and time.monotonic() < deadline:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.02)


def _signalled(pid: int, number: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


if __name__ == "__main__":
    main()
