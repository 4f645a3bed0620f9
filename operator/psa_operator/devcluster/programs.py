"""Programs that run and end, with what they said."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from psa_operator.devcluster.processes import DevclusterError


@dataclass(frozen=True)
class Completed:
    """What a program said and how it ended."""

    command: str
    stdout: str
    stderr: str
    exit_code: int

    def output(self) -> str:
        """Its standard output, or an error with what it said instead."""
        if self.exit_code != 0:
            raise DevclusterError(f"{self.command}: {self.stderr.strip() or self.stdout.strip()}")
        return self.stdout


async def run(
    *command: str | Path,
    stdin: str | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Completed:
    """Run a program to its end; it is killed if whoever waits for it is cancelled."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
        env=env,
    )
    try:
        stdout, stderr = await process.communicate(None if stdin is None else stdin.encode())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    words = " ".join((Path(command[0]).name, *map(str, command[1:])))
    return Completed(
        words, stdout.decode(errors="replace"), stderr.decode(errors="replace"), await process.wait()
    )
