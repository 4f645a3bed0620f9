"""A real PostgreSQL on a loopback port, that can crash, and leaves nothing behind."""

import asyncio
import ctypes
import os
import secrets
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from psa_operator.devcluster.installations import (
    Installation,
    newest_installation,
    reachable_programs,
    unprivileged_account,
)
from psa_operator.devcluster.processes import LOOPBACK, Daemon, DevclusterError, Sandbox, free_port

READY_WITHIN = 60.0
# Without fsync a crash of the server still loses nothing, only a crash of the machine would.
FAST: Mapping[str, str] = {"fsync": "off", "max_connections": "200"}
_REMOVE_SHARED_MEMORY = 0  # IPC_RMID


class DatabaseServer:
    """A PostgreSQL server that somebody else starts and stops, by a DSN that may create databases."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def dsn_of(self, database: str) -> str:
        """How to reach another of its databases, as the same user."""
        return urlsplit(self.dsn)._replace(path=f"/{database}").geturl()

    async def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another, and say how to reach it."""
        await self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.dsn_of(name)

    async def drop_database(self, name: str) -> None:
        """Remove a database, and disconnect whoever still uses it."""
        await self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    async def _execute(self, statement: str, *names: str) -> None:
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True) as connection:
            await connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class Postgres(DatabaseServer):
    """A PostgreSQL server of our own."""

    def __init__(self, installation: Installation, sandbox: Sandbox, settings: Mapping[str, str]) -> None:
        self._password = secrets.token_urlsafe(16)
        self._port = free_port()
        super().__init__(f"postgresql://postgres:{self._password}@{LOOPBACK}:{self._port}/postgres")
        self.version = installation.version
        self._installation = installation
        self._sandbox = sandbox
        self._settings = settings
        self._account = unprivileged_account()
        self._programs = installation.programs
        self._data = sandbox.folder / "data"
        self._daemon: Daemon | None = None

    @property
    def psql(self) -> Path:
        """The client that belongs to the server."""
        return self._installation.programs / "psql"

    async def start(self) -> None:
        """Start the server, on the port and the data it had before, and wait until it answers."""
        if self._daemon is not None:
            return
        if not self._data.exists():
            await self._initialize()
        settings = {"listen_addresses": LOOPBACK, "unix_socket_directories": "", **self._settings}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        self._daemon = self._sandbox.start(
            "postgres",
            [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self._port), *arguments],
            account=self._account,
        )
        await self._ready(self._daemon)

    async def stop(self) -> None:
        """Stop the server in order: its clients are told, what they committed is kept."""
        if self._daemon is not None:
            await self._sandbox.stop(self._daemon, signal.SIGINT)
            self._daemon = None

    async def restart(self) -> None:
        """Start the server anew, after a crash or after stopping it."""
        await self.stop()
        await self.start()

    async def crash(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        if self._daemon is None:
            return
        # Stopped, it can neither start another process nor tell its clients anything.
        self._daemon.send(signal.SIGSTOP)
        for pid in _children(self._daemon.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self._sandbox.stop(self._daemon, signal.SIGKILL)
        self._daemon = None
        _remove_shared_memory(self._data / "postmaster.pid")

    async def _initialize(self) -> None:
        password = self._sandbox.folder / "password"
        password.write_text(self._password)
        if self._account is not None:
            folder = self._sandbox.folder
            for path in (folder, password):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
            self._programs = reachable_programs(self._installation, self._account, folder)
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", "postgres"]
        command += [
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        initdb = self._sandbox.start("initdb", command, account=self._account)
        if not await initdb.ended(READY_WITHIN) or initdb.exit_code != 0:
            raise DevclusterError(f"initdb of PostgreSQL {self.version} failed:\n{initdb.last_words()}")
        self._sandbox.forget(initdb)
        password.unlink()

    async def _ready(self, daemon: Daemon) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.dsn, connect_timeout=5):
                    return
            except psycopg.OperationalError as error:
                if not daemon.alive or time.monotonic() > deadline:
                    problem = f"PostgreSQL {self.version} did not start"
                    raise DevclusterError(f"{problem}:\n{daemon.last_words()}") from error
            await asyncio.sleep(0.05)


@asynccontextmanager
async def run_postgres(
    installation: Installation | None = None, settings: Mapping[str, str] = FAST
) -> AsyncIterator[Postgres]:
    """A PostgreSQL, the newest that is here unless told, for as long as the context lasts."""
    async with Sandbox("postgres") as sandbox:
        postgres = Postgres(installation or newest_installation(), sandbox, settings)
        await postgres.start()
        yield postgres


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if listed.exists():
        return [int(word) for word in listed.read_text().split()]
    command = ["pgrep", "-P", str(pid)]
    return [int(word) for word in subprocess.run(command, capture_output=True, check=False).stdout.split()]


def _remove_shared_memory(lock_file: Path) -> None:
    """Remove the segment that a killed server leaves; its id is at the end of the file's seventh line."""
    words = lock_file.read_text().splitlines()[6].split()
    ctypes.CDLL(None).shmctl(int(words[-1]), _REMOVE_SHARED_MEMORY, None)
