"""What the portal changed reaches the PSA once, in full and no more, or comes back with a clear word."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from psa_operator.errors import (
    AuthenticationError,
    PermissionDeniedError,
    RateLimitedError,
    TransientError,
    UnavailableError,
    WriteRefusedError,
)
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.outgoing import Edit, NewNote, NewTimeEntry
from psa_operator.sync.ports import Source
from psa_operator.sync.records import Ticket
from tests.contract.psa.conftest import IMPATIENT, Open
from tests.contract.psa.test_odd_servers import serving
from tests.simulator_process import SimulatorProcess

GONE = 9
SOON = datetime(2026, 3, 4, 17, 30, 5, 123456, tzinfo=timezone(timedelta(hours=-5)))
WRITES = ("PATCH", "POST")


def ticket_of(psa: SimulatorProcess, number: int) -> dict[str, Any]:
    return next(each for each in psa.state() if each["id"] == number)


def sent(psa: SimulatorProcess) -> list[Any]:
    """The bodies of all requests that may change something."""
    return [json.loads(each["body"]) for each in psa.requests()["log"] if "body" in each]


def another(psa: SimulatorProcess, entity: str, current: dict[str, Any] | None) -> int:
    """A record of an entity, not the one that is referred to now."""
    return next(number for number in psa.ids(entity) if number != (current or {}).get("id"))


def status_of(psa: SimulatorProcess, board: int, *, own: bool) -> int:
    """The last status of a board, or of any other one."""
    ids: list[int] = [each["id"] for each in psa.state("statuses") if (each["board"]["id"] == board) is own]
    return ids[-1]


def edits(psa: SimulatorProcess, ticket: dict[str, Any]) -> dict[str, Any]:
    """A new value for every field that can be written."""
    return {
        "summary": "Printer prints € and ☃",
        "status_id": status_of(psa, ticket["board"]["id"], own=True),
        "type_id": another(psa, "types", ticket["type"]),
        "priority_id": another(psa, "priorities", ticket["priority"]),
        "contact_id": another(psa, "contacts", ticket["contact"]),
        "owner_id": another(psa, "members", ticket["owner"]),
        "severity": "Low" if ticket["severity"] != "Low" else "High",
        "impact": "Low" if ticket["impact"] != "Low" else "High",
        "budget_hours": 2.75,
        "required_at": SOON,
    }


async def read(client: ConnectWise, number: int) -> Ticket:
    [ticket] = (await client.fetch(Entity.TICKETS, [number])).records
    assert isinstance(ticket, Ticket)
    return ticket


@pytest.mark.parametrize("field", Edit.__struct_fields__)
async def test_every_field_is_written_alone_and_reads_back(
    psa: SimulatorProcess, client: ConnectWise, field: str
) -> None:
    ticket = psa.state()[3]
    value = edits(psa, ticket)[field]

    await client.change(ticket["id"], Edit(**{field: value}))

    [[operation]] = sent(psa)
    assert operation.keys() == {"op", "path", "value"}
    expected = SOON.replace(microsecond=0) if value is SOON else value
    assert getattr(await read(client, ticket["id"]), field) == expected


async def test_fields_that_are_not_given_keep_what_the_psa_has(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    ticket = psa.state()[3]
    psa.change(ticket["id"], summary="theirs", severity="High")

    await client.change(ticket["id"], Edit(impact="Low", budget_hours=1.0))

    after = ticket_of(psa, ticket["id"])
    assert (after["summary"], after["severity"]) == ("theirs", "High")
    assert {each["path"] for each in sent(psa)[0]} == {"impact", "budgetHours"}


async def test_a_reference_is_replaced_whole(psa: SimulatorProcess, client: ConnectWise) -> None:
    ticket = psa.state()[3]
    owner = another(psa, "members", ticket["owner"])

    await client.change(ticket["id"], Edit(owner_id=owner))

    assert sent(psa) == [[{"op": "replace", "path": "owner", "value": {"id": owner}}]]


@pytest.mark.parametrize("field", ["contact_id", "owner_id", "type_id", "budget_hours", "required_at"])
async def test_none_empties_a_field(psa: SimulatorProcess, client: ConnectWise, field: str) -> None:
    ticket = psa.state()[3]
    value = edits(psa, ticket)[field]
    await client.change(ticket["id"], Edit(**{field: value}))

    await client.change(ticket["id"], msgspec.convert({field: None}, Edit))

    assert getattr(await read(client, ticket["id"]), field) is None


async def test_a_time_goes_out_in_utc_without_fractions(psa: SimulatorProcess, client: ConnectWise) -> None:
    await client.change(psa.ids()[3], Edit(required_at=SOON))

    assert sent(psa)[0][0]["value"] == "2026-03-04T22:30:05Z"


async def test_a_refused_value_is_named_by_its_field_and_nothing_is_changed(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    ticket = psa.state()[3]
    foreign = status_of(psa, ticket["board"]["id"], own=False)

    with pytest.raises(WriteRefusedError, match=r"^status: status does not belong to the board\.$"):
        await client.change(ticket["id"], Edit(status_id=foreign, summary="never"))

    assert ticket_of(psa, ticket["id"]) == ticket
    assert len(sent(psa)) == 1


async def test_all_refused_values_of_one_record_are_named(client: ConnectWise, psa: SimulatorProcess) -> None:
    with pytest.raises(WriteRefusedError, match=r"summary: summary must be at most 100 characters\."):
        await client.change(psa.ids()[3], Edit(summary="x" * 101))


@pytest.mark.parametrize("status", [400, 405, 409, 413, 422])
async def test_a_refusal_without_fields_is_quoted(
    psa: SimulatorProcess, client: ConnectWise, status: int
) -> None:
    psa.fault("status", "service/tickets", status=status)

    with pytest.raises(WriteRefusedError, match=f"^{status} .*Simulated error {status}"):
        await client.change(psa.ids()[3], Edit(summary="x"))


async def test_a_ticket_that_is_gone_is_refused_by_its_number(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    for writing in (client.change(GONE, Edit(summary="x")), client.add_note(NewNote(GONE, "x"))):
        with pytest.raises(WriteRefusedError, match="the PSA has no ticket #9"):
            await writing

    with pytest.raises(WriteRefusedError, match="chargeToId: chargeToId does not exist"):
        await client.add_time_entry(NewTimeEntry(GONE, SOON, hours=1.0))


async def test_a_ticket_that_the_list_still_has_is_not_called_gone(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    number = psa.ids()[3]
    psa.fault("status", f"service/tickets/{number}", method="PATCH", status=404)

    with pytest.raises(UnavailableError, match=r"404 .*, but the PSA lists the ticket"):
        await client.change(number, Edit(summary="x"))


async def test_a_missing_right_to_write_is_named(psa: SimulatorProcess, client: ConnectWise) -> None:
    for method in WRITES:
        psa.fault("forbidden", method=method)
    number, edit = psa.ids()[3], "Service Desk > Service Tickets: Edit Level All"

    for writing, right in (
        (client.change(number, Edit(summary="x")), edit),
        (client.add_note(NewNote(number, "x")), edit),
        (client.add_time_entry(NewTimeEntry(number, SOON, hours=1.0)), "Time Entry: Add Level All"),
    ):
        with pytest.raises(PermissionDeniedError, match=right):
            await writing


async def test_wrong_keys_are_called_so_when_we_write(psa: SimulatorProcess, client: ConnectWise) -> None:
    psa.fault("unauthorized", method="POST")

    with pytest.raises(AuthenticationError):
        await client.add_note(NewNote(psa.ids()[3], "x"))


FLAGS: list[dict[str, bool]] = [
    {"discussion": True},
    {"internal": True},
    {"resolution": True},
    {"internal": True, "resolution": True},
]


@pytest.mark.parametrize("flags", FLAGS)
async def test_a_note_is_written_with_its_flags_and_without_mails(
    psa: SimulatorProcess, client: ConnectWise, flags: dict[str, bool]
) -> None:
    number = psa.ids()[3]

    made = await client.add_note(NewNote(number, "Call me\nback: é", **flags))

    [page] = [page async for page in client.of_tickets(Entity.NOTES, [number])]
    note = next(each for each in page.records if getattr(each, "id", 0) == made.id)
    written = {name: getattr(note, name) for name in ("discussion", "internal", "resolution")}
    assert written == dict.fromkeys(written, False) | flags
    assert (getattr(note, "text", ""), getattr(note, "author", "")) == ("Call me\nback: é", made.author)
    assert (made.author, sent(psa)[0]["processNotifications"]) == ("ApiMember", False)


async def test_time_with_an_end_is_written_by_its_times(psa: SimulatorProcess, client: ConnectWise) -> None:
    number, member = psa.ids()[3], psa.ids("members")[2]
    entry = NewTimeEntry(
        number, SOON, member, SOON + timedelta(minutes=45), 9.0, "DoNotBill", "Done.", "Hard."
    )

    made = await client.add_time_entry(entry)

    there = next(each for each in psa.state("timeEntries") if each["id"] == made.id)
    assert (there["chargeToId"], there["chargeToType"]) == (number, "ServiceTicket")
    assert (there["timeStart"], there["actualHours"]) == ("2026-03-04T22:30:05Z", 0.75)
    assert (there["member"]["id"], there["billableOption"]) == (member, "DoNotBill")
    assert (there["notes"], there["internalNotes"]) == ("Done.", "Hard.")
    assert made.author == there["enteredBy"] == "ApiMember"


async def test_time_without_an_end_is_written_by_its_hours(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    made = await client.add_time_entry(NewTimeEntry(psa.ids()[3], SOON, hours=1.5))

    there = next(each for each in psa.state("timeEntries") if each["id"] == made.id)
    assert (there["timeEnd"], there["actualHours"]) == (None, 1.5)
    given = sent(psa)[0]
    assert not given.keys() & {"member", "timeEnd", "billableOption", "notes", "internalNotes"}
    assert {value for name, value in given.items() if name.endswith("Flag")} == {False}


LOST: list[tuple[str, dict[str, Any]]] = [
    ("reset", {}),
    ("truncated", {}),
    ("wrong-length", {"delta": 100}),
    ("empty-body", {"status": 201, "done": True}),
    ("status", {"status": 429, "done": True}),
    ("status", {"status": 500, "done": True}),
    ("status", {"status": 503, "retryAfter": 0, "done": True}),
    ("status", {"status": 504, "done": True}),
]


@pytest.mark.parametrize(("kind", "details"), LOST)
async def test_a_note_whose_answer_is_lost_is_there_once(
    psa: SimulatorProcess, client: ConnectWise, kind: str, details: dict[str, Any]
) -> None:
    psa.fault(kind, "/notes", method="POST", **details)

    with pytest.raises(TransientError, match=r"127\.0\.0\.1.*tried 1 times"):
        await client.add_note(NewNote(psa.ids()[3], "only once"))

    assert [each["text"] for each in psa.state("notes")].count("only once") == 1
    assert len(sent(psa)) == 1


@pytest.mark.parametrize(("kind", "details"), LOST)
async def test_time_whose_answer_is_lost_is_there_once(
    psa: SimulatorProcess, client: ConnectWise, kind: str, details: dict[str, Any]
) -> None:
    before = len(psa.ids("timeEntries"))
    psa.fault(kind, "time/entries", method="POST", **details)

    with pytest.raises(TransientError):
        await client.add_time_entry(NewTimeEntry(psa.ids()[3], SOON, hours=1.0))

    assert len(psa.ids("timeEntries")) == before + 1


async def test_a_note_that_takes_too_long_is_not_sent_again(psa: SimulatorProcess, open_psa: Open) -> None:

    client = await open_psa(patience=IMPATIENT.__class__(attempts=3, first_pause=0.01, silence=0.2))
    await client.now()
    psa.fault("latency", "/notes", method="POST", seconds=0.5)

    with pytest.raises(UnavailableError, match="fell silent"):
        await client.add_note(NewNote(psa.ids()[3], "slow"))

    assert len(sent(psa)) == 1


async def test_a_note_that_was_surely_not_sent_is_tried_again(open_psa: Open) -> None:
    async with serving(lambda _: ("200 OK", b"{}")) as url:
        client = await open_psa(url=url)
        with pytest.raises(UnavailableError, match="that cannot be used"):
            await client.server()  # by which it has learnt where the API is

    with pytest.raises(UnavailableError, match=r"refuses connections.*tried 3 times"):
        await client.add_note(NewNote(5, "x"))


async def test_a_refused_request_to_write_slows_everybody_down(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    await client.now()
    psa.fault("status", "/notes", method="POST", status=429, retryAfter=1)
    waited = client.waited

    with pytest.raises(RateLimitedError):
        await client.add_note(NewNote(psa.ids()[3], "x"))
    await client.now()

    assert client.waited - waited >= 1


@pytest.mark.parametrize(("kind", "details"), LOST)
async def test_an_edit_is_sent_again_until_its_answer_is_whole(
    psa: SimulatorProcess, client: ConnectWise, kind: str, details: dict[str, Any]
) -> None:
    psa.fault(kind, "service/tickets", method="PATCH", count=1, **details)

    await client.change(psa.ids()[3], Edit(summary="again"))

    assert psa.state()[3]["summary"] == "again"
    assert len(sent(psa)) == 2


async def test_an_edit_that_the_psa_ignores_is_seen_when_it_is_read_back(
    psa: SimulatorProcess, client: ConnectWise
) -> None:
    ticket = psa.state()[3]
    psa.fault("no-effect", "service/tickets", method="PATCH")

    await client.change(ticket["id"], Edit(summary="ignored"))

    assert (await read(client, ticket["id"])).summary == ticket["summary"]


def test_nothing_that_deletes_can_be_asked_of_a_source() -> None:
    calls = {name for each in (Source, ConnectWise) for name in vars(each) if not name.startswith("_")}

    assert calls >= {"change", "add_note", "add_time_entry"}
    assert not [name for name in calls if "delete" in name or "remove" in name]
