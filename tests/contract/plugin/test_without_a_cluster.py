"""`kubectl-psa` where no API server answers: a sentence that says what to do, and help that is quick."""

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

PROGRAM = Path(sysconfig.get_path("scripts")) / "kubectl-psa"


def psa(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "100", "KUBECONFIG": "/nowhere/config", **environment}
    return subprocess.run([PROGRAM, *arguments], check=False, capture_output=True, text=True, env=env)


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """One whose API server does not answer."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "home", "cluster": {"server": "http://127.0.0.1:9"}}],
        "users": [{"name": "me", "user": {"token": "hunter2"}}],
        "contexts": [{"name": "home", "context": {"cluster": "home", "user": "me"}}],
        "current-context": "home",
    }
    path = tmp_path / "kubeconfig"
    path.write_text(json.dumps(config))
    return path


def test_a_kubeconfig_that_is_not_there_is_named() -> None:
    done = psa("status")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: There is no kubeconfig at /nowhere/config: get one for your cluster, and name it in "
        "KUBECONFIG or with --kubeconfig\n"
    )


def test_an_api_server_that_is_away_is_said_with_its_address(kubeconfig: Path) -> None:
    done = psa("status", "--kubeconfig", kubeconfig)

    assert done.returncode == 1
    assert done.stderr.startswith("error: The API server at http://127.0.0.1:9 does not answer (")
    assert "hunter2" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_context_that_is_not_there_is_answered_with_those_that_are(kubeconfig: Path) -> None:
    done = psa("status", "--kubeconfig", kubeconfig, "--context", "work")

    assert f'The kubeconfig {kubeconfig} has no context "work"; it has home' in done.stderr


@pytest.mark.parametrize("content", ["[]", "}{", "", "clusters: [", "users: 7"])
def test_a_kubeconfig_that_is_none_is_said(tmp_path: Path, content: str) -> None:
    broken = tmp_path / "broken"
    broken.write_text(content)

    done = psa("status", "--kubeconfig", broken)

    assert done.returncode == 1
    assert done.stderr.startswith(f"error: The kubeconfig {broken} ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("status", "acme", "-A"), "a NAME is looked up in one namespace"),
        (("plan", "acme", "--full", "--prune"), "plan one of them: --full or --prune"),
        (("logs", "--since", "soon"), '"soon" is no duration'),
        (("explain", "acme"), "Missing argument"),
        (("sync", "acme", "--local-changes", "Forget"), "'Push', 'Abort', 'Discard'"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anybody_is_asked(arguments: tuple[str, ...], words: str) -> None:
    done = psa(*arguments)

    assert done.returncode == 2
    assert words in done.stderr


def test_help_loads_no_client() -> None:
    done = psa("--help", PYTHONPROFILEIMPORTTIME="1")

    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"kubernetes", "pydantic", "yaml", "rich", "kopf", "psycopg", "httpx"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_be_taught(shell: str) -> None:
    done = psa("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")

    assert done.returncode == 0
    assert "_KUBECTL_PSA_COMPLETE" in done.stdout
