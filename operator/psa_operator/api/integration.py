"""PSAIntegration: how to reach one PSA, where its data goes, what is in scope."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from psa_operator.api.checks import DeletionGuard, Verification
from psa_operator.api.clock import MaintenanceWindow, TimeZone
from psa_operator.api.integration_status import PSAIntegrationStatus
from psa_operator.api.model import (
    Duration,
    Model,
    ObjectMeta,
    ObjectReference,
    SecretKeyReference,
    rule,
    rules,
    unchanged,
)
from psa_operator.api.notifications import Notifications
from psa_operator.api.tickets import Companies, Mappings, Tickets
from psa_operator.api.write_back import WriteBack

_LONGEST_SCHEMA = 57
"""What is read is staged in a schema of its own, called the same with _stage, and PostgreSQL cuts at 63."""

Url = Annotated[str, AfterValidator(lambda url: url.rstrip("/")), Field(max_length=2048)]


class DeletionPolicy(StrEnum):
    """What becomes of the rows when the object is deleted."""

    RETAIN = "Retain"
    DELETE = "Delete"


class ConnectWise(Model):
    """One company of ConnectWise PSA."""

    url: Url = Field(
        description="Address of the ConnectWise site, for example https://na.myconnectwise.net. https, or "
        "http where the operator allows it; no user name, password, path, query or fragment. May change, as "
        "long as the same company answers there.",
        json_schema_extra=rules(
            rule(
                "isURL(self) && url(self).getScheme() in ['https', 'http'] && url(self).getHost() != ''"
                " && url(self).getEscapedPath() in ['', '/']"
                " && !self.contains('@') && !self.contains('?') && !self.contains('#')",
                "write the address like https://na.myconnectwise.net, without user name, password, path, "
                "query or fragment; credentials belong in the Secret that credentialsSecretRef names",
            ),
        ),
    )
    company_id: str = Field(
        max_length=100,
        description="The company id that people enter on the ConnectWise login page. Cannot be changed: "
        "another company is another PSAIntegration.",
        json_schema_extra=rules(
            rule(
                "self.matches('^[A-Za-z0-9_.-]+$')",
                "write the company id as on the ConnectWise login page: letters, digits, '-', '_' and '.'",
            ),
            rule(
                "self == oldSelf",
                "companyId cannot be changed, because the rows in the database belong to that company: "
                "create a new PSAIntegration for the other company",
            ),
        ),
    )


class Provider(Model):
    """The PSA: exactly one kind, which cannot be changed."""

    connect_wise: ConnectWise = Field(description="ConnectWise PSA (formerly ConnectWise Manage).")


class Database(Model):
    """The PostgreSQL database that the copy of the tickets lives in."""

    secret_ref: SecretKeyReference | None = Field(
        None,
        description="The connection string (DSN): a postgresql:// URL or key=value pairs with host, port, "
        "dbname, user, password and sslmode. Default: the operator's own database.",
    )
    schema_: str = Field(
        "psa",
        alias="schema",
        max_length=_LONGEST_SCHEMA,
        description="The PostgreSQL schema of the tables. Default: psa.",
        json_schema_extra=rules(
            rule(
                "self.matches('^[a-z_][a-z0-9_]*$') && !self.startsWith('pg_') "
                "&& self != 'information_schema'",
                "write a plain identifier: lower-case letters, digits and '_', no digit first, not beginning "
                "with pg_, and not information_schema, which is PostgreSQL's own",
            )
        ),
    )


class Limits(Model):
    """How much of the PSA's capacity synchronization may take."""

    requests_per_minute: int | None = Field(
        None,
        ge=1,
        le=100_000,
        description="Requests to the PSA per minute. Default: what the PSA recommends.",
    )
    concurrency: int = Field(8, ge=1, le=64, description="Requests to the PSA at the same time. Default: 8.")
    reserve_percent: int = Field(
        20,
        ge=0,
        le=90,
        description="Share of requestsPerMinute, in percent, left to the portal's live traffic. Default: 20.",
    )


