"""The demo as a newcomer runs it: it tells the whole story, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from psa_operator.devcluster.cluster import Cluster
from psa_operator.devcluster.controlplane import ControlPlane

COMMAND = [sys.executable, "-m", "psa_operator", "demo"]


@pytest.fixture
def folder(control_plane: Cluster) -> Iterator[Path]:
    """Where the demo puts its files; open, because PostgreSQL runs as another user where we are root."""
    if not isinstance(control_plane, ControlPlane):
        pytest.skip("the demo makes its own cluster, whichever the other tests use")
    with tempfile.TemporaryDirectory(prefix="test-demo-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def told_in(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The demo, run to its end."""
    env = {**os.environ, "TMPDIR": str(folder), **environment}
    return subprocess.run(COMMAND, check=False, capture_output=True, text=True, env=env)


def smallest_and_largest(story: str) -> tuple[int, int]:
    """What the reader in the story says that it saw."""
    found = re.search(r"fewer\s+than\s+([\d,]+)\s+nor\s+more\s+than\s+([\d,]+)", story)
    assert found is not None
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def left_behind(folder: Path) -> list[str]:
    """Files, and processes that were started with this folder for their files."""
    processes = subprocess.run(["ps", "axeww"], capture_output=True, text=True, check=True).stdout
    running = [line for line in processes.splitlines() if str(folder) in line]
    return [path.name for path in folder.iterdir()] + running


def test_it_tells_the_main_job_from_the_first_to_the_last_line(folder: Path) -> None:
    told = told_in(folder)

    assert told.returncode == 0, told.stdout[-2000:]
    assert "Quick became Full, because no ticket of this integration was here yet" in told.stdout
    assert "Full Clear and Resync replaces all local ticket data of acme/connectwise" in told.stdout
    assert re.search(r"^ +\d{4} \| +0$", told.stdout, re.MULTILINE)  # tickets, of which damaged
    assert re.search(
        r"^ *#\d+ Shown \(Differs\): It differs from the PSA in summary\.", told.stdout, re.MULTILINE
    )
    assert "#40000000 Absent (NotInPSA)" in told.stdout
    smallest, largest = smallest_and_largest(told.stdout)
    assert 4900 < smallest < largest < 5100
    assert re.search(r"would delete 6\d\d of 5,0\d\d tickets", told.stdout)
    assert re.search(r"[\d,]{4,} rows returned, \d+ restored, \d+ deleted", told.stdout)
    assert "2 local changes sent" in told.stdout
    assert re.search(r'ticket\s+#\d+\s+is\s+called\s+"Printer on the third floor"', told.stdout)
    assert left_behind(folder) == []


@pytest.mark.parametrize("at", ["$ helm install", "Fetching"])
def test_interrupted_it_leaves_nothing_behind(folder: Path, at: str) -> None:
    # Tests that a shell runs in the background ignore it, and so would the demo.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)}
    ) as demo:
        assert any(at in line for line in demo.stdout or ())
        demo.send_signal(signal.SIGINT)
        rest = demo.communicate()[0]

    assert demo.returncode == 130
    assert rest.rstrip().endswith("Stopped. Everything that the demo had started is gone.")
    assert left_behind(folder) == []


def test_what_keeps_it_from_starting_is_said_in_a_sentence(folder: Path) -> None:
    told = told_in(folder, XDG_CACHE_HOME="/dev/null")

    assert told.returncode == 1
    assert "The demo cannot go on:" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr
    assert left_behind(folder) == []
