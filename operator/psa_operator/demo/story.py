"""The main job, told in chapters with the commands that a user would type."""

import asyncio
import time
from typing import Any

from psa_operator.demo import manifests
from psa_operator.demo.narrator import Narrator
from psa_operator.demo.operator_process import NAMESPACE
from psa_operator.demo.reader import counting
from psa_operator.demo.results import Run, results
from psa_operator.demo.site import Site
from psa_operator.devcluster.admission import admitted
from psa_operator.devcluster.processes import DevclusterError

CHANGES_PER_SECOND = 1.0
# A real site takes about a second for a page of 1,000 tickets; a list of ids is quicker.
TICKET_PAGES = "service/tickets\\?.*fields=id,"
SECONDS_A_PAGE = 1.0
DAMAGE = "overwritten by hand"
WANTED = "Printer on the third floor"
DAMAGED, LOST = 7, 3
NOBODYS = 40_000_000
GONE = 600
RUN_WITHIN = 120.0
STATUS = """-o 'jsonpath={.status}{"\\n"}'"""
EXPLANATIONS = (
    "-o jsonpath='{range .status.explanations[*]}"
    """#{.ticketId} {.verdict} ({.reason}): {.detail}{"\\n"}{end}'"""
)


class Story:
    """Tells it on a site, and remembers the runs."""

    def __init__(self, site: Site, narrator: Narrator) -> None:
        self._site = site
        self._narrator = narrator
        self._say = narrator.say
        self._show = site.shell.show
        self._write = site.shell.write
        self._runs: list[Run] = []

    async def install(self) -> None:
        """What an administrator does once in a cluster."""
        self._narrator.chapter("Install the operator")
        self._say(
            "The chart brings the three kinds of resources, the operator's rights and the operator itself."
        )
        await self._show(f"kubectl create namespace {NAMESPACE}")
        await self._show(
            f"kubectl create secret generic portal-database --namespace {NAMESPACE} --from-literal=dsn=$DSN"
        )
        await self._show(
            f"helm install psa-operator charts/psa-operator --namespace {NAMESPACE} "
            "--set database.secretName=portal-database --hide-notes"
        )
        await self._show("kubectl wait --for=condition=Established crd --all")
        self._say(
            "This control plane has no machines to run pods on. So the demo starts the operator as a process "
            "here, with a token of the chart's service account: it may do what the chart allows and no more."
        )

    async def tell(self) -> None:
        """All chapters that need the running operator."""
        await self._site.psa.set(changeRate=CHANGES_PER_SECOND)
        await self._site.psa.slow_down(TICKET_PAGES, SECONDS_A_PAGE)
        await self._connect()
        await self._first_run()
        await self._quick_run()
        await self._damage()
        await self._explain()
        await self._full_run()
        await self._two_way()
        await self._mass_deletion()
        await self._rollback()
        await self._look_back()

    async def _connect(self) -> None:
        self._narrator.chapter("Say where the PSA is")
        self._say(
            "A namespace for the customer, a Secret with the keys, and a PSAIntegration that names both."
        )
        await self._show(f"kubectl create namespace {manifests.NAMESPACE}")
        await self._show(f"kubectl config set-context --current --namespace {manifests.NAMESPACE}")
        self._write("keys.yaml", manifests.secret(self._site.psa.account))
        self._write("connectwise.yaml", manifests.integration(self._site.psa.account))
        await self._show("kubectl apply -f keys.yaml -f connectwise.yaml")
        self._say("The operator logs in, tries each area that it has to read, and looks at the database.")
        await self._show("kubectl wait --for=condition=Ready psaintegration/connectwise --timeout=1m")
        await self._show("kubectl get psaintegrations -o wide")

    async def _first_run(self) -> None:
        self._narrator.chapter("The first run")
        self._say("A TicketResync is one run. This one asks for a Quick Sync: recent changes only.")
        self._write("first.yaml", manifests.quick("first"))
        await admitted(self._site.control_plane)
        await self._run("first", "Quick")
        await self._show("kubectl get ticketresync first")
        self._say("It read everything, because nothing was here yet. It says so:")
        await self._show(
            "kubectl get ticketresync first -o jsonpath='{.status.effectiveMode}: {.status.message}'"
        )
        await self._count()

    async def _quick_run(self) -> None:
        self._narrator.chapter("Work goes on in the PSA: a Quick Sync")
        psa = self._site.psa
        ids = await psa.ticket_ids()
        await psa.change(ids[100:105], summary="Printer on fire")
        await psa.create(3, summary="Nobody can log in")
        await psa.delete(ids[200:204])
        self._say(
            "In ConnectWise 5 tickets get a new title, 3 are opened and 4 are deleted. About one other "
            "ticket a second changes there as well, all the time."
        )
        self._write("quick.yaml", manifests.quick("quick"))
        # ConnectWise lists a change about a second after it was made.
        await asyncio.sleep(1.5)
        await self._run("quick", "Quick")
        await self._show("kubectl get ticketresync quick")
        await self._sql(
            "SELECT summary, count(*) FROM psa.visible_ticket\n"
            "    WHERE summary IN ('Printer on fire', 'Nobody can log in') GROUP BY summary"
        )
        self._say(
            "It brought these and what else had changed; rows that were right already were not written. A "
            "Quick Sync never deletes: it only says that some tickets are gone from the PSA."
        )
        await self._show(
            "kubectl get psaintegration connectwise "
            """-o jsonpath='{.status.conditions[?(@.type=="ResyncRequired")].message}'"""
        )

    async def _damage(self) -> None:
        self._narrator.chapter("Somebody damages the database")
        self._say("Titles are overwritten and tickets removed, by hand and behind the operator's back.")
        await self._sql(f"UPDATE psa.ticket SET summary = '{DAMAGE}' WHERE psa_id % 100 = {DAMAGED}")
        await self._sql(
            f"WITH freed AS (DELETE FROM psa.ticket_technician WHERE ticket_id % 200 = {LOST})\n"
            f"    DELETE FROM psa.ticket WHERE psa_id % 200 = {LOST}"
        )
        await self._count()

    async def _explain(self) -> None:
        self._narrator.chapter("Why is this ticket not there?")
        ids = await self._site.psa.ticket_ids()
        damaged = next(each for each in ids if each % 100 == DAMAGED)
        lost = next(each for each in ids if each % 200 == LOST)
        self._say(
            "A dry run that names tickets explains each: one with an overwritten title, one that was removed "
            "here, and one that nobody has. It asks the PSA just about these and writes nothing."
        )
        self._write("why.yaml", manifests.question("why", [damaged, lost, NOBODYS]))
        await self._show("kubectl apply -f why.yaml")
        await self._follow("why", until="Succeeded")
        await self._show(f"kubectl get ticketresync why {EXPLANATIONS}")

    async def _full_run(self) -> None:
        self._narrator.chapter("A Full Clear and Resync repairs it, and nobody sees a gap")
        self._say("A Full run needs a reason. The API server warns at once what it does.")
        self._write("repair.yaml", manifests.full("repair", "rows were damaged by hand"))
        self._say("From now on another process counts the tickets in the database, again and again.")
        site = self._site
        async with counting(site.sandbox, site.psql, site.dsn) as readings:
            await self._run("repair", "Full")
        self._say(
            f"The other process counted the tickets {len(readings.counts):,} times meanwhile. It never saw "
            f"fewer than {readings.smallest:,} nor more than {readings.largest:,}: the repair became visible "
            "in one moment."
        )
        await self._show("kubectl get ticketresync repair -o jsonpath='{.status.message}'")
        await self._sql(
            f"SELECT count(*) AS tickets, count(*) FILTER (WHERE summary = '{DAMAGE}') AS damaged\n"
            "    FROM psa.visible_ticket"
        )

    async def _two_way(self) -> None:
        self._narrator.chapter("The portal changes a ticket: two-way sync")
        self._say("It is off until somebody turns it on. From then on edits of tickets are recorded.")
        await self._show(
            "kubectl patch psaintegration connectwise --type=merge "
            """-p '{"spec":{"writeBack":{"enabled":true}}}'"""
        )
        await self._show(
            "kubectl wait --for=jsonpath='{.status.observedGeneration}'=2 psaintegration/connectwise"
        )
        ticket = (await self._site.psa.ticket_ids())[1000]
        await self._sql(f"UPDATE psa.ticket SET summary = '{WANTED}' WHERE psa_id = {ticket}")
        await self._sql(
            "INSERT INTO psa.outbox_note (integration_id, ticket_id, text)\n"
            f"    SELECT integration_id, psa_id, 'Please come today' FROM psa.ticket WHERE psa_id = {ticket}"
        )
        self._say(
            "Readers see both at once. A Full run would overwrite them? It sends them first, and lays over "
            "what it reads whatever it cannot send."
        )
        self._write("send.yaml", manifests.full("send", "to see what becomes of local changes"))
        await self._run("send", "Full")
        await self._show("kubectl get ticketresync send -o jsonpath='{.status.message}'")
        summary = await self._site.psa.summary(ticket)
        self._say(f'In ConnectWise ticket #{ticket} is called "{summary}" now.')
        await self._sql(f"SELECT summary FROM psa.visible_ticket WHERE psa_id = {ticket}")
        await self._sql("SELECT ticket_id, value, state FROM psa.local_change")

    async def _mass_deletion(self) -> None:
        self._narrator.chapter("Very many tickets are gone from the PSA")
        ids = await self._site.psa.ticket_ids()
        await self._site.psa.delete(ids[:GONE])
        self._say(
            f"Somebody deletes {GONE} tickets in ConnectWise. On purpose, or by mistake? A Full run does not "
            "know. It deletes nothing, says the number and waits; others may work meanwhile."
        )
        self._write("tidy.yaml", manifests.full("tidy", "old tickets were deleted"))
        began = time.monotonic()
        await self._show("kubectl apply -f tidy.yaml")
        await self._follow("tidy", until="AwaitingApproval")
        await self._show("kubectl get ticketresync tidy -o jsonpath='{.status.message}'")
        await self._count()
        self._say(
            "It was on purpose. Who agrees, names a number; here a few more, as people go on deleting "
            "tickets. The run catches up, proves it once more, and goes on if no more than that would go."
        )
        await self._show(
            "kubectl patch ticketresync tidy --type=merge "
            f"""-p '{{"spec":{{"approvedDeletions":{GONE + 50}}}}}'"""
        )
        await self._finish("tidy", "Full", began)
        await self._count()

    async def _rollback(self) -> None:
        self._narrator.chapter("It was a mistake after all: undo the run")
        await self._show(
            "kubectl get psaintegration connectwise -o jsonpath='undo until {.status.rollbackUntil}'"
        )
        self._say(
            "A Rollback puts back what one run has replaced, all at once and without asking the PSA. What "
            "was changed since stays as it is."
        )
        self._write("undo.yaml", manifests.rollback("undo", "tidy", "they were deleted by mistake"))
        await self._run("undo", "Rollback")
        await self._show("kubectl get ticketresync undo -o jsonpath='{.status.message}'")
        await self._count()
        self._say("Every change that readers see is in a log as well, once, with the run that made it:")
        await self._sql(
            "SELECT name AS run, entity, action, count(*) FROM psa.change_log\n"
            "    JOIN psa.run ON run.id = run_id GROUP BY number, name, entity, action ORDER BY number"
        )

    async def _look_back(self) -> None:
        self._narrator.chapter("What can be read afterwards")
        self._say("Everything at a glance, then one run in full, then what happened, in order:")
        await self._show("kubectl get psaintegrations,ticketresyncs")
        await self._show("kubectl describe ticketresync repair")
        await self._show("kubectl events")
        self._say("The history of all runs stays in the database, also when their objects are deleted:")
        await self._sql(
            "SELECT name, mode, effective_mode, phase, reason, requested_by FROM psa.run ORDER BY number"
        )
        self._narrator.table(results(self._runs))

    async def _run(self, name: str, asked: str) -> None:
        """Apply a run and show how far it is until it ends."""
        began = time.monotonic()
        await self._show(f"kubectl apply -f {name}.yaml")
        await self._finish(name, asked, began)

    async def _finish(self, name: str, asked: str, began: float) -> None:
        status = await self._follow(name, until="Succeeded")
        self._runs.append(Run(name, asked, status, time.monotonic() - began))

    async def _follow(self, name: str, until: str) -> dict[str, Any]:
        """Show how far a run is until it is in that phase. Raises DevclusterError if it ends in another."""
        watching = f"kubectl get ticketresync {name} --watch {STATUS}"
        async with asyncio.timeout(RUN_WITHIN):
            with self._narrator.progress() as progress:
                async for status in self._site.shell.follow(watching):
                    progress.show(status)
                    if status.get("phase") == until or "completionTime" in status:
                        break
        if status["phase"] != until:
            raise DevclusterError(f"the run {name} ended as {status['phase']}: {status['message']}")
        return status

    async def _count(self) -> None:
        await self._sql("SELECT count(*) AS tickets FROM psa.visible_ticket")

    async def _sql(self, statement: str) -> None:
        await self._show(f'psql $DSN -c "{statement}"')
