"""Who runs and who is next, among the runs that want the same PSA account."""

from collections.abc import Iterable
from typing import Any

from psa_operator.api.resync import TicketResync
from psa_operator.controller.keys import Kind
from psa_operator.controller.line import behind, world_of
from psa_operator.controller.mirror import Mirror, key_of
from psa_operator.controller.obstacles import World
from psa_operator.settings import Settings
from tests.unit.controller.objects import NOW, READY, ago, integration_body, resync_body

RUNNING = {"phase": "Fetching", "startTime": ago(5)}


def run_among(bodies: Iterable[dict[str, Any]], name: str) -> tuple[Mirror, TicketResync]:
    """All of them, and the run of that name."""
    mirror = Mirror()
    for body in bodies:
        kind = Kind.INTEGRATION if "provider" in body["spec"] else Kind.RESYNC
        mirror.put(key_of(kind, body), body)
    run = mirror.resync("tenant", name)
    assert run
    return mirror, run


def seen_by(name: str, *bodies: dict[str, Any], working: tuple[str, ...] = ()) -> World:
    """What one run sees of the others."""
    mirror, run = run_among(bodies, name)
    backoff = Settings().retry_backoff
    return world_of(run, mirror, working=set(working), workers=2, retry_backoff=backoff, now=NOW)


FILLED = READY | {"counts": {"tickets": 300}}
ACME = integration_body("acme", status=FILLED)


def test_the_eldest_is_first_and_of_one_age_the_name_decides() -> None:
    runs = [resync_body("c", created=50), resync_body("b", created=10), resync_body("a", created=10)]

    assert list(seen_by("c", ACME, *runs).ahead) == []
    assert list(seen_by("b", ACME, *runs).ahead) == ['"c"', '"a"']


def test_a_run_that_is_on_is_active_and_not_ahead() -> None:
    world = seen_by("b", ACME, resync_body("a", created=50, status=RUNNING), resync_body("b"))

    assert (list(world.active), list(world.ahead)) == (['"a"'], [])


def test_a_run_that_needs_an_approval_holds_nobody_up() -> None:
    status = {"phase": "AwaitingApproval", "startTime": ago(9), "approval": {"deletions": 200}}
    waiting, approved = (
        resync_body("a", created=50, status=status, **spec) for spec in ({}, {"approvedDeletions": 200})
    )

    assert seen_by("b", ACME, waiting, resync_body("b")) == seen_by("b", ACME, resync_body("b"))
    assert list(seen_by("b", ACME, approved, resync_body("b")).ahead) == ['"a"']


def test_a_run_that_is_just_being_started_is_active_already() -> None:
    world = seen_by("b", ACME, resync_body("a"), resync_body("b"), working=("resync-a",))

    assert (list(world.active), world.free_workers) == (['"a"'], 1)


def test_another_account_is_no_rival() -> None:
    other = integration_body("other", company="other")
    rival = resync_body("a", created=50, status=RUNNING, integrationRef={"name": "other"})

    assert list(seen_by("b", ACME, other, rival, resync_body("b")).active) == []


def test_another_integration_of_the_same_account_is_a_rival() -> None:
    twin = integration_body("twin")
    rival = resync_body("a", created=50, status=RUNNING, integrationRef={"name": "twin"})

    assert list(seen_by("b", ACME, twin, rival, resync_body("b")).active) == ['"a"']


def test_a_run_that_cannot_start_holds_nobody_up() -> None:
    unready = integration_body("twin", status=READY | {"observedGeneration": 0})
    stuck = resync_body("a", created=50, integrationRef={"name": "twin"})

    assert list(seen_by("b", ACME, unready, stuck, resync_body("b")).ahead) == []
    cancelled = resync_body("a", created=50, cancel=True)
    assert list(seen_by("b", ACME, cancelled, resync_body("b")).ahead) == []


def test_the_run_of_another_namespace_is_not_named() -> None:
    stranger = integration_body("acme")
    stranger["metadata"]["namespace"] = "other"
    rival = resync_body("secret", created=50, status=RUNNING)
    rival["metadata"]["namespace"] = "other"

    assert list(seen_by("b", ACME, stranger, rival, resync_body("b")).active) == [
        "a run in another namespace"
    ]


def test_quick_goes_before_full() -> None:
    full = resync_body("full", created=50, mode="Full", reason="x")
    explains = resync_body("why", created=20, mode="Full", reason="x", dryRun=True, ticketIds=[5])

    assert list(seen_by("full", ACME, full, explains, resync_body("quick")).ahead) == ['"why"', '"quick"']


def test_those_behind_are_the_ones_that_wait_for_the_same_account() -> None:
    bodies = [
        ACME,
        integration_body("other", company="other"),
        resync_body("full", created=50, mode="Full", reason="a test"),
        resync_body("earlier", created=40),
        resync_body("on", created=5, status=RUNNING),
        resync_body("elsewhere", integrationRef={"name": "other"}),
        resync_body("new", created=10),
    ]

    mirror, new = run_among(bodies, "new")

    assert [each.metadata.name for each in behind(new, mirror)] == ["full"]


def test_long_runs_leave_a_worker_to_the_short_ones() -> None:
    new = integration_body("new", company="new")
    full = resync_body("full", status=RUNNING, mode="Full", reason="x")
    first = resync_body("first", integrationRef={"name": "new"})
    other = integration_body("other", company="other", status=FILLED)
    quick = resync_body("quick", integrationRef={"name": "other"})
    world = (ACME, new, other, full, first, quick)

    assert seen_by("first", *world, working=("resync-full",)).free_workers == 0
    assert seen_by("quick", *world, working=("resync-full",)).free_workers == 1
    assert seen_by("quick", *world, working=("resync-quick", "resync-full")).free_workers == 0


def _done(name: str, began: float, phase: str = "Succeeded", **spec: Any) -> dict[str, Any]:
    return resync_body(name, created=90, status={"phase": phase, "startTime": ago(began)}, **spec)


def test_a_quick_run_is_needless_once_another_has_begun_after_it_was_asked_for() -> None:
    asked = resync_body("asked", created=50)

    def covering(*others: dict[str, Any], run: dict[str, Any] = asked) -> str | None:
        found = seen_by(run["metadata"]["name"], ACME, run, *others).covered_by
        return found.metadata.name if found else None

    assert covering(_done("later", 40)) == "later"
    assert covering(_done("before", 60)) is None
    assert covering(_done("in that second", 50)) is None
    assert covering(_done("failed", 40, "Failed")) is None
    assert covering(_done("full", 40, mode="Full", reason="x")) is None
    assert covering(_done("some", 40, ticketIds=[5])) is None
    assert covering(_done("tried", 40, dryRun=True)) is None
    assert covering(_done("later", 40), run=resync_body("some", created=50, ticketIds=[5])) is None
