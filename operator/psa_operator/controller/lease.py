"""Who may lead, and until when: pure, after the rules of client-go's leader election.

Nobody compares clocks: a standby counts how long it has itself seen a Lease unchanged, and a leader how long
ago it began the last renewal that succeeded.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from psa_operator.settings import Settings


@dataclass(frozen=True)
class Lease:
    """A Lease as read. Nobody holds it if `holder` is empty; without a `version` it is yet to be made."""

    holder: str = ""
    seconds: float = 0
    transitions: int = 0
    acquired: str = ""
    renewed: str = ""
    version: str = ""


@dataclass(frozen=True)
class Terms:
    """Seconds: a Lease is held for `duration`, a leader gives up after `deadline`, all look every `retry`."""

    duration: float = 15.0
    deadline: float = 10.0
    retry: float = 2.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            duration=settings.lease_duration.total_seconds(),
            deadline=settings.lease_renew_deadline.total_seconds(),
            retry=settings.lease_retry.total_seconds(),
        )


def may_take(lease: Lease | None, unchanged: float, me: str, terms: Terms, *, able: bool) -> bool:
    """Whether a standby that has seen the Lease unchanged for so many seconds may take it.

    Who could not do the work well lets those go first who can.
    """
    if lease is not None and lease.holder == me:
        return True
    free_after = lease.seconds if lease is not None and lease.holder else 0.0
    return unchanged >= free_after + (0.0 if able else terms.duration)


def hands_over(unable_for: float, terms: Terms, *, took_it_unable: bool) -> bool:
    """Whether a leader should let others try who may be able: once, for if none was able it has it again."""
    return unable_for >= terms.duration and not took_it_unable


def held_by(me: str, lease: Lease | None, terms: Terms, now: datetime) -> Lease:
    """The Lease as its holder writes it, whether it takes or renews it."""
    before, stamp = lease or Lease(), f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"
    ours = before.holder == me
    return Lease(
        holder=me,
        seconds=max(1, math.ceil(terms.duration)),
        transitions=before.transitions if ours or lease is None else before.transitions + 1,
        acquired=before.acquired if ours else stamp,
        renewed=stamp,
        version=before.version,
    )


def given_back(lease: Lease) -> Lease:
    """The Lease as its holder leaves it, so that nobody has to wait for its end."""
    return replace(lease, holder="")
