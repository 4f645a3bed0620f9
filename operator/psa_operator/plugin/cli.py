"""The commands of `kubectl psa`, each of which imports what it needs: help must not pay for the rest."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from psa_operator.errors import PsaOperatorError
from psa_operator.plugin import console, options, support
from psa_operator.plugin.completion import PROGRAM, VARIABLE, integration_names

if TYPE_CHECKING:
    from psa_operator.plugin.resources import Resources

_HIGHEST = 2**53 - 1
"""What JSON can say of a whole number."""

LocalChanges = Literal["Push", "Abort", "Discard"]

app = typer.Typer(
    help="Look at PSAIntegrations, and start, watch, approve, cancel and undo their runs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether you are sure.")]


@app.command()
def status(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="One PSAIntegration, in detail.",
            autocompletion=integration_names,
            callback=options.a_given_name,
        ),
    ] = None,
    *,
    everywhere: options.Everywhere = False,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Say how integrations are, and what runs or waits."""
    from psa_operator.plugin.status import as_value, show_all, show_one

    if name is not None and everywhere:
        raise typer.BadParameter("a NAME is looked up in one namespace: leave out -A, or the NAME")
    resources = _resources(kubeconfig, context, namespace, everywhere=everywhere)
    if output:
        console.write(as_value(resources, name), output)
    elif name is None:
        show_all(resources, datetime.now(UTC), everywhere=everywhere)
    else:
        show_one(resources, name, datetime.now(UTC))


@app.command()
def sync(
    name: options.IntegrationName,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Full Clear and Resync instead of Quick Sync; needs --reason.")
    ] = False,
    reason: options.Reason = None,
    watched: options.Watched = False,
    dry_run: options.DryRun = False,
    tickets: options.Tickets = None,
    local_changes: Annotated[
        LocalChanges | None,
        typer.Option("--local-changes", help="What a Full run does with changes that the PSA lacks."),
    ] = None,
    acknowledge_data_loss: Annotated[
        bool, typer.Option("--acknowledge-data-loss", help="Needed for --local-changes Discard.")
    ] = False,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Start a Quick Sync, or a Full Clear and Resync."""
    from psa_operator.plugin.runs import start

    resources = _resources(kubeconfig, context, namespace)
    resources.integration(name)
    spec = _spec(
        name,
        mode="Full" if full else "Quick",
        reason=reason,
        dryRun=dry_run,
        ticketIds=_numbers(tickets),
        localChanges=local_changes,
        acknowledgeDataLoss=acknowledge_data_loss,
    )
    raise typer.Exit(start(resources, "full" if full else "quick", spec, watched=watched, output=output))


@app.command()
def explain(
    name: options.IntegrationName,
    tickets: Annotated[
        list[int],
        typer.Argument(metavar="TICKET", min=1, help="Numbers in the PSA, 20 at most."),
    ],
    *,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Say why tickets are there or not."""
    from psa_operator.plugin.asking import ask, explanations_as_value, show_explanations

    if max(tickets) > _HIGHEST:
        raise typer.BadParameter(f"{max(tickets)} is no ticket number")
    spec = _spec(name, ticketIds=tickets)
    run = ask(_resources(kubeconfig, context, namespace), "explain", spec)
    if output:
        console.write(explanations_as_value(run.status.explanations), output)
    else:
        show_explanations(run.status.explanations)


@app.command()
def plan(
    name: options.IntegrationName,
    *,
    full: Annotated[bool, typer.Option("--full", help="Plan a Full Clear and Resync.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Plan a Prune.")] = False,
    tickets: options.Tickets = None,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Say what a run would read and change.

    It makes a dry run: of a Quick Sync, unless you say otherwise.
    """
    from psa_operator.plugin.asking import ask, plan_as_value, show_plan

    if full and prune:
        raise typer.BadParameter("plan one of them: --full or --prune")
    mode = "Full" if full else "Prune" if prune else "Quick"
    spec = _spec(name, mode=mode, reason="kubectl psa plan", ticketIds=_numbers(tickets))
    run = ask(_resources(kubeconfig, context, namespace), "plan", spec)
    if output:
        console.write(plan_as_value(run.status), output)
    else:
        show_plan(run.status)


@app.command()
def pending(
    name: options.IntegrationName,
    *,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Say what the portal changed and the PSA does not have yet."""
    from psa_operator.plugin.pending import pending_as_value, show_pending

    integration = _resources(kubeconfig, context, namespace).integration(name)
    if output:
        console.write(pending_as_value(integration), output)
    else:
        show_pending(integration, datetime.now(UTC))


@app.command()
def approve(
    run: options.RunName,
    *,
    sure: Sure = False,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Let a run delete what it waits to delete.

    It waits in phase AwaitingApproval, because that is more than the deletion guard allows.
    """
    from psa_operator.plugin.runs import approve as approve_run

    approve_run(_resources(kubeconfig, context, namespace), run, sure=sure)


@app.command()
def cancel(
    run: options.RunName,
    *,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Stop a run; what is live stays as it was."""
    from psa_operator.plugin.runs import cancel as cancel_run

    cancel_run(_resources(kubeconfig, context, namespace), run)


@app.command()
def rollback(
    run: options.RunName,
    *,
    reason: options.Reason = None,
    integration: Annotated[
        str | None,
        typer.Option(
            "--integration",
            help="Its PSAIntegration, if the TicketResync was deleted.",
            callback=options.a_given_name,
        ),
    ] = None,
    watched: options.Watched = False,
    dry_run: options.DryRun = False,
    output: options.Written = None,
    namespace: options.Namespace = None,
    context: options.Context = None,
    kubeconfig: options.Kubeconfig = None,
) -> None:
    """Put back what a run has replaced; needs --reason."""
    from psa_operator.plugin.runs import rolled_back, start

    resources = _resources(kubeconfig, context, namespace)
    name = rolled_back(resources, run, integration)
    spec = _spec(name, mode="Rollback", rollbackOf={"name": run}, reason=reason, dryRun=dry_run)
    raise typer.Exit(start(resources, "rollback", spec, watched=watched, output=output))


app.command()(support.logs)
app.command()(support.bundle)


def _resources(
    kubeconfig: Path | None, context: str | None, namespace: str | None, *, everywhere: bool = False
) -> "Resources":
    from psa_operator.plugin.apiserver import connect
    from psa_operator.plugin.resources import Resources

    return Resources(connect(kubeconfig, context, namespace), everywhere=everywhere)


def _spec(integration: str, **given: object) -> dict[str, Any]:
    """What the user said; what they did not is left to the API server's defaults."""
    return {"integrationRef": {"name": integration}, **{key: each for key, each in given.items() if each}}


def _numbers(text: str | None) -> list[int] | None:
    if text is None:
        return None
    words = text.split(",")
    if not all(each.isdecimal() and 0 < int(each) <= _HIGHEST for each in words):
        raise typer.BadParameter(f'"{text}" are no ticket numbers: write them as in 4711,4712')
    return [int(each) for each in words]


def main() -> None:
    """Run the command line; a completion goes by the program's own name, which shells know."""
    for_shells = VARIABLE in os.environ or {"--install-completion", "--show-completion"} & set(sys.argv)
    try:
        app(prog_name=PROGRAM if for_shells else "kubectl psa")
    except PsaOperatorError as error:
        sys.exit(console.plain(f"error: {error}"))
    except OSError as error:  # all others have been told by then
        sys.exit(f"error: The answer cannot be written ({error.strerror or error})")
