"""Whose rows an integration may fill: pure, from the objects alone."""

from collections.abc import Iterable
from datetime import UTC, datetime

from psa_operator.api.conditions import is_true
from psa_operator.api.integration import PSAIntegration
from psa_operator.errors import ConfigurationError, PsaOperatorError


def key_problem(integration: PSAIntegration, others: Iterable[PSAIntegration]) -> PsaOperatorError | None:
    """Why it may not fill the rows of its key: they are another tenant's, or another object's."""
    if not key_allowed(integration):
        mine = f"{integration.metadata.namespace}/"
        return ConfigurationError(
            f'integrationKey "{integration.key}" may name the rows of another namespace: write a key that '
            f'begins with "{mine}" or has no "/", or leave it out, in a new object',
            reason="IntegrationKeyNotAllowed",
        )
    for other in others:
        if other.metadata.uid == integration.metadata.uid or other.key != integration.key:
            continue
        if key_allowed(other) and _age(other) < _age(integration):
            return ConfigurationError(
                f'PSAIntegration "{other.metadata.namespace}/{other.metadata.name}" already fills the rows '
                f'of integrationKey "{integration.key}": give this one a key of its own in a new object',
                reason="IntegrationKeyTaken",
            )
    return None


def key_allowed(integration: PSAIntegration) -> bool:
    """Whether its key is free for all, or its own namespace's: "<namespace>/" belongs to that namespace."""
    return "/" not in integration.key or integration.key.startswith(f"{integration.metadata.namespace}/")


def _age(integration: PSAIntegration) -> tuple[datetime, bool, str]:
    # Rows belong to the object that was there first. Of two that were created in the same second, the one
    # that works keeps working.
    works = is_true(integration.status.conditions, "Ready")
    metadata = integration.metadata
    return metadata.creation_timestamp or datetime.now(UTC), not works, metadata.uid
