"""The examples show all there is, and the reader finds each."""

from pathlib import Path

import yaml

from psa_operator.api.crd import RESOURCES

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))


def test_one_example_shows_every_setting_of_an_integration() -> None:
    *_, integration = yaml.safe_load_all((EXAMPLES / "integration-with-everything.yaml").read_text())

    assert set(integration["spec"]) == set(RESOURCES[0].spec.model_json_schema()["properties"])


def test_the_readme_speaks_of_every_example() -> None:
    text = (EXAMPLES / "README.md").read_text()

    assert not [path.name for path in FILES if path.name not in text]
