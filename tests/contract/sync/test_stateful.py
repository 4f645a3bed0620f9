"""Whatever happens, in whatever order: the promises of the engine hold after every step."""

import asyncio
import uuid
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql

from psa_operator.store import migrate
from psa_operator.store.history import RunRow
from psa_operator.sync.entities import Entity
from psa_operator.sync.spec import Database, Guard, Mode, WriteBack
from tests.simulator_process import SimulatorProcess, start_simulator
from tests.worker_process import start_and_kill
from tests.world import World

T = TypeVar("T")
Table = dict[tuple[int, ...], dict[str, Any]]
KEYS = {"ticket": ("psa_id",), "ticket_technician": ("ticket_id", "member_id"), "note": ("psa_id",),
        "time_entry": ("psa_id",), "company": ("psa_id",), "contact": ("psa_id",)}  # fmt: skip
PATHS = st.sampled_from(["service/tickets", "company/companies", "time/entries", "service/priorities"])
WRITTEN = {"changed_at", "changed_by_run"}
NO_GUARD = Guard(max_count=1_000_000, max_percent=100)
SOME = st.integers(0, 10_000)
VALUES = st.sampled_from(["Low", "High"])
PORTAL = "portal_of_the_stateful_test"
PENDING = ("Unsent", "Held")


