"""Every condition and every reason that users meet, with what it means: the source of docs/conditions.md."""

from collections.abc import Mapping
from typing import NamedTuple

from psa_operator.api.markdown import table


class Meaning(NamedTuple):
    """A condition: its good status, and what it says."""

    good: str
    says: str


CONDITIONS: Mapping[str, Mapping[str, Meaning]] = {
    "PSAIntegration": {
        "Ready": Meaning("True", "PSA and database were tried and work; runs can start."),
        "Reconciling": Meaning("absent", "It is being tried, or a passing trouble is tried again."),
        "Stalled": Meaning("absent", "Somebody has to do something; the message says what."),
        "CredentialsValid": Meaning("True", "The PSA accepted the keys."),
        "PermissionsGranted": Meaning("True", "The API member may read all that a run reads."),
        "DatabaseReady": Meaning("True", "The database can be reached and written, and has our tables."),
        "SettingsCurrent": Meaning("True", "The PSA still has what the settings name."),
        "MappingComplete": Meaning("True", "Every status and priority in use has a name of the portal."),
        "TimeZoneMatches": Meaning(
            "True", "spec.timeZone is the PSA's own; it matters for stamps without one."
        ),
        "ResyncRequired": Meaning("False", "A Full run is needed."),
        "ResyncOverdue": Meaning("False", "No Full run succeeded within resyncPeriodDays."),
        "Notified": Meaning("True", "What was sent last to each receiver has arrived."),
    },
    "TicketResync": {
        "Finished": Meaning("True at the end", "It is over, however it ended."),
        "Succeeded": Meaning(
            "True at the end", "False if it failed or was cancelled; Unknown before the end."
        ),
        "Verified": Meaning("True", "What was read was checked before anything was changed."),
        "Overdue": Meaning("absent", "It takes longer than overdueAfter of the integration; it goes on."),
        "Ready": Meaning("True at the end", "The same as Succeeded, in the words of kstatus."),
        "Reconciling": Meaning("absent at the end", "It is on, or waits for its turn."),
        "Stalled": Meaning("absent", "It has failed or was cancelled, or waits for a person."),
    },
    "TicketResyncSchedule": {
        "Ready": Meaning("True", "It makes its runs, or is suspended."),
        "Stalled": Meaning("absent", "It can make no runs; the message says what to do."),
    },
}

_WAIT = "It is tried again by itself."
_CREATE_IT = "Create the Secret in the same namespace, with the key that the message names."

