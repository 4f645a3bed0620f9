"""The demo as a newcomer runs it: it tells the whole story, and leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

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


@contextmanager
def running_in(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The demo while it is on; a test that fails ends it."""
    # Tests that a shell runs in the background ignore it, and so would the demo.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    env = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True, env=env) as demo:
        try:
            yield demo
        finally:
            demo.send_signal(signal.SIGINT)


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


def told_until(demo: subprocess.Popen[str], words: str) -> str:
    """The story up to the line that has these words, or all of it if none has."""
    story = ""
    for line in demo.stdout or ():
        story += line
        if words in line:
            break
    return story


def emitted(demo: subprocess.Popen[str]) -> tuple[str, str]:
    """The whole story, and where everything is once it is told, which stays up."""
    told, _, place = told_until(demo, " tail -f ").partition("Everything stays up until Ctrl-C.")
    return told, place


def set_to(name: str, place: str) -> str:
    found = re.search(rf"export {name}=(\S+)", place)
    assert found, place
    return found[1]


def kept_in_the_cluster(cluster: Cluster, kubeconfig: str) -> tuple[str, list[str]]:
    """What anybody may read of our objects and their events, and every value of every Secret."""

    def read(*what: str) -> str:
        command = [str(cluster.kubectl_binary), "--kubeconfig", kubeconfig, "get", "-A", "-o", "json", *what]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    secrets = json.loads(read("secrets"))["items"]
    values = [b64decode(value).decode() for each in secrets for value in each.get("data", {}).values()]
    return read("psaintegrations,ticketresyncs,ticketresyncschedules,events,leases,configmaps"), values


def test_it_tells_the_main_job_from_the_first_to_the_last_line_and_no_secret(
    folder: Path, control_plane: Cluster
) -> None:
    with running_in(folder, "--hold") as demo:
        told, place = emitted(demo)
        assert place, told[-2000:]
        objects, secrets = kept_in_the_cluster(control_plane, set_to("KUBECONFIG", place))
        [log] = folder.rglob("operator.log")
        # The story shows the reader's own manifest of the Secret once.
        answers = re.sub(r"^ *(publicKey|privateKey|clientId): .*$", "", told, flags=re.MULTILINE)
        written = answers + objects + log.read_text()
        demo.send_signal(signal.SIGINT)
        demo.communicate()

    assert demo.returncode == 0
    hidden = [*secrets, urlsplit(set_to("DSN", place)).password]
    assert len(hidden) >= 4
    assert [each for each in hidden if each and len(each) >= 6 and each in written] == []
    assert "Quick became Full, because no ticket of this integration was here yet" in told
    assert "Full Clear and Resync replaces all local ticket data of acme/connectwise" in told
    assert re.search(r"^ +\d{4} \| +0$", told, re.MULTILINE)  # tickets, of which damaged
    assert re.search(r"^ *#\d+ Shown \(Differs\): It differs from the PSA in summary\.", told, re.MULTILINE)
    assert "#40000000 Absent (NotInPSA)" in told
    smallest, largest = smallest_and_largest(told)
    assert 4900 < smallest < largest < 5100
    assert re.search(r"would delete 6\d\d of 5,0\d\d tickets", told)
    assert re.search(r"[\d,]{4,} rows returned, \d+ restored, \d+ deleted", told)
    assert "2 local changes sent" in told
    assert re.search(r'ticket\s+#\d+\s+is\s+called\s+"Printer on the third floor"', told)
    assert left_behind(folder) == []


@pytest.mark.parametrize("at", ["$ helm install", "Fetching"])
def test_interrupted_it_leaves_nothing_behind(folder: Path, at: str) -> None:
    with running_in(folder) as demo:
        told = told_until(demo, at)
        assert at in told, told
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
