"""A ConnectWise, a database and the engine between them, with the words that tests about runs need."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row

from psa_operator.hosts import HostPolicy
from psa_operator.store.facts import Facts, integration_facts
from psa_operator.store.history import RunRow, read_run
from psa_operator.sync.engine import Outcome
from psa_operator.sync.spec import Account, Database, Limits, Mode, RunSpec
from psa_operator.worker import attempt
from tests.simulator_process import SimulatorProcess

UNHURRIED = Limits(requests_per_minute=1_000_000)
"""What a test waits for is not the budget."""

LOOPBACK = HostPolicy(frozenset({"127.0.0.1"}), allow_http=True)

Rows = dict[int, dict[str, Any]]


@dataclass
class World:
    """One integration. `last` is the spec of the newest run."""

    psa: SimulatorProcess
    dsn: str
    key: str = "tests/acme"
    last: RunSpec | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def spec(self, mode: Mode = Mode.FULL, **changes: Any) -> RunSpec:
        account = self.psa.account
        given: dict[str, Any] = {
            "run_id": str(uuid.uuid4()),
            "name": f"tests/{mode.lower()}-{uuid.uuid4().hex[:6]}",
            "integration_key": self.key,
            "mode": mode,
            "reason": "a test",
            "account": Account(
                "ConnectWise",
                {"url": account.url, "companyId": account.companyId},
                {
                    "publicKey": account.publicKey,
                    "privateKey": account.privateKey,
                    "clientId": account.clientId,
                },
            ),
            "database": Database(self.dsn),
            "limits": UNHURRIED,
        }
        return RunSpec(**given | self.settings | changes)

    async def run(self, mode: Mode = Mode.FULL, **changes: Any) -> Outcome:
        """A new run, one attempt."""
        return await self.attempt(self.spec(mode, **changes))

    async def attempt(self, spec: RunSpec, stopping: asyncio.Event | None = None) -> Outcome:
        self.last = spec
        return await attempt(spec, LOOPBACK, stopping or asyncio.Event())

    async def full(self, **changes: Any) -> RunRow:
        """A Full run that must succeed."""
        return await self._succeed(Mode.FULL, changes)

    async def quick(self, **changes: Any) -> RunRow:
        """A Quick run that must succeed."""
        return await self._succeed(Mode.QUICK, changes)

    async def row(self) -> RunRow:
        """The run row of the newest run."""
        assert self.last
        row = await read_run(self.last.database, self.last.run_id)
        assert row
        return row

    async def facts(self) -> Facts:
        """What the integration's status is made from."""
        return await integration_facts(Database(self.dsn), self.key)

    async def sql(self, text: str, *values: Any) -> list[dict[str, Any]]:
        connection = await psycopg.AsyncConnection.connect(
            self.dsn, autocommit=True, row_factory=dict_row, options="-c search_path=psa"
        )
        async with connection:
            cursor = await connection.execute(text.encode(), values or None)
            return await cursor.fetchall() if cursor.description else []

    async def until(self, query: str, within: float = 20) -> None:
        """Wait, so many seconds at most, until a query finds something."""
        async with asyncio.timeout(within):
            for _ in iter(int, 1):
                if await self.sql(query):
                    return
                await asyncio.sleep(0.02)

    async def tickets(self) -> Rows:
        """The live tickets as readers see them, by the PSA's id."""
        rows = await self.sql(
            "SELECT ticket.*, ARRAY(SELECT member_id FROM ticket_technician AS t WHERE t.integration_id ="
            " ticket.integration_id AND t.ticket_id = ticket.psa_id ORDER BY member_id) AS technicians"
            " FROM ticket JOIN integration ON integration.id = ticket.integration_id"
            " WHERE out_of_scope IS NULL AND integration.key = %s",
            self.key,
        )
        return {row["psa_id"]: {name: row[name] for name in _COMPARED} for row in rows}

    def truth(self) -> Rows:
        """The tickets as the PSA has them, in the words of the live table."""
        members = {each["identifier"]: each["id"] for each in self.psa.state("members")}
        return {each["id"]: expected(each, members) for each in self.psa.state("tickets")}

    async def assert_equal_to_the_psa(self) -> None:
        live, truth = await self.tickets(), self.truth()
        assert live.keys() == truth.keys()
        different = {key: (live[key], truth[key]) for key in live if live[key] != truth[key]}
        assert not different

    async def _succeed(self, mode: Mode, changes: dict[str, Any]) -> RunRow:
        outcome = await self.run(mode, **changes)
        assert outcome.phase == "Succeeded", outcome
        return await self.row()


_COMPARED = (
    "summary", "board_id", "status_id", "type_id", "priority_id", "company_id", "contact_id", "owner_id",
    "severity", "impact", "source", "closed", "parent_id", "budget_hours", "actual_hours", "closed_at",
    "entered_at", "updated_at", "custom_fields", "technicians", "subtype_id", "item_id", "source_id",
    "location_id",
)  # fmt: skip


def expected(raw: dict[str, Any], members: dict[str, int]) -> dict[str, Any]:
    """A ticket as the PSA has it, in the words of the live table."""

    def ref(name: str) -> int | None:
        return raw[name]["id"] if raw.get(name) else None

    def time(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    resources = [name.strip() for name in (raw["resources"] or "").split(",") if name.strip()]
    owner = [raw["owner"]["identifier"]] if raw["owner"] else []
    custom = {
        each["caption"]: each["value"] for each in raw["customFields"] if each["value"] not in {None, ""}
    }
    return {
        "summary": raw["summary"].replace("\0", ""),
        "board_id": ref("board"),
        "status_id": ref("status"),
        "type_id": ref("type"),
        "priority_id": ref("priority"),
        "company_id": ref("company"),
        "contact_id": ref("contact"),
        "owner_id": ref("owner"),
        "severity": raw.get("severity"),
        "impact": raw.get("impact"),
        "source": raw["source"]["name"] if raw["source"] else None,
        "closed": raw["closedFlag"],
        "parent_id": raw.get("parentTicketId"),
        "budget_hours": raw["budgetHours"],
        "actual_hours": raw["actualHours"],
        "closed_at": time(raw["closedDate"]),
        "entered_at": time(raw["_info"]["dateEntered"]),
        "updated_at": time(raw["_info"]["lastUpdated"]),
        "custom_fields": json.loads(json.dumps(custom).replace("\\u0000", "")) or None,
        "subtype_id": ref("subType"),
        "item_id": ref("item"),
        "source_id": ref("source"),
        "location_id": ref("serviceLocation"),
        "technicians": sorted({members[name] for name in [*resources, *owner] if name in members}),
    }


def replaced(spec: RunSpec, **changes: Any) -> RunSpec:
    return msgspec.structs.replace(spec, **changes)
