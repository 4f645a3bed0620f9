"""The examples work as they are."""

from pathlib import Path

import pytest
import yaml

from psa_operator.api.crd import RESOURCES
from tests.cluster.api.user import Api

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_an_example_is_accepted(api: Api, path: Path) -> None:
    answer = await api.kubectl("create", "-f", str(path))

    assert answer.exit_code == 0, answer.stderr


def test_one_example_shows_every_setting_of_an_integration() -> None:
    _, integration = yaml.safe_load_all((EXAMPLES / "integration-with-everything.yaml").read_text())

    assert set(integration["spec"]) == set(RESOURCES[0].spec.model_json_schema()["properties"])


def test_the_readme_speaks_of_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text()

    assert not [path.name for path in FILES if path.name not in text]
