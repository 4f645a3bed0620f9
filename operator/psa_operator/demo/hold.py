"""Keeps everything up after the story, for whoever wants to try it themselves."""

import asyncio
import sys
from pathlib import Path

from psa_operator.demo.narrator import Narrator
from psa_operator.demo.site import Site


async def hold(site: Site, narrator: Narrator) -> None:
    """Say how to reach everything, and wait for Ctrl-C."""
    narrator.chapter("Try it yourself")
    narrator.say("Everything stays up until Ctrl-C. In another terminal, as the cluster's administrator:")
    narrator.output(_environment(site))
    narrator.say("Then, for example:")
    narrator.output(_examples(site))
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        # Ctrl-C is how this ends, not a failure.
        if (task := asyncio.current_task()) is not None:
            task.uncancel()


def _environment(site: Site) -> str:
    folder = site.shell.folder
    # Where psa-operator and kubectl-psa are as well.
    programs = sorted({str(program.parent) for program in site.shell.programs.values()})
    programs.append(str(Path(sys.executable).parent))
    return f"""
cd {folder}
export KUBECONFIG={folder / "kubeconfig"}
export DSN={site.dsn}
export PATH={":".join(programs)}:$PATH
"""


def _examples(site: Site) -> str:
    control = site.psa.account.control_url
    return f"""
kubectl explain ticketresync.spec
kubectl get ticketresyncs --watch
sed 's/name: quick/generateName: quick-/' quick.yaml | kubectl create -f -
sed 's/name: repair/generateName: repair-/' repair.yaml | kubectl create -f -
kubectl psa status
kubectl psa sync connectwise --watch
psql $DSN -c 'SELECT psa_id, summary, board, status, company FROM psa.visible_ticket LIMIT 10'
psql $DSN -c 'SELECT name, mode, phase, reason, requested_by FROM psa.run ORDER BY number'
curl -s {control}/live -d '{{"count": 100}}'                  # 100 changes in the PSA at once
curl -s {control}/settings -d '{{"latency": 2}}'              # a slow PSA
curl -s {control}/faults -d '[{{"kind": "empty-list"}}]'      # a PSA that suddenly lists nothing
curl -s -X DELETE {control}/faults
tail -f {site.sandbox.folder / "operator.log"}
"""
