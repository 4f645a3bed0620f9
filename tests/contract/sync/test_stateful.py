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
from tests.contract.sync.reader import Reader
from tests.simulator_process import SimulatorProcess, start_simulator
from tests.worker_process import start_and_kill
from tests.world import World, replaced

T = TypeVar("T")
Table = dict[tuple[int, ...], dict[str, Any]]
KEYS = {"ticket": ("psa_id",), "ticket_technician": ("ticket_id", "member_id"), "note": ("psa_id",),
        "time_entry": ("psa_id",), "company": ("psa_id",), "contact": ("psa_id",)}  # fmt: skip
LOGGED = {"ticket": "tickets", "ticket_technician": "technicians", "note": "notes",
          "time_entry": "timeEntries", "company": "companies", "contact": "contacts"}  # fmt: skip
PATHS = st.sampled_from(["service/tickets", "company/companies", "time/entries", "service/priorities"])
WRITTEN = {"changed_at", "changed_by_run"}
MANY = 12
FEW_LEFT = 40
STRICT = Guard(max_count=1, max_percent=1)
NO_GUARD = Guard(max_count=1_000_000, max_percent=100)
SOME = st.integers(0, 10_000)
VALUES = st.sampled_from(["Low", "High"])
PORTAL = "portal_of_the_stateful_test"
PENDING = ("Unsent", "Held")


