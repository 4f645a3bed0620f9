"""What keeps a run from starting although everything works: people's wishes for quiet times."""

from typing import Any

import pytest

from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync
from psa_operator.controller.obstacles import hindered
from tests.unit.controller.objects import NOW, integration_body, resync_body

HOLD = "psa.msportal.ai/hold-until"
BY_CLOCK = [{"kind": "TicketResyncSchedule", "name": "s", "uid": "u", "controller": True}]
CLOSED = [{"schedule": "0 22 * * *", "duration": "6h"}]
OPEN = [{"schedule": "0 8 * * *", "duration": "2h", "timeZone": "UTC"}]


def reason(
    run: dict[str, Any], *, hold: str | None = None, windows: Any = (), by_clock: bool = False
) -> tuple[str, str] | None:
    acme = integration_body(maintenanceWindows=windows)
    acme["metadata"]["annotations"] = {HOLD: hold} if hold is not None else {}
    if by_clock:
        run["metadata"]["ownerReferences"] = BY_CLOCK
    found = hindered(TicketResync.model_validate(run), PSAIntegration.model_validate(acme), NOW)
    return (found.reason, found.message) if found else None


def full(**spec: Any) -> dict[str, Any]:
    return resync_body(mode="Full", reason="x", **spec)


def test_full_runs_wait_while_people_hold_them() -> None:
    held = reason(full(), hold="2026-03-02T18:00:00Z")

    assert held
    assert held[0] == "OnHold"
    assert "Mon 2026-03-02 18:00 UTC" in held[1]


@pytest.mark.parametrize("hold", ["2026-03-02T09:00:00Z", "2026-03-02T08:59:59", ""])
def test_a_hold_passes(hold: str) -> None:
    assert reason(full(), hold=hold) is None


@pytest.mark.parametrize("hold", ["tomorrow", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_hold_that_nobody_can_read_holds_and_says_how_to_write_it(hold: str) -> None:
    held = reason(full(), hold=hold)

    assert held
    assert held[0] == "OnHold"
    assert "write one like 2026-03-02T18:00:00Z" in held[1]


def test_a_quick_run_is_never_held() -> None:
    assert reason(resync_body(), hold="2026-03-02T18:00:00Z") is None


def test_full_runs_of_schedules_wait_for_a_window() -> None:
    waits = reason(full(), windows=CLOSED, by_clock=True)

    assert waits
    assert waits[0] == "OutsideWindow"
    assert "Mon 2026-03-02 22:00 UTC" in waits[1]


@pytest.mark.parametrize(
    ("run", "windows", "by_clock"),
    [
        (full(), OPEN, True),
        (full(), (), True),
        (full(), CLOSED, False),
        (full(respectWindows=False), CLOSED, True),
        (resync_body(), CLOSED, True),
    ],
    ids=["open", "no windows", "by hand", "not respecting", "quick"],
)
def test_others_start_at_once(run: dict[str, Any], windows: Any, by_clock: bool) -> None:  # noqa: FBT001
    assert reason(run, windows=windows, by_clock=by_clock) is None


@pytest.mark.parametrize("run", [full(respectWindows=True), resync_body(respectWindows=True)])
def test_a_run_by_hand_may_ask_for_a_window(run: dict[str, Any]) -> None:
    waits = reason(run, windows=CLOSED)

    assert waits
    assert waits[0] == "OutsideWindow"
