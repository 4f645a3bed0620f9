"""Project tickets: a list of their own, which shares its ids with the service tickets."""

import pytest

from tests.simulator_process import SimulatorProcess

SERVICE_ONLY = {"recordType", "team", "severity", "impact", "parentTicketId", "mergedParentTicket", "sla"}


def test_project_tickets_are_listed_counted_and_read_alone(simulator: SimulatorProcess) -> None:
    truth = simulator.state("projectTickets")

    assert simulator.get("project/tickets", pageSize=1000).json() == truth
    assert simulator.get("project/tickets/count").json() == {"count": len(truth)}
    assert simulator.get(f"project/tickets/{truth[0]['id']}").json() == truth[0]


def test_a_project_ticket_has_a_phase_and_nothing_that_only_service_knows(
    simulator: SimulatorProcess,
) -> None:
    for ticket in simulator.state("projectTickets"):
        assert ticket["project"]
        assert ticket["phase"]
        assert not SERVICE_ONLY & ticket.keys()
        assert "/project/tickets/" in ticket["_info"]["notes_href"]


def test_no_two_tickets_of_either_kind_share_an_id(simulator: SimulatorProcess) -> None:
    simulator.create(3, entity="projectTickets")
    simulator.create(3)
    simulator.create(3, entity="projectTickets")

    assert not set(simulator.ids()) & set(simulator.ids("projectTickets"))


@pytest.mark.parametrize("kind", ["notes", "allNotes"])
def test_project_tickets_have_notes_under_their_own_path(simulator: SimulatorProcess, kind: str) -> None:
    ticket = next(
        n["ticketId"] for n in simulator.state("notes") if n["ticketId"] in simulator.ids("projectTickets")
    )

    assert simulator.get(f"project/tickets/{ticket}/{kind}").json()
    assert simulator.get(f"service/tickets/{ticket}/{kind}").status_code == 404


@pytest.mark.parametrize(
    ("conditions", "refused"), [("phase/id>0", False), ("recordType=null", True), ("wbsCode!=null", False)]
)
def test_conditions_know_the_fields_of_project_tickets_only(
    simulator: SimulatorProcess, conditions: str, *, refused: bool
) -> None:
    answer = simulator.get("project/tickets", conditions=conditions)

    assert (answer.status_code == 400) is refused


def test_a_ticket_that_moves_to_a_project_keeps_its_id_and_its_notes(simulator: SimulatorProcess) -> None:
    number = simulator.ids()[0]
    notes = simulator.get(f"service/tickets/{number}/notes").json()
    simulator.convert(number)

    assert simulator.get(f"service/tickets/{number}").status_code == 404
    assert simulator.get(f"project/tickets/{number}/notes").json() == notes
    moved = simulator.get("project/tickets", conditions=f"id={number}").json()
    assert [ticket["id"] for ticket in moved] == [number]


def test_a_project_ticket_can_become_a_service_ticket(simulator: SimulatorProcess) -> None:
    number = simulator.ids("projectTickets")[0]
    simulator.convert(number)

    ticket = simulator.get(f"service/tickets/{number}").json()
    assert ticket["recordType"] == "ServiceTicket"
    assert "phase" not in ticket
    entries = simulator.get("time/entries", conditions=f"chargeToId={number}").json()
    assert all(entry["chargeToType"] == "ServiceTicket" for entry in entries)


def test_a_role_can_be_kept_from_projects(simulator: SimulatorProcess) -> None:
    simulator.set(denied=["project"])

    assert simulator.get("project/tickets").status_code == 403
    assert simulator.get("service/tickets").status_code == 200
