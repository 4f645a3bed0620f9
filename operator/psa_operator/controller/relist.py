"""List everything now and then, because a watch can miss what happened and must not be believed alone."""

import asyncio
import random
from collections.abc import Mapping
from datetime import timedelta

import structlog

from psa_operator.controller.dispatch import Dispatch
from psa_operator.controller.keys import Key, Kind
from psa_operator.controller.kube import KubeApi, NotFoundError
from psa_operator.controller.mirror import Mirror, version_of
from psa_operator.controller.sweep import Sweeper
from psa_operator.errors import PsaOperatorError

_GRACE = 5.0
_PATIENCE = 3

log = structlog.get_logger(__name__)


class DeafWatchError(PsaOperatorError):
    """Lists show what the watch has not brought: only a new process will hear again."""

    reason = "WatchIsDeaf"


class Judge:
    """Compares what lists show with what the watch has brought."""

    def __init__(self, patience: int = _PATIENCE) -> None:
        self._patience = patience
        self._behind = 0

    def hear(self, listed: Mapping[Kind, int], watched: Mapping[Kind, int]) -> None:
        """Take the newest versions of each; raises DeafWatchError after so many that were behind."""
        deaf = [kind.value for kind, version in listed.items() if version > watched[kind]]
        self._behind = self._behind + 1 if deaf else 0
        if deaf:
            log.warning("watch.behind", kinds=deaf, times=self._behind)
        if self._behind >= self._patience:
            raise DeafWatchError(f"the watch has brought nothing new of {', '.join(deaf)}, although there is")


class Relister:
    """Feeds the mirror from complete lists and puts every key into the queue."""

    def __init__(
        self, api: KubeApi, mirror: Mirror, dispatch: Dispatch, sweeper: Sweeper, interval: timedelta
    ) -> None:
        self._api = api
        self._mirror = mirror
        self._dispatch = dispatch
        self._sweeper = sweeper
        self._interval = interval.total_seconds()
        self._judge = Judge()
        self.missing: frozenset[Kind] = frozenset()

    async def run(self) -> None:
        """List again and again. Raises DeafWatchError when the watch has been silent for too long."""
        while True:
            await asyncio.sleep(self._interval * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load
            try:
                newest = await self.once()
                if self._dispatch.queue.working:
                    await self._sweeper.sweep()
            except PsaOperatorError as error:
                log.warning("relist.failed", reason=error.reason, error=str(error))
                continue
            await asyncio.sleep(_GRACE)
            self._judge.hear(newest, self._dispatch.watched)

    async def once(self) -> dict[Kind, int]:
        """List every kind that there is; returns the newest version of each."""
        newest: dict[Kind, int] = {}
        keys: set[Key] = set()
        for kind in Kind:
            keys.update(self._mirror.keys(kind))
            if (version := await self._listed(kind)) is not None:
                newest[kind] = version
            keys.update(self._mirror.keys(kind))
        self._note(frozenset(Kind) - newest.keys())
        for key in sorted(keys):
            self._dispatch.queue.add(key)
        return newest

    async def _listed(self, kind: Kind) -> int | None:
        """List a kind; returns the newest version, None if its definition was deleted or never made."""
        try:
            bodies, version = await self._api.objects(kind)
        except NotFoundError:
            if kind in await self._api.kinds():
                raise
            self._mirror.forget(kind)
            return None
        self._mirror.replace(kind, bodies, version)
        return max(map(version_of, bodies), default=0)

    def _note(self, missing: frozenset[Kind]) -> None:
        if missing - self.missing:
            log.critical("crds.missing", kinds=sorted(missing), help="kubectl apply -f crds/")
        if self.missing - missing:
            log.info("crds.back", kinds=sorted(self.missing - missing))
        self.missing = missing
