"""`psa-operator explain`, as somebody without a cluster calls it."""

import asyncio
import base64
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from psa_operator.sync.spec import Mode, Selection
from tests.world import World

UNKNOWN = 4_000_000


def files(world: World, folder: Path, **spec: Any) -> list[str]:
    """The manifests as a user has them, and the options that name them."""
    account = world.psa.account
    keys = {name: getattr(account, name) for name in ("publicKey", "privateKey", "clientId")}
    encoded = {"dsn": base64.b64encode(world.dsn.encode()).decode()}
    integration = {
        "kind": "PSAIntegration",
        "metadata": {"name": "acme"},
        "spec": {
            "provider": {"connectWise": {"url": account.url, "companyId": account.companyId}},
            "credentialsSecretRef": {"name": "keys"},
            **spec,
        },
    }
    secrets = [
        {"kind": "Secret", "metadata": {"name": "keys"}, "stringData": keys},
        {"kind": "Secret", "metadata": {"name": "database"}, "data": encoded},
    ]
    (folder / "integration.yaml").write_text(yaml.safe_dump(integration))
    (folder / "secrets.yaml").write_text(yaml.safe_dump_all(secrets))
    return ["-f", str(folder / "integration.yaml"), "-f", str(folder / "secrets.yaml")]


async def command(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Exit code, output and complaint."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "psa_operator", "explain", *map(str, arguments)),
        env={"PSA_OPERATOR_ALLOWED_HOSTS": "127.0.0.1", "PSA_OPERATOR_ALLOW_HTTP": "true", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, complaint = await process.communicate()
    return process.returncode or 0, out.decode(), complaint.decode()


async def test_it_says_the_same_as_a_run_and_leaves_no_trace(world: World, tmp_path: Path) -> None:
    await world.full()
    one = min(world.truth())
    asked = Selection((one, UNKNOWN))
    await world.run(Mode.QUICK, dry_run=True, only=asked)
    expected = (await world.row()).report.explanations
    runs = await world.sql("SELECT count(*) AS n FROM run")

    options = [*files(world, tmp_path), "-n", "tests", "--dsn", world.dsn]
    code, out, _ = await command(one, UNKNOWN, *options, "-o", "json")

    assert code == 0
    assert json.loads(out) == [
        {"ticketId": each.ticket_id, "verdict": each.verdict, "reason": each.reason, "detail": each.detail}
        for each in expected
    ]
    assert await world.sql("SELECT count(*) AS n FROM run") == runs


async def test_people_read_sentences_and_the_database_may_be_in_a_secret(
    world: World, tmp_path: Path
) -> None:
    await world.full()
    one = min(world.truth())
    secret = {"secretRef": {"name": "database", "key": "dsn"}}

    code, out, _ = await command(one, *files(world, tmp_path, database=secret, integrationKey=world.key))

    assert code == 0
    assert out.startswith(f"#{one}  Shown (UpToDate)\n    It is as the PSA has it. There since ")


async def test_a_run_that_is_on_is_not_waited_for(world: World, tmp_path: Path) -> None:
    await world.full()
    await world.sql("UPDATE run SET active = true, finished_at = NULL, heartbeat_at = now()")

    options = files(world, tmp_path, integrationKey=world.key)
    _, out, _ = await command(UNKNOWN, *options, PSA_OPERATOR_DATABASE_DSN=world.dsn)

    assert f"#{UNKNOWN}  Absent (NotInPSA)" in out


async def test_a_psa_that_cannot_be_reached_is_the_answer(world: World, tmp_path: Path) -> None:
    nowhere = {"connectWise": {"url": "http://127.0.0.1:9", "companyId": "acme"}}

    options = [*files(world, tmp_path, provider=nowhere), "--dsn", world.dsn]
    code, out, _ = await command(UNKNOWN, *options)

    assert code == 0
    assert f"#{UNKNOWN}  Absent (Unavailable)\n    Connection: " in out


async def test_what_is_missing_is_said_in_a_sentence(world: World, tmp_path: Path) -> None:
    given = files(world, tmp_path)
    cases = (
        ([*given[:2], "--dsn", world.dsn], 'Secret "keys", which the PSAIntegration names, is in none of'),
        ([*given[2:], "--dsn", world.dsn], "The files have 0 objects of kind PSAIntegration"),
        (given, "Which database? Write --dsn, or set PSA_OPERATOR_DATABASE_DSN"),
        (
            [*given, "--dsn", world.dsn.replace("/test_", "/none_")],
            "does not exist; create it, or correct dbname",
        ),
        (["-f", str(tmp_path / "none.yaml")], "none.yaml cannot be read"),
    )
    for arguments, words in cases:
        code, _, complaint = await command(UNKNOWN, *arguments)
        assert code == 1
        assert words in complaint
        assert "Traceback" not in complaint


async def test_a_database_without_our_tables_is_said(world: World, tmp_path: Path) -> None:
    await world.sql("DROP SCHEMA psa CASCADE")

    code, _, complaint = await command(UNKNOWN, *files(world, tmp_path), "--dsn", world.dsn)

    assert code == 1
    assert "run psa-operator migrate" in complaint
