"""TicketResync: one run, such as a Quick Sync or a Full Clear and Resync."""

from pydantic import Field

from psa_operator.api.model import Model, ObjectMeta, ObjectReference, rule, rules, unchanged
from psa_operator.api.resync_status import Mode, RunPhase, TicketResyncStatus

_FIXED = (
    "integrationRef",
    "mode",
    "rollbackOf",
    "reason",
    "requestedBy",
    "dryRun",
    "startingDeadlineSeconds",
    "activeDeadlineSeconds",
    "approvalTimeoutSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
)
_INSTEAD = (
    " cannot be changed, because a TicketResync is one run (only cancel and approvedDeletions can): create "
    "another one under a new name, or with metadata.generateName and kubectl create"
)


def _fixed(field: str) -> dict[str, object]:
    """A field that says what the run is, so it cannot change any more."""
    return rule(unchanged(field), f"{field}{_INSTEAD}", field=f".{field}")


class TicketResyncSpec(
    Model,
    json_schema_extra=rules(
        rule(
            r"self.mode != 'Full' || (has(self.reason) && self.reason.matches('\\S'))",
            "a Full Clear and Resync needs a reason: write in a few words why, it is shown with the run and "
            "kept in the run history",
            field=".reason",
            reason="FieldValueRequired",
        ),
        rule(
            r"self.mode != 'Prune' || (has(self.reason) && self.reason.matches('\\S'))",
            "a Prune needs a reason: write in a few words why, it is shown with the run and kept in the run "
            "history",
            field=".reason",
            reason="FieldValueRequired",
        ),
        rule(
            r"self.mode != 'Rollback' || (has(self.reason) && self.reason.matches('\\S'))",
            "a Rollback needs a reason: write in a few words why, it is shown with the run and kept in the "
            "run history",
            field=".reason",
            reason="FieldValueRequired",
        ),
        rule(
            "self.mode != 'Rollback' || has(self.rollbackOf)",
            "a Rollback undoes one run: name it in rollbackOf.name",
            field=".rollbackOf",
            reason="FieldValueRequired",
        ),
        rule(
            "self.mode == 'Rollback' || !has(self.rollbackOf)",
            "only a Rollback undoes a run: leave rollbackOf out, or set mode: Rollback",
            field=".rollbackOf",
        ),
        rule(
            "self.mode != 'Quick' || !has(self.approvedDeletions)",
            "a Quick Sync deletes nothing, so there is nothing to approve: leave approvedDeletions out",
            field=".approvedDeletions",
        ),
        *(_fixed(field) for field in _FIXED),
    ),
):
    """What the user wants of the run."""

    integration_ref: ObjectReference = Field(
        description="The PSAIntegration to synchronize, in the same namespace."
    )
    mode: Mode = Field(
        Mode.QUICK,
        description="Quick (Quick Sync): only recent changes, existing data is preserved, nothing is "
        "deleted. Full (Full Clear and Resync): every ticket in scope is read again and local ticket data is "
        "replaced at once; needs a reason. ReferenceData (PSA settings resync): only boards, statuses, "
        "priorities, types, members and custom field definitions; no ticket is touched. Prune: only removes "
        "tickets, companies and contacts that the PSA no longer has; needs a reason. Rollback: puts back "
        "what the run in rollbackOf has replaced, without asking the PSA; needs a reason. Default: Quick.",
    )
    rollback_of: ObjectReference | None = Field(
        None,
        description="The run that a Rollback undoes: a Full Clear and Resync, a Prune or a PSA settings "
        "resync of the same integration, whose rollbackWindow has not ended; its TicketResync need not "
        "be there any more. Required for Rollback and only for it. Rows changed since stay as they are.",
    )
    reason: str | None = Field(
        None,
        max_length=500,
        description="Why this resync is made; required for Full, Prune and Rollback. Shown with the run, "
        "in events and in the run history.",
    )
    requested_by: str | None = Field(
        None, max_length=256, description="Who asked for it. Shown with the run and in the run history."
    )
    dry_run: bool = Field(
        default=False,
        description="true: read and compare only, and say in status.diff what would change; nothing is "
        "written to the tickets. Default: false.",
    )
    approved_deletions: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        description="Releases a run in phase AwaitingApproval that would delete at most so many rows, who is "
        "assigned not counted; status.approval.deletions says how many it would. Can be set at any time, and "
        "what was approved once stays so. Default: none is approved beyond the integration's deletionGuard.",
    )
    cancel: bool = Field(
        default=False,
        description="true: stop the run, keep the data as it is, drop what was read. Can be set at any time, "
        "and cannot be taken back. Default: false.",
        json_schema_extra=rules(
            rule("self || !oldSelf", "a cancelled run cannot go on: create a new TicketResync")
        ),
    )
    starting_deadline_seconds: int | None = Field(
        None,
        ge=1,
        le=31_536_000,
        description="A run that is still Pending after so many seconds fails. Default: it waits for ever.",
    )
    active_deadline_seconds: int = Field(
        21_600,
        ge=1,
        le=31_536_000,
        description="A run that takes longer than so many seconds fails; live data stays as it was. The time "
        "that it waits for an approval does not count. Default: 21600 (6 hours).",
    )
    approval_timeout_seconds: int = Field(
        259_200,
        ge=1,
        le=31_536_000,
        description="A run whose deletions nobody has approved within so many seconds fails; live data stays "
        "as it was. Default: 259200 (3 days).",
    )
    backoff_limit: int = Field(
        3,
        ge=0,
        le=100,
        description="How often a failed attempt is repeated before the run fails. Default: 3.",
    )
    ttl_seconds_after_finished: int | None = Field(
        None,
        ge=0,
        le=31_536_000,
        description="The object is deleted so many seconds after the run ended (not for objects kept in Git: "
        "they would be created and run again). Default: it stays.",
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
    def awaits_approval(self) -> bool:
        """Whether it can go on only when somebody has approved more deletions than so far."""
        approval = self.status.approval
        waits = self.status.phase is RunPhase.AWAITING_APPROVAL
        return waits and (approval is None or self.approved_deletions < approval.deletions)
