"""The change log has what readers see change, each change once, and nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest

from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Refused
from psa_operator.sync.records import Board, Note, Record, TimeEntry
from psa_operator.sync.scope import CLOSED
from psa_operator.sync.spec import Mode, Selection
from tests.contract.store.world import REFERENCE, bring, changed, rows, ticket, tickets

RENAMED: Mapping[Entity, list[Record]] = REFERENCE | {
    Entity.BOARDS: [Board(1, "Help Desk"), Board(2, "Projects")]
}


async def log(database: str) -> list[tuple[Any, ...]]:
    """What was logged since the first load, in order."""
    columns = "entity, psa_id, member_id, action, columns"
    return await rows(database, f"SELECT {columns} FROM change_log WHERE action <> 'baseline' ORDER BY id")


async def test_the_first_load_is_one_event(database: str) -> None:
    await bring(database, tickets(1, 2, 3), technicians=[(1, 2)])

    assert await rows(database, "SELECT entity, psa_id, action FROM change_log") == [(None, None, "baseline")]


async def test_each_change_is_logged_once_with_its_columns_and_its_run(database: str) -> None:
    await bring(database, tickets(1, 2, 3))
    now = [changed(ticket(1), 1, summary="New", company_id=2), ticket(2), ticket(4)]
    for _ in range(3):
        await bring(database, now, reference=RENAMED)

    assert await log(database) == [
        ("boards", 1, None, "updated", ["name"]),
        ("tickets", 1, None, "updated", ["summary", "company_id", "updated_at"]),
        ("tickets", 3, None, "deleted", None),
        ("tickets", 4, None, "created", None),
    ]
    made = (
        "SELECT DISTINCT name, number FROM change_log JOIN run ON run.id = run_id WHERE action <> 'baseline'"
    )
    assert len(await rows(database, made)) == 1


async def test_a_quick_run_logs_as_well_and_once(database: str) -> None:
    await bring(database, tickets(1, 2))
    for _ in range(2):
        await bring(database, [changed(ticket(1), 1, summary="New")], Mode.QUICK)

    assert await log(database) == [("tickets", 1, None, "updated", ["summary", "updated_at"])]


async def test_who_is_assigned_is_logged_by_ticket_and_member(database: str) -> None:
    await bring(database, tickets(1), technicians=[(1, 1), (1, 2)])
    await bring(database, tickets(1), technicians=[(1, 2), (1, 3)])

    assert await log(database) == [
        ("technicians", 1, 1, "deleted", None),
        ("technicians", 1, 3, "created", None),
    ]


async def test_what_leaves_the_scope_is_gone_for_readers_and_silent_from_then_on(database: str) -> None:
    await bring(database, tickets(1))
    for minutes in (1, 2):
        closed = changed(ticket(1), minutes, closed=True, summary=f"closed {minutes}")
        await bring(database, [closed], Mode.QUICK, out_of_scope={1: CLOSED})

    assert await log(database) == [("tickets", 1, None, "deleted", None)]
    await bring(database, [changed(ticket(1), 3)], Mode.QUICK)
    assert (await log(database))[1:] == [("tickets", 1, None, "created", None)]


async def test_what_belongs_to_a_ticket_goes_and_returns_with_it(database: str) -> None:
    first = REFERENCE | {Entity.NOTES: [Note(1, 1, "first")], Entity.TIME_ENTRIES: [TimeEntry(1, 1)]}
    await bring(database, tickets(1, 2), reference=first, technicians=[(1, 1)])
    hidden = changed(ticket(1), 1, closed=True)
    later = REFERENCE | {
        Entity.NOTES: [Note(2, 1, "while hidden")],
        Entity.TIME_ENTRIES: [TimeEntry(1, 1, 2)],
    }

    await bring(
        database, [hidden], Mode.QUICK, out_of_scope={1: CLOSED}, reference=later, technicians=[(1, 1)]
    )

    every = [("tickets", 1, None), ("technicians", 1, 1), ("notes", 1, None), ("timeEntries", 1, None)]
    assert await log(database) == [(*each, "deleted", None) for each in every]
    await bring(database, [changed(ticket(1), 2)], Mode.QUICK, reference=later, technicians=[(1, 1)])
    every.insert(3, ("notes", 2, None))
    assert (await log(database))[4:] == [(*each, "created", None) for each in every]


async def test_what_comes_for_a_hidden_ticket_is_told_once_the_ticket_returns(database: str) -> None:
    await bring(database, tickets(1))
    hidden, entry = changed(ticket(1), 1, closed=True), REFERENCE | {Entity.TIME_ENTRIES: [TimeEntry(1, 1)]}
    await bring(
        database, [hidden], Mode.QUICK, out_of_scope={1: CLOSED}, technicians=[(1, 2)], reference=entry
    )
    assert await log(database) == [("tickets", 1, None, "deleted", None)]

    await bring(database, [changed(ticket(1), 2)], Mode.QUICK, technicians=[(1, 2)], reference=entry)

    assert (await log(database))[1:] == [
        ("tickets", 1, None, "created", None),
        ("technicians", 1, 2, "created", None),
        ("timeEntries", 1, None, "created", None),
    ]


async def test_a_row_that_a_bad_record_makes_stale_says_so(database: str) -> None:
    await bring(database, tickets(1, 2))
    for _ in range(2):
        await bring(database, tickets(1), refused=[Refused(2, "summary", "is no text", "{}")])

    assert await log(database) == [("tickets", 2, None, "updated", ["stale"])]


async def test_a_prune_logs_what_goes(database: str) -> None:
    await bring(database, tickets(1, 2), technicians=[(2, 2)])
    await bring(database, tickets(1), Mode.PRUNE)

    assert await log(database) == [
        ("tickets", 2, None, "deleted", None),
        ("technicians", 2, 2, "deleted", None),
    ]


async def test_an_integration_that_comes_later_has_a_first_load_of_its_own(database: str) -> None:
    await bring(database, tickets(1))
    await bring(database, tickets(1, 2), key="msp/other")

    assert await rows(database, "SELECT count(*) FROM change_log WHERE action = 'baseline'") == [(2,)]
    assert await log(database) == []


@pytest.mark.parametrize(
    "small",
    [
        {"mode": Mode.REFERENCE_DATA},
        {"only": Selection((1, 2))},
        {"only": Selection((1,)), "mode": Mode.QUICK},
    ],
)
async def test_the_first_load_is_one_event_whatever_small_run_came_before(
    database: str, small: dict[str, Any]
) -> None:
    for _ in range(2):
        await bring(database, tickets(1, 2), **small)
    await bring(database, tickets(1, 2, 3), technicians=[(1, 2)])
    await bring(database, tickets(1, 2, 3, 4))

    logged = await rows(database, "SELECT entity, psa_id, action FROM change_log ORDER BY id")
    assert logged == [(None, None, "baseline")] * 2 + [
        ("tickets", 4, "created"),
        ("technicians", 1, "deleted"),
    ]
    assert await rows(database, "SELECT psa_id FROM row_history ORDER BY psa_id") == [(1,), (4,)]
