"""The process that makes one attempt at one run; it needs no Kubernetes.

Its frozen spec comes through standard input, which stays open: when it closes, the parent is gone and
the worker stops at a safe point. The last line of standard output says how the attempt ended.
"""

import asyncio
import signal
import sys
import time
from datetime import UTC, datetime

import msgspec
import structlog

from psa_operator.errors import PsaOperatorError, StalledError, TransientError
from psa_operator.hosts import HostPolicy
from psa_operator.psa.catalog import open_source
from psa_operator.settings import read_settings
from psa_operator.store import open_store
from psa_operator.sync.engine import Outcome, perform
from psa_operator.sync.spec import RunSpec

DONE, FAILED, TRY_AGAIN = 0, 1, 75

_log = structlog.get_logger(__name__)


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


async def work() -> int:
    """Read the spec, make the attempt, say how it ended; returns the exit code."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    spec = msgspec.json.decode(await reader.readline(), type=RunSpec)
    parent = asyncio.create_task(_until_parent_is_gone(reader, stopping))
    outcome = await attempt(spec, HostPolicy.of(read_settings()), stopping)
    parent.cancel()
    sys.stdout.write(msgspec.json.encode(outcome).decode() + "\n")
    if outcome.phase == "Succeeded":
        return DONE
    return FAILED if outcome.phase else TRY_AGAIN


async def attempt(spec: RunSpec, policy: HostPolicy, stopping: asyncio.Event) -> Outcome:
    """Make one attempt; whatever goes wrong becomes an outcome with words for the user."""
    try:
        async with (
            open_source(spec.account, spec.limits, policy) as source,
            open_store(spec.database) as store,
        ):
            return await perform(spec, source, store, SystemClock(), stopping)
    except StalledError as error:
        return Outcome("Failed", error.reason, str(error))
    except TransientError as error:
        return Outcome("", error.reason, str(error), retry_after=error.retry_after)
    except PsaOperatorError as error:
        return Outcome("", error.reason, str(error), charge=False)
    except Exception as error:  # noqa: BLE001 - the last line of defence before the user
        # Ours: the log has the trace for a bug report, the user gets a sentence.
        _log.exception("the attempt failed", run=spec.name)
        return Outcome(
            "", "InternalError", f"{type(error).__name__} in psa-operator itself; its log has the details"
        )


async def _until_parent_is_gone(reader: asyncio.StreamReader, stopping: asyncio.Event) -> None:
    await reader.read()
    stopping.set()
