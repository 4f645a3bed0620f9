"""Somebody who uses `kubectl psa`, with the rights of one of the chart's roles."""

import asyncio
import json
import os
import signal
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from psa_operator.devcluster.programs import Completed, run
from tests.cluster.tenant import PATIENCE, Tenant

ROLES = {
    "view": ("psa-operator-view",),
    "admin": ("psa-operator-view", "psa-operator-edit", "psa-operator-admin"),
}
"""The chart's part of the cluster's own roles; the cluster adds it to them, which is not ours to try."""


class Person:
    """One user: kubectl finds the plugin on the PATH, and the kubeconfig names the tenant's namespace."""

    def __init__(self, tenant: Tenant, kubeconfig: Path) -> None:
        self.tenant = tenant
        self.kubeconfig = kubeconfig
        scripts = sysconfig.get_path("scripts")
        environment = tenant.cluster.kubectl_environment(kubeconfig)
        self.environment = {
            **environment,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "100",
        }

    async def psa(self, *arguments: object, stdin: str | None = None, **environment: str) -> Completed:
        """Run `kubectl psa ...` to its end, however it ends."""
        command = ("psa", *map(str, arguments))
        done = await run(
            self.tenant.cluster.kubectl_binary, *command, stdin=stdin, env={**self.environment, **environment}
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    async def says(self, *arguments: object, stdin: str | None = None) -> str:
        """Standard output of a command that has to succeed."""
        done = await self.psa(*arguments, stdin=stdin)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    async def value(self, *arguments: object) -> Any:
        return json.loads(await self.says(*arguments, "-o", "json"))

    async def completes(self, *words: str) -> list[str]:
        """What kubectl offers after these words, the last one incomplete; the last line is a directive."""
        kubectl = self.tenant.cluster.kubectl_binary
        return (await run(kubectl, "__complete", "psa", *words, env=self.environment)).output().splitlines()

    async def complains(self, *arguments: object, **environment: str) -> str:
        """Standard error of a command that has to fail: one sentence or two, on one line."""
        done = await self.psa(*arguments, **environment)
        assert done.exit_code == 1, done.stdout
        (complaint,) = done.stderr.splitlines()
        return complaint

    async def interrupts(self, *arguments: object, after: str) -> tuple[int, str]:
        """Run a command, press Ctrl-C once it has said something; its exit code, and all that it said."""
        async with self.runs(*arguments) as running:
            await running.says(after)
            running.interrupt()
            return await running.ends()

    @asynccontextmanager
    async def runs(self, *arguments: object) -> AsyncIterator["Running"]:
        """A command while it is on; one that is still on after the context is killed."""
        process = await asyncio.create_subprocess_exec(
            *("kubectl-psa", *map(str, arguments)),
            stdin=asyncio.subprocess.PIPE,  # a keyboard that nobody touches
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
        )
        try:
            yield Running(process)
        finally:
            with suppress(ProcessLookupError):
                process.kill()


class Running:
    """A command that goes on, and what it has said so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said = ""

    async def says(self, words: str) -> None:
        """Wait until it has said this."""
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            while words not in self.said:
                piece = await self._process.stdout.read(4096)
                assert piece, self.said
                self.said += piece.decode()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def ends(self) -> tuple[int, str]:
        """Wait for its end; the exit code, and all that it said."""
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            self.said += (await self._process.stdout.read()).decode()
            assert "Traceback" not in self.said, self.said
            return await self._process.wait(), self.said


async def person(tenant: Tenant, role: str) -> Person:
    """A service account of the tenant's namespace with one of the roles, as its own user."""
    name = f"{role}er"
    if await tenant.get("serviceaccount", name) is None:
        await tenant.kubectl("create", "serviceaccount", name)
        account = f"--serviceaccount={tenant.namespace}:{name}"
        for each in ROLES[role]:
            await tenant.kubectl("create", "rolebinding", f"{name}-{each}", f"--clusterrole={each}", account)
    return Person(tenant, await tenant.cluster.kubeconfig_for(name, tenant.namespace))
