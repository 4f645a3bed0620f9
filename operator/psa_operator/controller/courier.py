"""Deliver messages in the background, one at a time to each receiver, again until they arrive."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from weakref import WeakValueDictionary

import structlog
from msgspec import Struct
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, retry_if_not_exception_type
from tenacity.wait import wait_random_exponential

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.notifications import Delivery, Notice, Notification
from psa_operator.api.resync import TicketResync
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.messages import body, headers
from psa_operator.controller.mirror import Mirror
from psa_operator.controller.notices import message_id, pending, settled
from psa_operator.controller.secrets import Secrets
from psa_operator.controller.writer import StatusWriter
from psa_operator.errors import PsaOperatorError, TransientError
from psa_operator.webhook import Poster

_GRACE = 20.0
_BETWEEN_WRITES = wait_random_exponential(multiplier=0.1, max=60)

log = structlog.get_logger(__name__)


class Patience(Struct, frozen=True):
    """How long a receiver is borne with."""

    first_pause: timedelta
    longest_pause: timedelta = timedelta(minutes=15)
    gives_up_after: timedelta = timedelta(hours=6)


class UnwantedError(PsaOperatorError):
    """Nobody asks for the message any more."""

    reason = "NotificationRemoved"


class Courier:
    """Takes what is pending in the status of runs, and writes there what became of it."""

    def __init__(
        self,
        mirror: Mirror,
        writer: StatusWriter,
        secrets: Secrets,
        poster: Poster,
        patience: Patience,
        on_news: Callable[[Key], None],
    ) -> None:
        self._mirror = mirror
        self._writer = writer
        self._secrets = secrets
        self._poster = poster
        self._patience = patience
        self._on_news = on_news  # hears of what has to be looked at since
        self._backoff = wait_random_exponential(
            patience.first_pause.total_seconds(), patience.longest_pause.total_seconds()
        )
        self._rounds: dict[tuple[str, str], asyncio.Task[None]] = {}  # by run and receiver
        self._sending: set[tuple[str, str]] = set()
        self._turns: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()
        self._ending: set[tuple[str, str]] = set()  # rounds that go on to no other message
        self._renewed: dict[str, asyncio.Event] = {}  # by namespace, set when a Secret of it changes
        self._heard: dict[tuple[str, str], asyncio.Event] = {}  # the one that was there when an attempt began

    def carry(self, key: Key) -> None:
        """Deliver what is pending of a run, without waiting for it."""
        run = self._mirror.resync(key.namespace, key.name)
        if run is None:
            return
        for to in {each.to for each in run.status.notified if each.state is Delivery.PENDING}:
            place = run.metadata.uid, to
            if place not in self._rounds:
                task = self._rounds[place] = asyncio.create_task(self._round(key, run, to))
                task.add_done_callback(partial(self._ended, place))

    def secret_changed(self, namespace: str) -> None:
        """Try at once what may be mended now."""
        if (event := self._renewed.pop(namespace, None)) is not None:
            event.set()

    def stop(self) -> None:
        """Send nothing more; what is being sent may arrive, and is written down."""
        for place, task in self._rounds.items():
            if place in self._sending:
                self._ending.add(place)
            else:
                task.cancel()

    async def close(self) -> None:
        """Stop, and wait for what is being sent, unless that takes too long."""
        self.stop()
        if rounds := set(self._rounds.values()):
            _, late = await asyncio.wait(rounds, timeout=_GRACE)
            for task in late:
                task.cancel()

    def _ended(self, place: tuple[str, str], _: "asyncio.Task[None]") -> None:
        del self._rounds[place]
        self._heard.pop(place, None)
        self._ending.discard(place)

    async def _round(self, key: Key, run: TicketResync, to: str) -> None:
        """Deliver to one receiver what it has not got of one run, the oldest first."""
        place = run.metadata.uid, to
        try:
            while place not in self._ending and (notice := pending(run, to)) is not None:
                notice = await self._deliver(key, run, notice)
                known = self._mirror.resync(key.namespace, key.name)
                if known is None or known.metadata.uid != run.metadata.uid:  # it was deleted meanwhile
                    known = run.replace(status=settled(run.status, notice))
                run = known
        except Exception:
            # The next look at the run begins another round.
            log.exception("notification.failed", run=str(key), to=to)

    async def _deliver(self, key: Key, run: TicketResync, notice: Notice) -> Notice:
        """Try until it has arrived or took too long; returns what became of it, which is written by then."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(PsaOperatorError) & retry_if_not_exception_type(UnwantedError),
            wait=self._pause,
            stop=lambda _: datetime.now(UTC) >= notice.time + self._patience.gives_up_after,
            before_sleep=partial(self._tell_of_failure, key, run, notice),
            sleep=partial(self._sleep, (run.metadata.uid, notice.to)),
            reraise=True,
        )
        try:
            return await retrying(self._attempt, key, run, notice)
        except PsaOperatorError as error:
            given_up = _failed(notice, Delivery.GIVEN_UP, error)
            log.warning("notification.given_up", **_named(run, notice), reason=error.reason, error=str(error))
            await self._write(key, run, given_up)
            return given_up

    async def _attempt(self, key: Key, run: TicketResync, notice: Notice) -> Notice:
        place, integration_name = (run.metadata.uid, notice.to), run.spec.integration_ref.name
        self._heard[place] = self._renewed.setdefault(key.namespace, asyncio.Event())
        turn = self._turns.setdefault((key.namespace, integration_name, notice.to), asyncio.Lock())
        async with turn:
            integration = self._mirror.integration(key.namespace, integration_name)
            wanted = _wanted(integration, notice)
            if integration is None or wanted is None:
                raise UnwantedError("no notification of the integration names this receiver any more")
            newest = self._mirror.resync(key.namespace, key.name)
            current = newest if newest and newest.metadata.uid == run.metadata.uid else run
            self._sending.add(place)
            try:
                await self._send(integration, wanted, current, notice)
                arrived = notice.replace(
                    state=Delivery.DELIVERED, tried_at=datetime.now(UTC), reason=None, message=None
                )
                log.info("notification.delivered", **_named(run, notice))
                await self._write(key, run, arrived)
            finally:
                self._sending.discard(place)
        return arrived

    async def _send(
        self, integration: PSAIntegration, wanted: Notification, run: TicketResync, notice: Notice
    ) -> None:
        url, secret = await self._secrets.notification(integration, wanted)
        content = body(wanted.type, run, notice)
        message = message_id(run.metadata.uid, notice)
        await self._poster.post(
            url, headers(wanted.type, secret, message, content, datetime.now(UTC)), content
        )

    async def _tell_of_failure(
        self, key: Key, run: TicketResync, notice: Notice, state: RetryCallState
    ) -> None:
        """Show why a message has not arrived yet, once for each reason."""
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, PsaOperatorError):
            failed = _failed(notice, Delivery.PENDING, error)
            if not self._shown(key, failed):
                log.warning(
                    "notification.retry", **_named(run, notice), reason=error.reason, error=str(error)
                )
                await self._write(key, run, failed)

    def _shown(self, key: Key, failed: Notice) -> bool:
        known = self._mirror.resync(key.namespace, key.name)
        every = known.status.notified if known else ()
        return any(each.replace(tried_at=failed.tried_at) == failed for each in every)

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_for = error.retry_after if isinstance(error, TransientError) else None
        return max(self._backoff(state), min(asked_for or 0.0, self._patience.longest_pause.total_seconds()))

    async def _sleep(self, place: tuple[str, str], seconds: float) -> None:
        if place in self._ending:
            raise asyncio.CancelledError
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard[place].wait(), seconds)

    async def _write(self, key: Key, run: TicketResync, notice: Notice) -> None:
        """Write what became of a message, as often as it takes: what has arrived must not be sent again."""
        retrying = AsyncRetrying(retry=retry_if_exception_type(PsaOperatorError), wait=_BETWEEN_WRITES)
        await retrying(self._write_once, key, run.metadata.uid, notice)
        self._on_news(key)
        self._on_news(Key(Kind.INTEGRATION, key.namespace, run.spec.integration_ref.name))

    async def _write_once(self, key: Key, uid: str, notice: Notice) -> None:
        seen, run = self._mirror.get(key), self._mirror.resync(key.namespace, key.name)
        if seen is not None and run is not None and run.metadata.uid == uid:
            await self._writer.write(key, seen, settled(run.status, notice), (), at_once=True)


def _wanted(integration: PSAIntegration | None, notice: Notice) -> Notification | None:
    given = integration.spec.notifications if integration else ()
    return next((each for each in given if each.target == notice.to), None)


def _failed(notice: Notice, state: Delivery, error: PsaOperatorError) -> Notice:
    return notice.replace(state=state, tried_at=datetime.now(UTC), reason=error.reason, message=str(error))


def _named(run: TicketResync, notice: Notice) -> dict[str, str]:
    """A message in the words of a log line."""
    place = f"{run.metadata.namespace}/{run.metadata.name}"
    return {"run": place, "to": notice.to, "about": notice.event, "id": message_id(run.metadata.uid, notice)}
