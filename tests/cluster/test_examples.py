"""The manifests that the README and the pages of the kinds show people."""

import re
from pathlib import Path

import pytest

from psa_operator.devcluster.cluster import Cluster

ROOT = Path(__file__).parents[2]
PAGES = ("psaintegration", "ticketresync", "ticketresyncschedule")
MANIFEST = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
async def test_the_api_server_accepts_the_example(control_plane: Cluster, example: Path) -> None:
    (await control_plane.kubectl("apply", "-f", str(ROOT / "crds"))).output()
    await control_plane.kubectl("wait", "--for=condition=Established", "-f", str(ROOT / "crds"))

    answer = await control_plane.kubectl("create", "--dry-run=server", "-f", str(example))

    assert answer.exit_code == 0, answer.stderr


@pytest.mark.parametrize("page", PAGES)
async def test_the_api_server_accepts_the_example_of_the_page(
    control_plane: Cluster, namespace: str, tmp_path: Path, page: str
) -> None:
    (await control_plane.kubectl("apply", "-f", str(ROOT / "crds"))).output()
    await control_plane.kubectl("wait", "--for=condition=Established", "-f", str(ROOT / "crds"))
    [manifest] = MANIFEST.findall((ROOT / f"docs/{page}.md").read_text())
    (tmp_path / "example.yaml").write_text(manifest)

    answer = await control_plane.kubectl("create", "-n", namespace, "-f", str(tmp_path / "example.yaml"))

    assert answer.exit_code == 0, answer.stderr
