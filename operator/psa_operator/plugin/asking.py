"""Questions that a dry run answers: why a ticket is there or not, and what a run would do."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import Explanation, RunPhase, TicketResyncStatus
from psa_operator.errors import PsaOperatorError
from psa_operator.plugin.console import remark, say, table
from psa_operator.plugin.resources import Resources
from psa_operator.plugin.watching import Lines, follow

_TTL = 600
"""Seconds after which the operator removes the run that answered, should we not get to it."""

_FIRST_IDS = 4
"""Ids of each sort in a line; the rest is in the JSON."""


class NoAnswerError(PsaOperatorError):
    """The run that should have answered did not succeed."""

    reason = "NoAnswer"


def ask(resources: Resources, kind: str, spec: dict[str, Any]) -> TicketResync:
    """Have a dry run made, wait for its answer, and take the run away again. Raises NoAnswerError."""
    resources.integration(spec["integrationRef"]["name"])
    created = resources.create(kind, {**spec, "dryRun": True, "ttlSecondsAfterFinished": _TTL})
    try:
        run = follow(resources, created.name, Lines(remark, only_waits=True), poll=0.5)
    finally:
        # Deleting a run that is still on cancels it; what cannot be deleted goes by itself.
        with suppress(PsaOperatorError):
            resources.delete(created.name)
    if run.status.phase is not RunPhase.SUCCEEDED:
        raise NoAnswerError(f"The dry run that was to answer has {run.status.phase}: {run.status.message}")
    return run


def show_explanations(explanations: Iterable[Explanation]) -> None:
    for each in explanations:
        say(f"#{each.ticket_id}  {each.verdict} ({each.reason})\n    {each.detail}")


def explanations_as_value(explanations: Iterable[Explanation]) -> list[dict[str, Any]]:
    return [each.as_json() for each in explanations]


def show_plan(status: TicketResyncStatus) -> None:
    """What the run would read, then what it would change."""
    if (plan := status.plan) is not None:
        say(f"Would read {_rows(plan.rows)}: {_cost(status)}")
        if plan.local_changes:
            say(f"Unsent local changes: {plan.local_changes:,}")
    changes = [
        (
            kind,
            each.created,
            each.updated,
            each.deleted,
            _ids(each.created_ids, each.updated_ids, each.deleted_ids),
        )
        for kind, each in status.diff.items()
        if each.created or each.updated or each.deleted
    ]
    if changes:
        table(("KIND", "CREATE", "UPDATE", "DELETE", "FIRST IDS"), changes)
    for check in status.verification:
        if check.result != "Passed":
            say(f"{check.result}: {check.check}: {check.message or f'{check.expected}, not {check.actual}'}")
    if status.message:
        say(status.message)


def plan_as_value(status: TicketResyncStatus) -> dict[str, Any]:
    shown = status.as_json()
    return {
        key: shown[key]
        for key in ("message", "effectiveMode", "plan", "diff", "verification")
        if key in shown
    }


def _rows(rows: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in rows.items()) or "nothing"


def _cost(status: TicketResyncStatus) -> str:
    plan = status.plan
    if plan is None or plan.requests is None:
        return f"{status.requests:,} requests were made to find out"
    seconds = "" if plan.estimated_seconds is None else f", about {plan.estimated_seconds:,} s"
    return f"{plan.requests:,} requests{seconds}, {plan.budget_percent} % of an hour's budget"


def _ids(created: Sequence[str], updated: Sequence[str], deleted: Sequence[str]) -> str:
    """The first ids with what would become of them: - deleted, ~ changed, + created."""
    signs = (("-", deleted), ("~", updated), ("+", created))
    more = " ..." if any(len(ids) > _FIRST_IDS for _, ids in signs) else ""
    return " ".join(f"{sign}{each}" for sign, ids in signs for each in ids[:_FIRST_IDS]) + more
