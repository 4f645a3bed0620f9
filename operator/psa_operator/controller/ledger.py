"""The run history as the operator reads and writes it, and the ends of workers that could not write it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec.structs import replace

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync_status import RunPhase
from psa_operator.controller.executor import Ended, ExitCode
from psa_operator.controller.resync import Attempts, End
from psa_operator.controller.secrets import Secrets
from psa_operator.errors import FencedError, PsaOperatorError
from psa_operator.store import history
from psa_operator.store.history import RunRow
from psa_operator.sync.spec import Database, RunSpec

_NOT_OURS = "AnotherRunActive"
"""The end of an attempt that is no failure of the run."""


class Ledger:
    """Rows of runs, by the uid of the TicketResync."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._databases: dict[str, Database] = {}  # outlive the integration, whose deletion ends the run
        self._attempts: dict[str, int] = {}  # the last attempt before the present worker
        self._ended: dict[str, Ended] = {}

    async def open(self, spec: RunSpec) -> int:
        """Put a run into the history before its worker begins; returns how many attempts were made."""
        await history.create_run(spec)
        row = await history.read_run(spec.database, spec.run_id)
        self._databases[spec.run_id] = spec.database
        self._attempts[spec.run_id] = row.attempt if row else 0
        return self._attempts[spec.run_id]

    def worker_ended(self, uid: str, ended: Ended) -> None:
        """Remember how a worker ended until its row says so too."""
        self._ended[uid] = ended

    def last_word(self, uid: str) -> End | None:
        """How a run ended in the words of its worker, if it said so and nobody could read it since."""
        verdict = self._ended[uid].verdict if uid in self._ended else None
        if verdict is None or not verdict.phase:
            return None
        message = verdict.message or "The worker said so; its numbers are in the table run of the database"
        return End(RunPhase(verdict.phase), verdict.reason, message)

    async def read(self, uid: str, integration: PSAIntegration | None) -> RunRow | None:
        """The row of a run, None if there is none or nobody knows where."""
        return await self._asked(uid, integration, lambda database: self._read(database, uid))

    async def _read(self, database: Database, uid: str) -> RunRow | None:
        row = await history.read_run(database, uid)
        if row is not None and uid in self._ended:
            row = await self._settled(database, row, self._ended[uid])
            del self._ended[uid]
        return row

    async def end(
        self, uid: str, integration: PSAIntegration | None, phase: RunPhase, reason: str, message: str
    ) -> RunRow | None:
        """End a run, unless it has ended by itself meanwhile; returns its row."""

        async def ask(database: Database) -> RunRow | None:
            await history.end_run(database, uid, phase.value, reason, message)
            return await history.read_run(database, uid)

        return await self._asked(uid, integration, ask)

    def forget(self, uid: str) -> None:
        self._databases.pop(uid, None)
        self._attempts.pop(uid, None)
        self._ended.pop(uid, None)

    async def _database(self, uid: str, integration: PSAIntegration | None) -> Database | None:
        if uid not in self._databases and integration is not None:
            self._databases[uid] = await self._secrets.database(integration)
        return self._databases.get(uid)

    async def _asked(
        self,
        uid: str,
        integration: PSAIntegration | None,
        ask: Callable[[Database], Awaitable[RunRow | None]],
    ) -> RunRow | None:
        """Ask the database of a run, once more with a DSN that was changed meanwhile."""
        database = await self._database(uid, integration)
        if database is None:
            return None
        try:
            return await ask(database)
        except PsaOperatorError:
            renewed = await self._renewed(database, integration)
            if renewed == database:
                raise
        self._databases[uid] = renewed
        return await ask(renewed)

    async def _renewed(self, database: Database, integration: PSAIntegration | None) -> Database:
        """The same with the DSN as it is in the Secret now; its rows stay in the schema of their begin."""
        if integration is not None:
            with suppress(PsaOperatorError):
                fresh = await self._secrets.database(integration, fresh=True)
                return replace(database, dsn=fresh.dsn, allowed_hosts=fresh.allowed_hosts)
        return database

    async def _settled(self, database: Database, row: RunRow, ended: Ended) -> RunRow | None:
        """Write down how a worker ended that could not do so itself."""
        before, last = self._attempts.get(row.run_id, 0), ended.verdict
        recorded = row.attempt > before and not row.active
        taken_over = row.attempt > before + 1 or last.reason == FencedError.reason
        if row.ended_at is not None or recorded or taken_over:
            return row
        # Python ends with the same exit code when it fails by itself, but then without a verdict.
        if ended.exit_code == ExitCode.FAILED and last.phase:
            await history.end_run(database, row.run_id, last.phase, last.reason, last.message)
        else:
            charge = last.charge and last.reason != _NOT_OURS
            await history.release_run(
                database, row.run_id, last.reason, last.message, charge=charge, retry_after=last.retry_after
            )
        return await history.read_run(database, row.run_id)


def attempts_of(row: RunRow | None) -> Attempts | None:
    """What `decide` needs of a row."""
    if row is None:
        return None
    return Attempts(
        number=row.attempt,
        alive=row.alive,
        failures=row.failures,
        ended=row.ended_at is not None,
        released_at=None if row.active else row.heartbeat_at,
        retry_at=row.retry_at,
        reason=row.reason,
        message=row.message,
        to_approve=row.report.to_approve if row.awaits_approval else 0,
    )
