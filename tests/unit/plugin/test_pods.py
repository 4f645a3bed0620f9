"""Which lines of the operator's log are about a run, and how people read them."""

import json
from typing import Any

import pytest

from psa_operator.plugin.pods import About, Subject, as_text, in_order, is_about

NIGHTLY = Subject("acme", "nightly", "6f1c")


@pytest.mark.parametrize(
    ("about", "line"),
    [
        ("yes", {"event": "worker.started", "run": "6f1c", "pid": 7}),
        ("yes", {"event": "event", "key": "acme/nightly"}),
        ("yes", {"event": "sweep.run", "run": "nightly", "uid": "6f1c"}),
        ("yes", {"event": "the attempt failed", "run": "nightly"}),
        ("no", {"event": "sweep.run", "run": "nightly", "uid": "another"}),
        ("no", {"event": "run", "name": "nightly", "namespace": "other"}),
        ("no", {"event": "event", "key": "other/nightly"}),
        ("no", {"event": "event", "key": "acme/nightly-2"}),
        ("no", {"event": "operator.started"}),
    ],
)
def test_a_line_is_about_a_run_that_it_names(about: str, line: dict[str, Any]) -> None:
    assert is_about(line, NIGHTLY) is (about == "yes")


def test_a_run_whose_object_is_gone_is_found_by_its_name() -> None:
    assert is_about({"event": "sweep.run", "run": "nightly", "uid": "6f1c"}, Subject("acme", "nightly"))
    assert not is_about({"event": "operator.started", "run": ""}, Subject("acme", "nightly"))


def test_lines_of_an_integration_are_those_of_its_runs_too() -> None:
    run = {"event": "transition", "integration": "acme/portal", "run": "acme/nightly", "uid": "6f1c"}
    worker = {"event": "worker.started", "run": "6f1c"}
    about = About(Subject("acme", "portal", "a1b2", integration=True))

    assert [about(line) for line in (worker, run, worker)] == [False, True, True]
    assert not is_about(run, Subject("acme", "portal", "77aa"))  # a run that is called as an integration is


def test_the_lines_of_all_pods_are_in_the_order_of_their_time() -> None:
    one = json.dumps({"timestamp": "2026-01-01T00:00:02Z", "event": "second"})
    two = json.dumps({"timestamp": "2026-01-01T00:00:01Z", "event": "first"})

    assert [line["event"] for line in in_order([one, two])] == ["first", "second"]


def test_a_line_is_read_as_a_sentence() -> None:
    line = {
        "event": "reconcile.retry",
        "level": "warning",
        "timestamp": "2026-01-01T00:00:00Z",
        "logger": "x",
    }

    assert as_text({**line, "key": "acme/nightly", "error": "no answer", "after": 2.0}) == (
        '2026-01-01T00:00:00Z WARNING reconcile.retry key=acme/nightly error="no answer" after=2.0'
    )
    assert as_text({"event": "failed", "exception": "Traceback:\n  x"}).endswith("failed\nTraceback:\n  x")
