"""Whether the operator's own database can be reached from here, and since when not."""

import asyncio
import time

from psa_operator.errors import PsaOperatorError
from psa_operator.store.health import ping
from psa_operator.sync.spec import Database

_ANSWER_WITHIN = 2.0


class OwnDatabase:
    """The database of the integrations that name none of their own; None if there is none."""

    def __init__(self, database: Database | None) -> None:
        self._database = database
        self._away_since: float | None = None

    async def watch(self, every: float) -> None:
        """Keep `away_for` true."""
        while True:
            began = time.monotonic()
            if await self.away() is None:
                self._away_since = None
            elif self._away_since is None:
                self._away_since = began
            await asyncio.sleep(every)

    def away_for(self) -> float:
        """For how many seconds it has not answered; 0 if it does."""
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    async def away(self) -> str | None:
        """Why it cannot be reached right now."""
        if self._database is None:
            return None
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                await ping(self._database)
        except PsaOperatorError as error:
            return str(error)
        except TimeoutError:
            return f"the database did not answer within {_ANSWER_WITHIN:.0f} s"
        return None
