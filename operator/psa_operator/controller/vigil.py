"""Keep the watch up: begin it anew where it has failed, and where a kind is there that was missing."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from psa_operator.controller.keys import Kind
from psa_operator.controller.kube import KubeApi
from psa_operator.controller.relist import Relister
from psa_operator.errors import PsaOperatorError

Watch = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
"""Watches the kinds that there are when it begins, until the event is set or something fails."""

_PAUSE = 2.0

log = structlog.get_logger(__name__)


class Vigil:
    """Watches for as long as the operator runs."""

    def __init__(self, api: KubeApi, relister: Relister, watch: Watch) -> None:
        self._api = api
        self._relister = relister
        self._watch = watch

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop` is set."""
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            await self._once(stopping)
            await asyncio.wait((stopping,), timeout=_PAUSE)
            if not stop.is_set():
                await self._list()

    async def _once(self, stopping: "asyncio.Task[bool]") -> None:
        """Watch until there is a reason to begin anew, or to end."""
        enough = asyncio.Event()
        watching, back = asyncio.create_task(self._watch(enough)), asyncio.create_task(self._until_back())
        try:
            await asyncio.wait((stopping, watching, back), return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.cancel()
            enough.set()
            (said,) = await asyncio.gather(watching, return_exceptions=True)
        if said is not None:
            log.warning("watch.failed", error=repr(said))

    async def _list(self) -> None:
        """Learn which kinds there are, and what was deleted while nobody watched."""
        try:
            await self._relister.once()
        except PsaOperatorError as error:
            log.warning("relist.failed", reason=error.reason, error=str(error))

    async def _until_back(self) -> None:
        """Wait until a kind is there that was found missing since this watch began."""
        missed: set[Kind] = set()
        while True:
            missed |= self._relister.missing
            try:
                if missed and missed & await self._api.kinds():
                    return
            except PsaOperatorError as error:
                log.debug("kinds.unknown", error=str(error))
            await asyncio.sleep(_PAUSE)
