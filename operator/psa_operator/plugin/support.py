"""The commands for when something is wrong: the operator's log, and an archive for support."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from psa_operator.plugin import console, options
from psa_operator.plugin.completion import subject_names


def logs(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="Only lines about this TicketResync, or this PSAIntegration and its runs.",
            autocompletion=subject_names,
            callback=options.a_given_name,
        ),
    ] = None,
    *,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Show lines as they come, until Ctrl-C or the end of the run."),
    ] = False,
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
    from psa_operator.plugin.log import Log
    from psa_operator.plugin.resources import Resources

    seconds = _seconds(since)
    server = connect(kubeconfig, context, namespace)
    log = Log(Resources(server), operator_namespace, name, as_json=output is not None)
    if follow:
        log.follow(seconds)
    else:
        log.show(seconds)


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


def _seconds(since: str | None) -> int | None:
    from psa_operator.api.durations import parse_duration

    if since is None:
        return None
    try:
        return max(1, round(parse_duration(since).total_seconds()))
    except ValueError:
        raise typer.BadParameter(f'"{since}" is no duration: write it as in 90s, 30m or 24h') from None
