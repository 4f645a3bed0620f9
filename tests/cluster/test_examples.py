"""The manifests that the README sends people to."""

from pathlib import Path

import pytest

from psa_operator.devcluster.cluster import Cluster

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
async def test_the_api_server_accepts_the_example(control_plane: Cluster, example: Path) -> None:
    (await control_plane.kubectl("apply", "-f", str(ROOT / "crds"))).output()
    await control_plane.kubectl("wait", "--for=condition=Established", "-f", str(ROOT / "crds"))

    answer = await control_plane.kubectl("create", "--dry-run=server", "-f", str(example))

    assert answer.exit_code == 0, answer.stderr
