"""TicketResync: one run, such as a Quick Sync or a Full Clear and Resync."""

from pydantic import Field

from psa_operator.api.group import SCHEDULE
from psa_operator.api.model import Model, ObjectMeta, OwnerReference, rule, rules, unchanged
from psa_operator.api.resync_status import Mode, RunPhase, TicketResyncStatus
from psa_operator.api.run import RUN_RULES, RunRequest

_FIXED = (
    "integrationRef",
    "mode",
    "rollbackOf",
    "reason",
    "requestedBy",
    "dryRun",
    "ticketIds",
    "entities",
    "localChanges",
    "acknowledgeDataLoss",
    "startingDeadlineSeconds",
    "activeDeadlineSeconds",
    "approvalTimeoutSeconds",
    "backoffLimit",
    "respectWindows",
    "ttlSecondsAfterFinished",
)
_INSTEAD = (
    " cannot be changed, because a TicketResync is one run (only cancel and approvedDeletions can): create "
    "another one under a new name, or with metadata.generateName and kubectl create"
)


def _fixed(field: str) -> dict[str, object]:
    """A field that says what the run is, so it cannot change any more."""
    return rule(unchanged(field), f"{field}{_INSTEAD}", field=f".{field}")


class TicketResyncSpec(RunRequest, json_schema_extra=rules(*RUN_RULES, *(_fixed(field) for field in _FIXED))):
    """What the user wants of the run."""

    cancel: bool = Field(
        default=False,
        description="true: stop the run, keep the data as it is, drop what was read. Can be set at any time, "
        "and cannot be taken back. Default: false.",
        json_schema_extra=rules(
            rule("self || !oldSelf", "a cancelled run cannot go on: create a new TicketResync")
        ),
    )


class TicketResync(Model):
    """One run of one PSAIntegration, such as a Quick Sync or a Full Clear and Resync."""

    metadata: ObjectMeta
    spec: TicketResyncSpec
    status: TicketResyncStatus = TicketResyncStatus()

    @property
    def approved_deletions(self) -> int:
        """The largest number of deletions that was ever approved, 0 if none."""
        before = self.status.approval.approved_deletions if self.status.approval else 0
        return max(self.spec.approved_deletions or 0, before)

    @property
    def schedule(self) -> OwnerReference | None:
        """The schedule that made it, None if a person did."""
        owners = self.metadata.owner_references
        return next((each for each in owners if each.controller and each.kind == SCHEDULE), None)

    @property
    def respects_windows(self) -> bool:
        """Whether it starts only in a maintenance window, if the integration has any."""
        if self.spec.respect_windows is None:
            return self.spec.mode is Mode.FULL and self.schedule is not None
        return self.spec.respect_windows

    @property
    def demanding(self) -> bool:
        """Whether it may take long, so that those that do not go first."""
        modes = {self.spec.mode, self.status.effective_mode}
        return not self.explains and bool(modes & {Mode.FULL, Mode.PRUNE})

    @property
    def limited(self) -> bool:
        """Whether it has to do with a part of the data only."""
        return bool(self.spec.ticket_ids or self.spec.entities)

    @property
    def explains(self) -> bool:
        """Whether it only answers why tickets are there or not."""
        return self.spec.dry_run and bool(self.spec.ticket_ids)

    @property
    def awaits_approval(self) -> bool:
        """Whether it can go on only when somebody has approved more deletions than so far."""
        approval = self.status.approval
        waits = self.status.phase is RunPhase.AWAITING_APPROVAL
        return waits and (approval is None or self.approved_deletions < approval.deletions)
