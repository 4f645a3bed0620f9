"""From what the user wrote to what the engine works with: specs, a source, a store."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.errors import ConfigurationError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.catalog import open_source
from psa_operator.psa.http import Patience
from psa_operator.sync import access, reference
from psa_operator.sync.access import DISPENSABLE
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Permission, Server
from psa_operator.sync.spec import (
    Account,
    CompanyFilter,
    ConflictPolicy,
    CustomFields,
    Database,
    DateField,
    DateRange,
    Guard,
    Limits,
    LocalChanges,
    Mappings,
    Mode,
    Notes,
    RunSpec,
    Selection,
    TicketScope,
    Verification,
    WriteBack,
    config_hash,
)

CREDENTIAL_KEYS: Mapping[str, tuple[str, ...]] = {"ConnectWise": ("publicKey", "privateKey", "clientId")}
"""The keys that a credentials Secret must have, by provider."""


_PROBE_PATIENCE = Patience(attempts=2, first_pause=0.5, longest_retry_after=5.0, silence=20.0)
"""A probe is repeated anyway, and people wait for its word."""


class PsaProbe(Struct, frozen=True):
    """What a PSA said when it was tried; the skew is its clock minus ours.

    `dispensable` are the areas that runs do without if they have to.
    """

    server: Server
    clock_skew_seconds: int
    permissions: list[Permission]
    dispensable: frozenset[str] = DISPENSABLE


def account(integration: PSAIntegration, credentials: Mapping[str, str]) -> Account:
    """Where the PSA is and how to log in. Raises ConfigurationError that names the key or the field."""
    spec = integration.spec
    secret = spec.credentials_secret_ref.name
    for key in CREDENTIAL_KEYS["ConnectWise"]:
        if not credentials.get(key, "").strip():
            state = "is empty" if key in credentials else "is missing"
            raise ConfigurationError(
                f'The key "{key}" {state} in Secret "{secret}" (spec.credentialsSecretRef); a ConnectWise '
                f"integration needs {', '.join(CREDENTIAL_KEYS['ConnectWise'])}",
                reason="InvalidCredentialsSecret",
            )
    connect_wise = spec.provider.connect_wise
    return Account(
        provider="ConnectWise",
        settings={"url": connect_wise.url, "companyId": connect_wise.company_id},
        credentials={key: credentials[key].strip() for key in CREDENTIAL_KEYS["ConnectWise"]},
        time_zone=spec.time_zone,
        project_tickets=spec.tickets.project_tickets,
    )


def account_key(integration: PSAIntegration) -> str:
    """Name the PSA account, the same for every integration that uses it: one run at a time for each."""
    connect_wise = integration.spec.provider.connect_wise
    # Not urlsplit, which raises for some hosts: one tenant's URL must not stop the others' runs.
    host = connect_wise.url.partition("://")[2].partition("/")[0]
    return f"connectwise://{host.lower()}/{connect_wise.company_id.lower()}"


def ticket_scope(integration: PSAIntegration) -> TicketScope:
    """Which tickets the user wants."""
    tickets, companies = integration.spec.tickets, integration.spec.companies
    dates, fields = tickets.date_range, tickets.custom_fields
    return TicketScope(
        include_boards=tuple(sorted(tickets.boards.include)),
        exclude_boards=tuple(sorted(tickets.boards.exclude)),
        excluded_statuses=tuple(sorted(tickets.excluded_statuses)),
        date_range=DateRange(DateField(dates.field), dates.from_, dates.to, dates.lookback_days)
        if dates
        else DateRange(),
        include_closed=tickets.include_closed,
        notes=Notes(tickets.notes),
        time_entries=tickets.time_entries,
        custom_fields=CustomFields(
            wanted=None if fields is None or fields.names is None else tuple(sorted(fields.names)),
            renamed=tuple(sorted(integration.spec.mappings.fields.items())),
        ),
        project_tickets=tickets.project_tickets,
        companies=CompanyFilter(
            companies.exclude_inactive,
            tuple(sorted(companies.excluded_types)),
            tuple(sorted(companies.excluded_statuses)),
        ),
    )


def current_config_hash(integration: PSAIntegration) -> str:
    """The config hash of a run that would start now."""
    return config_hash(ticket_scope(integration), integration.spec.time_zone)


def database(integration: PSAIntegration, dsn: str, allowed_hosts: frozenset[str] | None = None) -> Database:
    """Where the rows of an integration live; a DSN that a tenant wrote comes with the allow-list."""
    return Database(dsn, integration.spec.database.schema_, allowed_hosts)


def limits(integration: PSAIntegration) -> Limits:
    """What we may ask of the PSA."""
    given = integration.spec.limits
    return Limits(given.requests_per_minute, given.concurrency, given.reserve_percent)


def write_back(integration: PSAIntegration) -> WriteBack:
    """Whether and how what the portal changed goes to the PSA."""
    given = integration.spec.write_back
    return WriteBack(given.enabled, ConflictPolicy(given.conflict_policy), given.database_role or "")


def run_spec(
    integration: PSAIntegration, resync: TicketResync, credentials: Mapping[str, str], database: Database
) -> RunSpec:
    """Freeze what a run is asked to do. Raises ConfigurationError as `account` does."""
    spec, asked = integration.spec, resync.spec
    guard, checks = spec.deletion_guard, spec.verification
    return RunSpec(
        run_id=resync.metadata.uid,
        name=f"{resync.metadata.namespace}/{resync.metadata.name}",
        integration_key=integration.key,
        mode=Mode(asked.mode),
        account=account(integration, credentials),
        database=database,
        reason=asked.reason or "",
        requested_by=asked.requested_by or "",
        dry_run=asked.dry_run,
        scope=ticket_scope(integration),
        mappings=Mappings(dict(spec.mappings.statuses), dict(spec.mappings.priorities)),
        overlap=spec.overlap,
        limits=limits(integration),
        guard=Guard(guard.max_count, guard.max_percent),
        approved_deletions=resync.approved_deletions,
        verification=Verification(
            checks.newest,
            checks.sample,
            max_quarantined_percent=checks.max_quarantined_percent,
            write_probe=checks.write_probe.ticket_id if checks.write_probe else 0,
        ),
        rollback_of=f"{resync.metadata.namespace}/{asked.rollback_of.name}" if asked.rollback_of else "",
        rollback_window=spec.rollback_window,
        only=Selection(tuple(asked.ticket_ids or ()), tuple(map(Entity, asked.entities or ()))),
        write_back=write_back(integration),
        local_changes=LocalChanges(asked.local_changes),
    )


async def probe_psa(
    integration: PSAIntegration, credentials: Mapping[str, str], policy: HostPolicy
) -> PsaProbe:
    """Try the PSA as a run would use it, scope included. Raises the errors of `psa_operator.errors`."""
    given = account(integration, credentials)
    async with open_source(given, limits(integration), policy, _PROBE_PATIENCE) as source:
        server = await source.server()
        skew = server.now - datetime.now(UTC)
        wanted = ticket_scope(integration)
        permissions = await source.probe(wanted.left_out)
        closed = {each.area for each in access.denied(permissions)}
        dispensable = access.dispensable(wanted)
        if wanted.names_lists and closed <= dispensable:
            reference.scope_of(wanted, await reference.read(source, closed), server.now)
        return PsaProbe(server, round(skew.total_seconds()), permissions, dispensable)
