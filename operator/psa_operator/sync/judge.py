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
    touching: dict[str, list[LocalChange]] = {}
    for change in changes:
        for name in fields(change.value):
            touching.setdefault(name, []).append(change)
    disputed = {name for name, chain in touching.items() if _is_disputed(name, chain, ticket)}
    to_send: list[LocalChange] = []
    in_conflict: list[Settled] = []
    for change in changes:
        decided = {
            name: _decided(change, touching[name]) for name in fields(change.value) if name in disputed
        }
        lost = [name for name, whose in decided.items() if whose != "Portal"]
        if change.resolution != "PSA" and not lost:
            to_send.append(change)
            continue
        psa_wins = policy is ConflictPolicy.PSA_WINS or all(decided[name] == "PSA" for name in lost)
        in_conflict.append(
            _settled(change, {name: getattr(ticket, name) for name in lost}, psa_wins=psa_wins)
        )
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


def _is_disputed(name: str, chain: Sequence[LocalChange], ticket: Ticket) -> bool:
    """Whether the PSA changed a field itself, to something else than one of these changes did."""
    if ticket.updated_at and all(
        each.base_updated_at and ticket.updated_at <= each.base_updated_at for each in chain
    ):
        return False  # Not changed since; an older one is from a list that lags behind.
    # What an earlier change of ours wrote before its worker died is no change of the PSA's.
    expected = [getattr(edit, name) for each in chain for edit in (each.base, each.value)]
    return not any(same(getattr(ticket, name), each) for each in expected)


def _decided(change: LocalChange, chain: Sequence[LocalChange]) -> str | None:
    """Whose value stays: what was decided of this change or a later one of the field, which has its value.

    Once the portal's was to stay, the changes that came after it have nothing to stand against.
    """
    decisions = [(each.id, each.resolution) for each in chain if each.resolution]
    since = [whose for number, whose in decisions if number >= change.id]
    return next(iter(since), "Portal" if any(whose == "Portal" for _, whose in decisions) else None)


def _settled(change: LocalChange, theirs: dict[str, Any], *, psa_wins: bool) -> Settled:
    named = ", ".join(theirs)
    if not theirs:
        return Settled(change.id, "Refused", "Somebody decided that the PSA's value stays")
    if psa_wins:
        message = f"The PSA changed {named} as well, and its value stays"
        return Settled(change.id, "Refused", message, Edit(**theirs))
    message = (
        f"The PSA changed {named} as well. Portal and PSA keep their values until somebody sets "
        f"resolution to Portal or PSA in row {change.id} of local_change"
    )
    return Settled(change.id, "Held", message, Edit(**theirs))
