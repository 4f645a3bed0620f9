"""Carry out what was decided for each TicketResync; every act may be repeated."""

from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase, TicketResyncStatus
from psa_operator.controller import status as say
from psa_operator.controller.announce import of_resync
from psa_operator.controller.counting import count_end, count_traffic
from psa_operator.controller.executor import LocalExecutor
from psa_operator.controller.keys import Key
from psa_operator.controller.kube import KubeApi
from psa_operator.controller.ledger import Ledger, attempts_of
from psa_operator.controller.line import world_of
from psa_operator.controller.mirror import Mirror
from psa_operator.controller.notices import noted
from psa_operator.controller.obstacles import Obstacle, World
from psa_operator.controller.resync import (
    BLOCKED,
    POLL,
    AwaitApproval,
    Delete,
    End,
    Forget,
    Observe,
    Start,
    Wait,
    begun,
    decide,
    decide_unseen,
    finished,
)
from psa_operator.controller.secrets import Secrets
from psa_operator.controller.turn import Next, Turn, met_news, needs_row
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import PsaOperatorError
from psa_operator.metrics import Metrics
from psa_operator.settings import Settings
from psa_operator.store.history import RunRow
from psa_operator.wiring import run_spec

_OVERDUE_AFTER = timedelta(minutes=30)
_ROW_REFUSED = frozenset({"ConstraintViolated", "DatabaseRefused"})
"""Reasons of a database that does not take the row of a run, however often it is asked."""

log = structlog.get_logger(__name__)


