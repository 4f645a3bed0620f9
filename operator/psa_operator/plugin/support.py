"""The commands for when something is wrong: the operator's log, and an archive for support."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from psa_operator.plugin import console, options
from psa_operator.plugin.completion import run_names

if TYPE_CHECKING:
    from psa_operator.plugin.pods import Run
    from psa_operator.plugin.resources import Resources


def logs(
    run: Annotated[
        str | None,
        typer.Argument(metavar="RUN", help="Only lines about this TicketResync.", autocompletion=run_names),
    ] = None,
    *,
    since: Annotated[
        str | None, typer.Option("--since", help="Only what is younger, as in 30m. Default: all.")
    ] = None,
    output: Annotated[
        console.JsonOnly | None, typer.Option("--output", "-o", help="The lines as the operator wrote them.")
    ] = None,
    operator_namespace: options.OperatorNamespace = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Show the operator's log; you need the right to read its pods."""
    from psa_operator.plugin.apiserver import connect
    from psa_operator.plugin.pods import as_text, lines_of, log_of, operator_pods
    from psa_operator.plugin.resources import Resources

    seconds = _seconds(since)
    server = connect(kubeconfig, context, namespace)
    wanted = _wanted(Resources(server), run) if run else None
    pods = operator_pods(server, operator_namespace)
    lines = lines_of((log_of(server, pod, seconds) for pod in pods), wanted)
    for line in lines:
        console.say(json.dumps(line, ensure_ascii=False) if output else as_text(line))
    if not lines:
        about = f" about {run}" if run else ""
        console.remark(f"The log of {', '.join(pod['metadata']['name'] for pod in pods)} has nothing{about}")


def bundle(
    *,
    file: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The archive. Default: psa-bundle-TIME.tar.gz in this folder."),
    ] = None,
    everywhere: options.Everywhere = False,
    operator_namespace: options.OperatorNamespace = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Gather what support needs into an archive.

    Objects, events, the operator's version and log. No Secret is read, and what looks like a secret
    elsewhere is taken out.
    """
    from psa_operator.plugin.apiserver import connect
    from psa_operator.plugin.bundle import Bundle, pack

    now = datetime.now(UTC)
    server = connect(kubeconfig, context, namespace)
    gathered = Bundle(server, None if everywhere else server.namespace, operator_namespace)
    parts = gathered.parts(now)
    target = file or Path(f"psa-bundle-{now:%Y%m%dT%H%M%SZ}.tar.gz")
    pack(target, parts, now)
    for each in gathered.problems:
        console.remark(f"Not in the archive: {each}")
    console.say(f"{target} has {len(parts)} files; look through it before you pass it on")


def _wanted(resources: "Resources", name: str) -> "Run":
    """The run by name and uid; one whose object is gone is found by its name alone."""
    from psa_operator.plugin.apiserver import NotFoundError
    from psa_operator.plugin.pods import Run

    try:
        found = resources.run(name)
    except NotFoundError:
        console.remark(f'There is no TicketResync "{name}" any more: its lines are found by its name alone')
        return Run(resources.namespace, name)
    return Run(resources.namespace, name, found.metadata.uid)


def _seconds(since: str | None) -> int | None:
    from psa_operator.api.durations import parse_duration

    if since is None:
        return None
    try:
        return max(1, round(parse_duration(since).total_seconds()))
    except ValueError:
        raise typer.BadParameter(f'"{since}" is no duration: write it as in 90s, 30m or 24h') from None
