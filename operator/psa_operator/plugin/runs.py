"""What is done to runs: started, watched, approved, cancelled, undone."""

from typing import Any

from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Mode, RunPhase
from psa_operator.api.run_figures import Diff
from psa_operator.errors import ConfigurationError
from psa_operator.plugin.apiserver import NotFoundError
from psa_operator.plugin.asking import show_plan
from psa_operator.plugin.console import Output, confirmed, remark, say, warn, write
from psa_operator.plugin.resources import Created, Resources
from psa_operator.plugin.watching import watch

_INTERRUPTED = 130
_REVERSIBLE = frozenset({Mode.FULL, Mode.PRUNE})


def start(
    resources: Resources, kind: str, spec: dict[str, Any], *, watched: bool, output: Output | None
) -> int:
    """Create a run, and stay with it if that is wanted; returns the exit code."""
    created = resources.create(kind, spec)
    warn(created.warnings)
    if watched:
        say(f"{created.name} created")
        return _watched(resources, created)
    if output:
        write(created.body, output)
    else:
        integration = spec["integrationRef"]["name"]
        say(f"{created.name} created; see it with: kubectl psa status {_place(integration, resources)}")
    return 0


def pending_run(resources: Resources, name: str) -> TicketResync:
    """A run that waits for an approval. Raises ConfigurationError for any other."""
    run = resources.run(name)
    if run.status.phase is not RunPhase.AWAITING_APPROVAL or run.status.approval is None:
        phase = run.status.phase or RunPhase.PENDING
        raise ConfigurationError(f"{name} is {phase} and waits for no approval; nothing was changed")
    return run


def approve(resources: Resources, name: str, *, sure: bool) -> None:
    """Show what would be deleted, ask, and release the run for exactly this number."""
    run = pending_run(resources, name)
    deletions = run.status.approval.deletions if run.status.approval else 0
    if not run.awaits_approval:
        say(f"{name} is approved already, for {run.approved_deletions:,} rows: it goes on in its turn")
        return
    show_plan(run.status.replace(plan=None))
    tickets = run.status.diff.get("tickets", Diff())
    more = f" ({tickets.unguarded:,} more tickets go as well: they are out of scope now)"
    what = f"{deletions:,} rows{more if tickets.unguarded else ''}"
    question = f"{name} of {run.spec.integration_ref.name} waits for an approval of {what}. Approve?"
    if not sure and not confirmed(question):
        raise ConfigurationError(f"{name} was not approved and waits on; --yes approves without a question")
    warn(resources.change(name, approvedDeletions=deletions))
    say(f"{name} approved for {what}: it reads again what changed meanwhile, and goes on if it is not more")


def cancel(resources: Resources, name: str) -> None:
    """Ask a run to stop. Raises ConfigurationError if it is over."""
    run = resources.run(name)
    if run.status.phase is not None and run.status.phase.finished:
        ended = f"{name} has ended already ({run.status.phase}), so there is nothing to cancel"
        if _can_be_undone(run):
            place = _place(name, resources)
            ended += f". What it changed can be undone: kubectl psa rollback {place} --reason TEXT"
        raise ConfigurationError(ended)
    warn(resources.change(name, cancel=True))
    say(f"{name} is being cancelled; the data that is live stays as it was")


def rolled_back(resources: Resources, name: str, integration: str | None) -> str:
    """The integration whose run is to be undone; the run's own object may be gone."""
    if integration is not None:
        return integration
    try:
        return resources.run(name).spec.integration_ref.name
    except NotFoundError as error:
        raise NotFoundError(
            f"{error}. If its TicketResync was deleted, name its integration with --integration"
        ) from None


def _watched(resources: Resources, created: Created) -> int:
    integration = created.body["spec"]["integrationRef"]["name"]
    try:
        run = watch(resources, created.name)
    except KeyboardInterrupt:
        remark(
            f"\n{created.name} goes on. Look again: kubectl psa status {_place(integration, resources)}\n"
            f"Stop it: kubectl psa cancel {_place(created.name, resources)}"
        )
        return _INTERRUPTED
    say(f"{run.status.phase}: {run.status.message}")
    if run.spec.dry_run:
        show_plan(run.status.replace(message=None))
    for error in run.status.errors:
        if error.message != run.status.message:
            remark(
                f"{error.kind} {error.id}: {error.message}" if error.id else f"{error.kind}: {error.message}"
            )
    return 0 if run.status.phase is RunPhase.SUCCEEDED else 1


def _can_be_undone(run: TicketResync) -> bool:
    succeeded = run.status.phase is RunPhase.SUCCEEDED and not run.spec.dry_run
    return succeeded and (run.status.effective_mode or run.spec.mode) in _REVERSIBLE


def _place(name: str, resources: Resources) -> str:
    return f"{name} -n {resources.namespace}"
