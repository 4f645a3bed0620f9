"""`kubectl psa pending`: what the portal changed and the PSA does not have yet, as far as the status says."""

from datetime import datetime
from typing import Any

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import PendingLocalChanges
from psa_operator.plugin.console import age, say, table


def show_pending(integration: PSAIntegration, now: datetime) -> None:
    """How many, the oldest of them, and how to get all."""
    name, pending = integration.metadata.name, integration.status.pending_local_changes
    if pending is None:
        say(
            f"{name}: two-way sync (spec.writeBack) is off, or was not looked at yet, so no change is pending"
        )
        return
    if not pending.count:
        say(f"{name}: the PSA has every change")
        return
    since = f", the oldest for {age(pending.oldest, now)}" if pending.oldest else ""
    say(f"{name}: {pending.count:,} changes are not in the PSA yet, {pending.held:,} of them held{since}")
    table(
        ("TICKET", "WHAT", "STATE", "BY", "AGE", "MESSAGE"),
        [
            (each.ticket_id, each.what, each.state, each.changed_by, age(each.changed_at, now), each.message)
            for each in pending.first
        ],
    )
    say(
        f"The complete list, with old and new values, for who has the DSN of its database:\n"
        f'psa-operator pending {integration.key} -o csv --dsn "$DSN"{_schema(integration)}'
    )


def pending_as_value(integration: PSAIntegration) -> dict[str, Any]:
    """The same for programs, as the status has it."""
    return (integration.status.pending_local_changes or PendingLocalChanges()).as_json()


def _schema(integration: PSAIntegration) -> str:
    schema = integration.spec.database.schema_
    return "" if schema == "psa" else f" --schema {schema}"
