"""The Quick Sync that people start with an annotation, without a manifest: pure."""

import hashlib
from typing import Any

from psa_operator.api.group import API_VERSION, QUICK_SYNC_ANNOTATION
from psa_operator.api.integration import PSAIntegration

_KEPT_SECONDS = 86_400


def pressed(integration: PSAIntegration) -> str:
    """The token of a request that was not handled yet, "" if there is none."""
    token = integration.metadata.annotations.get(QUICK_SYNC_ANNOTATION, "")[:256]
    return "" if token == integration.status.last_handled_requests.get(QUICK_SYNC_ANNOTATION) else token


def quick_run(integration: PSAIntegration, token: str) -> dict[str, Any]:
    """The TicketResync for a token: making it twice is one run."""
    mine = integration.metadata
    digest = hashlib.sha256(f"{mine.uid} {token}".encode()).hexdigest()[:8]
    return {
        "apiVersion": API_VERSION,
        "kind": "TicketResync",
        "metadata": {"name": f"{mine.name[:230]}-quick-{digest}", "namespace": mine.namespace},
        "spec": {
            "integrationRef": {"name": mine.name},
            "requestedBy": f"annotation {QUICK_SYNC_ANNOTATION}",
            "ttlSecondsAfterFinished": _KEPT_SECONDS,  # nobody keeps it in Git
        },
    }