REASONS: Mapping[str, Mapping[str, str]] = {
    "All is well": {
        "Connected": "PSA and database work.",
        "LoggedIn": "The PSA accepted the keys.",
        "AllGranted": "All areas can be read.",
        "AllKnown": "The PSA has everything that the settings name.",
        "AllMapped": "Every status and priority in use has a name of the portal.",
        "NothingToMap": "No names are mapped, so the PSA's own are shown.",
        "Same": "The time zones are the same.",
        "UpToDate": "No Full run is needed.",
        "InTime": "A Full run succeeded within resyncPeriodDays, or there is time left for one.",
        "Delivered": "The message has arrived.",
        "Scheduled": "Runs are made when the message says.",
        "Suspended": "No runs are made while spec.suspend is true.",
        "ChecksPassed": "What was read agrees with the PSA; a check that only warns is named.",
        "QuickBecameFull": "Nothing was here yet, so the Quick Sync brought everything.",
        "DryRun": "Nothing was changed: it was a dry run.",
        "Explained": "The named tickets were explained, and nothing was changed.",
        "CoveredByAnotherRun": "Not run, because an equal Quick Sync began after it was asked for.",
        "RowsDeleted": "The rows went with their integration.",
    },
    "It cannot be told": {
        "Probing": "PSA and database are being tried.",
        "NotTried": "Something before it failed, so this could not be tried.",
        "NotRead": "No run has read the PSA's lists yet.",
        "NotSaid": "The PSA does not say its time zone.",
        "NotUnderstood": "The PSA's word for its time zone is not known here: compare it yourself.",
    },
    "The PSA": {
        "AuthenticationFailed": "The PSA refused the keys: check publicKey, privateKey and clientId in the "
        "Secret, and that the API member is active. A corrected Secret is enough.",
        "Stopped": "The login was refused five times in a row, so it is not tried any more: correct the "
        "Secret, or set the annotation psa.msportal.ai/probe.",
        "PermissionDenied": "Give the API member's security role the right that the message names. As "
        "long as the integration is Connected, runs go on without that area: nothing of it is read, changed "
        "or deleted, and the next run after the right returns brings what was missed.",
        "UnknownCompany": "The PSA does not know companyId: check it against the login page.",
        "NotConnectWise": "Something else answers at the URL: check it against the login page.",
        "Redirected": "The address answers with another address: write that one.",
        "InvalidURL": "The URL cannot be used; the message says why.",
        "HostNotAllowed": "The address of the PSA or the database is private, or http: the chart's "
        "allowedHosts and allowHttp allow it.",
        "HostNotFound": f"The host has no address: check the URL and DNS. {_WAIT}",
        "TLSFailed": f"The certificate does not fit: check the URL, the clock and proxies. {_WAIT}",
        "Unavailable": f"The PSA does not answer. {_WAIT}",
        "PsaTooSlow": f"The PSA took too long. {_WAIT}",
        "RateLimited": "The PSA asks for less: lower limits.requestsPerMinute. The run waits meanwhile.",
        "RequestRefused": "The PSA does not take a question of ours. Please report it, with the message.",
        "IntegrationIdentityChanged": "Another company answers. Nothing was mixed. Make a new "
        "PSAIntegration for it.",
    },
    "The database": {
        "NoDatabase": "The operator has no database of its own: name one in spec.database.secretRef.",
        "InvalidDsn": "The DSN cannot be read; the message says where.",
        "DatabaseNotFound": "The server has no database of that name.",
        "DatabaseAuthenticationFailed": "The server refused user or password.",
        "DatabaseTlsFailed": "Check sslmode and sslrootcert in the DSN.",
        "InsufficientPrivilege": "The role may not do what is needed; the message has the GRANT.",
        "UnsupportedServerVersion": "PostgreSQL 15 or later is needed.",
        "PoolerInTransactionMode": "Connect to PostgreSQL itself, or use the pooler in session mode.",
        "NotMigrated": "The tables are missing: run psa-operator migrate, or let the operator probe again.",
        "DatabaseUnreachable": f"The server cannot be reached. {_WAIT}",
        "DatabaseReadOnly": f"A standby answers. {_WAIT}",
        "DatabaseExhausted": f"The server is out of connections, memory or room. {_WAIT}",
        "DatabaseRefused": "The server refuses a statement or value; the message has its words.",
        "ConstraintViolated": "A constraint that is not ours refuses a row; the message names it.",
        "LiveRowsLocked": "Somebody else holds the rows: end the transaction that the message names.",
        "Ready": "The database can be written and has our tables.",
    },
    "The cluster": {
        "OperatorForbidden": "The operator's own role lacks a right of the chart's; the message names it.",
        "ApiServerUnavailable": f"The API server did not answer the operator. {_WAIT}",
    },
    "Settings": {
        "SecretNotFound": _CREATE_IT,
        "InvalidCredentialsSecret": _CREATE_IT,
        "InvalidDatabaseSecret": _CREATE_IT,
        "InvalidNotificationSecret": _CREATE_IT,
        "InvalidSigningSecret": "The key for signatures cannot be used; the message says how to make one.",
        "InvalidConfiguration": "A setting cannot be used; the message names it.",
        "InvalidSchedule": "The cron expression cannot be used; the message says why.",
        "InvalidTimeZone": "Write an IANA name such as Europe/Berlin.",
        "UnknownTimeZone": "Write an IANA name such as Europe/Berlin.",
        "UnknownBoard": "The message lists the boards that exist.",
        "UnknownStatus": "The message lists the statuses that exist.",
        "UnknownCompanyType": "The message lists the types of companies that exist.",
        "UnknownCompanyStatus": "The message lists the statuses of companies that exist.",
        "IntegrationKeyTaken": "Another PSAIntegration fills these rows: write another integrationKey, in a "
        "new object.",
        "IntegrationKeyNotAllowed": "The integrationKey names another namespace: begin it with its own.",
        "IntegrationDisabled": "spec.enabled is false: nothing is asked or written, runs wait.",
        "UnknownName": "The PSA does not have this name: correct it, or take it out.",
        "Removed": "The PSA has it no more: take it out; where nothing names it, make a Full run.",
        "Renamed": "The PSA calls it otherwise: write the new name; where nothing names it, make a Full run.",
        "Retyped": "A custom field is of another type since the last Full run.",
        "UnmappedValues": "They keep the PSA's names until spec.mappings gives them one and a run brings it.",
        "Differs": "The time zones differ; the message says whether that matters.",
    },
    "A Full run is needed": {
        "NeverSynchronized": "No Full run has succeeded yet.",
        "ScopeChanged": "spec.tickets or spec.companies were changed.",
        "CustomFieldsChanged": "spec.tickets.customFields was changed.",
        "MappingChanged": "spec.mappings.fields was changed.",
        "TimeZoneChanged": "spec.timeZone was changed.",
        "ReleaseChanged": "A new release of the operator brings more of each ticket.",
        "DifferenceFound": "The last run counted otherwise than the PSA.",
        "AreasLeftOut": "The last Full run could not read an area that may be read now: another one removes "
        "what the PSA no longer has of it.",
        "CoverageTooOld": "What is covered is older than maxCoverageAge.",
        "RolledBack": "A run was rolled back; Full runs of schedules wait until a person starts one.",
        "NoFullRun": "None succeeded within resyncPeriodDays.",
    },
    "A run waits": {
        "IntegrationNotFound": "Create the PSAIntegration, or name another one.",
        "IntegrationNotReady": "It waits until the integration is ready.",
        "AnotherRunActive": "It waits for a run of the same PSA account; the message names its place.",
        "MaxConcurrentRuns": "All workers are busy; the message names its place.",
        "OnHold": "The annotation psa.msportal.ai/hold-until holds Full runs.",
        "OutsideWindow": "It waits for a maintenance window; the message says until when.",
        "AwaitingApproval": "It would delete more than deletionGuard allows, or leave a board or company "
        "without a ticket, so it has changed nothing and waits, for three days unless approvalTimeoutSeconds "
        "says otherwise: approve the number, or cancel and look at the PSA.",
        "DeletionGuard": "The same, in the run history.",
        "TakesLong": "It takes longer than overdueAfter; the message says what is slow.",
        "TemporaryFailure": f"Something passed wrong. {_WAIT}",
        "StageLost": "PostgreSQL crashed and what was read is gone: it is read again.",
        "WorkerDied": "The worker ended by itself: it is started again, up to backoffLimit times.",
        "WorkerKilled": "The worker was killed, often for memory; it is started again, as above.",
        "WorkerNotStarted": f"The worker could not be started. {_WAIT}",
    },
    "A run has ended": {
        "Cancelled": "Somebody asked for it; the data is as it was.",
        "TicketResyncDeleted": "The object is being deleted.",
        "IntegrationDeleted": "The integration was deleted while the run was on.",
        "Failed": "It failed; the message says why.",
        "BackoffLimitExceeded": "As many attempts failed as backoffLimit allows; the message has the last.",
        "DeadlineExceeded": "It took longer than activeDeadlineSeconds; status.waited tells what was slow.",
        "StartingDeadlineExceeded": "It waited longer than startingDeadlineSeconds.",
        "ApprovalTimeout": "Nobody approved the deletions in time; nothing was deleted.",
        "ChecksFailed": "What was read does not agree with the PSA; status.verification has the numbers.",
        "VerificationFailed": "What the PSA answered cannot be trusted; nothing was changed. Try later.",
        "EmptyAnswer": "The PSA lists nothing of something that is here. Nothing was changed.",
        "TooManyRecordsRefused": "More records did not fit than maxQuarantinedPercent accepts.",
        "VerdictExceeded": "The live rows changed while they were compared: it is tried again.",
        "PendingLocalChanges": "localChanges is Abort, and the portal has unsent changes. Nothing was read.",
        "CannotRollBack": "The run cannot be undone; the message says why.",
        "RunNotFound": "There is no such run in the run history.",
        "RunOfAnotherIntegration": "The run is of another integration.",
        "RunNotPublished": "The run changed nothing.",
        "AlreadyRolledBack": "It was undone already.",
        "ModeNotReversible": "Nothing is kept of runs of this mode.",
        "FirstLoad": "Nothing is kept from before the first load that brought all tickets.",
        "NothingKept": "The run changed nothing, or rollbackWindow was 0s.",
        "RollbackWindowEnded": "It could be undone until the time in the message.",
        "InternalError": "A defect of ours: the operator's log has the details. Please report it.",
        "Stalled": "It cannot go on by itself; the message says why.",
    },
    "Listed in status.errors of a run": {
        "RecordRefused": "A record does not fit and was set aside; its last good row stays.",
        "InvalidRecord": "The same, of a record that cannot be read at all.",
        "UnknownMember": "A technician is not among the members of the PSA.",
        "UnknownParent": "A record refers to one that the PSA does not give; a stub stands for it.",
        "IncompleteList": "A list could not be read to its end; the next run reads it again.",
        "LocalChangesNotSent": "Changes of the portal could not be sent; they stay and are tried again.",
        "LocalChangeHeld": "Portal and PSA changed the same field: somebody has to decide.",
        "LocalChangeRefused": "The PSA does not take a change of the portal.",
        "WriteRefused": "The same, in the words of the PSA.",
        "WriteProbe": "The trial of two-way sync failed.",
    },
    "Schedules and deletion": {
        "Missed": "A run was due while the operator was away; one later run makes up for all.",
        "MissedStartingDeadline": "A run was left out because it was later than startingDeadlineSeconds.",
        "PreviousRunActive": "A run was left out because the one before was not over.",
        "NameTaken": "Somebody else's TicketResync has the name of the run.",
        "RunRefused": "The API server refuses the run of the template; the message has its words.",
        "Deleting": "The rows of an integration that is being deleted are going, or cannot yet.",
        "RowsRetained": "The rows of an integration that was deleted stay; the message says why.",
    },
    "Notifications": {
        "NotNotified": "A message could not be delivered; the condition Notified says why.",
        "DeliveryFailed": "It was tried for six hours.",
        "MessageRefused": "The receiver does not take the message.",
    },
}


def render_conditions() -> str:
    """The page docs/conditions.md."""
    lines = ["# Conditions and reasons", "", _INTRODUCTION]
    for kind, conditions in CONDITIONS.items():
        rows = [(f"`{name}`", each.good, each.says) for name, each in conditions.items()]
        lines += ["", f"## Conditions of a {kind}", "", table(("condition", "good", "says"), rows)]
    lines += ["", "## Reasons", "", "A reason stands in conditions and events, and in the run history."]
    for title, reasons in REASONS.items():
        means = [(f"`{name}`", says) for name, says in reasons.items()]
        lines += ["", f"### {title}", "", table(("reason", "what it means, and what to do"), means)]
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
Generated by `make crds`. `kubectl describe` shows them with a message that names the field, the record or
the right. Ready, Reconciling and Stalled follow
[kstatus](https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md), so Argo CD, Flux
and `kubectl wait` understand them."""
