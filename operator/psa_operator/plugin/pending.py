"""`kubectl psa pending`: what the portal changed and the PSA does not have yet, as far as the status says."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import PendingLocalChanges
from psa_operator.plugin.console import age, say, table


def show_pending(integration: PSAIntegration, now: datetime) -> None:
    """How many, the oldest of them, what becomes of them, and how to get all."""
    name, enabled = integration.metadata.name, integration.spec.write_back.enabled
    pending = integration.status.pending_local_changes
    if pending is None and enabled:
        say(f"{name}: nobody has looked for changes yet; the operator looks once a minute")
    elif pending is None:
        say(f"{name}: two-way sync (spec.writeBack) is off, so no change is pending")
    elif not pending.count:
        say(f"{name}: when the operator last looked, the PSA had every change; it looks once a minute")
    else:
        _show(integration, pending, now)


def pending_as_value(integration: PSAIntegration) -> dict[str, Any]:
    """The same for programs, as the status has it."""
    return (integration.status.pending_local_changes or PendingLocalChanges()).as_json()


def _show(integration: PSAIntegration, pending: PendingLocalChanges, now: datetime) -> None:
    count, shown = pending.count, len(pending.first)
    are = "1 change is" if count == 1 else f"{count:,} changes are"
    since = f"; the oldest is {age(pending.oldest, now)} old" if pending.oldest else ""
    first = f". The oldest {shown}:" if shown < count else ":"
    say(f"{integration.metadata.name}: {are} not in the PSA yet, {pending.held:,} held{since}{first}")
    table(
        ("TICKET", "WHAT", "STATE", "BY", "AGE", "MESSAGE"),
        [
            (each.ticket_id, each.what, each.state, each.changed_by, age(each.changed_at, now), each.message)
            for each in pending.first
        ],
    )
    say("")
    for line in _what_next(integration, pending):
        say(line)


def _what_next(integration: PSAIntegration, pending: PendingLocalChanges) -> Iterator[str]:
    if not integration.spec.write_back.enabled:
        yield "Two-way sync (spec.writeBack) is off now: no run sends them."
    elif pending.held < pending.count:
        yield "Unsent: the next Quick or Full run sends it."
    if pending.held:
        yield "Held: the PSA changed the same field, and nobody's value is lost; somebody has to decide."
    yield "The complete list, with old and new values, for those who have the DSN of its database:"
    yield f'  psa-operator pending {integration.key} -o csv --dsn "$DSN"{_schema(integration)}'


def _schema(integration: PSAIntegration) -> str:
    schema = integration.spec.database.schema_
    return "" if schema == "psa" else f" --schema {schema}"
