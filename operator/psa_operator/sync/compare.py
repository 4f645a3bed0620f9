"""A ticket as the PSA has it, held against the row that was made of it."""

import msgspec
from msgspec.structs import fields

from psa_operator.sync.records import Ticket

_COLUMNS = tuple(field.name for field in fields(Ticket) if field.name not in {"id", "custom_fields"})


def differing(ticket: Ticket, live: Ticket) -> list[str]:
    """The columns in which they differ."""
    found = [name for name in _COLUMNS if getattr(ticket, name) != getattr(live, name)]
    if _values(ticket) != _values(live):
        found.append("custom_fields")
    return found


def _values(ticket: Ticket) -> object:
    """The database writes the same values with other spaces and in another order."""
    return msgspec.json.decode(ticket.custom_fields) if ticket.custom_fields else None
