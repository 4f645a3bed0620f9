"""`kubectl-psa` where nothing is as it should be: never a traceback, always a word on what is wrong."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from psa_operator.plugin.program import main
from tests.contract.plugin.test_without_a_cluster import PROGRAM, psa

LOGIN_PAGE = "<html>\n<h1>Please log in</h1>\n</html>"


@contextmanager
def answering(text: str, folder: Path) -> Iterator[Path]:
    """A web server that answers everything with this; yields a kubeconfig that leads there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield kubeconfig(folder, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def kubeconfig(folder: Path, server: str, **user: Any) -> Path:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "home", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": user}],
        "contexts": [{"name": "home", "context": {"cluster": "home", "user": "me"}}],
        "current-context": "home",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))
    return path


@pytest.mark.parametrize("name", ["?x=1", "../../secrets", "a/b", "Acme", ".", "a b", "x" * 254, "\x1b[2J"])
def test_what_is_no_name_gets_into_no_request(name: str) -> None:
    done = psa("status", name)

    assert (done.returncode, done.stdout) == (2, "")
    assert "is no name: names have lower-case letters" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("sync", "a/b"),
        ("pending", "a/b"),
        ("plan", "a/b"),
        ("explain", "a/b", "7"),
        ("cancel", "a/b"),
        ("approve", "a/b"),
        ("rollback", "a/b"),
        ("logs", "a/b"),
        ("bundle", "-n", "a/b"),
        ("logs", "--operator-namespace", "a/b"),
        ("rollback", "big", "--integration", "a/b"),
    ],
)
def test_every_command_knows_what_a_name_is(command: tuple[str, ...]) -> None:
    done = psa(*command)

    assert (done.returncode, done.stdout) == (2, "")
    assert '"a/b" is no name' in done.stderr


@pytest.mark.parametrize("command", ["status", "sync", "cancel", "logs"])
def test_a_name_that_was_forgotten_is_not_left_out(command: str) -> None:
    done = psa(command, "")

    assert (done.returncode, done.stdout) == (2, "")
    assert "it is empty" in done.stderr


@pytest.mark.parametrize("tickets", ["1,,2", "-1", "0", "seven", "9" * 20, "", "1;2"])
def test_what_is_no_ticket_number_is_said_before_anybody_is_asked(tickets: str, tmp_path: Path) -> None:
    away = kubeconfig(tmp_path, "http://127.0.0.1:9")

    done = psa("plan", "acme", f"--tickets={tickets}", KUBECONFIG=str(away))

    assert done.returncode == 2
    assert f'"{tickets}" are no ticket numbers: write them as in 4711,4712' in done.stderr


@pytest.mark.parametrize("text", [LOGIN_PAGE, "[]", "7", ""])
@pytest.mark.parametrize("command", [("status",), ("status", "acme"), ("cancel", "big"), ("logs",)])
def test_what_answers_and_is_no_api_server_is_said(
    command: tuple[str, ...], text: str, tmp_path: Path
) -> None:
    with answering(text, tmp_path) as config:
        done = psa(*command, KUBECONFIG=str(config))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: What answers is no API server; it says: ")
    assert len(done.stderr.splitlines()) == 1


def test_why_the_api_server_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    done = psa("status", KUBECONFIG=str(kubeconfig(tmp_path, "http://127.0.0.1:9")))

    assert done.stderr.startswith("error: The API server at http://127.0.0.1:9 does not answer ([Errno ")
    assert "Connection refused)" in done.stderr


def test_a_login_program_that_is_missing_is_no_traceback(tmp_path: Path) -> None:
    program = {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login", "args": []}

    done = psa("status", KUBECONFIG=str(kubeconfig(tmp_path, "http://127.0.0.1:9", exec=program)))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no-such-login" in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("status",)])
def test_a_reader_that_has_gone_is_no_error_to_talk_about(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [PROGRAM, *arguments],
            check=False,
            stdout=closed,
            stderr=closed,
            env={**os.environ, "KUBECONFIG": "/x"},
        )

    assert done.returncode in {1, 120}


def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [PROGRAM, "--help"], check=False, stdout=full, stderr=subprocess.PIPE, text=True
        )

    assert done.returncode == 1
    assert done.stderr == "error: The answer cannot be written (No space left on device)\n"


def test_ctrl_c_while_it_loads_ends_it_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        """Ctrl-C comes as the command line is being loaded."""

        def find_spec(self, name: str, *_: object) -> None:
            if name == "psa_operator.plugin.cli":
                signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.delitem(sys.modules, "psa_operator.plugin.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
