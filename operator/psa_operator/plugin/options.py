"""The options that commands share, in kubectl's words."""

import re
from pathlib import Path
from typing import Annotated

import typer

from psa_operator.plugin.completion import integration_names, run_names
from psa_operator.plugin.console import Output

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


def a_name(text: str | None) -> str | None:
    """What cannot be the name of an object is refused before anybody is asked: it may be part of a path."""
    if text and not _NAME.fullmatch(text):
        raise typer.BadParameter(
            f'"{text}" is no name: names have lower-case letters, digits, "-" and "." only, and 253 at most'
        )
    return text


def a_given_name(text: str | None) -> str | None:
    """The same where an empty one is not left out but forgotten, as by a variable that is not set."""
    if text == "":
        raise typer.BadParameter("it is empty")
    return a_name(text)


Kubeconfig = Annotated[
    Path | None,
    typer.Option("--kubeconfig", help="The kubeconfig to use. Default: KUBECONFIG, else ~/.kube/config."),
]
Context = Annotated[
    str | None, typer.Option("--context", help="The context of the kubeconfig. Default: the current one.")
]
Namespace = Annotated[
    str | None,
    typer.Option("--namespace", "-n", help="The namespace. Default: the context's.", callback=a_name),
]
Everywhere = Annotated[bool, typer.Option("--all-namespaces", "-A", help="Look in all namespaces.")]
Written = Annotated[
    Output | None, typer.Option("--output", "-o", help="Write it for programs. Default: for people.")
]
OperatorNamespace = Annotated[
    str | None,
    typer.Option(
        "--operator-namespace",
        help="Where the operator is installed. Default: looked for in all.",
        callback=a_name,
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, in a few words; kept in the run history.")]
Watched = Annotated[
    bool, typer.Option("--watch", "-w", help="Stay until it is over; exit code 0 only if it succeeded.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and compare only; change nothing.")]
Tickets = Annotated[
    str | None,
    typer.Option("--tickets", help="Only these tickets: their numbers in the PSA, as in 4711,4712."),
]
IntegrationName = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="The PSAIntegration.",
        autocompletion=integration_names,
        callback=a_given_name,
    ),
]
RunName = Annotated[
    str,
    typer.Argument(metavar="RUN", help="The TicketResync.", autocompletion=run_names, callback=a_given_name),
]
