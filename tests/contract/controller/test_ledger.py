"""The run history in a real database, as the operator reads and writes it."""

from uuid import uuid4

import pytest

from psa_operator.controller.executor import Ended
from psa_operator.controller.kube import KubeApi, Secret
from psa_operator.controller.ledger import Ledger
from psa_operator.controller.secrets import Secrets
from psa_operator.errors import PsaOperatorError
from psa_operator.settings import Settings
from psa_operator.store import open_store
from psa_operator.store.history import create_run
from psa_operator.sync.engine import Outcome
from psa_operator.sync.spec import Account, Database, Mode, RunSpec
from tests.unit.controller.objects import integration

NOBODY = "postgresql://user:old@127.0.0.1:1/none"
ACME = integration(database={"secretRef": {"name": "database", "key": "dsn"}})
DIED = Outcome("", "WorkerDied", "without a word")
REFUSED = Outcome("Failed", "AuthenticationFailed", "wrong keys")


class OneSecret(KubeApi):
    """An API server that has the Secret with the DSN and nothing else."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    async def secret(self, namespace: str, name: str) -> Secret:
        return {("tenant", "database"): Secret({"dsn": self.dsn}, "1")}[namespace, name]


SETTINGS = Settings(allowed_hosts=frozenset({"127.0.0.1"}))


def run_in(dsn: str) -> RunSpec:
    account = Account("ConnectWise", {}, {})
    return RunSpec(str(uuid4()), "tenant/run", "tenant/acme", Mode.FULL, account, Database(dsn))


async def test_a_dsn_that_is_changed_during_a_run_is_taken_up(database: str) -> None:
    run, api = run_in(database), OneSecret(NOBODY)
    await create_run(run)
    ledger = Ledger(Secrets(api, SETTINGS))
    with pytest.raises(PsaOperatorError):
        await ledger.read(run.run_id, ACME)

    api.dsn = database

    row = await ledger.read(run.run_id, ACME)
    assert row
    assert row.run_id == run.run_id


@pytest.mark.parametrize(
    ("verdict", "phase", "failures"), [(DIED, "Pending", 1), (REFUSED, "Failed", 0)], ids=["died", "refused"]
)
async def test_only_a_worker_that_says_so_ends_its_run(
    database: str, verdict: Outcome, phase: str, failures: int
) -> None:
    run, ledger = run_in(database), Ledger(Secrets(OneSecret(database), SETTINGS))
    await ledger.open(run)

    ledger.worker_ended(run.run_id, Ended(1, verdict))

    row = await ledger.read(run.run_id, ACME)
    assert row
    assert (row.phase, row.failures, row.reason) == (phase, failures, verdict.reason)


async def test_the_end_of_a_worker_is_not_written_over_the_attempt_of_another_operator(database: str) -> None:
    run, ledger = run_in(database), Ledger(Secrets(OneSecret(database), SETTINGS))
    await ledger.open(run)
    async with open_store(run.database) as store, store.claim(run), store.claim(run):
        ledger.worker_ended(run.run_id, Ended(-9, DIED))

        row = await ledger.read(run.run_id, ACME)

    assert row
    assert (row.attempt, row.active, row.failures) == (2, True, 0)


def test_the_last_word_of_a_worker_is_known_without_the_database() -> None:
    ledger = Ledger(Secrets(OneSecret(NOBODY), SETTINGS))
    ledger.worker_ended("died", Ended(75, DIED))
    ledger.worker_ended("refused", Ended(1, REFUSED))

    words = [ledger.last_word(uid) for uid in ("died", "refused", "unknown")]

    assert [each and each.reason for each in words] == [None, "AuthenticationFailed", None]
