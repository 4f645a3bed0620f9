"""Lead while the Lease is ours: campaign, keep it, stop in time when it is lost, give it back at the end.

Correctness does not rest on it, but on the fence in PostgreSQL and the resource versions of statuses: it
spares two operators from doing the same work.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from psa_operator.controller.kube import ConflictError, NotFoundError
from psa_operator.controller.lease import Lease, Terms, given_back, hands_over, held_by, may_take
from psa_operator.errors import PsaOperatorError

log = structlog.get_logger(__name__)


class Leases(Protocol):
    """Where Leases are kept."""

    async def lease(self, namespace: str, name: str) -> Lease | None:
        """One Lease, None if there is none."""

    async def write_lease(self, namespace: str, name: str, lease: Lease) -> Lease:
        """Replace it if it is still of its version. Raises ConflictError, NotFoundError."""


class _LostError(PsaOperatorError):
    """Somebody else holds the Lease."""

    reason = "LeaseLost"


class Elector:
    """One candidate. `lead` runs while it leads; `unable_for` is since how long it could not do so well."""

    def __init__(
        self,
        leases: Leases,
        place: tuple[str, str],
        terms: Terms,
        *,
        pod: str,
        lead: Callable[[], Coroutine[Any, Any, None]],
        unable_for: Callable[[], float],
    ) -> None:
        self._leases = leases
        self._place = place
        self._terms = terms
        self._me = f"{pod}_{uuid.uuid4().hex[:8]}"
        self._lead = lead
        self._unable_for = unable_for
        self._seen: Lease | None = None
        self._seen_at: float | None = None
        self._until = 0.0
        self._took_it_unable = False
        self._answered_at = time.monotonic()

    def unanswered(self) -> str | None:
        """Whether the API server has not said a word about the Lease for too long."""
        silence = time.monotonic() - self._answered_at
        if silence < self._terms.deadline:
            return None
        return f"the API server has not answered for {silence:.0f} s"

    async def run(self) -> None:
        """Campaign and lead in turns, until cancelled. Raises what ends `lead`."""
        while True:
            await self._campaign()
            try:
                await self._reign()
            finally:
                await self._give_back()

    async def _campaign(self) -> None:
        self._seen_at, trouble = None, ""
        while True:
            try:
                async with asyncio.timeout(self._terms.deadline / 2):
                    if await self._take():
                        return
                trouble = ""
            except ConflictError:
                log.debug("lease.contended")
            except (PsaOperatorError, TimeoutError) as error:
                words = str(error) or "the API server did not answer"
                if words != trouble:
                    log.warning("lease.unreachable", error=words)
                trouble = words
            # Standbys that began together should not all ask in the same instant.
            await asyncio.sleep(self._terms.retry * random.uniform(1.0, 1.2))  # noqa: S311

    async def _take(self) -> bool:
        lease = await self._leases.lease(*self._place)
        now = self._answered_at = time.monotonic()
        if self._seen_at is None or lease != self._seen:
            self._seen, self._seen_at = lease, now
        able = not self._unable_for()
        if not may_take(lease, now - self._seen_at, self._me, self._terms, able=able):
            return False
        await self._write(lease)
        self._took_it_unable = not able
        return True

    async def _reign(self) -> None:
        log.info("lease.taken", identity=self._me)
        term = asyncio.create_task(self._lead())
        keeping = asyncio.create_task(self._keep())
        try:
            await asyncio.wait((term, keeping), return_when=asyncio.FIRST_COMPLETED)
            if term.done():
                term.result()
        finally:
            for task in (term, keeping):
                task.cancel()
            await asyncio.gather(term, keeping, return_exceptions=True)
            log.info("lease.left", identity=self._me)

    async def _keep(self) -> None:
        """Renew until somebody else has it, until it cannot be renewed in time, or to let others try."""
        while time.monotonic() < self._until:
            try:
                # The loop's clock is the same, and goes on while this process stands still.
                async with asyncio.timeout_at(self._until):
                    await self._renew()
            except (TimeoutError, _LostError) as error:
                log.warning("lease.lost", error=str(error) or "it could not be renewed in time")
                return
            if hands_over(self._unable_for(), self._terms, took_it_unable=self._took_it_unable):
                log.warning("lease.handed_over", error="the database cannot be reached from here")
                return
            await asyncio.sleep(self._terms.retry)

    async def _renew(self) -> None:
        """Renew once, however often that must be tried. Raises _LostError."""
        while True:
            try:
                async with asyncio.timeout(self._terms.deadline / 2):
                    await self._write(self._seen)
            except (ConflictError, NotFoundError):
                await self._look()
            except (PsaOperatorError, TimeoutError) as error:
                log.warning("lease.not_renewed", error=str(error) or "the API server did not answer")
            else:
                return
            await asyncio.sleep(self._terms.retry)

    async def _look(self) -> None:
        """Read again what somebody else has written: an answer to us may have been lost on its way."""
        try:
            lease = await self._leases.lease(*self._place)
        except PsaOperatorError as error:
            log.warning("lease.unreachable", error=str(error))
            return
        if lease is not None and lease.holder != self._me:
            raise _LostError(f"{lease.holder or 'nobody'} holds the Lease")
        self._seen = lease

    async def _write(self, lease: Lease | None) -> None:
        began = time.monotonic()
        wanted = held_by(self._me, lease, self._terms, datetime.now(UTC))
        self._seen = await self._leases.write_lease(*self._place, wanted)
        self._answered_at = time.monotonic()
        self._until = began + self._terms.deadline

    async def _give_back(self) -> None:
        with suppress(PsaOperatorError, TimeoutError):
            async with asyncio.timeout(self._terms.deadline / 2):
                try:
                    await self._release()
                except ConflictError:  # a renewal had arrived that was cancelled on its way
                    await self._look()
                    await self._release()

    async def _release(self) -> None:
        if self._seen is not None and self._seen.holder == self._me:
            self._seen = await self._leases.write_lease(*self._place, given_back(self._seen))
