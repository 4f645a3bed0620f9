"""The main job: apply a TicketResync, and PostgreSQL holds what the PSA holds."""

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant, condition


async def test_the_first_quick_run_becomes_full_and_says_so(
    operator: OperatorProcess, tenant: Tenant
) -> None:
    await tenant.connect()

    status = await tenant.sync("first", "Quick")

    assert (status["phase"], status["effectiveMode"]) == ("Succeeded", "Full"), status
    assert status["counts"]["tickets"]["created"] == len(tenant.psa.ids("tickets"))
    assert "Quick became Full" in status["message"]
    assert condition({"status": status}, "Ready")["status"] == "True"  # type: ignore[index]
