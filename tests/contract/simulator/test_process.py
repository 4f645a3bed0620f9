"""The simulator as a process: how it introduces itself, what it is made from, how it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.simulator_process import SimulatorProcess, start_simulator

# A parent that starts a simulator, passes its first line on, says its process id, and dies.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "psa_operator.simulator", "connectwise", "--tickets=10"],
                         stdout=subprocess.PIPE, text=True)
child.stdout.readline()
print(child.pid, flush=True)
"""


def test_the_first_line_says_where_it_is_and_who_may_enter(simulator: SimulatorProcess) -> None:
    assert simulator.get("system/info").json()["isCloud"] is True
    assert set(simulator.credentials) == {"companyId", "clientId", "publicKey", "privateKey"}


def test_a_terminated_simulator_ends_cleanly() -> None:
    simulator = start_simulator(tickets=10)

    assert simulator.close() == 0


def test_an_interrupted_simulator_ends_cleanly() -> None:
    with start_simulator(tickets=10) as simulator:
        simulator.process.send_signal(signal.SIGINT)

        assert simulator.process.wait(10) == 0


def test_a_simulator_ends_when_its_parent_dies() -> None:
    parent = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    child = int(parent.stdout)

    deadline = time.monotonic() + 20
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert not _lives(child)


def test_it_listens_on_the_port_that_it_is_told() -> None:
    with start_simulator(tickets=10) as first:
        port = httpx.URL(first.url).port or 0
    with start_simulator(tickets=10, port=port) as again:
        assert again.url == first.url


def test_a_port_that_is_taken_is_said_in_one_sentence(simulator: SimulatorProcess) -> None:
    command = [sys.executable, "-m", "psa_operator.simulator", "connectwise"]
    port = str(httpx.URL(simulator.url).port)
    ended = subprocess.run([*command, "--port", port], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Cannot listen on port {port}")


def test_the_same_seed_gives_the_same_world() -> None:
    with start_simulator(seed=5, tickets=50) as one, start_simulator(seed=5, tickets=50) as two:
        named = "id,summary,board/id,status/id,contact/id,owner/id,resources,closedDate,customFields"

        assert one.state("tickets", named) == two.state("tickets", named)


def test_the_same_seed_lives_the_same_life() -> None:
    with start_simulator(seed=5, tickets=50) as one, start_simulator(seed=5, tickets=50) as two:
        one.live(100)
        two.live(100)

        assert one.state("tickets", "id,summary") == two.state("tickets", "id,summary")


def test_another_seed_gives_another_world(simulator: SimulatorProcess) -> None:
    with start_simulator(seed=8, tickets=300) as other:
        assert other.state("tickets", "id,summary") != simulator.state("tickets", "id,summary")


def test_the_number_of_companies_can_be_chosen() -> None:
    with start_simulator(tickets=10, companies=77) as simulator:
        assert simulator.get("company/companies/count").json() == {"count": 77}


def _lives(process: int) -> bool:
    """Whether a process runs; a dead one that nobody has collected does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
