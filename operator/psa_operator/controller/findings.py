"""The conditions of a PSAIntegration: what was found, and what a person has to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psa_operator.api.conditions import (
    Condition,
    ConditionStatus,
    Outlook,
    remove_condition,
    set_condition,
    set_outlook,
)
from psa_operator.api.group import PROBE_ANNOTATION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import IntegrationPhase, outlook
from psa_operator.controller import named, zones
from psa_operator.errors import (
    AuthenticationError,
    IdentityChangedError,
    PermissionDeniedError,
    PsaOperatorError,
    StalledError,
    TransientError,
)
from psa_operator.store.facts import Facts
from psa_operator.sync import access
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Access, Permission
from psa_operator.sync.spec import changed
from psa_operator.wiring import PsaProbe

Finding = tuple[str, ConditionStatus, str, str]
"""Type, status, reason and message of a condition."""

_NAMED = 10
_REJECTIONS = 5
_OF_THE_SECRET = frozenset({"InvalidCredentialsSecret", "SecretNotFound"})


@dataclass(frozen=True)
class Probe:
    """What was found when PSA and database were tried."""

    time: datetime
    generation: int
    token: str = ""
    psa: PsaProbe | None = None
    psa_error: PsaOperatorError | None = None
    database_error: PsaOperatorError | None = None
    failures: int = 0
    rejected: int = 0
    secret_version: str = ""
    facts: Facts | None = None

    @property
    def problem(self) -> PsaOperatorError | None:
        """What keeps the integration from being used; what a person must mend goes first."""
        every = (self.psa_error, self.stranger, self.barred, self.database_error)
        found = [error for error in every if error is not None]
        return next((error for error in found if isinstance(error, StalledError)), next(iter(found), None))

    @property
    def stopped(self) -> bool:
        """Whether the PSA has refused the login so often that another try might lock the account."""
        return self.rejected >= _REJECTIONS and isinstance(self.psa_error, AuthenticationError)

    @property
    def stranger(self) -> PsaOperatorError | None:
        """Another company than the one that the rows in the database came from."""
        known = self.facts.identity if self.facts else None
        if self.psa is None or known is None or self.psa.server.identity == known:
            return None
        return IdentityChangedError(
            f'The rows in the database came from "{known}", but "{self.psa.server.identity}" answers now; '
            "nothing is mixed. Correct spec.provider, or create a new PSAIntegration for the other company"
        )

    @property
    def denied(self) -> PsaOperatorError | None:
        """The areas that the PSA does not let us read, as one problem."""
        if isinstance(self.psa_error, PermissionDeniedError):
            return self.psa_error
        return access.refusal(self._closed)

    @property
    def barred(self) -> PsaOperatorError | None:
        """Those of them without which no run can work."""
        if isinstance(self.psa_error, PermissionDeniedError):
            return self.psa_error
        return access.refusal(self._closed, self._dispensable)

    @property
    def switched_off(self) -> Sequence[str]:
        """Those of them without which runs go on."""
        return [each.area for each in self._closed if each.area in self._dispensable]

    @property
    def granted(self) -> frozenset[str]:
        """The areas of which the PSA showed something."""
        found = self.psa.permissions if self.psa else ()
        return frozenset(each.area for each in found if each.access is Access.GRANTED)

    @property
    def _closed(self) -> Sequence[Permission]:
        return access.denied(self.psa.permissions) if self.psa else ()

    @property
    def _dispensable(self) -> frozenset[str]:
        return self.psa.dispensable if self.psa else frozenset()


_CHANGED = {
    "ScopeChanged": "spec.tickets or spec.companies were changed: older tickets may be missing or too many",
    "CustomFieldsChanged": "spec.tickets.customFields was changed: older tickets have those of before",
    "MappingChanged": "spec.mappings.fields was changed: older tickets have the names of before",
    "TimeZoneChanged": "spec.timeZone was changed: stamps without a zone were read in the one of before",
    "ReleaseChanged": "a new release of the operator brings more of each ticket, which older ones lack",
}


def conditions_of(
    integration: PSAIntegration, probe: Probe, phase: IntegrationPhase, config_hash: str, now: datetime
) -> tuple[Condition, ...]:
    """All conditions, in the order in which a person would read them."""
    generation, conditions = integration.metadata.generation, integration.status.conditions
    reason, message = _verdict(probe)
    heals = isinstance(probe.problem, TransientError)
    expected: Outlook = outlook(phase, heals=heals)
    conditions = set_outlook(conditions, expected, reason, message, now=now, generation=generation)
    findings = [_credentials(probe), _database(probe), _permissions(probe)]
    findings.append(_time_zone(integration, probe, now))
    if probe.facts is not None:
        findings.append(_resync(integration, probe, probe.facts, config_hash, now))
        findings.extend(_overdue(integration, probe.facts, now))
        findings.append(_mapping(integration, probe.facts))
        findings.append(("SettingsCurrent", *named.judge(integration, probe.facts, probe.psa_error)))
    if integration.spec.resync_period_days is None:
        conditions = remove_condition(conditions, "ResyncOverdue")
    for type_, status, why, words in findings:
        conditions = set_condition(conditions, type_, status, why, words, now=now, generation=generation)
    return conditions


def _verdict(probe: Probe) -> tuple[str, str]:
    problem = probe.problem
    if probe.stopped:
        return "Stopped", (
            f"The PSA refused the login {probe.rejected} times in a row, and is not asked any more, so that "
            f"it does not lock the account: correct the Secret, or set the annotation {PROBE_ANNOTATION} to "
            f"have it tried again. {problem}"
        )
    if problem is not None:
        return problem.reason, str(problem)
    company = f'company "{probe.psa.server.identity}"' if probe.psa else "the PSA"
    held = probe.facts.pending.held if probe.facts else 0
    off = ", ".join(probe.switched_off)
    without = f"; {off} may not be read and stay as they are, see PermissionsGranted" if off else ""
    waiting = f"; {held:,} local changes wait until somebody decides, see status" if held else ""
    return "Connected", f"Connected to {company}; the database is ready{without}{waiting}"


def _credentials(probe: Probe) -> Finding:
    type_, error = "CredentialsValid", probe.psa_error
    if error is None or isinstance(error, PermissionDeniedError):
        return type_, "True", "LoggedIn", "The PSA accepted the credentials"
    if isinstance(error, AuthenticationError) or error.reason in _OF_THE_SECRET:
        return type_, "False", error.reason, str(error)
    return type_, "Unknown", "NotTried", f"The credentials could not be tried: {error}"


def _database(probe: Probe) -> Finding:
    type_, error = "DatabaseReady", probe.database_error
    if error is None:
        return type_, "True", "Ready", "The database can be written and has our tables"
    return type_, "False", error.reason, str(error)


def _permissions(probe: Probe) -> Finding:
    type_, problem = "PermissionsGranted", probe.denied
    if problem is not None:
        kept = "" if probe.barred else ". What is here of it stays as it is, and all else is synchronized"
        return type_, "False", problem.reason, f"{str(problem).rstrip('.')}{kept}"
    if probe.psa is None:
        return type_, "Unknown", "NotTried", "The PSA could not be asked what may be read"
    if unclear := [each.area for each in probe.psa.permissions if each.access is Access.UNKNOWN]:
        return type_, "Unknown", "NotTried", f"The PSA did not say whether {', '.join(unclear)} may be read"
    return type_, "True", "AllGranted", f"All {len(probe.psa.permissions)} areas can be read"


def _time_zone(integration: PSAIntegration, probe: Probe, now: datetime) -> Finding:
    type_ = "TimeZoneMatches"
    if probe.psa is None:
        return type_, "Unknown", "NotTried", "The PSA could not be asked for its time zone"
    return type_, *zones.judge(probe.psa.server.time_zone, integration.spec.time_zone, now)


def _resync(
    integration: PSAIntegration, probe: Probe, facts: Facts, config_hash: str, now: datetime
) -> Finding:
    type_ = "ResyncRequired"
    for reason, message in _reasons_for_a_full_run(integration, probe, facts, config_hash, now):
        # What a run has found says itself what mends it.
        advice = "" if reason == "DifferenceFound" else ". Create a TicketResync with mode: Full"
        return type_, "True", reason, f"{message}{advice}"
    return type_, "False", "UpToDate", "No Full run is needed"


def _overdue(integration: PSAIntegration, facts: Facts, now: datetime) -> Iterator[Finding]:
    """Whether a Full run is expected now and then, and the last one is too long ago."""
    days = integration.spec.resync_period_days
    if days is None:
        return
    last = facts.last_full.ended_at if facts.last_full else integration.metadata.creation_timestamp or now
    if last + timedelta(days=days) >= now:
        yield "ResyncOverdue", "False", "InTime", f"A Full run is expected every {days} days"
        return
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if facts.last_full else "yet"
    yield (
        "ResyncOverdue",
        "True",
        "NoFullRun",
        (
            f"No Full run has succeeded {since}, and spec.resyncPeriodDays is {days}: create a TicketResync "
            "with mode: Full, or a TicketResyncSchedule that does so"
        ),
    )


def _mapping(integration: PSAIntegration, facts: Facts) -> Finding:
    type_, given = "MappingComplete", integration.spec.mappings
    asked = {Entity.STATUSES: given.statuses, Entity.PRIORITIES: given.priorities}
    if not any(asked.values()):
        return type_, "True", "NothingToMap", "Statuses and priorities have the PSA's own names"
    missing = [
        f"{entity} {_named(facts.unmapped[entity])}"
        for entity, names in asked.items()
        if names and entity in facts.unmapped
    ]
    if not missing:
        return type_, "True", "AllMapped", "Every status and priority in use has a name of the portal"
    words = " and ".join(missing)
    fate = "they keep the PSA's until spec.mappings gives them one and a run brings it"
    return type_, "False", "UnmappedValues", f"No name of the portal for {words}: {fate}"


def _named(values: Mapping[str, int]) -> str:
    first = [f'"{name}" ({number:,} tickets)' for name, number in list(values.items())[:_NAMED]]
    more = [f"{len(values) - _NAMED:,} more"] if len(values) > _NAMED else []
    return ", ".join([*first, *more])


def _reasons_for_a_full_run(
    integration: PSAIntegration, probe: Probe, facts: Facts, config_hash: str, now: datetime
) -> Iterator[tuple[str, str]]:
    if facts.rolled_back:
        name = facts.rolled_back.rpartition("/")[2]
        yield (
            "RolledBack",
            (
                f"Run {name} was rolled back, so what it had brought, mended and removed is as it was before "
                "it. First mend what was wrong with it"
            ),
        )
    if facts.last_full is None:
        yield "NeverSynchronized", "No Full run has succeeded yet"
    elif classes := changed(facts.full_config_hash or "", config_hash):
        words = "; ".join(_CHANGED[each] for each in classes)
        yield classes[0], f"Since the last Full run {words}"
    elif returned := [each for each in facts.last_full.denied if each in probe.granted]:
        words = ", ".join(returned)
        yield "AreasLeftOut", f"The last Full run had to leave out {words}, which may be read by now"
    if facts.resync_required:
        yield "DifferenceFound", facts.resync_required.rstrip(".")
    covered, oldest = facts.covered_until, now - integration.spec.max_coverage_age
    if covered is not None and covered < oldest:
        yield (
            "CoverageTooOld",
            (
                f"What changed in the PSA since {covered:%Y-%m-%d %H:%M} UTC is not here yet; that is longer "
                "ago than spec.maxCoverageAge"
            ),
        )