class Engine(RuleBasedStateMachine):
    """One integration.

    `damaged` are tickets that somebody has changed here by hand since they were read; `edits` counts what the
    portal has changed.
    """

    psa: SimulatorProcess
    dsn: str

    @initialize()
    def begin(self) -> None:
        self.psa.reset()
        two_way = {"guard": NO_GUARD, "write_back": WriteBack(enabled=True, database_role=PORTAL)}
        self.world = World(self.psa, self.dsn, key=f"tests/{uuid.uuid4().hex}", settings=two_way)
        self.damaged: set[int] = set()
        self.edits = 0
        self.full()

    @rule(changes=st.integers(1, 12))
    def the_psa_lives_on(self, changes: int) -> None:
        self.psa.live(changes)

    @rule(number=SOME, entity=st.sampled_from(["tickets", "notes", "timeEntries"]))
    def something_is_deleted_there(self, number: int, entity: str) -> None:
        ids = self.psa.ids(entity)
        self.psa.delete(ids[number % len(ids)], entity=entity)

    @rule(number=SOME)
    def somebody_damages_a_ticket(self, number: int) -> None:
        ids = sorted(self.do(self.world.tickets()))
        if ids:
            chosen = ids[number % len(ids)]
            self.do(self.world.sql("UPDATE ticket SET summary = 'damaged' WHERE psa_id = %s", chosen))
            self.damaged.add(chosen)

    @rule(
        number=SOME, column=st.sampled_from(["summary", "severity"]), value=st.sampled_from(["Low", "High"])
    )
    def the_portal_changes_a_ticket(self, number: int, column: str, value: str) -> None:
        tickets = self.do(self.world.tickets())
        chosen = sorted(tickets)[number % len(tickets)]
        if tickets[chosen][column] != value and chosen not in self.damaged:
            update = f"UPDATE ticket SET {column} = '{value}' WHERE psa_id = {chosen}"
            own = f"integration_id = (SELECT id FROM integration WHERE key = '{self.world.key}')"
            self.do(self.world.sql(f"SET SESSION AUTHORIZATION {PORTAL}; {update} AND {own}"))
            self.edits += 1

    @rule(number=SOME, value=st.sampled_from(["by a technician", "Low"]))
    def a_technician_changes_a_ticket(self, number: int, value: str) -> None:
        ids = self.psa.ids()
        self.psa.change(ids[number % len(ids)], summary=value)

    @rule(resolution=st.sampled_from(["Portal", "PSA"]))
    def somebody_decides(self, resolution: str) -> None:
        self.do(self.world.sql("UPDATE local_change SET resolution = %s WHERE state = 'Held'", resolution))

    @invariant()
    def no_local_change_is_lost(self) -> None:
        """All are there, and readers see the values of those that the PSA does not have."""
        if not hasattr(self, "world"):
            return
        rows, tickets = self.local_changes(), self.do(self.world.tickets())
        assert len(rows) == self.edits
        unsent: dict[int, dict[str, Any]] = {}
        for row in rows:
            if row["state"] in PENDING and row["ticket_id"] not in self.damaged:
                unsent.setdefault(row["ticket_id"], {}).update(row["value"])
        for ticket, values in unsent.items():
            assert {name: tickets[ticket][name] for name in values} == values

    @rule(number=SOME)
    def somebody_deletes_a_ticket_here(self, number: int) -> None:
        ids = sorted(self.do(self.world.tickets()))
        if ids:
            chosen = ids[number % len(ids)]
            for table in ("ticket_technician", "note", "time_entry"):
                self.do(self.world.sql(f"DELETE FROM {table} WHERE ticket_id = %s", chosen))
            self.do(self.world.sql("DELETE FROM ticket WHERE psa_id = %s", chosen))
            self.damaged.add(chosen)

    @rule()
    def quick(self) -> None:
        before = self.live()
        row = self.sending(Mode.QUICK)
        after, truth = self.live(), self.world.truth()
        assert before["ticket"].keys() <= after["ticket"].keys()
        tickets = self.do(self.world.tickets())
        for ticket in truth.keys() - self.damaged - self.held():
            assert tickets[ticket] == truth[ticket]
        self.damaged -= {each for each in self.damaged if tickets.get(each) == truth.get(each)}
        self.adds_up(row)

    @rule()
    def full(self) -> None:
        row = self.sending(Mode.FULL)
        self.as_in_the_psa()
        self.belongs()
        self.adds_up(row)

    @rule()
    def again(self) -> None:
        self.full()
        before = self.live(written=True)
        self.run(Mode.FULL)
        assert self.live(written=True) == before

    @rule()
    def prune(self) -> None:
        before, truth = self.live(), self.world.truth()
        self.run(Mode.PRUNE)
        after = self.live()
        assert after["ticket"].keys() == {key for key in before["ticket"] if key[0] in truth}
        for table in ("ticket", "note", "company", "contact"):
            assert all(before[table][key] == row for key, row in after[table].items())

    @rule()
    def a_full_run_is_undone(self) -> None:
        """Tickets whose local changes the run has sent stay as they are, and it says so."""
        before, portal = self.live(), self.held()
        full = self.run(Mode.FULL)
        if full.report.rollback_until is None:
            return
        undone = self.run(Mode.ROLLBACK, rollback_of=full.name)
        assert portal.issuperset(undone.report.kept_newer.get(Entity.TICKETS, ()))
        assert self.without(portal, self.live()) == self.without(portal, before)

    @rule(path=PATHS, kind=st.sampled_from(["forbidden", "empty-list"]), mode=st.sampled_from(list(Mode)[:2]))
    def the_psa_is_out_of_order(self, path: str, kind: str, mode: Mode) -> None:
        before = self.live()
        self.psa.fault(kind, path)
        outcome = self.do(self.world.run(mode))
        self.psa.clear_faults()
        if outcome.phase != "Succeeded":
            assert self.live() == before
        elif mode is Mode.QUICK:
            assert before["ticket"].keys() <= self.live()["ticket"].keys()
        else:
            self.as_in_the_psa()

    @rule(mode=st.sampled_from(list(Mode)[:2]), delay=st.floats(0.0, 0.6))
    def a_run_is_stopped_and_goes_on(self, mode: Mode, delay: float) -> None:
        before, spec = self.live(), self.world.spec(mode)
        outcome = self.do(self.stopped(spec, delay))
        if outcome.phase != "Succeeded":
            assert self.live() == before
            outcome = self.do(self.world.attempt(spec))
        assert outcome.phase == "Succeeded", outcome
        if mode is Mode.FULL:
            self.as_in_the_psa()

    @rule(mode=st.sampled_from(list(Mode)[:2]), delay=st.floats(0.5, 2.0))
    def a_worker_is_killed_and_its_run_goes_on(self, mode: Mode, delay: float) -> None:
        spec = self.world.spec(mode)
        self.do(start_and_kill(spec, after=delay))
        outcome = self.do(self.world.attempt(spec))
        # It may have published before it was killed, and then there is nothing left to attempt.
        assert self.do(self.world.row()).phase == "Succeeded", outcome
        if mode is Mode.FULL:
            self.as_in_the_psa()

    async def stopped(self, spec: Any, delay: float) -> Any:
        stopping = asyncio.Event()
        asyncio.get_running_loop().call_later(delay, stopping.set)
        return await self.world.attempt(spec, stopping)

    def run(self, mode: Mode, **changes: Any) -> RunRow:
        outcome = self.do(self.world.run(mode, **changes))
        assert outcome.phase == "Succeeded", outcome
        return self.do(self.world.row())

    def sending(self, mode: Mode) -> RunRow:
        """A run that sends what it can, and what it sent is in the PSA."""
        before = {row["id"]: row["state"] for row in self.local_changes()}
        row = self.run(mode)
        after, truth = self.local_changes(), self.world.truth()
        assert all(each["state"] != "Unsent" for each in after)
        sent: dict[int, dict[str, Any]] = {}
        for each in after:
            if each["state"] == "Sent" and before[each["id"]] in PENDING:
                sent.setdefault(each["ticket_id"], {}).update(each["value"])
        for ticket, values in sent.items():
            assert {name: truth[ticket][name] for name in values} == values
        return row

    def as_in_the_psa(self) -> None:
        """Every ticket is, but for those that portal and PSA have changed both."""
        live, truth, held = self.do(self.world.tickets()), self.world.truth(), self.held()
        assert live.keys() == truth.keys()
        assert not [each for each in live.keys() - held if live[each] != truth[each]]
        self.damaged.clear()

    def local_changes(self) -> list[dict[str, Any]]:
        return self.do(
            self.world.sql(
                "SELECT local_change.id, ticket_id, value, state FROM local_change"
                " JOIN integration ON integration.id = integration_id WHERE key = %s ORDER BY id",
                self.world.key,
            )
        )

    def held(self) -> set[int]:
        return {row["ticket_id"] for row in self.local_changes() if row["state"] in PENDING}

    def without(self, tickets: set[int], tables: dict[str, Table]) -> dict[str, Table]:
        """What does not belong to these tickets."""
        return {
            name: {
                key: row
                for key, row in table.items()
                if name in {"company", "contact"} or row.get("ticket_id", row.get("psa_id")) not in tickets
            }
            for name, table in tables.items()
        }

    def adds_up(self, row: RunRow) -> None:
        for entity, each in row.report.counts.items():
            assert each.fetched == each.created + each.updated + each.unchanged + each.quarantined, entity

    def belongs(self) -> None:
        """Notes and time entries are those of the tickets that are here, all of them."""
        tickets, live = set(self.do(self.world.tickets())), self.live()
        for table, entity, ticket in (
            ("note", "notes", "ticketId"),
            ("time_entry", "timeEntries", "chargeToId"),
        ):
            there = {(each["id"],) for each in self.psa.state(entity) if each[ticket] in tickets}
            assert live[table].keys() == there

    def live(self, *, written: bool = False) -> dict[str, Table]:
        return self.do(self._live(written=written))

    async def _live(self, *, written: bool) -> dict[str, Table]:
        tables: dict[str, Table] = {}
        for table, key in KEYS.items():
            rows = await self.world.sql(
                f"SELECT {table}.* FROM {table} JOIN integration AS own ON own.id = integration_id"
                " WHERE own.key = %s",
                self.world.key,
            )
            tables[table] = {
                tuple(row[name] for name in key): {
                    name: value for name, value in row.items() if written or name not in WRITTEN
                }
                for row in rows
            }
        return tables

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(work)