class Engine(RuleBasedStateMachine):
    """One integration.

    `damaged` are tickets that somebody has changed here by hand since they were read; `edits` counts what the
    portal has changed. `shown` is what readers have been told of: what was there after the first load, and
    since then what the change log says. `own` is what lives in the portal only.
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
        self.letters = 0
        self.shown: set[tuple[str, tuple[int, ...]]] = set()
        self.read_until = 0
        self.full()
        self.shown = {(table, key) for table, rows in self.live().items() for key in rows}
        for table, column in (("private_note", "text"), ("ticket_tag", "tag")):
            self.do(
                self.world.sql(
                    f"INSERT INTO {table} (integration_id, ticket_id, {column})"
                    " SELECT integration_id, psa_id, 'own'"
                    " FROM ticket JOIN integration ON integration.id = integration_id WHERE key = %s",
                    self.world.key,
                )
            )
        self.own = self.portal_only()

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

    @rule(number=SOME)
    def the_portal_writes_a_note(self, number: int) -> None:
        tickets = sorted(self.do(self.world.tickets()))
        if tickets:
            self.letters += 1
            self.do(
                self.world.sql(
                    "INSERT INTO outbox_note (integration_id, ticket_id, text)"
                    " SELECT id, %s, %s FROM integration WHERE key = %s",
                    tickets[number % len(tickets)],
                    f"letter {self.letters} of {self.world.key}",
                    self.world.key,
                )
            )

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

    @invariant()
    def no_letter_is_lost_or_sent_twice(self) -> None:
        if not hasattr(self, "own"):
            return
        there = [each["text"] for each in self.psa.state("notes")]
        tickets = self.do(self.world.tickets())
        for row in self.do(
            self.world.sql(
                "SELECT ticket_id, text, state, (SELECT count(*) FROM visible_note AS shown"
                " WHERE shown.text = outbox_note.text AND shown.integration = key) AS shown"
                " FROM outbox_note JOIN integration ON integration.id = integration_id WHERE key = %s",
                self.world.key,
            )
        ):
            assert there.count(row["text"]) <= 1
            if row["state"] in {"Unsent", "Sent"} and row["ticket_id"] in tickets:
                assert row["shown"] == 1, row

    @invariant()
    def what_lives_in_the_portal_only_is_as_it_was(self) -> None:
        assert not hasattr(self, "own") or self.portal_only() == self.own

    @invariant()
    def the_change_log_tells_what_comes_and_goes(self) -> None:
        """Each time once; what somebody deleted by hand was not gone for it."""
        if not hasattr(self, "own"):
            return
        for row in self.do(
            self.world.sql(
                "SELECT change_log.id, entity, psa_id, member_id, action FROM change_log"
                " JOIN integration ON integration.id = integration_id"
                " WHERE key = %s AND change_log.id > %s AND action <> 'baseline' ORDER BY change_log.id",
                self.world.key,
                self.read_until,
            )
        ):
            self.read_until = row["id"]
            table = next((table for table, entity in LOGGED.items() if entity == row["entity"]), None)
            if table is None:
                continue
            key = table, tuple(each for each in (row["psa_id"], row["member_id"]) if each is not None)
            assert (key in self.shown) == (row["action"] != "created"), row
            if row["action"] == "deleted":
                self.shown.discard(key)
            else:
                self.shown.add(key)
        assert self.shown == {(table, key) for table, rows in self.live().items() for key in rows}

    @rule(number=SOME)
    def somebody_deletes_a_ticket_here(self, number: int) -> None:
        ids = sorted(self.do(self.world.tickets()))
        if ids:
            chosen = ids[number % len(ids)]
            for table in ("ticket_technician", "note", "time_entry"):
                self.do(self.world.sql(f"DELETE FROM {table} WHERE ticket_id = %s", chosen))
            self.do(self.world.sql("DELETE FROM ticket WHERE psa_id = %s", chosen))
            self.damaged.add(chosen)
            self.shown &= {(table, key) for table, rows in self.live().items() for key in rows}

    @rule()
    def quick(self) -> None:
        before = self.live()
        row = self.sending(Mode.QUICK)
        after, truth = self.live(), self.world.truth()
        self.removed_nothing(before, after)
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

    @rule(number=SOME, later=st.booleans())
    def a_full_run_is_undone(self, number: int, later: bool) -> None:  # noqa: FBT001
        """Tickets whose local changes the run has sent stay as they are, or a Quick run changed later."""
        before, portal = self.live(), self.touched()
        full = self.run(Mode.FULL)
        if full.report.rollback_until is None:
            return
        if later and (ids := self.psa.ids()):
            changed = ids[number % len(ids)]
            self.psa.change(changed, severity="Low", summary=f"changed later, {number}")
            self.run(Mode.QUICK)
            portal.add(changed)
        newest = self.live()["ticket"]
        undone = self.run(Mode.ROLLBACK, rollback_of=full.name)
        assert portal.issuperset(undone.report.kept_newer.get(Entity.TICKETS, ()))
        assert self.without(portal, self.live()) == self.without(portal, before)
        for ticket in undone.report.kept_newer.get(Entity.TICKETS, ()):
            assert self.live()["ticket"].get((ticket,)) == newest.get((ticket,))

    @rule()
    def too_much_is_deleted_there(self) -> None:
        """The run waits with everything as it was, for the number and no less."""
        ids = self.psa.ids()
        if len(ids) < FEW_LEFT:
            return
        self.psa.delete(*ids[:MANY])
        spec = self.world.spec(Mode.FULL, guard=STRICT)
        before = self.live()
        outcome = self.do(Reader(self.world).watch(spec))
        if outcome.phase != "Succeeded":
            number = self.do(self.world.row()).report.to_approve
            fewer = self.do(self.world.attempt(replaced(spec, approved_deletions=number - 1)))
            assert (outcome.reason, fewer.reason) == ("DeletionGuard",) * 2
            assert self.live() == before
            outcome = self.do(self.world.attempt(replaced(spec, approved_deletions=number)))
        else:
            assert len(before["ticket"].keys() - self.live()["ticket"].keys()) < MANY
        assert outcome.phase == "Succeeded", outcome
        self.as_in_the_psa()

    @rule(number=SOME, mode=st.sampled_from(list(Mode)[:2]))
    def a_ticket_does_not_fit(self, number: int, mode: Mode) -> None:
        """It stays as it is here, is counted, and healed by the next run."""
        ids = self.psa.ids()
        bad = ids[number % len(ids)]
        self.psa.change(bad, severity="High")
        self.psa.fault("garble", "service/tickets", ids=[bad], record={"board": "nonsense"})
        before = self.live()["ticket"].get((bad,))
        row = self.run(mode)
        self.psa.clear_faults()
        assert row.report.counts["tickets"].quarantined == 1
        self.adds_up(row)
        after = self.live()["ticket"].get((bad,))
        assert (after and after["summary"]) == (before and before["summary"])
        self.quick()

    @rule(modes=st.sampled_from([(Mode.QUICK, Mode.FULL), (Mode.FULL, Mode.FULL), (Mode.FULL, Mode.PRUNE)]))
    def two_runs_begin_at_once(self, modes: tuple[Mode, Mode]) -> None:
        """One of them is told that the other is on, or both ran, one after the other."""
        outcomes = self.do(self.at_once(*modes))
        assert {each.reason for each in outcomes} <= {"Succeeded", "AnotherRunActive"}
        assert "Succeeded" in {each.reason for each in outcomes}
        self.full()

    @rule(path=PATHS, kind=st.sampled_from(["forbidden", "empty-list"]), mode=st.sampled_from(list(Mode)[:2]))
    def the_psa_is_out_of_order(self, path: str, kind: str, mode: Mode) -> None:
        before = self.live()
        self.psa.fault(kind, path)
        outcome = self.do(self.world.run(mode))
        self.psa.clear_faults()
        if outcome.phase != "Succeeded":
            assert self.live() == before
        elif mode is Mode.QUICK:
            self.removed_nothing(before, self.live())
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

    @rule(mode=st.sampled_from([Mode.QUICK, Mode.FULL, Mode.PRUNE]), delay=st.floats(0.5, 2.0))
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

    async def at_once(self, *modes: Mode) -> list[Any]:
        return await asyncio.gather(*(self.world.run(mode) for mode in modes))

    def run(self, mode: Mode, **changes: Any) -> RunRow:
        outcome = self.do(Reader(self.world).watch(self.world.spec(mode, **changes)))
        assert outcome.phase == "Succeeded", outcome
        return self.do(self.world.row())

    def sending(self, mode: Mode) -> RunRow:
        """A run that sends what it can, and what it sent is in the PSA."""
        known, theirs = self.local_changes(), self.world.truth()
        before = {row["id"]: row["state"] for row in known}
        row = self.run(mode)
        after, truth = self.local_changes(), self.world.truth()
        assert all(each["state"] != "Unsent" for each in after)
        decided = {each["ticket_id"] for each in known if each["resolution"]}
        for each in known:
            if each["state"] == "Held" and each["ticket_id"] in truth.keys() - decided:
                seen = {name: theirs[each["ticket_id"]][name] for name in each["theirs"]}
                now = {name: truth[each["ticket_id"]][name] for name in each["theirs"]}
                assert seen != each["theirs"] or seen == now, "what nobody has decided was overwritten"
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
                "SELECT local_change.id, ticket_id, value, state, theirs, resolution FROM local_change"
                " JOIN integration ON integration.id = integration_id WHERE key = %s ORDER BY id",
                self.world.key,
            )
        )

    def held(self) -> set[int]:
        return {row["ticket_id"] for row in self.local_changes() if row["state"] in PENDING}

    def touched(self) -> set[int]:
        """Tickets that the portal has changed or written to, if the PSA does not have it yet."""
        rows = self.do(
            self.world.sql(
                "SELECT ticket_id FROM outbox_note JOIN integration ON integration.id = integration_id"
                " WHERE key = %s AND state = 'Unsent'",
                self.world.key,
            )
        )
        return self.held() | {row["ticket_id"] for row in rows}

    def portal_only(self) -> list[dict[str, Any]]:
        return [
            row
            for table in ("private_note", "ticket_tag")
            for row in self.do(
                self.world.sql(
                    f"SELECT {table}.*, {table}.xmin::text AS written FROM {table}"
                    " JOIN integration ON integration.id = integration_id WHERE key = %s ORDER BY ticket_id",
                    self.world.key,
                )
            )
        ]

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

    def removed_nothing(self, before: dict[str, Table], after: dict[str, Table]) -> None:
        """But for technicians: who is assigned is part of a ticket."""
        for table in KEYS.keys() - {"ticket_technician"}:
            assert before[table].keys() <= after[table].keys(), table

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