class PSAIntegrationSpec(
    Model,
    json_schema_extra=rules(
        rule(
            unchanged("integrationKey"),
            "integrationKey says whose rows are in the database and cannot be changed, added or removed: "
            "create a new PSAIntegration with the key that you want",
            field=".integrationKey",
        ),
        rule(
            "!has(self.verification.writeProbe) || self.writeBack.enabled",
            "writeProbe tries two-way sync: set writeBack.enabled to true, or leave writeProbe out",
            field=".verification.writeProbe",
        ),
    ),
):
    """What the user wants of one PSA."""

    enabled: bool = Field(
        default=True,
        description="Whether this integration works. false: no call to the PSA and no write to the database; "
        "a running sync is cancelled, new ones wait. Default: true.",
    )
    integration_key: str | None = Field(
        None,
        max_length=317,
        description="Whose rows they are in the database; an object that is created again with the same key "
        "goes on with its rows. With a / it must begin with this namespace and /. Cannot be changed. "
        "Default: <namespace>/<name> of this object.",
        json_schema_extra=rules(
            rule(
                "self.matches('^[a-z0-9]([a-z0-9./-]*[a-z0-9])?$')",
                "write lower-case letters, digits, '-', '.' and '/', with a letter or digit at both ends",
            )
        ),
    )
    provider: Provider = Field(description="The PSA: exactly one kind, which cannot be changed.")
    credentials_secret_ref: ObjectReference = Field(
        description="The Secret with the credentials. Keys for ConnectWise: publicKey and privateKey (of the "
        "API member) and clientId (of the integration). With the label psa.msportal.ai/watched=true a change "
        "of it is noticed at once."
    )
    database: Database = Field(
        Database(), description="Where the tickets go. Default: the operator's own database, schema psa."
    )
    tickets: Tickets = Field(
        Tickets(), description="The ticket settings: what is in scope. Default: all tickets."
    )
    companies: Companies = Field(
        Companies(),
        description="Companies whose tickets are left out. Tickets of a company whose status or types change "
        "in the PSA leave or return with the next Quick Sync; a change of these settings needs a Full Clear "
        "and Resync. Default: none are left out.",
    )
    mappings: Mappings = Field(
        Mappings(), description="What the portal calls things of the PSA. Default: what the PSA calls them."
    )
    time_zone: TimeZone = Field(
        "UTC",
        description="Time zone of the PSA's stamps that carry none, as an IANA name such as "
        "America/New_York. Everything is stored as UTC. The condition TimeZoneMatches compares it with the "
        "PSA's own. Default: UTC.",
    )
    write_back: WriteBack = Field(
        WriteBack(),
        description="Two-way sync: whether changes that the portal makes in the database are sent to the "
        "PSA. A change of it holds at once, and needs no Full run. Default: they are not.",
    )
    limits: Limits = Field(Limits(), description="How much of the PSA's capacity synchronization may take.")
    overlap: Duration = Field(
        timedelta(minutes=5),
        description="How far a Quick Sync reaches back before the point that is already covered, as a "
        "duration like 5m. Default: 5m.",
    )
    max_coverage_age: Duration = Field(
        timedelta(hours=168),
        description="When the last covered change is older than this, the condition ResyncRequired says so; "
        "a duration like 168h. Default: 168h.",
    )
    deletion_guard: DeletionGuard = Field(
        DeletionGuard(),
        description="A run that would delete more than this, or leave a board or company with more than 10 "
        "tickets without any, changes nothing, and waits until its spec.approvedDeletions names the number. "
        "Up to 10 deletions of each kind always pass, unless they are all that there is.",
    )
    verification: Verification = Field(
        Verification(),
        description="How a Full Clear and Resync checks what it has read before anything is changed.",
    )
    rollback_window: Duration = Field(
        timedelta(hours=72),
        description="How long a Full Clear and Resync, a Prune or a PSA settings resync can be undone by a "
        "TicketResync with mode: Rollback; what they replace is kept as long. A duration like 72h, for runs "
        "to come. 0s: nothing is kept. Default: 72h.",
    )
    deletion_policy: DeletionPolicy = Field(
        DeletionPolicy.RETAIN,
        description="What becomes of the rows in the database when this object is deleted. Retain: they "
        "stay, and an object with the same key goes on with them. Delete: all go, private notes and tags of "
        "the portal included, but for the run history; kubectl delete waits for it. They stay after all, "
        "with an event RowsRetained, if the portal has unsent changes, or if it cannot be done within 10 "
        "minutes. Default: Retain.",
    )
    maintenance_windows: tuple[MaintenanceWindow, ...] = Field(
        (),
        max_length=20,
        description="When Full runs that schedules make may start, and runs with respectWindows: true; one "
        "that has begun goes on when the window ends. Default: at any time.",
    )
    resync_period_days: int | None = Field(
        None,
        ge=1,
        le=3650,
        description="When no Full Clear and Resync succeeded within so many days, the condition "
        "ResyncOverdue says so. Default: none is expected.",
    )
    overdue_after: Duration = Field(
        timedelta(minutes=30),
        description="A run that takes longer gets the condition Overdue; a duration like 30m. Default: 30m.",
    )
    notifications: Notifications = Field(
        (),
        description="Who is told over HTTP of what becomes of runs, once for each transition. A delivery "
        "that fails is tried again for 6 hours; the condition Notified says so. Default: nobody.",
    )


class PSAIntegration(Model):
    """How to reach one PSA, where its data goes, what is in scope."""

    metadata: ObjectMeta
    spec: PSAIntegrationSpec
    status: PSAIntegrationStatus = PSAIntegrationStatus()

    @property
    def key(self) -> str:
        """Whose rows they are in the database."""
        return self.spec.integration_key or f"{self.metadata.namespace}/{self.metadata.name}"
