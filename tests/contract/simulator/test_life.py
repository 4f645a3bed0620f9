"""The MSP lives: changes by themselves and by order, seen late, stamped by the vendor's clock."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.simulator_process import SimulatorProcess, start_simulator


def test_it_stands_still_unless_told_otherwise(simulator: SimulatorProcess) -> None:
    before = simulator.state()
    time.sleep(0.3)

    assert simulator.state() == before


def test_tickets_change_appear_and_vanish_by_themselves(simulator: SimulatorProcess) -> None:
    before = {ticket["id"]: ticket for ticket in simulator.state()}
    simulator.set(changeRate=500)
    time.sleep(1)
    simulator.set(changeRate=0)
    after = {ticket["id"]: ticket for ticket in simulator.state()}

    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert any(after[number] != before[number] for number in before.keys() & after.keys())


def test_the_rate_of_changes_is_an_option_of_the_command_line() -> None:
    with start_simulator(tickets=100, change_rate=200) as simulator:
        before = simulator.state()
        time.sleep(0.5)

        assert simulator.state() != before


def test_a_change_is_stamped_at_once_and_listed_later(simulator: SimulatorProcess) -> None:
    simulator.set(visibilityDelay=1.5)
    number = simulator.ids()[0]
    old = simulator.get(f"service/tickets/{number}", fields="summary").json()
    simulator.change(number, summary="new")

    question = {"conditions": f"id={number}", "fields": "summary"}
    assert simulator.get("service/tickets", **question).json() == [old]
    assert simulator.get(f"service/tickets/{number}", fields="summary").json() == {"summary": "new"}
    stamped = simulator.state()[0]["_info"]["lastUpdated"]
    time.sleep(1.6)
    [seen] = simulator.get("service/tickets", conditions=f"id={number}").json()
    assert (seen["summary"], seen["_info"]["lastUpdated"]) == ("new", stamped)


def test_new_and_deleted_tickets_are_listed_and_counted_late_too(simulator: SimulatorProcess) -> None:
    simulator.set(visibilityDelay=1.0)
    listed = simulator.get("service/tickets", pageSize=1000, fields="id").json()
    simulator.create(3)
    simulator.delete(listed[0]["id"])

    assert simulator.get("service/tickets", pageSize=1000, fields="id").json() == listed
    assert simulator.get("service/tickets/count").json() == {"count": 300}
    time.sleep(1.1)
    assert simulator.get("service/tickets/count").json() == {"count": 302}


def test_two_changes_within_the_delay_end_as_the_second(simulator: SimulatorProcess) -> None:
    simulator.set(visibilityDelay=0.3)
    number = simulator.ids()[0]
    simulator.change(number, summary="one", contact=None)
    simulator.change(number, summary="two")
    time.sleep(0.4)

    [seen] = simulator.get("service/tickets", conditions=f"id={number}").json()
    assert (seen["summary"], seen["contact"]) == ("two", None)
    assert seen == simulator.state()[0]


def test_a_skewed_clock_shows_in_the_date_header_and_in_stamps(simulator: SimulatorProcess) -> None:
    simulator.set(clockSkew=3600)
    number = simulator.ids()[0]
    simulator.change(number)

    answer = simulator.get(f"service/tickets/{number}")
    soon = datetime.now(UTC) + timedelta(minutes=55)
    assert parsedate_to_datetime(answer.headers["Date"]) > soon
    assert datetime.fromisoformat(answer.json()["_info"]["lastUpdated"]) > soon


def test_a_touch_moves_only_the_stamp(simulator: SimulatorProcess) -> None:
    before = simulator.state()[0]
    simulator.change(before["id"])
    after = simulator.state()[0]

    assert after["_info"]["lastUpdated"] > before["_info"]["lastUpdated"]
    assert after | {"_info": None} == before | {"_info": None}
