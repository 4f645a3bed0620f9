"""The operator as a whole: puts the pieces together, runs them, takes them down in order."""

import asyncio
import signal
from contextlib import AsyncExitStack

import structlog

from psa_operator.controller.courier import Courier, Patience
from psa_operator.controller.database import OwnDatabase
from psa_operator.controller.dispatch import Dispatch
from psa_operator.controller.elector import Elector
from psa_operator.controller.events import watch
from psa_operator.controller.executor import Ended, LocalExecutor
from psa_operator.controller.integrations import Integrations
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import KubeApi, connect
from psa_operator.controller.lease import Terms
from psa_operator.controller.ledger import Ledger
from psa_operator.controller.logs import configure_logging
from psa_operator.controller.mirror import Mirror
from psa_operator.controller.probe import Prober
from psa_operator.controller.relist import Relister
from psa_operator.controller.removal import Removal
from psa_operator.controller.runs import Runs
from psa_operator.controller.schedules import Schedules
from psa_operator.controller.secrets import Secrets
from psa_operator.controller.server import serve, unreachable
from psa_operator.controller.sweep import Sweeper
from psa_operator.controller.vigil import Vigil
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import PsaOperatorError
from psa_operator.hosts import HostPolicy
from psa_operator.metrics import Metrics
from psa_operator.settings import Settings
from psa_operator.sync.spec import Database
from psa_operator.webhook import Poster, posting

_BETWEEN_TRIES = 2.0

log = structlog.get_logger(__name__)


async def run_operator(settings: Settings) -> int:
    """Run until a signal; returns the exit code of the process."""
    configure_logging(settings.log_level)
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(connect(settings.namespaces))
        poster = await stack.enter_async_context(posting(HostPolicy.of(settings)))
        operator = Operator(api, poster, settings)
        await stack.enter_async_context(
            serve(settings.http_port, operator.metrics.registry, operator.not_ready)
        )
        return await operator.run()


class Operator:
    """The pieces of one operator process."""

    def __init__(self, api: KubeApi, poster: Poster, settings: Settings) -> None:
        self.metrics = Metrics()
        self._api = api
        self._settings = settings
        self._started = False
        self._stop = asyncio.Event()
        mirror, secrets = Mirror(), Secrets(api, settings)
        writer, ledger = StatusWriter(api, mirror), Ledger(secrets)
        self._executor = LocalExecutor(
            memory_mb=settings.worker_memory_mb,
            on_exit=self._worker_ended,
        )
        removal = Removal(api, mirror, writer, secrets)
        prober = Prober(secrets, settings)
        integrations = Integrations(api, mirror, writer, prober, removal, settings, self.metrics)
        runs = Runs(api, mirror, writer, secrets, ledger, self._executor, settings, self.metrics)
        schedules = Schedules(api, mirror, writer, self.metrics)
        patience = Patience(first_pause=settings.retry_backoff)
        self._courier = Courier(mirror, writer, secrets, poster, patience, self._look_at)
        self._dispatch = Dispatch(mirror, integrations, runs, schedules, self._courier, ledger, self.metrics)
        self._sweeper = Sweeper(mirror, secrets)
        self._relister = Relister(api, mirror, self._dispatch, self._sweeper, settings.relist_interval)
        dsn = settings.database_dsn
        self._database = OwnDatabase(None if dsn is None else Database(dsn.get_secret_value()))
        self._elector = Elector(
            api,
            (settings.lease_namespace, settings.lease_name),
            Terms.of(settings),
            pod=settings.pod_name,
            lead=self._lead,
            unable_for=self._database.away_for,
        )

    def _worker_ended(self, uid: str, ended: Ended) -> None:
        self._dispatch.worker_ended(uid, ended)
        self.metrics.workers(len(self._executor.running()))

    def _look_at(self, key: Key) -> None:
        self._dispatch.queue.add(key)

    async def not_ready(self) -> str | None:
        """Why the operator could not do its work right now, or take it over."""
        if not self._started:
            return "the first lists have not arrived"
        if self._relister.missing:
            return (
                f"the API server has no {', '.join(sorted(self._relister.missing))}: kubectl apply -f crds/"
            )
        unanswered = self._elector.unanswered() if self._settings.lease_namespace else None
        return unanswered or await unreachable(self._api.server) or await self._database.away()

    async def run(self) -> int:
        """Watch and reconcile until a signal, or until something ends that must not."""
        self._listen_for_signals()
        await self._first_lists()
        if self._stop.is_set():
            return 0
        if self._relister.missing == frozenset(Kind):
            return 1  # its log has said why
        own = [asyncio.create_task(each) for each in (self._work(), self._relister.run())]
        stopping, silence = asyncio.create_task(self._stop.wait()), asyncio.Event()
        watching = asyncio.create_task(Vigil(self._api, self._relister, self._watch).run(silence))
        await asyncio.wait([*own, stopping, watching], return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in (*own, watching) if task.done()]
        await self._end(own, watching, silence)
        stopping.cancel()
        for task in failed:
            log.critical("operator.failed", error=repr(None if task.cancelled() else task.exception()))
        return 1 if failed else 0

    async def _work(self) -> None:
        """Reconcile: always if there is nobody else, otherwise while the Lease is ours."""
        if not self._settings.lease_namespace:
            return await self._reconcile()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._database.watch(every=self._settings.lease_duration.total_seconds() / 3))
            both.create_task(self._elector.run())
        return None

    async def _lead(self) -> None:
        """Reconcile from what is there now, for a standby may have missed something."""
        await self._first_lists()
        await self._reconcile()

    async def _reconcile(self) -> None:
        self.metrics.leader(leads=True)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._dispatch.run())
                both.create_task(self._sweeper.sweep())
        finally:
            self._courier.stop()
            self.metrics.leader(leads=False)

    async def _end(
        self, own: "list[asyncio.Task[None]]", watching: "asyncio.Task[None]", silence: asyncio.Event
    ) -> None:
        log.info("operator.stopping")
        # Who takes over follows our workers while they stop.
        for task in own:
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)
        await asyncio.gather(self._executor.close(), self._courier.close())
        silence.set()
        await asyncio.gather(watching, return_exceptions=True)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)

    async def _first_lists(self) -> None:
        """Wait for the API server, however long it takes."""
        while not self._stop.is_set():
            try:
                await self._relister.once()
            except PsaOperatorError as error:
                log.warning("start.waiting", reason=error.reason, error=str(error))
                await asyncio.sleep(_BETWEEN_TRIES)
            else:
                self._started = True
                log.info("operator.started", namespaces=sorted(self._settings.namespaces) or "all")
                return

    async def _watch(self, enough: asyncio.Event) -> None:
        await watch(self._dispatch, self._settings.namespaces, enough, self._listen_for_signals)
