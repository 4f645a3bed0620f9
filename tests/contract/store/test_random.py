"""Whatever happens in a PSA, in whatever order runs bring it, the live rows are what they should be."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from psa_operator.sync.entities import Entity
from psa_operator.sync.outcome import Counts, Difference
from psa_operator.sync.records import Company, Ticket
from psa_operator.sync.spec import Mode
from tests.contract.store.test_rollback import undo
from tests.contract.store.world import REFERENCE, bring, minute, rows, ticket

LIVE = """
SELECT psa_id, summary, company_id,
       ARRAY(SELECT member_id FROM ticket_technician WHERE ticket_id = psa_id ORDER BY member_id)
  FROM ticket
"""
WHOLE = """
SELECT 'ticket', psa_id, id, summary, company_id, changed_by_run FROM ticket
UNION ALL SELECT 'company', psa_id, id, name, NULL, changed_by_run FROM company
UNION ALL SELECT 'technician', ticket_id, member_id, NULL, NULL, changed_by_run FROM ticket_technician
ORDER BY 1, 2, 3
"""


@dataclass
class Psa:
    """Tickets and the members assigned to them; `gone` are those that a Quick run cannot know of."""

    chance: random.Random
    tickets: dict[int, tuple[Ticket, list[int]]] = field(default_factory=dict)
    gone: dict[int, tuple[Ticket, list[int]]] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    minutes: int = 0
    companies: tuple[int | None, ...] = (1, 2, None)

    def live_on(self) -> None:
        """Change, create and delete a few tickets."""
        for _ in range(self.chance.randint(0, 12)):
            self.minutes += 1
            ticket_id = self.chance.randint(1, 15)
            if ticket_id in self.tickets and self.chance.random() < 0.25:
                self.gone[ticket_id] = self.tickets.pop(ticket_id)
                self.changed.discard(ticket_id)
            elif ticket_id not in self.gone:
                fields = {
                    "company_id": self.chance.choice(self.companies),
                    "updated_at": minute(self.minutes),
                }
                members = sorted(self.chance.sample([1, 2, 3], self.chance.randint(0, 3)))
                self.tickets[ticket_id] = ticket(ticket_id, f"at {self.minutes}", **fields), members
                self.changed.add(ticket_id)

    async def bring(self, database: str, mode: Mode) -> Difference:
        """Let a run read all, or what changed and a few more, some of it twice and in no order."""
        few = [each for each in self.tickets if each in self.changed or self.chance.random() < 0.3]
        chosen = list(self.tickets) if mode is Mode.FULL else few
        self.changed.clear()
        records = [self.tickets[each][0] for each in chosen]
        records += self.chance.sample(records, len(records) // 3)
        self.chance.shuffle(records)
        assigned = [(each, member) for each in chosen for member in self.tickets[each][1]]
        wanted = {1, 2} | {record.company_id for record in records if record.company_id}
        companies = [Company(each, None, f"Company {each}") for each in sorted(wanted)]
        reference = REFERENCE | {Entity.COMPANIES: companies}
        return await bring(database, records, mode, reference=reference, technicians=assigned)


def as_rows(tickets: dict[int, tuple[Ticket, list[int]]]) -> set[tuple[object, ...]]:
    return {(key, each.summary, each.company_id, tuple(members)) for key, (each, members) in tickets.items()}


@pytest.mark.parametrize("seed", [1, 2])
async def test_live_rows_follow_the_psa(database: str, seed: int) -> None:
    psa, forgotten = Psa(random.Random(seed)), dict[int, tuple[Ticket, list[int]]]()
    for number in range(8):
        psa.live_on()
        mode = Mode.FULL if number % 4 == 0 else Mode.QUICK
        known = {row[0] for row in await rows(database, LIVE)}
        difference = await psa.bring(database, mode)

        forgotten = {} if mode is Mode.FULL else {k: v for k, v in psa.gone.items() if k in known}
        live = {(*row, tuple(members)) for *row, members in await rows(database, LIVE)}
        assert {row[0] for row in live} == psa.tickets.keys() | forgotten.keys()
        assert live >= as_rows(psa.tickets)
        for counts in difference.counts.values():
            assert counts.fetched == counts.created + counts.updated + counts.unchanged
        assert difference.tickets_after == len(live)


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(each, marks=pytest.mark.soak) for each in range(3, 60))]
)
async def test_an_undone_run_leaves_what_was_there_and_what_is_newer(database: str, seed: int) -> None:
    psa = Psa(random.Random(seed), companies=(1, 2, 3, 4, 5, None))
    for _ in range(5):
        psa.live_on()
        await psa.bring(database, Mode.FULL)
        before = await rows(database, WHOLE)
        psa.live_on()
        changed = any(each.created + each.updated + each.deleted for each in await everything(psa, database))
        if quick := psa.chance.random() < 0.5:
            psa.live_on()
            await psa.bring(database, Mode.QUICK)
        newest = await rows(database, WHOLE)
        if not changed:
            continue
        difference = await undo(database)

        after = await rows(database, WHOLE)
        assert after == before or quick
        assert set(after) <= {*before, *newest}
        for counts in difference.counts.values():
            assert counts.fetched == counts.created + counts.updated + counts.unchanged


async def everything(psa: Psa, database: str) -> Iterable[Counts]:
    """What a Full run did."""
    return (await psa.bring(database, Mode.FULL)).counts.values()
