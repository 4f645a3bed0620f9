"""docs/kubectl-psa.md shows the help of every command as it is."""

import re
from pathlib import Path

from tests.contract.plugin.test_without_a_cluster import psa

PAGE = (Path(__file__).parents[3] / "docs/kubectl-psa.md").read_text()
SHOWN = dict(re.findall(r"```text\n\$ kubectl psa (?:(\w+) )?--help\n(.*?)\n```", PAGE, re.DOTALL))


def commands() -> list[str]:
    listed = psa("--help").stdout.partition("Commands:\n")[2]
    return re.findall(r"^  (\w+) ", listed, re.MULTILINE)


def test_every_command_is_on_the_page() -> None:
    assert set(SHOWN) == {"", *commands()}


def test_the_page_says_what_help_says() -> None:
    for command, shown in SHOWN.items():
        said = psa(*([command] if command else []), "--help").stdout.rstrip()

        assert shown == said, f"docs/kubectl-psa.md is out of date: put this into it\n\n{said}"


def test_help_is_a_line_for_each_command() -> None:
    assert "..." not in SHOWN[""].partition("Commands:")[2]
