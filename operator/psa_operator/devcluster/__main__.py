"""Get ready what a local cluster needs, before something starts that would not wait for minutes."""

import asyncio
import sys

from psa_operator.devcluster.binaries import find_control_plane, find_helm, find_promcheck, say_on_stderr
from psa_operator.devcluster.processes import DevclusterError


async def prepare() -> None:
    """Find, download or build the programs of a control plane, helm and promcheck."""
    await find_control_plane()
    await find_helm()
    await find_promcheck()


if __name__ == "__main__":
    try:
        asyncio.run(prepare())
    except DevclusterError as problem:
        say_on_stderr(str(problem))
        sys.exit(1)
