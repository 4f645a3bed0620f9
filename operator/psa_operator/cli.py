"""The command line: everything that this program does begins here."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="psa-operator",
    help="Keeps a PostgreSQL copy of an MSP's PSA tickets true.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
simulate = typer.Typer(help="A PSA on this machine to try things with.", no_args_is_help=True)
app.add_typer(simulate, name="simulate")

# Each command imports what it needs: a worker must not pay for Kubernetes, nor `crds` for PostgreSQL.


@app.command()
def operator() -> None:
    """Watch PSAIntegrations and TicketResyncs and carry them out."""
    from psa_operator.controller.app import run_operator
    from psa_operator.settings import read_settings

    sys.exit(asyncio.run(run_operator(read_settings())))


@app.command(hidden=True)
def worker() -> None:
    """Make one attempt at one run; its spec comes through standard input."""
    from psa_operator.controller.logs import configure_logging
    from psa_operator.settings import read_settings
    from psa_operator.worker import work

    configure_logging(read_settings().log_level)
    sys.exit(asyncio.run(work()))


@app.command()
def migrate(
    dsn: Annotated[str, typer.Option(envvar="PSA_OPERATOR_DATABASE_DSN", help="Connection string.")],
    schema: Annotated[str, typer.Option(help="Schema of the tables.")] = "psa",
) -> None:
    """Create or update the tables in a database."""
    from psa_operator.errors import PsaOperatorError
    from psa_operator.store import migrate as apply_migrations
    from psa_operator.sync.spec import Database

    try:
        applied = asyncio.run(apply_migrations(Database(dsn, schema)))
    except PsaOperatorError as error:
        raise SystemExit(str(error)) from None
    typer.echo("\n".join(applied) or "nothing to do")


@app.command()
def explain(
    tickets: Annotated[list[int], typer.Argument(help="Numbers of the tickets in the PSA.", min=1)],
    filename: Annotated[
        list[Path], typer.Option("--filename", "-f", help="Files with a PSAIntegration and its Secrets.")
    ],
    namespace: Annotated[
        str, typer.Option("--namespace", "-n", help="Namespace of manifests that name none.")
    ] = "default",
    dsn: Annotated[
        str | None, typer.Option(envvar="PSA_OPERATOR_DATABASE_DSN", help="Connection string.")
    ] = None,
    output: Annotated[
        Literal["text", "json"], typer.Option("--output", "-o", help="How to write the answer.")
    ] = "text",
) -> None:
    """Say why tickets are there or not, without a cluster; writes nothing."""
    from psa_operator.errors import PsaOperatorError
    from psa_operator.explain import answer, as_json, as_text, question
    from psa_operator.hosts import HostPolicy
    from psa_operator.settings import read_settings

    try:
        spec = question(filename, tickets, namespace, dsn)
        explanations = asyncio.run(answer(spec, HostPolicy.of(read_settings())))
    except PsaOperatorError as error:
        raise SystemExit(str(error)) from None
    typer.echo(as_json(explanations) if output == "json" else as_text(explanations))


@app.command()
def pending(
    integration: Annotated[
        str | None, typer.Argument(help="Key of one integration: NAMESPACE/NAME, or its integrationKey.")
    ] = None,
    *,
    dsn: Annotated[str, typer.Option(envvar="PSA_OPERATOR_DATABASE_DSN", help="Connection string.")],
    schema: Annotated[str, typer.Option(help="Schema of the tables.")] = "psa",
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--output", "-o", help="How to write the list.")
    ] = "table",
) -> None:
    """List every value that the portal changed and the PSA lacks, to keep before a Discard."""
    from psa_operator.errors import PsaOperatorError
    from psa_operator.pending import WRITERS
    from psa_operator.store import unsent_values
    from psa_operator.sync.spec import Database

    try:
        found = asyncio.run(unsent_values(Database(dsn, schema), integration))
    except PsaOperatorError as error:
        raise SystemExit(str(error)) from None
    typer.echo(WRITERS[output](found), nl=False)


@app.command()
def crds(
    directory: Annotated[Path, typer.Argument(help="Where to write the files.")] = Path("crds"),
) -> None:
    """Write the custom resource definitions."""
    from psa_operator.api.crd import render_crds

    directory.mkdir(parents=True, exist_ok=True)
    for name, text in render_crds().items():
        (directory / name).write_text(text)


@app.command(hidden=True)
def reference(
    directory: Annotated[Path, typer.Argument(help="Where the pages of the kinds are.")] = Path("docs"),
) -> None:
    """Write the tables of fields in the pages of the kinds anew."""
    from psa_operator.api.reference import write_reference

    write_reference(directory)


@simulate.command()
def connectwise(
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes a free one.")] = 0,
    tickets: Annotated[int, typer.Option(help="Tickets to begin with.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company.")] = 1,
    change_rate: Annotated[float, typer.Option(help="Changes a second while it runs.")] = 0.0,
    latency: Annotated[float, typer.Option(help="Seconds before each answer.")] = 0.0,
) -> None:
    """Serve a simulated ConnectWise; the first line says how to log in."""
    from psa_operator.simulator import simulate_connectwise

    simulate_connectwise(port=port, tickets=tickets, seed=seed, change_rate=change_rate, latency=latency)


@app.command()
def demo(
    *,
    hold: Annotated[bool, typer.Option(help="Keep everything up at the end.")] = False,
) -> None:
    """Show the main job, live, on this machine."""
    try:
        from psa_operator.demo import run_demo
    except ModuleNotFoundError as missing:
        raise SystemExit(
            f"The demo needs the package {missing.name}: run `make demo` in a checkout of the source."
        ) from None

    sys.exit(run_demo(held=hold))


def main() -> None:
    """Run the command line."""
    app()
