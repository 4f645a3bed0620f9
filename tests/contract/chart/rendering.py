"""The chart as helm renders it."""

import asyncio
from pathlib import Path
from typing import Any

import yaml

from psa_operator.devcluster.binaries import find_helm

CHART = Path(__file__).parents[3] / "charts/psa-operator"
Manifest = dict[str, Any]


async def helm(*arguments: str) -> tuple[int, str, str]:
    """Run helm; its exit code, output and complaints."""
    process = await asyncio.create_subprocess_exec(
        await find_helm(), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    stdout, stderr = await process.communicate()
    return process.returncode or 0, stdout.decode(), stderr.decode()


async def rendered(
    *options: str, namespace: str = "psa-system", release: str = "psa-operator"
) -> list[Manifest]:
    """Everything that the chart makes of its values."""
    # A helm that was built here does not know which Kubernetes it is for.
    place = ["--namespace", namespace, "--kube-version", "1.36.3"]
    code, output, complaint = await helm("template", release, str(CHART), *place, *options)
    assert code == 0, complaint
    return [each for each in yaml.safe_load_all(output) if each]


def only(manifests: list[Manifest], kind: str, name: str = "psa-operator") -> Manifest:
    """The one of this kind and name."""
    (found,) = [each for each in manifests if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found
