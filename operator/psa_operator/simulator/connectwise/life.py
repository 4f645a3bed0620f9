"""A day at the MSP: tickets are opened, worked on, talked about, closed, and now and then deleted."""

from collections.abc import Callable
from typing import Any, Final

from psa_operator.simulator import words
from psa_operator.simulator.connectwise.msp import TICKETS, Msp
from psa_operator.simulator.shelf import Record, whole

Move = Callable[[Msp], None]
_TAKEN_BACK: Final = 0.3


def happen(msp: Msp) -> None:
    """One change, of the kind and on the record that the seed decides."""
    moves: tuple[tuple[Move, int], ...] = (
        (_open, 15),
        (_delete, 6),
        (_move_on, 30),
        (_assign, 20),
        (_rename, 12),
        (_describe, 12),
        (_customer, 5),
        (_classify, 8),
        (_remark, 24),
        (_reword, 6),
        (_retract, 3),
        (_log_work, 12),
        (_correct_work, 3),
        (_project, 4),
    )
    msp.rng.choices([move for move, _ in moves], [weight for _, weight in moves])[0](msp)


def _some(msp: Msp, entity: str) -> Record | None:
    """Any record of a kind, rather a young one, since those are worked on."""
    ids = msp.shelves[entity].ids
    if not ids:
        return None
    place = int(len(ids) * msp.rng.random() ** 0.5)
    row = msp.shelves[entity].true(ids[place])
    return whole(row) if row is not None else None


def _change(msp: Msp, **values: Any) -> None:
    ticket = _some(msp, "tickets")
    if ticket is not None:
        msp.change("tickets", ticket["id"], values, by="Admin1")


def _open(msp: Msp) -> None:
    caller, board = _some(msp, "contacts"), _some(msp, "boards")
    if caller and board and caller["company"]:
        first = next(row for row in _statuses(msp, board["id"]) if not row["closedStatus"])
        msp.create(
            "tickets",
            {
                "summary": words.summary(msp.rng),
                "company": caller["company"],
                "contact": {"id": caller["id"]},
                "board": {"id": board["id"]},
                "status": {"id": first["id"]},
            },
        )


def _delete(msp: Msp) -> None:
    ticket = _some(msp, "tickets")
    if ticket is not None:
        msp.delete("tickets", ticket["id"])


def _move_on(msp: Msp) -> None:
    ticket = _some(msp, "tickets")
    if ticket is not None and ticket["board"]:
        statuses = _statuses(msp, ticket["board"]["id"])
        if statuses:
            values = {"status": {"id": msp.rng.choice(statuses)["id"]}}
            msp.change("tickets", ticket["id"], values, by="Admin1")


def _assign(msp: Msp) -> None:
    members = [row for row in map(whole, _rows(msp, "members")) if not row["inactiveFlag"]]
    chosen = msp.rng.sample(members, min(len(members), msp.rng.choice((0, 1, 3))))
    owner = {"id": chosen[0]["id"]} if chosen else None
    _change(msp, owner=owner, resources=", ".join(each["identifier"] for each in chosen) or None)


def _rename(msp: Msp) -> None:
    _change(msp, summary=words.summary(msp.rng))


def _describe(msp: Msp) -> None:
    """Write a text into the ticket's long custom field."""
    ticket = _some(msp, "tickets")
    if ticket is not None:
        text = words.prose(msp.rng, msp.rng.choice((0, 200, 3_000, 30_000)))
        custom = [
            each | {"value": text} if each["type"] == "TextArea" else each for each in ticket["customFields"]
        ]
        msp.change("tickets", ticket["id"], {"customFields": custom}, by="Admin1")


def _classify(msp: Msp) -> None:
    """Give a ticket a type, subtype and item that go together on its board."""
    ticket = _some(msp, "tickets")
    known = map(whole, _rows(msp, "associations"))
    if ticket is not None and ticket["board"]:
        fitting = [each for each in known if each["board"]["id"] == ticket["board"]["id"]]
        if fitting:
            chosen = msp.rng.choice(fitting)
            values = {name: chosen[name] for name in ("type", "subType", "item")}
            msp.change("tickets", ticket["id"], values, by="Admin1")


def _remark(msp: Msp) -> None:
    ticket, member = _some(msp, "tickets"), _some(msp, "members")
    if ticket is not None and member is not None:
        flag = msp.rng.choice(("detailDescriptionFlag", "internalAnalysisFlag", "resolutionFlag"))
        note = {"ticketId": ticket["id"], "text": msp.words.text(msp.rng), "member": {"id": member["id"]}}
        msp.create("notes", note | {flag: True}, by="Admin1")


def _reword(msp: Msp) -> None:
    note = _some_note(msp)
    if note is not None:
        msp.change("notes", note["id"], {"text": msp.words.text(msp.rng)}, by="Admin1")


def _retract(msp: Msp) -> None:
    note = _some_note(msp)
    if note is not None:
        msp.delete("notes", note["id"], by="Admin1")


def _log_work(msp: Msp) -> None:
    ticket, member = _some(msp, msp.rng.choice(TICKETS)), _some(msp, "members")
    if ticket is not None and member is not None:
        entry = {"chargeToId": ticket["id"], "member": {"id": member["id"]}, "notes": msp.words.text(msp.rng)}
        msp.create("timeEntries", entry | {"addToResolutionFlag": True}, by=member["identifier"])


def _correct_work(msp: Msp) -> None:
    entry = _some(msp, "timeEntries")
    if entry is not None:
        if msp.rng.random() < _TAKEN_BACK:
            msp.delete("timeEntries", entry["id"], by="Admin1")
        else:
            msp.change("timeEntries", entry["id"], {"actualHours": msp.rng.randint(1, 16) / 4}, by="Admin1")


def _project(msp: Msp) -> None:
    ticket = _some(msp, "projectTickets")
    if ticket is not None:
        msp.change("projectTickets", ticket["id"], {"summary": words.summary(msp.rng)}, by="Admin1")


def _some_note(msp: Msp) -> Record | None:
    ticket = _some(msp, "tickets")
    notes = list(msp.notes.of(ticket["id"]).true_rows()) if ticket is not None else []
    return whole(msp.rng.choice(notes)) if notes else None


def _customer(msp: Msp) -> None:
    company = _some(msp, "companies")
    if company is not None:
        msp.change("companies", company["id"], {"city": msp.rng.choice(words.TOWNS)}, by="Admin1")


def _rows(msp: Msp, entity: str) -> list[Any]:
    shelf = msp.shelves[entity]
    return [shelf.shown(number) for number in shelf.ids]


def _statuses(msp: Msp, board: int) -> list[Record]:
    rows = map(whole, _rows(msp, "statuses"))
    return [row for row in rows if row["board"]["id"] == board and not row["inactive"]]
