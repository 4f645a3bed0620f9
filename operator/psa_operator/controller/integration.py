"""What a PSAIntegration's status says, and when to look again: pure, from a probe and the clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import structs

from psa_operator.api import integration_status as api
from psa_operator.api.conditions import set_outlook
from psa_operator.api.group import PROBE_ANNOTATION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.integration_status import IntegrationPhase, PSAIntegrationStatus, outlook
from psa_operator.controller.findings import Probe, conditions_of
from psa_operator.errors import TransientError
from psa_operator.store.facts import Facts, LastRun
from psa_operator.sync.outgoing import Pending

_BETWEEN_LOOKS = 60.0


def due(integration: PSAIntegration, probe: Probe | None, next_at: datetime, now: datetime) -> bool:
    """Whether PSA and database must be tried now."""
    if probe is None or probe.generation != integration.metadata.generation or next_at <= now:
        return True
    return probe_token(integration) not in {"", probe.token}


def probe_token(integration: PSAIntegration) -> str:
    """What the user wrote into the annotation that asks for a probe."""
    return integration.metadata.annotations.get(PROBE_ANNOTATION, "")[:256]


def pause(probe: Probe, interval: timedelta, first: timedelta, jitter: float) -> timedelta:
    """How long until the next probe: the interval, spread by `jitter` in [0, 1), or sooner if it may heal."""
    if not isinstance(probe.problem, TransientError):
        return interval * (0.9 + 0.2 * jitter)
    return min(first * float(2 ** min(probe.failures - 1, 16)), interval)


def look_again(integration: PSAIntegration, next_at: datetime, now: datetime) -> float:
    """Seconds until the next probe, or sooner where the portal may change what nobody tells us of."""
    until_probe = (next_at - now).total_seconds()
    return min(until_probe, _BETWEEN_LOOKS) if integration.spec.write_back.enabled else until_probe


def stopped(integration: PSAIntegration) -> bool:
    """Whether the PSA is not to be asked, as long as nobody has changed its spec or asked for a try."""
    status = integration.status
    asked = probe_token(integration) not in {"", status.last_handled_requests.get(PROBE_ANNOTATION)}
    same = status.observed_generation == integration.metadata.generation
    return status.phase is IntegrationPhase.STOPPED and same and not asked


def disabled(integration: PSAIntegration, now: datetime) -> PSAIntegrationStatus:
    """It is switched off: nothing is asked and nothing is written."""
    before, generation = integration.status, integration.metadata.generation
    message = "spec.enabled is false: the PSA is not asked, the database is not written, runs wait"
    conditions = set_outlook(
        before.conditions,
        outlook(IntegrationPhase.DISABLED),
        "IntegrationDisabled",
        message,
        now=now,
        generation=generation,
    )
    return before.replace(
        observed_generation=generation,
        phase=IntegrationPhase.DISABLED,
        conditions=conditions,
        provider="ConnectWise",
    )


def unknown(integration: PSAIntegration, now: datetime) -> PSAIntegrationStatus:
    """Nobody has tried it yet."""
    generation, phase = integration.metadata.generation, IntegrationPhase.PENDING
    message = "The PSA and the database are being tried"
    conditions = set_outlook((), outlook(phase), "Probing", message, now=now, generation=generation)
    return integration.status.replace(phase=phase, provider="ConnectWise", conditions=conditions)


def connected(
    integration: PSAIntegration, probe: Probe, config_hash: str, now: datetime, *, syncing: bool
) -> PSAIntegrationStatus:
    """What the last probe and the store say."""
    before, problem = integration.status, probe.problem
    phase = IntegrationPhase.SYNCING if syncing else IntegrationPhase.CONNECTED
    if problem is not None:
        phase = IntegrationPhase.STOPPED if probe.stopped else IntegrationPhase.ERROR
    status = before.replace(
        observed_generation=probe.generation,
        phase=phase,
        provider="ConnectWise",
        conditions=conditions_of(integration, probe, phase, config_hash, now),
        consecutive_failures=probe.failures,
        rejected_logins=probe.rejected,
        credentials_version=probe.secret_version or before.credentials_version,
        last_handled_requests=_handled(before, probe),
        **_from_psa(before, probe),
    )
    if probe.facts is None:
        return status
    return _with_facts(status, probe.facts, write_back=integration.spec.write_back.enabled)


def _handled(before: PSAIntegrationStatus, probe: Probe) -> Mapping[str, str]:
    return {**before.last_handled_requests, **({PROBE_ANNOTATION: probe.token} if probe.token else {})}


def _from_psa(before: PSAIntegrationStatus, probe: Probe) -> dict[str, object]:
    if probe.psa is None:
        return {"server": before.server, "permissions": before.permissions}
    said = probe.psa.server
    server = api.Server(
        version=said.version,
        identity=said.identity,
        time_zone=said.time_zone,
        clock_skew_seconds=_skew(before, probe.psa.clock_skew_seconds),
    )
    permissions = tuple(
        api.Permission(area=each.area, state=each.access.value, detail=each.detail or None)
        for each in probe.psa.permissions
    )
    return {"server": server, "permissions": permissions}


def _skew(before: PSAIntegrationStatus, measured: float) -> float:
    """What was shown, unless it is off by more than the second to which a PSA tells its time."""
    shown = before.server.clock_skew_seconds if before.server else None
    return measured if shown is None or abs(measured - shown) > 1 else shown


def _with_facts(status: PSAIntegrationStatus, facts: Facts, *, write_back: bool) -> PSAIntegrationStatus:
    return status.replace(
        counts={str(entity): rows for entity, rows in facts.counts.items()},
        covered_until=facts.covered_until,
        last_quick_sync=_last(facts.last_quick),
        last_full_sync=_last(facts.last_full),
        pending_local_changes=_pending(facts.pending) if write_back or facts.pending.count else None,
        drift=_drift(facts.last_full),
        rollback_until=facts.rollback_until,
        config_hash=facts.full_config_hash,
    )


def _pending(pending: Pending) -> api.PendingLocalChanges:
    first = tuple(
        api.LocalChange(
            ticket_id=each.ticket_id,
            what=each.what,
            state=each.state,
            changed_by=each.changed_by,
            changed_at=each.changed_at,
            message=each.message or None,
        )
        for each in pending.first
    )
    return api.PendingLocalChanges(count=pending.count, held=pending.held, oldest=pending.oldest, first=first)


def _drift(full: LastRun | None) -> api.Drift | None:
    found = full.drift if full else None
    return api.Drift(**structs.asdict(found)) if found else None


def _last(run: LastRun | None) -> api.LastSync | None:
    return None if run is None else api.LastSync(name=run.name.rpartition("/")[2], time=run.ended_at)
