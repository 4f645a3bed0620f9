"""Workers as child processes: an order in, log lines out, a verdict at the end."""

import asyncio
import sys
from typing import Any

import pytest

from psa_operator.controller.executor import Ended, LocalExecutor

READ = "import sys, json, time, resource, signal; order = json.loads(sys.stdin.readline()); "
SAY = "print(json.dumps({'phase': 'Failed', 'reason': order['why'], 'message': 'no'})); sys.exit(1)"
WAIT = "sys.stdin.read(); sys.exit(75)"


class Finish:
    """Waits for the end of workers."""

    def __init__(self) -> None:
        self.ended: asyncio.Queue[tuple[str, Ended]] = asyncio.Queue()

    def __call__(self, run_id: str, ended: Ended) -> None:
        self.ended.put_nowait((run_id, ended))

    async def get(self) -> Ended:
        async with asyncio.timeout(20):
            return (await self.ended.get())[1]


def executor(script: str, finish: Finish, **options: Any) -> LocalExecutor:
    command = (sys.executable, "-u", "-c", READ + script)
    given: dict[str, Any] = {"memory_mb": 512, "on_exit": finish, "command": command, "grace": 1.0}
    return LocalExecutor(**given | options)


async def run(script: str, **options: Any) -> Ended:
    finish = Finish()
    executor(script, finish, **options).start("run", b'{"why": "Because"}')
    return await finish.get()


async def test_the_last_line_is_the_verdict() -> None:
    ended = await run("print('noise'); " + SAY)

    assert (ended.exit_code, ended.verdict.reason, ended.verdict.message) == (1, "Because", "no")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import os; os.kill(os.getpid(), signal.SIGKILL)", "WorkerKilled"),
        ("sys.exit(3)", "WorkerDied"),
        ("print('{'); sys.exit(1)", "WorkerDied"),
    ],
)
async def test_a_worker_without_a_word_gets_one_of_ours_and_is_charged(script: str, reason: str) -> None:
    ended = await run(script)

    assert (ended.verdict.reason, ended.verdict.charge) == (reason, True)


async def test_a_program_that_cannot_be_started_is_no_riddle() -> None:
    ended = await run("", command=("/no/such/program",))

    assert (ended.exit_code, ended.verdict.reason) == (75, "WorkerNotStarted")


async def test_stop_lets_a_worker_end_by_itself() -> None:
    finish = Finish()
    workers = executor("signal.signal(signal.SIGTERM, lambda *_: sys.exit(75)); print(1); " + WAIT, finish)
    workers.start("run", b"{}")
    await asyncio.sleep(1)

    workers.stop("run")

    assert (await finish.get()).exit_code == 75
    assert workers.running() == set()


async def test_a_worker_is_stopped_that_has_no_process_yet() -> None:
    finish = Finish()
    workers = executor("time.sleep(60)", finish)
    workers.start("run", b"{}")

    await workers.close()

    assert (await finish.get()).exit_code == -15


async def test_a_worker_that_does_not_stop_is_killed_after_the_grace() -> None:
    finish = Finish()
    workers = executor("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", finish, grace=0.2)
    workers.start("run", b"{}")
    await asyncio.sleep(1)

    await workers.close()

    assert (await finish.get()).exit_code == -9


async def test_the_memory_is_limited() -> None:
    ended = await run("x = bytearray(400_000_000)", memory_mb=200)

    assert ended.exit_code == 1


async def test_no_secret_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PSA_OPERATOR_DATABASE_DSN", "postgresql://user:secret@host/db")

    ended = await run("import os; sys.exit(75 if 'PSA_OPERATOR_DATABASE_DSN' in os.environ else 0)")

    assert ended.exit_code == 0
