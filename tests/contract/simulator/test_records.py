"""The records: as many, as varied and as odd as at a real MSP, and of the vendor's shape."""

from typing import Any, Final

import pytest

from psa_operator.simulator.connectwise.models import SCHEMAS
from tests.simulator_process import SimulatorProcess, start_simulator

TYPES: Final[dict[str, tuple[type, ...]]] = {
    "number": (int, float),
    "text": (str,),
    "flag": (bool,),
    "date": (str,),
    "reference": (dict,),
    "array": (list,),
    "info": (dict,),
}


@pytest.mark.parametrize("entity", SCHEMAS)
def test_every_record_has_only_the_vendors_fields_with_values_of_their_type(
    simulator: SimulatorProcess, entity: str
) -> None:
    simulator.live(100)
    for record in simulator.state(entity):
        for name, value in record.items():
            assert value is None or isinstance(value, TYPES[SCHEMAS[entity].fields[name]]), (name, value)


def test_there_is_as_much_of_everything_as_belongs_to_so_many_tickets() -> None:
    with start_simulator(tickets=5000, seed=2) as simulator:
        found = {entity: len(simulator.ids(entity)) for entity in SCHEMAS}

    assert (found["tickets"], found["companies"], found["contacts"]) == (5000, 100, 500)
    assert 4 <= found["boards"] <= 6
    assert 12 <= found["members"] <= 40
    assert found["statuses"] == 9 * found["boards"]


def test_ids_have_gaps(simulator: SimulatorProcess) -> None:
    ids = simulator.ids()

    assert min(ids) > 1000
    assert max(ids) - min(ids) > 2 * len(ids)


@pytest.mark.parametrize("field", ["board", "status", "type", "priority", "company", "contact", "owner"])
def test_every_reference_leads_to_a_record(simulator: SimulatorProcess, field: str) -> None:
    simulator.live(100)
    entity = {"company": "companies", "status": "statuses", "priority": "priorities", "owner": "members"}
    known = set(simulator.ids(entity.get(field, f"{field}s")))

    used = {ticket[field]["id"] for ticket in simulator.state() if ticket[field]}
    assert used
    assert used <= known


@pytest.mark.parametrize("field", ["subType", "item", "source", "serviceLocation"])
def test_what_sorts_a_ticket_is_in_its_table(simulator: SimulatorProcess, field: str) -> None:
    simulator.live(100)
    known = {record["id"]: record["name"] for record in simulator.state(f"{field}s")}
    used = [ticket[field] for ticket in simulator.state() if ticket[field]]

    assert len({each["id"] for each in used}) > 2
    assert all(known[each["id"]] == each["name"] for each in used)


def test_subtype_and_item_go_with_the_type_of_the_ticket(simulator: SimulatorProcess) -> None:
    simulator.live(100)
    known = {sort(each) for each in simulator.state("associations")}
    sorts = [sort(ticket) for ticket in simulator.state()]

    assert {each for each in sorts if each[1] is not None} <= known
    assert any(each[1] is None for each in sorts)
    assert any(each[1] is not None and each[2] is None for each in sorts)


def sort(record: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(record[name]["id"] if record[name] else None for name in ("type", "subType", "item"))


def test_the_status_and_types_of_a_company_are_in_their_tables(simulator: SimulatorProcess) -> None:
    statuses, types = simulator.ids("companyStatuses"), simulator.ids("companyTypes")
    first = simulator.ids("companies")[0]
    simulator.change(first, entity="companies", status={"id": 3})

    assert simulator.state("companies")[0]["status"]["name"] == "Credit Hold"
    for company in simulator.state("companies"):
        assert company["status"]["id"] in statuses
        assert {each["id"] for each in company["types"]} <= set(types)


def test_a_status_belongs_to_the_tickets_board_and_says_whether_it_is_closed(
    simulator: SimulatorProcess,
) -> None:
    simulator.live(100)
    statuses = {status["id"]: status for status in simulator.state("statuses")}

    for ticket in simulator.state():
        status = statuses[ticket["status"]["id"]]
        assert status["board"]["id"] == ticket["board"]["id"]
        assert status["closedStatus"] == ticket["closedFlag"] == (ticket["closedDate"] is not None)


def test_tickets_have_no_one_or_several_technicians_by_identifier(simulator: SimulatorProcess) -> None:
    known = {member["identifier"] for member in simulator.state("members")}
    teams = [(t["resources"] or "").split(", ") for t in simulator.state()]

    assert {len(team) for team in teams} == {1, 3}
    assert [""] in teams
    assert {name for team in teams for name in team if name} <= known


def test_some_tickets_have_no_contact_and_some_contacts_no_company(simulator: SimulatorProcess) -> None:
    with start_simulator(tickets=5000, seed=2) as large:
        assert any(contact["company"] is None for contact in large.state("contacts", "company"))
    contacts = [ticket["contact"] for ticket in simulator.state()]
    assert None in contacts
    assert any(contacts)


def test_every_ticket_carries_every_custom_field_null_when_empty(simulator: SimulatorProcess) -> None:
    defined = {field["id"]: field["fieldTypeIdentifier"] for field in simulator.state("userDefinedFields")}
    [new] = simulator.create()
    values: dict[str, set[bool]] = {}
    for ticket in simulator.state():
        assert {field["id"]: field["type"] for field in ticket["customFields"]} == defined
        for field in ticket["customFields"]:
            values.setdefault(field["type"], set()).add(field["value"] is None)

    assert values == {kind: {True, False} for kind in defined.values()}
    assert {field["value"] for field in simulator.state()[-1]["customFields"]} == {None}
    assert simulator.state()[-1]["id"] == new


@pytest.fixture(scope="module")
def texts() -> list[str]:
    with start_simulator(tickets=3000, seed=3) as simulator:
        tickets = simulator.state("tickets", "summary,customFields")
    custom = [field["value"] for ticket in tickets for field in ticket["customFields"]]
    return [ticket["summary"] for ticket in tickets] + [value for value in custom if isinstance(value, str)]


@pytest.mark.parametrize("odd", ["\x00", "\u200e", "🔥", "👩🏽‍💻", "ש", "ع", "<b>", "\r\n", '"', "\\"])
def test_texts_hold_what_breaks_careless_code(texts: list[str], odd: str) -> None:
    assert any(odd in text for text in texts)


def test_texts_are_of_realistic_lengths(texts: list[str]) -> None:
    lengths = sorted(map(len, texts))

    assert lengths[0] == 0
    assert lengths[-1] == 30_000
    assert lengths[len(lengths) // 2] < 200


def test_summaries_fit_the_vendors_column(simulator: SimulatorProcess) -> None:
    simulator.live(200)

    assert all(0 < len(ticket["summary"]) <= 100 for ticket in simulator.state("tickets", "summary"))


def test_nul_is_written_as_an_escape(simulator: SimulatorProcess) -> None:
    first = simulator.ids()[0]
    simulator.change(first, summary="a\x00b")

    answer = simulator.get(f"service/tickets/{first}", fields="summary")
    assert answer.content == rb'{"summary":"a\u0000b"}'


def test_stamps_are_whole_seconds_in_utc_and_some_are_shared(simulator: SimulatorProcess) -> None:
    stamps: list[Any] = [ticket["_info"]["lastUpdated"] for ticket in simulator.state()]

    assert all(len(stamp) == len("2025-01-01T00:00:00Z") and stamp.endswith("Z") for stamp in stamps)
    assert len(set(stamps)) < len(stamps)
