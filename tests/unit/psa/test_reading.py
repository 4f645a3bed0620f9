"""Pages of ConnectWise's JSON become our records."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest

from psa_operator.errors import ConfigurationError, UnavailableError
from psa_operator.psa.connectwise.areas import AREAS
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Batch, zone_of
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Refused
from psa_operator.sync.records import Company, Contact, Member, Ticket


def read(entity: Entity, body: bytes, zone: str = "UTC") -> Batch:
    answer = Answer("psa.example/list", 200, httpx.Headers(), body)
    return AREAS[entity].shape.read(answer, zone_of(zone))


def one(entity: Entity, record: Mapping[str, Any], zone: str = "UTC") -> Any:
    [row] = read(entity, msgspec.json.encode([record]), zone).rows.values()
    return row


def a_ticket(**fields: Any) -> dict[str, Any]:
    return {"id": 7, "summary": "Printer offline", **fields}


def test_a_ticket_keeps_what_the_portal_shows() -> None:
    record = a_ticket(
        board={"id": 1, "name": "Help Desk"},
        status={"id": 17, "name": "New"},
        owner={"id": 176, "identifier": "User1", "name": "User One"},
        closedFlag=True,
        budgetHours=2,
        parentTicketId=0,
        _info={"dateEntered": "2025-02-27T17:30:19Z", "lastUpdated": "2025-02-27T18:01:00Z"},
    )

    assert one(Entity.TICKETS, record) == Ticket(
        id=7,
        summary="Printer offline",
        board_id=1,
        status_id=17,
        owner_id=176,
        closed=True,
        budget_hours=2.0,
        entered_at=datetime(2025, 2, 27, 17, 30, 19, tzinfo=UTC),
        updated_at=datetime(2025, 2, 27, 18, 1, tzinfo=UTC),
    )


def test_parents_are_known_by_name() -> None:
    record = a_ticket(board={"id": 1, "name": "Help Desk"}, owner={"id": 2, "identifier": "User1"})

    names = read(Entity.TICKETS, msgspec.json.encode([record])).parents.names()

    assert names == {Entity.BOARDS: {1: "Help Desk"}, Entity.MEMBERS: {2: "User1"}}


@pytest.mark.parametrize(
    ("resources", "owner", "expected"),
    [
        ("User1, User2", "User1", ("User1", "User2")),
        ("user1 ,,User2", "User1", ("User1", "User2")),
        ("User2", "User1", ("User2", "User1")),
        ("User1", "User1", ("User1",)),
        (None, "User1", ("User1",)),
        ("User2", None, ("User2",)),
    ],
)
def test_all_assigned_technicians_are_found(
    resources: str | None, owner: str | None, expected: tuple[str, ...]
) -> None:
    record = a_ticket(resources=resources, owner=owner and {"id": 1, "identifier": owner})

    assert read(Entity.TICKETS, msgspec.json.encode([record])).resources == {7: expected}


def test_empty_custom_fields_are_left_out_and_zero_is_not_empty() -> None:
    values = {"Points": 0, "VIP": False, "Rack": "B", "Note": "", "Date": None}
    fields = [{"id": 1, "caption": caption, "value": value} for caption, value in values.items()]

    assert one(Entity.TICKETS, a_ticket(customFields=fields)).custom_fields == (
        b'{"Points":0,"VIP":false,"Rack":"B"}'
    )


def test_a_ticket_without_custom_values_has_none() -> None:
    assert one(Entity.TICKETS, a_ticket(customFields=[{"caption": "A", "value": None}])).custom_fields is None


def test_stamps_without_a_zone_are_of_the_integrations_zone() -> None:
    ticket = one(Entity.TICKETS, a_ticket(closedDate="2025-07-01T12:00:00"), zone="America/New_York")

    assert ticket.closed_at == datetime(2025, 7, 1, 16, tzinfo=UTC)


def test_stamps_with_a_zone_keep_it() -> None:
    ticket = one(Entity.TICKETS, a_ticket(closedDate="2025-07-01T12:00:00+02:00"), zone="America/New_York")

    assert ticket.closed_at == datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert ticket.closed_at.tzinfo is UTC


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r'spec.timeZone "Mars/Olympus"'):
        zone_of("Mars/Olympus")


def test_zones_are_found() -> None:
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", b'"summary":5'),
        ("board.id", b'"board":{"id":"x"}'),
        ("board.id", b'"board":{"id":9223372036854775808}'),
        ("closedDate", b'"closedDate":"yesterday"'),
        ("closedDate", b'"closedDate":"0001-01-01T00:00:00+14:00"'),
        ("budgetHours", b'"budgetHours":"many"'),
        ("budgetHours", b'"budgetHours":1e999'),
        ("customFields[0].value", b'"customFields":[{"caption":"A","value":1e999}]'),
    ],
)
def test_a_record_that_does_not_fit_is_refused_and_its_neighbours_are_kept(field: str, value: bytes) -> None:
    bad = b'{"id":8,' + value + b"}"

    rows = read(Entity.TICKETS, b'[{"id":7},' + bad + b',{"id":9}]').rows

    refused = rows[8]
    assert isinstance(refused, Refused)
    assert (refused.id, refused.field, refused.raw) == (8, field, bad.decode())
    assert [type(rows[each]) for each in (7, 9)] == [Ticket, Ticket]


@pytest.mark.parametrize(
    "body",
    [
        b'[{"summary":"no id"}]',
        b'[{"id":"7"}]',
        b'[{"id":-1}]',
        b"null",
        b"",
        b'{"id":1}',
        b'[{"id":1}',
        b"<html>",
    ],
)
def test_what_is_no_list_of_records_with_ids_is_garbled(body: bytes) -> None:
    with pytest.raises(UnavailableError, match=r"psa.example/list answered 200"):
        read(Entity.TICKETS, body)


def test_json_that_nests_without_end_is_garbled() -> None:
    with pytest.raises(UnavailableError):
        read(Entity.TICKETS, b'[{"id":1,"summary":' + b"[" * 100_000 + b"]" * 100_000 + b"}]")


def test_nul_characters_are_removed_and_their_records_counted() -> None:
    batch = read(Entity.TICKETS, rb'[{"id":1,"summary":"a\u0000\u0000b"},{"id":2,"summary":"\\u0000"}]')

    assert [row.summary for row in batch.rows.values() if isinstance(row, Ticket)] == ["ab", r"\u0000"]
    assert batch.repaired == 1


def test_half_a_surrogate_pair_costs_only_itself() -> None:
    batch = read(Entity.TICKETS, rb'[{"id":1,"summary":"a\ud83d"},{"id":2,"summary":"\ud83d\ude00"}]')

    assert [row.summary for row in batch.rows.values() if isinstance(row, Ticket)] == ["a", "😀"]
    assert batch.repaired == 1


def test_bytes_that_are_no_text_refuse_one_record() -> None:
    rows = read(Entity.TICKETS, b'[{"id":1,"summary":"\xff"},{"id":2,"summary":"b"}]').rows

    assert [type(row) for row in rows.values()] == [Refused, Ticket]


def test_a_contact_is_reached_by_its_defaults() -> None:
    items = [
        {"communicationType": "Email", "value": "old@example.com"},
        {"communicationType": "Email", "value": "new@example.com", "defaultFlag": True},
        {"communicationType": "Fax", "value": "1"},
    ]
    record = {"id": 3, "company": {"id": 9}, "communicationItems": items, "defaultPhoneNbr": "555"}

    assert one(Entity.CONTACTS, record) == Contact(3, 9, email="new@example.com", phone="555")


def test_a_company_keeps_names_of_what_it_refers_to() -> None:
    record = {"id": 3, "identifier": "acme", "name": "Acme", "status": {"id": 1, "name": "Active"}, "zip": ""}

    assert one(Entity.COMPANIES, record) == Company(3, "acme", "Acme", "Active", status_id=1)


def test_a_member_without_a_name_goes_by_the_identifier() -> None:
    assert one(Entity.MEMBERS, {"id": 3, "identifier": "JDoe"}) == Member(3, "JDoe", "JDoe")


def test_a_priority_may_have_a_name_only() -> None:
    assert one(Entity.PRIORITIES, {"id": 3, "name": "High"}).name == "High"
