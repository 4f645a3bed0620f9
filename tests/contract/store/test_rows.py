"""What is staged is what the PSA sent, whatever characters, numbers and times it holds."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Page
from psa_operator.sync.records import Ticket
from psa_operator.sync.spec import Mode
from tests.contract.store.world import NOON, WHOLE, claimed, rows, spec, ticket

PIECES = [
    *("", "null", "true", "{}", "n", "u0001", "é", "שלום", "😀", ",", '"', "]\n["),
    *("\\", "\\\\", "\\n", "\\.", "\n", "\r", "\t", "\b", "\f", "\x01", "\x1f", "\x7f"),
]
MOMENTS = [
    NOON,
    NOON + timedelta(microseconds=1),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
]
NUMBERS = [None, 0.0, -0.25, 1 / 3, 1e300, 5e-324, 123456789.125]


def strange_tickets(chance: random.Random) -> list[Ticket]:
    texts = [*PIECES, *("".join(chance.choices(PIECES, k=6)) for _ in range(500))]
    return [
        ticket(
            number,
            text,
            severity=text,
            custom_fields=msgspec.json.encode({"Notes": text}),
            budget_hours=chance.choice(NUMBERS),
            entered_at=chance.choice(MOMENTS),
        )
        for number, text in enumerate(texts, start=1)
    ]


def expected(record: Ticket) -> tuple[Any, ...]:
    custom = msgspec.json.decode(record.custom_fields or b"")["Notes"]
    return (
        record.summary,
        record.severity,
        None,
        record.budget_hours,
        record.entered_at,
        record.closed,
        custom,
    )


async def test_what_is_copied_is_what_was_sent(database: str) -> None:
    sent = strange_tickets(random.Random(1))
    async with claimed(spec(database)) as run:
        stage = await run.open_stage(Mode.FULL)
        await stage.append(Page(Entity.TICKETS, sent), WHOLE)
        table = stage._staging.table("ticket").as_string()
        found = await rows(
            database,
            "SELECT summary, severity, impact, budget_hours, entered_at, closed, custom_fields ->> 'Notes'"
            f" FROM {table} ORDER BY psa_id",
        )
    assert found == [expected(each) for each in sent]
