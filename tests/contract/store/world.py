"""A PSA as the store sees it: pages of records, staged and published by the rules of the port."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from msgspec.structs import replace

from psa_operator.store import open_store
from psa_operator.store.run import PostgresRun
from psa_operator.store.stage import PostgresStage
from psa_operator.sync.entities import LARGE, Entity
from psa_operator.sync.entities import REFERENCE as SMALL
from psa_operator.sync.intake import ids_of
from psa_operator.sync.outcome import Difference, Report
from psa_operator.sync.ports import Page, Refused
from psa_operator.sync.records import Board, Company, Contact, Member, Priority, Record, Status, Ticket
from psa_operator.sync.scope import ResolvedScope
from psa_operator.sync.spec import Account, Database, Mode, RunSpec, Selection
from psa_operator.sync.storage import Mark, Segment

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
EVERYTHING = ResolvedScope()
WHATEVER = Selection()
WHOLE = Segment(0, None, 0, complete=True)
COVERED: Mapping[Entity, Mark] = {Entity.TICKETS: Mark(NOON, NOON)}
REFERENCE: dict[Entity, list[Record]] = {
    Entity.BOARDS: [Board(1, "Service"), Board(2, "Projects")],
    Entity.STATUSES: [Status(1, 1, "New"), Status(2, 1, "Closed", closed=True)],
    Entity.PRIORITIES: [Priority(1, "High")],
    Entity.MEMBERS: [Member(1, "Ann", "Ann Ash"), Member(2, "bob", "Bob Birch"), Member(3, "cy", "Cy Cole")],
    Entity.COMPANIES: [Company(1, "acme", "Acme"), Company(2, "bolt", "Bolt")],
    Entity.CONTACTS: [Contact(1, 1, "Ada"), Contact(2, 2, "Bea")],
}

READ = {
    Mode.QUICK: set(Entity),
    Mode.FULL: set(Entity),
    Mode.REFERENCE_DATA: set(SMALL),
    Mode.PRUNE: set(LARGE),
}

_WHOLE_MODES = {Mode.QUICK, Mode.FULL}


def minute(number: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(minutes=number)


def ticket(ticket_id: int, summary: str = "Printer on fire", **fields: Any) -> Ticket:
    """A ticket with all its parents."""
    defaults: dict[str, Any] = {
        "board_id": 1,
        "status_id": 1,
        "priority_id": 1,
        "company_id": 1,
        "contact_id": 1,
        "owner_id": 1,
        "updated_at": NOON,
    }
    return Ticket(ticket_id, summary, **defaults | fields)


def tickets(*ids: int) -> list[Ticket]:
    return [ticket(each) for each in ids]


def spec(database: str, mode: Mode = Mode.FULL, *, key: str = "msp/acme", **fields: Any) -> RunSpec:
    """A run of its own."""
    name = f"msp/{mode.lower()}"
    account = Account("ConnectWise", {}, {})
    run_id = fields.pop("run_id", str(uuid4()))
    return RunSpec(run_id, name, key, mode, account, Database(database), **fields)


def by_ticket(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """The members of each ticket."""
    members: dict[int, list[int]] = {}
    for ticket_id, member_id in pairs:
        members.setdefault(ticket_id, []).append(member_id)
    return members


@asynccontextmanager
async def claimed(asked: RunSpec) -> AsyncIterator[PostgresRun]:
    """The next attempt of a run."""
    async with open_store(asked.database) as store, store.claim(asked) as run:
        yield run


async def listing(page: Page) -> AsyncIterator[list[int]]:
    """The ids of a page."""
    yield sorted(ids_of(page))


@asynccontextmanager
async def staged(
    run: PostgresRun,
    mode: Mode = Mode.FULL,
    records: Iterable[Ticket] = (),
    *,
    reference: Mapping[Entity, list[Record]] = REFERENCE,
    refused: Iterable[Refused] = (),
    technicians: Iterable[tuple[int, int]] = (),
    out_of_scope: Mapping[int, str] = {},
) -> AsyncIterator[PostgresStage]:
    """A stage that holds these records, as far as the mode reads them; a Prune only lists their ids."""
    stage = await run.open_stage(mode)
    pages = [Page(entity, rows) for entity, rows in reference.items()]
    pages.append(Page(Entity.TICKETS, list(records), tuple(refused)))
    for page in (each for each in pages if each.entity in READ[mode]):
        if mode is Mode.PRUNE:
            await stage.set_listed(page.entity, listing(page))
            continue
        more: dict[str, Any] = {}
        if page.entity is Entity.TICKETS:
            more = {"technicians": by_ticket(technicians), "out_of_scope": out_of_scope}
        if mode is Mode.FULL and not stage.state.indexed:
            await stage.append(page, WHOLE, **more)
        else:
            await stage.merge(page, **more)
    await stage.index()
    yield stage


async def publish(
    stage: PostgresStage,
    scope: ResolvedScope = EVERYTHING,
    marks: Mapping[Entity, Mark] = COVERED,
) -> Difference:
    """Seal what the stage would change, and do just this."""
    difference, report = await stage.difference(scope), Report()
    await stage.seal(difference)
    await stage.publish(scope, marks, report)
    assert report.counts == {str(entity): counts for entity, counts in difference.counts.items()}
    return difference


async def bring(
    database: str,
    records: Iterable[Ticket],
    mode: Mode = Mode.FULL,
    *,
    key: str = "msp/acme",
    scope: ResolvedScope = EVERYTHING,
    only: Selection = WHATEVER,
    **content: Any,
) -> Difference:
    """A whole run with these tickets."""
    async with (
        claimed(spec(database, mode, key=key, only=only)) as run,
        staged(run, mode, records, **content) as stage,
    ):
        return await publish(stage, scope, COVERED if mode in _WHOLE_MODES and not only.limited else {})


async def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    """What a reader of the database sees."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("SET search_path TO psa, psa_stage")
        cursor = await connection.execute(query)
        return list(await cursor.fetchall()) if cursor.description else []


async def summaries(database: str) -> dict[int, str]:
    return dict(await rows(database, "SELECT psa_id, summary FROM ticket ORDER BY psa_id"))


def changed(record: Ticket, minutes: float, **fields: Any) -> Ticket:
    """A ticket as it is after somebody worked on it."""
    return replace(record, updated_at=minute(minutes), **fields)
