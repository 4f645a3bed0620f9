"""Whether a local change can be sent: what the PSA has by now, held against what it had."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET, Struct

from psa_operator.sync.outgoing import Edit, LocalChange, Settled
from psa_operator.sync.records import Ticket
from psa_operator.sync.spec import ConflictPolicy

_SECOND = timedelta(seconds=1)


class Judgement(Struct, frozen=True):
    """Changes of one ticket that can be sent, and those that stand against a change of the PSA's own."""

    to_send: Sequence[LocalChange]
    in_conflict: Sequence[Settled]


def judge(changes: Sequence[LocalChange], ticket: Ticket, policy: ConflictPolicy) -> Judgement:
    """Look at all unsent changes of a ticket, oldest first. Pure."""
    ours: dict[str, list[Any]] = {}
    to_send: list[LocalChange] = []
    in_conflict: list[Settled] = []
    for change in changes:
        theirs = _conflicts(change, ticket, ours)
        for name, value in fields(change.value).items():
            ours.setdefault(name, []).append(value)
        if theirs and change.resolution != "Portal":
            psa_wins = policy is ConflictPolicy.PSA_WINS or change.resolution == "PSA"
            in_conflict.append(_settled(change, theirs, psa_wins=psa_wins))
        else:
            to_send.append(change)
    return Judgement(to_send, in_conflict)


def merged(changes: Sequence[LocalChange], ticket: Ticket) -> Edit:
    """What has to be written so that the ticket has all of them: the newest value of each field, if other."""
    wanted: dict[str, Any] = {}
    for change in changes:
        wanted |= fields(change.value)
    return Edit(**{name: value for name, value in wanted.items() if not same(getattr(ticket, name), value)})


def fields(edit: Edit) -> dict[str, Any]:
    """The fields that are set."""
    values = {name: getattr(edit, name) for name in edit.__struct_fields__}
    return {name: value for name, value in values.items() if value is not UNSET}


def same(one: object, other: object) -> bool:
    """Whether both are one value to a PSA, which counts time in seconds."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < _SECOND
    if isinstance(one, str) or isinstance(other, str):
        return (one or None) == (other or None)
    return one == other


def _conflicts(change: LocalChange, ticket: Ticket, ours: dict[str, list[Any]]) -> dict[str, Any]:
    """The PSA's values of fields that it changed itself, to something else than we did."""
    if change.base_updated_at and ticket.updated_at and ticket.updated_at <= change.base_updated_at:
        return {}  # Not changed since; an older one is from a list that lags behind.
    found = {}
    for name, value in fields(change.value).items():
        # What an earlier change of ours wrote before its worker died is no change of the PSA's.
        expected = [value, getattr(change.base, name), *ours.get(name, [])]
        theirs = getattr(ticket, name)
        if not any(same(theirs, each) for each in expected):
            found[name] = theirs
    return found


def _settled(change: LocalChange, theirs: dict[str, Any], *, psa_wins: bool) -> Settled:
    named = ", ".join(theirs)
    if psa_wins:
        message = f"The PSA changed {named} as well, and its value stays"
        return Settled(change.id, "Refused", message, Edit(**theirs))
    message = (
        f"The PSA changed {named} as well. Portal and PSA keep their values until somebody sets "
        f"resolution to Portal or PSA in row {change.id} of local_change"
    )
    return Settled(change.id, "Held", message, Edit(**theirs))
