"""Runs commands as the reader would type them, and shows what they answer."""

import asyncio
import json
import shlex
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from psa_operator.demo.narrator import Narrator
from psa_operator.devcluster.processes import DevclusterError
from psa_operator.devcluster.programs import Completed, run

_LONGEST_LINE = 2**22


class Shell:
    """A working folder, an environment, and the programs by their short names."""

    def __init__(
        self, narrator: Narrator, folder: Path, environment: Mapping[str, str], programs: Mapping[str, Path]
    ) -> None:
        self._narrator = narrator
        self._environment = environment
        self.programs = programs
        self.folder = folder

    async def show(self, line: str) -> Completed:
        """Run a command line and show it with its answer. Raises DevclusterError if it failed."""
        self._narrator.command(line)
        done = await self.run(line)
        # A warning of the API server comes on standard error, before the answer.
        self._narrator.output(done.stderr)
        self._narrator.output(done.stdout)
        done.output()
        return done

    async def run(self, line: str) -> Completed:
        """Run a command line unseen; `$DSN` stands for what the environment says."""
        return await run(*self._words(line), cwd=self.folder, env=self._environment)

    def write(self, name: str, text: str, *, secret: bool = False) -> None:
        """Put a file into the folder, and show it unless it holds secrets."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)
        if not secret:
            self._narrator.manifest(name, text)

    async def follow(self, line: str) -> AsyncIterator[dict[str, Any]]:
        """Each JSON object that a command writes on a line of its own, until the reader has enough."""
        process = await asyncio.create_subprocess_exec(
            *self._words(line),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env=self._environment,
            limit=_LONGEST_LINE,
        )
        try:
            while process.stdout is not None and (text := await process.stdout.readline()):
                yield json.loads(text)
            said = b"" if process.stderr is None else await process.stderr.read()
            raise DevclusterError(f"`{line}` ended early: {said.decode().strip()}")
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _words(self, line: str) -> list[str]:
        program, *arguments = shlex.split(line)
        dsn = self._environment["DSN"]
        return [str(self.programs[program]), *(word.replace("$DSN", dsn) for word in arguments)]
