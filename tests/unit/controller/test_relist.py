"""A watch that has gone deaf is found out by a list, and only a new process mends it."""

import pytest

from psa_operator.controller.keys import Kind
from psa_operator.controller.relist import DeafWatchError, Judge


def judge() -> Judge:
    return Judge(patience=3)


def test_three_lists_that_are_ahead_of_the_watch_are_enough() -> None:
    asked = judge()

    asked.hear(listed={Kind.RESYNC: 9}, watched={Kind.RESYNC: 5})
    asked.hear(listed={Kind.RESYNC: 9}, watched={Kind.RESYNC: 5})
    with pytest.raises(DeafWatchError, match="ticketresyncs"):
        asked.hear(listed={Kind.RESYNC: 9}, watched={Kind.RESYNC: 5})


def test_a_watch_that_catches_up_is_forgiven() -> None:
    asked = judge()

    for _ in range(5):
        asked.hear(listed={Kind.RESYNC: 9}, watched={Kind.RESYNC: 5})
        asked.hear(listed={Kind.RESYNC: 9}, watched={Kind.RESYNC: 9})


def test_a_watch_may_know_more_than_a_list() -> None:
    asked = judge()

    for _ in range(5):
        asked.hear(listed={Kind.RESYNC: 0}, watched={Kind.RESYNC: 9})
