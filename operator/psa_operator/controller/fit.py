"""Keep a status small: every list of every watcher carries it."""

import json

from psa_operator.api.model import clip
from psa_operator.api.resync_status import TicketResyncStatus

LIMIT = 15 * 1024
_LENGTHS = (300, 100, 40)


def fit(status: TicketResyncStatus) -> TicketResyncStatus:
    """The status with its texts cut as far as its size demands; the run's own message stays whole."""
    for length in _LENGTHS:
        if len(json.dumps(status.as_json())) <= LIMIT:
            break
        status = _cut(status, length)
    return status


def _cut(status: TicketResyncStatus, length: int) -> TicketResyncStatus:
    return status.replace(
        conditions=tuple(each.replace(message=clip(each.message, length)) for each in status.conditions),
        explanations=tuple(each.replace(detail=clip(each.detail, length)) for each in status.explanations),
        errors=tuple(each.replace(message=clip(each.message, length)) for each in status.errors),
        notified=tuple(each.replace(message=clip(each.message, length)) for each in status.notified),
        verification=tuple(
            each.replace(message=clip(each.message, length), expected=clip(each.expected, length))
            for each in status.verification
        ),
    )
