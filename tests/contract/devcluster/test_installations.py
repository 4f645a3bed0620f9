"""PostgreSQL refuses to run as root, and who may run it cannot look into root's home."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from psa_operator.devcluster.installations import (
    installations,
    newest_installation,
    reachable_programs,
    unprivileged_account,
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody can reach: pytest's own are for the user alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_each_version_is_listed_once_and_the_newest_first() -> None:
    versions = [found.version for found in installations()]

    assert versions
    assert versions == sorted(set(versions), reverse=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_programs_in_a_closed_folder_are_copied_to_where_they_can_be_run(
    tmp_path: Path, open_folder: Path
) -> None:
    account = unprivileged_account()
    assert account is not None
    prefix = newest_installation().programs.parent
    (tmp_path / "home").symlink_to(prefix.parent.parent)
    programs = tmp_path / "home" / prefix.parent.name / prefix.name / "bin"

    copy = reachable_programs(replace(newest_installation(), programs=programs), account, open_folder)

    command = [str(copy / "initdb"), "--version"]
    subprocess.run(command, check=True, user=account.pw_uid, group=account.pw_gid, extra_groups=[])
