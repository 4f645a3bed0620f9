"""`kubectl psa` on a bad day: what is watched vanishes, nobody listens, the API server is away."""

import asyncio
import json
import os
import pty
import re
from contextlib import suppress
from pathlib import Path

import pytest_asyncio

from psa_operator.devcluster.cluster import Cluster, write_kubeconfig
from psa_operator.devcluster.programs import run
from tests.cluster.person import Person, person
from tests.cluster.tenant import Tenant
from tests.cluster.test_plugin import awaiting
from tests.fault_proxy import fault_proxy

LONGEST = "acme-" + 56 * "x"


@pytest_asyncio.fixture
async def editor(guest: Tenant) -> Person:
    """Who may start runs, of an integration that is connected."""
    await guest.connect()
    return await person(guest, "admin")


async def only_run(guest: Tenant) -> str:
    """The name of the run that there is, once there is one."""
    for _ in range(600):
        if found := (await guest.kubectl("get", "tres", "-o", "name")).split():
            return found[0].partition("/")[2]
        await asyncio.sleep(0.1)
    raise AssertionError("there is no run")


async def on_a_terminal(*command: str, env: dict[str, str]) -> str:
    """What a command writes where it thinks that somebody looks."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(*command, stdout=theirs, env={**env, "NO_COLOR": "1"})
    os.close(theirs)
    said = await asyncio.to_thread(_all_of, ours)
    assert await process.wait() == 0
    return said


def _all_of(terminal: int) -> str:
    said = b""
    with suppress(OSError):  # Linux says so when the other end has closed
        while piece := os.read(terminal, 4096):
            said += piece
    return said.decode()


async def test_a_run_that_is_deleted_while_it_is_watched_is_told(editor: Person) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=2)
    async with editor.runs("sync", guest.acme, "--watch") as running:
        await running.says("Preparing")
        name = await only_run(guest)
        await guest.delete("tres", name)
        code, said = await running.ends()

    assert code == 1
    assert f"error: {name} was deleted while it was on, so it is cancelled" in said.splitlines()[-1]


async def test_a_question_whose_run_is_deleted_is_not_answered(editor: Person) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=2)
    async with editor.runs("plan", guest.acme, "--full") as running:
        name = await only_run(guest)
        await guest.delete("tres", name)
        code, said = await running.ends()

    assert (code, said.startswith(f"error: {name} was deleted while it was on")) == (1, True)


async def test_a_watch_outlives_an_api_server_that_does_not_answer_for_a_while(
    editor: Person, tmp_path: Path
) -> None:
    guest = editor.tenant
    guest.psa.fault("latency", "service/tickets", seconds=1)
    async with fault_proxy(editor.kubeconfig, tmp_path / "proxied") as proxy:
        arguments = (
            "sync",
            guest.acme,
            "-n",
            guest.namespace,
            "--watch",
            "--kubeconfig",
            tmp_path / "proxied",
        )
        async with editor.runs(*arguments) as running:
            await running.says("Preparing")
            refused = proxy.fault("status", "GET .*/ticketresyncs/", status=503, times=2)
            cut = proxy.fault("cut", "GET .*/ticketresyncs/", times=2)
            for _ in range(600):
                if refused.hits + cut.hits == 4:
                    break
                await asyncio.sleep(0.1)
            guest.psa.clear_faults()
            code, said = await running.ends()

    assert (code, "\nSucceeded: " in said) == (0, True)


async def test_who_reads_the_first_line_only_gets_it_and_no_complaint(editor: Person) -> None:
    guest = editor.tenant
    await guest.apply(*(guest.integration(f"other-{number}") for number in range(30)))
    script = "kubectl-psa status -o json | head -1; kubectl-psa logs -h | true; kubectl-psa status | head -1"

    done = await run("bash", "-c", script, env=editor.environment)

    assert done.stdout.splitlines()[0] == "["
    assert done.stdout.splitlines()[1].startswith("NAME ")
    assert done.stderr == ""


async def test_nobody_at_the_keyboard_approves_nothing(editor: Person) -> None:
    await awaiting(editor.tenant)

    done = await editor.psa("approve", "big", stdin="")
    async with editor.runs("approve", "big") as running:
        await running.says("Approve? [y/N]: ")
        running.interrupt()
        code, said = await running.ends()

    assert (done.exit_code, code) == (1, 130)
    assert "error: big was not approved and waits on; --yes approves without a question" in done.stderr
    assert "Abort" not in said
    waiting = await editor.tenant.get("tres", "big")
    assert waiting
    assert "approvedDeletions" not in waiting["spec"]


async def test_who_has_no_right_at_all_gets_no_archive(guest: Tenant, tmp_path: Path) -> None:
    await guest.kubectl("create", "serviceaccount", "stranger")
    stranger = Person(guest, await guest.cluster.kubeconfig_for("stranger", guest.namespace))

    complaint = await stranger.complains("bundle", "-o", tmp_path / "bundle.tar.gz")

    assert "You may not list psaintegrations" in complaint
    assert not (tmp_path / "bundle.tar.gz").exists()
    for command in (
        ("status",),
        ("sync", "acme"),
        ("pending", "acme"),
        ("cancel", "big"),
        ("approve", "big"),
    ):
        assert "ask whoever administers the cluster for that right" in await stranger.complains(*command)


async def test_credentials_that_are_not_accepted_are_all_that_is_said(guest: Tenant, tmp_path: Path) -> None:
    viewer = await person(guest, "view")
    view = await guest.cluster.kubectl("config", "view", "--raw", "-o", "json", kubeconfig=viewer.kubeconfig)
    config = json.loads(view.output())
    config["users"][0]["user"]["token"] = "outdated"
    outdated = Person(guest, write_kubeconfig(tmp_path / "outdated", config))

    for command in ("status", "logs", "bundle"):
        complaint = await outdated.complains(command)

        assert complaint.endswith("does not accept your credentials: log in again, or name another --context")


async def test_long_names_are_whole_on_a_narrow_terminal_and_without_colours(editor: Person) -> None:
    guest = editor.tenant
    guest.acme = LONGEST
    await guest.connect()
    name = (await editor.value("sync", LONGEST, "--reason", "long"))["metadata"]["name"]
    await guest.finished(name)

    said = await on_a_terminal("kubectl-psa", "status", LONGEST, env={**editor.environment, "COLUMNS": "40"})

    assert name in said
    assert LONGEST in said
    assert not re.search(r"\x1b\[3[0-7]m", said)


async def test_a_user_who_may_get_and_not_list_is_told_what_is_not_there(
    control_plane: Cluster, editor: Person
) -> None:
    guest = editor.tenant
    await guest.kubectl("create", "serviceaccount", "getter")
    await guest.kubectl("create", "role", "get", "--verb=get", "--resource=psaintegrations.psa.msportal.ai")
    account = f"--serviceaccount={guest.namespace}:getter"
    await guest.kubectl("create", "rolebinding", "get", "--role=get", account)
    getter = Person(guest, await control_plane.kubeconfig_for("getter", guest.namespace))

    complaint = await getter.complains("pending", "acne")

    assert complaint == f'error: There is no PSAIntegration "acne" in namespace "{guest.namespace}"'
