"""Servers that we start end with us, however we end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from psa_operator.devcluster.processes import Sandbox

STARTER = """
import asyncio
from psa_operator.devcluster.processes import Sandbox

async def main():
    async with Sandbox("test") as sandbox:
        print(sandbox.folder, sandbox.start("sleep", ["sleep", "600"]).pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_starter_that_is_killed_leaves_nothing_behind() -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    folder, pid = starter.stdout.readline().split()
    assert running(int(pid))

    starter.kill()
    starter.communicate()

    deadline = time.monotonic() + 20
    while (Path(folder).exists() or running(int(pid))) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(folder).exists()
    assert not running(int(pid))


async def test_a_server_that_ignores_a_polite_signal_is_killed() -> None:
    async with Sandbox("test") as sandbox:
        stubborn = sandbox.start("stubborn", ["sh", "-c", "trap '' TERM; echo ready; sleep 600"])
        while "ready" not in stubborn.last_words():
            assert not await stubborn.ended(within=0.02)

        await sandbox.stop(stubborn, signal.SIGTERM, grace=0.2)

        assert stubborn.exit_code == -signal.SIGKILL


async def test_ctrl_c_at_the_terminal_does_not_reach_a_server() -> None:
    async with Sandbox("test") as sandbox:
        daemon = sandbox.start("sleep", ["sleep", "600"])

        assert os.getsid(daemon.pid) == daemon.pid


def running(pid: int) -> bool:
    """Whether a process lives; one that only waits for its parent to notice its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
