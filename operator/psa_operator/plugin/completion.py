"""Completion for shells, of names in the cluster as well; kubectl asks by its own convention."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from psa_operator.errors import PsaOperatorError

PROGRAM = "kubectl-psa"
VARIABLE = "_KUBECTL_PSA_COMPLETE"
"""Set by a shell that asks for completions instead of running a command."""

_NO_FILES = ":4"
"""Cobra's directive, on the last line: what was completed is no file."""


def integration_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """PSAIntegrations that the user may mean."""
    return list(_names("psaintegrations", ctx.params, incomplete))


def run_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """TicketResyncs that the user may mean."""
    return list(_names("ticketresyncs", ctx.params, incomplete))


def subject_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """TicketResyncs and PSAIntegrations that the user may mean."""
    return [*run_names(ctx, incomplete), *integration_names(ctx, incomplete)]


def kubectl_complete() -> None:
    """The program kubectl_complete-psa: kubectl runs it with the words so far, the last one incomplete."""
    from psa_operator.plugin.cli import app

    words = sys.argv[1:] or [""]
    os.environ |= {
        VARIABLE: "complete_bash",
        "COMP_WORDS": " ".join([PROGRAM, *words]),
        "COMP_CWORD": str(len(words)),
    }
    try:
        app(prog_name=PROGRAM)
    finally:
        sys.stdout.write(f"{_NO_FILES}\n")


def _names(plural: str, params: dict[str, Any], incomplete: str) -> Iterator[str]:
    """Nothing where the cluster cannot be asked: a key press is no place for complaints."""
    from psa_operator.plugin.apiserver import INTEGRATIONS, RUNS, connect

    file = params.get("kubeconfig")
    try:
        server = connect(Path(file) if file else None, params.get("context"), params.get("namespace"))
        resource = INTEGRATIONS if plural == INTEGRATIONS.plural else RUNS
        names = [each["metadata"]["name"] for each in server.listed(resource, server.namespace)]
    except PsaOperatorError:
        return
    yield from (name for name in sorted(names) if name.startswith(incomplete))
