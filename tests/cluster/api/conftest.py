"""The resources as a user meets them: through kubectl, against a real API server."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from psa_operator.devcluster.cluster import Cluster
from tests.cluster.api.user import Api

ROOT = Path(__file__).parents[3]
POLICIES = ROOT / "charts/psa-operator/policies"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installed(control_plane: Cluster) -> Cluster:
    """The API server with our definitions and the warnings."""
    files = ["-f", str(ROOT / "crds"), "-f", str(POLICIES)]
    (await control_plane.kubectl("apply", *files)).output()
    (await control_plane.kubectl("wait", "--for=condition=Established", "-f", str(ROOT / "crds"))).output()
    return control_plane


@pytest_asyncio.fixture
async def api(installed: Cluster) -> AsyncIterator[Api]:
    namespace = f"api-{secrets.token_hex(4)}"
    (await installed.kubectl("create", "namespace", namespace)).output()
    yield Api(installed, namespace)
    await installed.kubectl("delete", "namespace", namespace, "--wait=false")


@pytest.fixture
def anywhere(installed: Cluster) -> Api:
    """A namespace for what is refused and so leaves nothing behind."""
    return Api(installed, "default")


@pytest.fixture
def integration() -> dict[str, Any]:
    """The smallest PSAIntegration."""
    return {
        "apiVersion": "psa.msportal.ai/v1alpha1",
        "kind": "PSAIntegration",
        "metadata": {"name": "acme"},
        "spec": {
            "provider": {"connectWise": {"url": "https://na.myconnectwise.net", "companyId": "acme"}},
            "credentialsSecretRef": {"name": "acme-keys"},
        },
    }


@pytest.fixture
def resync() -> dict[str, Any]:
    """The smallest TicketResync."""
    return {
        "apiVersion": "psa.msportal.ai/v1alpha1",
        "kind": "TicketResync",
        "metadata": {"name": "monday"},
        "spec": {"integrationRef": {"name": "acme"}},
    }