@pytest.fixture(scope="module")
def small() -> Iterator[SimulatorProcess]:
    with start_simulator(tickets=60, seed=3, notes=1, time_entries=1) as simulator:
        yield simulator


@pytest.fixture
def two_way(database: str) -> Iterator[str]:
    """A database whose portal has a role of its own: what its owner does by hand is damage."""
    asyncio.run(migrate(Database(database)))
    with psycopg.connect(database, autocommit=True) as connection:
        for statement in (
            "CREATE ROLE {}",
            "GRANT USAGE ON SCHEMA psa TO {}",
            "GRANT SELECT, UPDATE ON psa.ticket TO {}",
            "GRANT SELECT ON psa.integration TO {}",
        ):
            connection.execute(sql.SQL(statement).format(sql.Identifier(PORTAL)))
        yield database
        for statement in ("DROP OWNED BY {}", "DROP ROLE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(PORTAL)))


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(3, 15, id="short"),
        # Parts, so that every processor has some: 10,000 steps in all.
        *(pytest.param(25, 50, id=f"soak-{part}", marks=pytest.mark.soak) for part in range(1, 9)),
    ],
)
def test_the_promises_hold_after_every_step(
    small: SimulatorProcess, two_way: str, examples: int, steps: int
) -> None:
    machine = type("Engine", (Engine,), {"psa": small, "dsn": two_way})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
