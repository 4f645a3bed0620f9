"""Whether an API server acts on the chart's policies yet."""

import asyncio
import json

from psa_operator.devcluster.cluster import Cluster

_WITHIN_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_RUN = {
    "apiVersion": "psa.msportal.ai/v1alpha1",
    "kind": "TicketResync",
    "metadata": {"name": "is-it-admitted"},
    "spec": {"integrationRef": {"name": "nobody"}, "mode": "Full", "reason": "to see what the policies say"},
}


async def admitted(cluster: Cluster) -> None:
    """Wait until each policy acts: before that a run passes, and then is refused, for some seconds.

    Raises TimeoutError.
    """
    create = ("create", "--dry-run=server", "-o", "jsonpath={.spec.requestedBy}", "-f", "-")
    async with asyncio.timeout(_WITHIN_SECONDS):
        while True:
            answer = await cluster.kubectl(*create, stdin=json.dumps(_RUN))
            # One policy warns, another one fills in who asks.
            if answer.exit_code == 0 and answer.stdout and "This is only a warning" in answer.stderr:
                return
            await asyncio.sleep(_PAUSE_SECONDS)
