"""A new release takes over what the one before it has left: objects, rows, and a run in the middle."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import yaml

from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Object, Tenant
from tests.simulator_process import SimulatorProcess, start_simulator

OLDER = Path(__file__).parent / "older"
NAMESPACE = "older-release"
LEFT_AT = datetime(2026, 11, 27, 13, 48, 45, tzinfo=UTC)
STAMP = re.compile(r"2026-11-27[ T]13:[\d:.]+(?:\+00|Z)")


@pytest.fixture
def psa() -> Iterator[SimulatorProcess]:
    """The PSA that the older release has read."""
    with start_simulator(tickets=12, seed=7, notes=1, time_entries=1) as simulator:
        simulator.change(*simulator.ids()[:3], summary="changed once")
        yield simulator


def as_if_left_now(text: str) -> str:
    """With every stamp of the older release moved to now, so that no deadline is over."""
    passed = datetime.now(UTC) - LEFT_AT
    return STAMP.sub(lambda found: f"{datetime.fromisoformat(found[0]) + passed:%Y-%m-%dT%H:%M:%SZ}", text)


async def left_behind(tenant: Tenant) -> Callable[[str], str]:
    """Create the objects; returns what puts their namespace and uids into a text."""
    renamed = {NAMESPACE: tenant.namespace}
    for body in yaml.safe_load_all(as_if_left_now((OLDER / "objects.yaml").read_text())):
        name, status, former = body["metadata"]["name"], body.pop("status"), body["metadata"].pop("uid")
        if body["kind"] == "PSAIntegration":
            body["spec"]["provider"]["connectWise"]["url"] = tenant.psa.account.url
        made = json.loads(await tenant.kubectl("create", "-f", "-", "-o", "json", stdin=json.dumps(body)))
        renamed[former] = made["metadata"]["uid"]
        patch = json.dumps({"status": status}).replace(NAMESPACE, tenant.namespace)
        await tenant.kubectl("patch", body["kind"], name, "--type=merge", "--subresource=status", "-p", patch)
    return lambda text: re.sub("|".join(renamed), lambda found: renamed[found[0]], text)


async def ids(database: str) -> dict[int, int]:
    """The portal's id of each ticket."""
    async with await psycopg.AsyncConnection.connect(database) as connection:
        rows = await connection.execute("SELECT psa_id, id FROM psa.ticket")
        return dict(await rows.fetchall())


async def test_a_new_release_takes_over_objects_rows_and_a_run_in_the_middle(
    operator: OperatorProcess, tenant: Tenant, database: str
) -> None:
    await operator.terminate()
    await tenant.apply(tenant.secret())
    put_names = await left_behind(tenant)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(put_names(as_if_left_now((OLDER / "database.sql").read_text())).encode())
    before = await ids(database)
    done: dict[str, Object | None] = {name: await tenant.get("tres", name) for name in ("first", "quick")}

    await operator.start()

    middle, waiting = await tenant.finished("in-the-middle"), await tenant.finished("waiting")
    assert (middle["phase"], middle["attempt"]) == ("Succeeded", 2), middle
    assert (waiting["phase"], waiting["attempt"]) == ("Succeeded", 1), waiting
    counts = middle["counts"]["tickets"]
    assert (counts["fetched"], counts["created"], counts["updated"], counts["deleted"]) == (12, 0, 3, 0)
    await tenant.until("psai", "acme", lambda each: each["status"]["lastFullSync"]["name"] == "in-the-middle")
    assert await ids(database) == before
    assert {name: await tenant.get("tres", name) for name in done} == done
