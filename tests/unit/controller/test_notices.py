"""Who has to be told of what, and what an integration says of its receivers."""

from datetime import timedelta
from typing import Any

import pytest

from psa_operator.api.conditions import find_condition
from psa_operator.api.notifications import Delivery, Notice
from psa_operator.api.resync import TicketResync
from psa_operator.api.resync_status import RunPhase
from psa_operator.controller import status as say
from psa_operator.controller.notices import message_id, noted, pending, settled, with_notified
from psa_operator.controller.obstacles import Obstacle, World
from psa_operator.controller.resync import Delete, Forget, decide
from tests.unit.controller.objects import NOW, READY, ago, condition, integration, resync

HOOK = {"type": "Webhook", "secretRef": {"name": "hook", "key": "url"}}
CHAT = {"type": "Slack", "secretRef": {"name": "chat", "key": "url"}}
TO = 'Webhook of Secret "hook", key "url"'
SYNCED = {**READY, "lastQuickSync": {"name": "run", "time": ago(60)}}


def told(run: TicketResync, after: Any, *others: TicketResync, **asked: Any) -> list[tuple[str, str]]:
    acme = integration(**({"notifications": [HOOK]} | asked))
    return [(each.event, each.to) for each in noted(run, after, acme, others, NOW).notified]


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_an_end_is_told_and_once_only(phase: str) -> None:
    run = resync()
    after = say.ended(run, None, RunPhase(phase), "Because", "words", NOW)

    assert told(run, after) == [(phase, TO)]
    assert told(run.replace(status=after), after) == []


def test_an_end_is_told_to_each_who_asked_for_it() -> None:
    after = say.ended(resync(), None, RunPhase.CANCELLED, "Cancelled", "words", NOW)
    wishes = [HOOK | {"events": ["Cancelled", "Failed"]}, CHAT]

    assert told(resync(), after, notifications=wishes) == [("Cancelled", TO)]


def test_a_beginning_is_told_of_the_first_run_alone_and_of_no_dry_run() -> None:
    after = say.starting(resync(), "hash", NOW)

    assert told(resync(), after) == [("Started", TO)]
    assert told(resync(), after, status=SYNCED) == []
    assert told(resync(dryRun=True), after) == []


def test_a_run_that_follows_at_once_on_the_first_is_not_told_as_the_first() -> None:
    after, done = say.starting(resync(), "hash", NOW), {"phase": "Succeeded"}

    assert told(resync(), after, resync("other", status=done)) == []
    assert told(resync(), after, resync("failed", status={"phase": "Failed"})) == [("Started", TO)]
    assert told(resync(), after, resync("dry", status=done, dryRun=True)) == [("Started", TO)]
    elsewhere = resync("elsewhere", status=done, integrationRef={"name": "other"})
    assert told(resync(), after, elsewhere) == [("Started", TO)]


def test_waiting_is_told_to_nobody() -> None:
    assert told(resync(), say.waiting(resync(), Obstacle("AnotherRunActive", "2nd"), NOW)) == []


def test_without_receivers_or_an_integration_nothing_is_noted() -> None:
    after = say.ended(resync(), None, RunPhase.FAILED, "Because", "words", NOW)

    assert told(resync(), after, notifications=[]) == []
    assert noted(resync(), after, None, (), NOW) is after


def test_who_waits_for_a_second_approval_is_told_again() -> None:
    first = Notice(event="AwaitingApproval", to=TO, time=NOW - timedelta(hours=1), state="Delivered")
    run = resync(status={"phase": "Preparing", "notified": [first.as_json()]})

    after = noted(
        run, run.status.replace(phase="AwaitingApproval"), integration(notifications=[HOOK]), (), NOW
    )

    (again,) = after.notified
    assert (again.time, again.state) == (NOW, Delivery.PENDING)
    assert message_id("uid", again) != message_id("uid", first)


def test_the_oldest_message_goes_first_and_what_became_of_it_is_kept() -> None:
    end = Notice(event="Succeeded", to=TO, time=NOW)
    begin = Notice(event="Started", to=TO, time=NOW - timedelta(minutes=1))
    run = resync(status={"notified": [end.as_json(), begin.as_json()]})
    assert pending(run, TO) == begin

    status = settled(run.status, begin.replace(state=Delivery.DELIVERED))

    assert pending(run.replace(status=status), TO) == end
    assert settled(status, begin.replace(state=Delivery.GIVEN_UP)) == status


def test_a_run_with_a_time_to_live_stays_until_it_was_told_of() -> None:
    ended = {"phase": "Succeeded", "completionTime": ago(60)}
    notice = Notice(event="Succeeded", to=TO, time=NOW)
    world = World(
        integration(), working=False, active=[], ahead=[], free_workers=1, retry_backoff=timedelta(1)
    )
    decisions = [
        decide(resync(ttlSecondsAfterFinished=1, status=ended | {"notified": [each]}), None, world, NOW)
        for each in (notice.as_json(), notice.replace(state=Delivery.DELIVERED).as_json())
    ]

    assert decisions == [Forget(), Delete()]


def verdict(*notices: Notice, **asked: Any) -> tuple[str, str, str] | None:
    acme = integration(**({"notifications": [HOOK, CHAT]} | asked))
    runs = [resync(status={"notified": [each.as_json()]}) for each in notices]
    found = find_condition(with_notified(acme, acme.status, runs, NOW).conditions, "Notified")
    return None if found is None else (found.status, found.reason, found.message)


def notice(state: str, seconds: float, to: str = TO, **more: Any) -> Notice:
    return Notice(
        event="Failed", to=to, time=NOW, state=state, tried_at=NOW - timedelta(seconds=seconds), **more
    )


FAILING = {"reason": "Unavailable", "message": "the receiver answered 500"}


def test_a_receiver_that_fails_is_named_by_index_and_secret() -> None:
    found = verdict(notice("Delivered", 60), notice("Pending", 10, **FAILING))

    words = f"spec.notifications[0] ({TO}): the receiver answered 500; it is tried again"
    assert found == ("False", "Unavailable", words)


def test_the_next_success_heals_and_that_of_another_receiver_does_not() -> None:
    lost = notice("GivenUp", 60, **FAILING)

    assert (verdict(lost, notice("Delivered", 10)) or ())[:2] == ("True", "Delivered")
    elsewhere = verdict(lost, notice("Delivered", 10, to='Slack of Secret "chat", key "url"'))
    assert elsewhere
    assert elsewhere[:2] == ("False", "Unavailable")
    assert "given up" in elsewhere[2]


def test_what_nobody_has_tried_is_no_condition_and_what_nobody_wants_no_more_takes_it_away() -> None:
    failed = {"conditions": [condition("Notified", "False", "Unavailable")]}

    assert verdict() is None
    assert verdict(notice("GivenUp", 60, **FAILING), notifications=[], status=failed) is None
    assert (verdict(status=failed) or ())[:2] == ("False", "Unavailable")
