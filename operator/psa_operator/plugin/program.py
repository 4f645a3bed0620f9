"""The program kubectl-psa: Ctrl-C ends it without a word, also while it still loads what it needs."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Load the command line and run it."""
    try:
        from psa_operator.plugin.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