class Runs:
    """The reconciler of TicketResyncs."""

    def __init__(
        self,
        api: KubeApi,
        mirror: Mirror,
        writer: StatusWriter,
        secrets: Secrets,
        ledger: Ledger,
        executor: LocalExecutor,
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        self._api = api
        self._mirror = mirror
        self._writer = writer
        self._secrets = secrets
        self._ledger = ledger
        self._executor = executor
        self._settings = settings
        self._metrics = metrics
        self._starting: set[str] = set()
        self._uids: dict[Key, str] = {}  # of the objects whose run was begun, to end it when they go

    def key_of(self, uid: str) -> Key | None:
        """The key of a run that has begun."""
        return next((key for key, known in self._uids.items() if known == uid), None)

    async def reconcile(self, key: Key) -> Next:
        """Bring one run further."""
        body, run = self._mirror.get(key), self._mirror.resync(key.namespace, key.name)
        known = self._uids.get(key)
        if known is not None and (run is None or run.metadata.uid != known):
            return await self._bury(key, known)
        if body is None or run is None:
            return Next(ripples=True)
        world = self._world(run)
        turn = Turn(key, body, run, world)
        if begun(run, None) and not finished(run):
            self._uids[key] = run.metadata.uid
        if not needs_row(run, world):
            return await self._act(turn)
        # Before the database is asked: it may be away for long.
        if isinstance(decide(run, None, world, datetime.now(UTC)), End) and self._stopped(turn.uid):
            return Next(POLL)
        try:
            row = await self._ledger.read(run.metadata.uid, world.integration)
        except PsaOperatorError as error:
            return await self._act_unseen(turn, error)
        count_traffic(self._metrics, run, row)
        return await self._act(Turn(key, body, run, world, row))

    def _world(self, run: TicketResync) -> World:
        return world_of(
            run,
            self._mirror,
            working=self._executor.running() | self._starting,
            workers=self._settings.max_concurrent_runs,
            retry_backoff=self._settings.retry_backoff,
            now=datetime.now(UTC),
        )

    async def _act(self, turn: Turn) -> Next:
        # The row was awaited: others may have begun meanwhile. From here to the reservation nothing waits.
        world = self._world(turn.run)
        match decide(turn.run, attempts_of(turn.row), world, datetime.now(UTC)):
            case Forget(after):
                return Next(after)
            case Delete():
                await self._api.delete(turn.key, turn.uid)
                return Next()
            case Wait(obstacle, after):
                early = await self._write(turn, say.waiting(turn.run, obstacle, datetime.now(UTC)))
                return Next(after if early is None else min(after, early))
            case AwaitApproval(after):
                return await self._await_approval(turn, after)
            case Start():
                return await self._start(turn)
            case Observe():
                return await self._observe(turn)
            case End() as end:
                return await self._end(turn, end)

    async def _act_unseen(self, turn: Turn, error: PsaOperatorError) -> Next:
        """The row cannot be read: end without it what must not go on; the sweep ends the row."""
        now, obstacle = datetime.now(UTC), Obstacle(error.reason, str(error))
        match decide_unseen(turn.run, self._world(turn.run), obstacle, now):
            case Wait(obstacle, after):
                await self._write(turn, say.waiting(turn.run, obstacle, now))
                return Next(after)
            case End() as end:
                if self._stopped(turn.uid):
                    return Next(POLL)
                end = self._ledger.last_word(turn.uid) or end
                return await self._close(turn, _ended(turn, None, end))

    async def _start(self, turn: Turn) -> Next:
        self._starting.add(turn.uid)
        try:
            try:
                order = await self._order(turn)
            except PsaOperatorError as error:
                if turn.row is None and error.reason in _ROW_REFUSED:
                    end = End(RunPhase.FAILED, error.reason, str(error))
                    return await self._close(turn, _ended(turn, None, end))
                return await self._blocked(turn, error)
            # The start time stands in the status before the worker does anything: it is what a restarted
            # operator goes by.
            await self._write(turn, say.starting(turn.run, order[1], datetime.now(UTC)))
            self._uids[turn.key] = turn.uid
            self._executor.start(turn.uid, order[0])
        finally:
            self._starting.discard(turn.uid)
        self._metrics.workers(len(self._executor.running()))
        return Next(POLL, ripples=True)

    async def _order(self, turn: Turn) -> tuple[bytes, str]:
        """The frozen spec of the next attempt, in the history from here on, and its config hash."""
        integration = _present(turn.world)
        credentials = (await self._secrets.credentials(integration)).values
        database = await self._secrets.database(integration)
        spec = run_spec(integration, turn.run, credentials, database)
        attempts = await self._ledger.open(spec)
        order = msgspec.structs.replace(spec, attempts_before=attempts)
        return msgspec.json.encode(order), spec.config_hash

    async def _observe(self, turn: Turn) -> Next:
        now, row = datetime.now(UTC), turn.row
        if row is None or row.awaits_approval:  # its worker has not claimed it yet
            return Next(POLL)
        integration = turn.world.integration
        limit = integration.spec.overdue_after if integration else _OVERDUE_AFTER
        status = say.observed(turn.run, row, limit, now)
        if row.ended_at is not None:
            return await self._close(turn, status)
        early = await self._write(turn, status)
        return Next(POLL if early is None else min(POLL, early))

    async def _await_approval(self, turn: Turn, after: float) -> Next:
        if turn.row is None:
            raise AssertionError("only the row says that an approval is needed")
        news = turn.run.status.phase is not RunPhase.AWAITING_APPROVAL
        early = await self._write(turn, say.awaiting_approval(turn.run, turn.row, datetime.now(UTC)))
        return Next(after if early is None else min(after, early), ripples=news)

    async def _end(self, turn: Turn, end: End) -> Next:
        if self._stopped(turn.uid):
            return Next(POLL)
        row = turn.row
        if row is not None or begun(turn.run, None):
            try:
                row = await self._ledger.end(
                    turn.uid, turn.world.integration, end.phase, end.reason, end.message
                )
            except PsaOperatorError as error:
                return await self._blocked(turn, error)
        if row is not None and row.phase == RunPhase.SUCCEEDED:
            return Next(0.0)  # it was quicker: what is published has happened
        return await self._close(turn, _ended(turn, row, end))

    async def _close(self, turn: Turn, status: TicketResyncStatus) -> Next:
        """Write the end; whoever waited may go on."""
        await self._write(turn, status)
        self._uids.pop(turn.key, None)
        self._ledger.forget(turn.uid)
        self._writer.forget(turn.uid)
        count_end(self._metrics, turn.run, turn.row, status)
        return Next(0.0, ripples=True, suspect=status.phase is RunPhase.FAILED or met_news(turn))

    async def _bury(self, key: Key, uid: str) -> Next:
        """The object of a run that was on is gone: the run must not go on without it."""
        if self._stopped(uid):
            return Next(POLL)
        message = "The TicketResync was deleted while the run was on; the data is as it was before the run"
        try:
            await self._ledger.end(uid, None, RunPhase.CANCELLED, "TicketResyncDeleted", message)
        except PsaOperatorError as error:
            if self._mirror.get(key) is None:
                raise
            # The next run of that name must not wait for a database that may be gone for good.
            log.warning("run.left_to_sweep", key=str(key), uid=uid, reason=error.reason, error=str(error))
        self._uids.pop(key, None)
        self._ledger.forget(uid)
        return Next(0.0, ripples=True)

    def _stopped(self, uid: str) -> bool:
        """Whether it has a worker, which is told to stop; its exit brings us back here."""
        working = uid in self._executor.running()
        if working:
            self._executor.stop(uid)
        return working

    async def _blocked(self, turn: Turn, error: PsaOperatorError) -> Next:
        """Say what is in the way and try again."""
        obstacle = Obstacle(error.reason, str(error))
        await self._write(turn, say.waiting(turn.run, obstacle, datetime.now(UTC)))
        return Next(BLOCKED)

    async def _write(self, turn: Turn, status: TicketResyncStatus) -> float | None:
        others = self._mirror.runs_of(turn.key.namespace, turn.run.spec.integration_ref.name)
        status = noted(turn.run, status, turn.world.integration, others, datetime.now(UTC))
        return await self._writer.write(turn.key, turn.body, status, of_resync(turn.run, status))


def _ended(turn: Turn, row: RunRow | None, end: End) -> TicketResyncStatus:
    return say.ended(turn.run, row, end.phase, end.reason, end.message, datetime.now(UTC))


def _present(world: World) -> PSAIntegration:
    if world.integration is None:
        raise AssertionError("a run starts only when its integration is there")
    return world.integration
