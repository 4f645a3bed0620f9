"""What the operator says about a PSAIntegration."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from psa_operator.api.conditions import Conditions, Outlook
from psa_operator.api.model import Count, Message, Model, ObjectName, Time, Word, age, column, first


class IntegrationPhase(StrEnum):
    """The state of the connection, for people; conditions say more."""

    PENDING = "Pending"
    CONNECTED = "Connected"
    SYNCING = "Syncing"
    ERROR = "Error"
    STOPPED = "Stopped"
    DISABLED = "Disabled"


class Server(Model):
    """What the PSA said about itself."""

    version: Word | None = Field(None, description="Version of the PSA.")
    identity: Word | None = Field(None, description="The company that answers there.")
    time_zone: Word | None = Field(None, description="The PSA's own time zone.")
    clock_skew_seconds: float | None = Field(
        None, description="How far the PSA's clock is ahead of ours (negative: behind), in seconds."
    )


class Permission(Model):
    """What the credentials may read."""

    area: Word = Field(description="The area of the PSA, for example tickets or companies.")
    state: Literal["Granted", "Denied", "Unknown"] = Field(
        description="Granted, Denied, or Unknown when the PSA did not say (a time-out is not a denial)."
    )
    detail: Message | None = Field(None, description="What the PSA answered, and which right is missing.")


class LastSync(Model):
    """The last run that succeeded."""

    name: ObjectName = Field(description="Name of the TicketResync.")
    time: Time = Field(description="When it succeeded.")


class Drift(Model):
    """Tickets that were not as in the PSA, although the Quick runs had gone past them."""

    missing: Count = Field(
        0,
        description="Not here: they became visible too late for a Quick Sync, or were removed here by "
        "somebody.",
    )
    stale: Count = Field(0, description="Here as they were before: a change became visible too late.")
    damaged: Count = Field(
        0, description="Changed here by somebody, or in the PSA without a new time of change."
    )
    undeleted: Count = Field(0, description="Still here although the PSA has them no more.")


class LocalChange(Model):
    """Something that the portal changed and the PSA does not have yet."""

    ticket_id: Count = Field(description="Number of the ticket in the PSA.")
    what: Word = Field(description="Columns such as status_id, or note, or time entry.")
    state: Word = Field(
        description="Unsent: the next run sends it. Held: the PSA changed the same field, so that somebody "
        "has to decide."
    )
    changed_by: Word = Field(description="The role in the database that changed it.")
    changed_at: Time = Field(description="When it was changed.")
    message: Word | None = Field(None, description="Why it is not sent yet, if that was tried.")


_Oldest = Annotated[tuple[LocalChange, ...], Field(max_length=10), first(10)]


class PendingLocalChanges(Model):
    """What the portal changed and the PSA does not have yet."""

    count: Count = Field(0, description="How many there are, held ones included.")
    held: Count = Field(0, description="How many of them wait until somebody decides.")
    oldest: Time | None = Field(None, description="When the oldest of them was made.")
    first: _Oldest = Field((), description="The oldest of them (10 at most).")


class PSAIntegrationStatus(Model):
    """What the operator found."""

    observed_generation: int = Field(
        -1, ge=-1, description="metadata.generation that this status speaks of; -1: not looked at yet."
    )
    phase: IntegrationPhase | None = Field(
        None,
        description="Pending, Connected, Syncing, Error, Stopped or Disabled; derived from the conditions, "
        "for people.",
    )
    conditions: Conditions = Field(
        (),
        description="Ready, Reconciling, Stalled, CredentialsValid, DatabaseReady, PermissionsGranted, "
        "ResyncRequired, ResyncOverdue, Notified and others, each with a reason and what to do.",
    )
    provider: Word | None = Field(None, description="The kind of PSA, for example ConnectWise.")
    server: Server | None = Field(None, description="What the PSA said about itself.")
    permissions: Annotated[tuple[Permission, ...], first(30)] = Field(
        (),
        max_length=30,
        description="What the credentials may read, by area. Runs go on without areas such as contacts, "
        "notes or time entries that are Denied, and leave what is here of them as it is.",
    )
    covered_until: Time | None = Field(
        None, description="Every change in the PSA before this time (PSA's clock) is in the database."
    )
    counts: dict[str, Count] = Field(
        {}, max_length=20, description="Rows in the database, by kind of record."
    )
    pending_local_changes: PendingLocalChanges | None = Field(
        None, description="What the portal changed and the PSA does not have yet, where writeBack is on."
    )
    last_quick_sync: LastSync | None = Field(None, description="The last Quick Sync that succeeded.")
    last_full_sync: LastSync | None = Field(
        None, description="The last Full Clear and Resync that succeeded."
    )
    drift: Drift | None = Field(
        None,
        description="What the last Full Clear and Resync mended that the Quick runs before it had missed. "
        "Empty after the first one, and after one with other ticket settings than before. Much that is "
        "missing or stale asks for a longer overlap.",
    )
    rollback_until: Time | None = Field(
        None,
        description="Until when the last run that changed something can be undone by a TicketResync with "
        "mode: Rollback.",
    )
    config_hash: Word | None = Field(
        None, description="Fingerprint of the ticket settings that the database was filled with."
    )
    consecutive_failures: Count = Field(0, description="Probes and runs that failed since the last success.")
    rejected_logins: Count = Field(
        0,
        description="Logins that the PSA refused in a row. After 5 of them the integration is Stopped, so "
        "that the PSA does not lock the account, until the Secret or the spec is changed, or the annotation "
        "psa.msportal.ai/probe asks for another try.",
    )
    credentials_version: Word | None = Field(
        None, description="resourceVersion of the Secret that the PSA was tried with last."
    )
    next_full_sync: Time | None = Field(
        None, description="When a TicketResyncSchedule makes the next Full Clear and Resync."
    )
    last_handled_requests: dict[str, Word] = Field(
        {},
        max_length=10,
        description="For each request annotation, such as psa.msportal.ai/probe, the token handled last.",
    )


COLUMNS = (
    column("Provider", ".status.provider"),
    column("Phase", ".status.phase"),
    column("Ready", '.status.conditions[?(@.type=="Ready")].status'),
    column("Tickets", ".status.counts.tickets", "integer"),
    column(
        "Pending", ".status.pendingLocalChanges.count", "integer", about="local changes not in the PSA yet"
    ),
    column("Last Quick", ".status.lastQuickSync.time", "date"),
    column("Last Full", ".status.lastFullSync.time", "date"),
    age(),
    column("Version", ".status.server.version", wide=True),
    column("Message", '.status.conditions[?(@.type=="Ready")].message', wide=True),
)


def outlook(phase: IntegrationPhase, *, heals: bool = False) -> Outlook:
    """What to expect of an integration; `heals` means that its error passes without a person."""
    if phase is IntegrationPhase.PENDING or (phase is IntegrationPhase.ERROR and heals):
        return Outlook.IN_PROGRESS
    stuck = {IntegrationPhase.ERROR, IntegrationPhase.STOPPED}
    return Outlook.STALLED if phase in stuck else Outlook.DONE
