"""What is asked of a run: the same in a TicketResync as in the template of a schedule."""

from typing import Literal

from pydantic import Field

from psa_operator.api.model import Model, ObjectReference, TicketId, rule, rules, storable
from psa_operator.api.resync_status import MOST_EXPLAINED, Mode
from psa_operator.api.write_back import LocalChanges

EntityName = Literal[
    "boards",
    "statuses",
    "types",
    "subtypes",
    "items",
    "sources",
    "locations",
    "priorities",
    "members",
    "customFields",
    "companyStatuses",
    "companyTypes",
    "companies",
    "contacts",
    "tickets",
]

RUN_RULES = (
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
    rule(
        "!has(self.ticketIds) || self.mode == 'Quick' || self.mode == 'Full'",
        "ticketIds limits a Quick or a Full run: write mode: Quick to read these tickets again, or mode: "
        "Full to bring them to exactly what the PSA has, removal included; else leave ticketIds out",
        field=".ticketIds",
    ),
    rule(
        "!has(self.entities) || self.mode == 'Full'",
        "entities limits a Full run: write mode: Full and a reason, or leave entities out, for a Quick "
        "Sync reads only what changed, ReferenceData only settings, and a Prune only ids",
        field=".entities",
    ),
    rule(
        "!has(self.entities) || !has(self.ticketIds)",
        "ticketIds limits the run to these tickets already: leave entities out, or make a second "
        "TicketResync for them",
        field=".entities",
    ),
    rule(
        f"!has(self.ticketIds) || !self.dryRun || size(self.ticketIds) <= {MOST_EXPLAINED}",
        f"a dry run with ticketIds explains each ticket, {MOST_EXPLAINED} at most: name fewer, or leave "
        "dryRun out",
        field=".ticketIds",
    ),
    rule(
        "self.localChanges == 'Push' || self.mode == 'Full'",
        "only a Full Clear and Resync can refuse to run because of unsent local changes, or give them "
        "up: write mode: Full and a reason, or leave localChanges out, and they are kept",
        field=".localChanges",
    ),
    rule(
        "self.localChanges != 'Discard' || !has(self.entities) || 'tickets' in self.entities",
        "localChanges: Discard gives up changes of the tickets that the run reads, and it reads none: add "
        "tickets to entities, or leave localChanges and acknowledgeDataLoss out, and the changes are kept",
        field=".localChanges",
    ),
    rule(
        "self.localChanges != 'Discard' || self.acknowledgeDataLoss",
        "localChanges: Discard gives up what the portal has changed and not sent yet: the PSA never gets "
        "it, and readers see the PSA's values again; it stays in the table local_change as discarded. "
        "Write acknowledgeDataLoss: true if you want that, or leave localChanges out to have it sent",
        field=".acknowledgeDataLoss",
        reason="FieldValueRequired",
    ),
    rule(
        "!self.acknowledgeDataLoss || self.localChanges == 'Discard'",
        "acknowledgeDataLoss belongs to localChanges: Discard: write that as well, or leave both out",
        field=".acknowledgeDataLoss",
    ),
)


class RunRequest(Model, json_schema_extra=rules(*RUN_RULES)):
    """What is said of a run before there is one: by the user, or by a schedule for all its runs."""

    integration_ref: ObjectReference = Field(
        description="The PSAIntegration to synchronize, in the same namespace."
    )
    mode: Mode = Field(
        Mode.QUICK,
        description="Quick (Quick Sync): only recent changes, existing data is preserved, nothing is "
        "deleted. Full (Full Clear and Resync): every ticket in scope is read again and local ticket data is "
        "replaced at once; needs a reason. ReferenceData (PSA settings resync): only boards, statuses, "
        "priorities, types, subtypes, items, sources, locations, members, custom field definitions, company "
        "statuses and types; no ticket is touched. Prune: only removes what the PSA no longer has: tickets "
        "with all that belongs to them, companies, contacts and time entries; needs a reason. Rollback: puts "
        "back what the run in rollbackOf has replaced, without asking the PSA; needs a reason. Default: "
        "Quick.",
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
        json_schema_extra=storable(),
        description="Why this resync is made; required for Full, Prune and Rollback. Shown with the run, "
        "in events and in the run history.",
    )
    requested_by: str | None = Field(
        None,
        max_length=256,
        description="Who asked for it. Shown with the run and in the run history.",
        json_schema_extra=storable(),
    )
    dry_run: bool = Field(
        default=False,
        description="true: read and compare only, and say in status.diff what would change; nothing is "
        "written to the tickets. With ticketIds it explains each of them: status.explanations says whether "
        "it is there, why, and which run mends it. Default: false.",
    )
    ticket_ids: tuple[TicketId, ...] | None = Field(
        None,
        min_length=1,
        max_length=1000,
        description="Limit the run to these tickets, by their numbers in the PSA (1000 at most, 20 with "
        "dryRun), and to what they refer to. Quick reads them again whenever they were changed and removes "
        "none; Full brings them to exactly what the PSA has in scope, damage by hand and removal included. "
        "Other tickets stay as they are, later Quick runs look as far back as without it, and ResyncRequired "
        "stays. Default: all.",
    )
    entities: tuple[EntityName, ...] | None = Field(
        None,
        min_length=1,
        max_length=15,
        description="Limit a Full run to these kinds of records (boards, statuses, types, subtypes, items, "
        "sources, locations, priorities, members, customFields, companyStatuses, companyTypes, companies, "
        "contacts, tickets with all that belongs to them), and to what they refer to and is not here yet. "
        "The rest stays as it is, and so does ResyncRequired. Default: all.",
        json_schema_extra={"x-kubernetes-list-type": "set"},
    )
    local_changes: LocalChanges = Field(
        LocalChanges.PUSH,
        description="What a Full run does with local changes that the PSA does not have yet (see writeBack "
        "of the integration), of the tickets that it reads: Push sends them first, as every run does, and "
        "keeps those that could not be sent; Abort fails with PendingLocalChanges before anything is read, "
        "if there are any of whatever ticket; Discard gives them up, and needs acknowledgeDataLoss: true. "
        "Default: Push.",
    )
    acknowledge_data_loss: bool = Field(
        default=False,
        description="true: you know that localChanges: Discard gives up what the portal has changed and not "
        "sent yet; status.plan.localChanges of a dry run says how much that is. Default: false.",
    )
    approved_deletions: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        description="Releases a run in phase AwaitingApproval that would delete at most so many rows, or "
        "move them and leave a board or company without a ticket; status.approval.deletions says how many it "
        "would. Not counted are tickets that are out of scope now, who is assigned, and notes and time "
        "entries of a ticket that goes. Can be set at any time, and what was approved once stays so. "
        "Default: none is approved beyond the integration's deletionGuard.",
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
    respect_windows: bool | None = Field(
        None,
        description="Whether the run waits for a maintenance window of the integration "
        "(spec.maintenanceWindows). Default: a Full run that a schedule makes does, all others do not.",
    )
    ttl_seconds_after_finished: int | None = Field(
        None,
        ge=0,
        le=31_536_000,
        description="The object is deleted so many seconds after the run ended (not for objects kept in Git: "
        "they would be created and run again). Default: it stays.",
    )
