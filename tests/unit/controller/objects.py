"""Objects as the API server would give them, with only what a test speaks of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


def condition(type_: str, status: str, reason: str, message: str = "") -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": ago(60),
        "observedGeneration": 1,
    }


READY = {"observedGeneration": 1, "conditions": [condition("Ready", "True", "Connected")]}


def integration(
    name: str = "acme", *, status: dict[str, Any] | None = None, company: str = "acme", **spec: Any
) -> PSAIntegration:
    return PSAIntegration.model_validate(integration_body(name, status=status, company=company, **spec))


def integration_body(
    name: str = "acme", *, status: dict[str, Any] | None = None, company: str = "acme", **spec: Any
) -> dict[str, Any]:
    return {
        "metadata": _metadata(name, "integration"),
        "spec": {
            "provider": {"connectWise": {"url": "https://psa.example.com", "companyId": company}},
            "credentialsSecretRef": {"name": "keys"},
            **spec,
        },
        "status": READY if status is None else status,
    }


def resync(
    name: str = "run", *, created: float = 10, status: dict[str, Any] | None = None, **spec: Any
) -> TicketResync:
    return TicketResync.model_validate(resync_body(name, created=created, status=status, **spec))


def resync_body(
    name: str = "run", *, created: float = 10, status: dict[str, Any] | None = None, **spec: Any
) -> dict[str, Any]:
    return {
        "metadata": _metadata(name, "resync", created),
        "spec": {"integrationRef": {"name": "acme"}, **spec},
        "status": {"observedGeneration": -1} if status is None else status,
    }


def _metadata(name: str, kind: str, created: float = 100) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": "tenant",
        "uid": f"{kind}-{name}",
        "generation": 1,
        "resourceVersion": "1",
        "creationTimestamp": ago(created),
    }
