"""ConnectWise's records, one by one, as ours."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from psa_operator.errors import RecordError
from psa_operator.psa.connectwise import wire
from psa_operator.psa.records import Batch
from psa_operator.sync import records
from psa_operator.sync.records import Entity

_encode = msgspec.json.Encoder().encode


def board(source: wire.Board, batch: Batch) -> records.Board:
    return records.Board(
        source.id, source.name, bool(source.inactive_flag), bool(source.project_flag), _updated(source, batch)
    )


def status(source: wire.Status, batch: Batch) -> records.Status:
    return records.Status(
        source.id,
        _parent(source.board, Entity.BOARDS, batch),
        source.name,
        source.sort_order,
        bool(source.closed_status),
        bool(source.inactive),
        _updated(source, batch),
    )


def ticket_type(source: wire.Type, batch: Batch) -> records.TicketType:
    return records.TicketType(
        source.id,
        _parent(source.board, Entity.BOARDS, batch),
        source.name,
        source.category,
        bool(source.inactive_flag),
        _updated(source, batch),
    )


def priority(source: wire.Priority, batch: Batch) -> records.Priority:
    return records.Priority(source.id, source.name, source.color, source.sort_order, _updated(source, batch))


def member(source: wire.Member, batch: Batch) -> records.Member:
    name = " ".join(part for part in (source.first_name, source.last_name) if part)
    return records.Member(
        source.id,
        source.identifier,
        name or source.identifier,
        source.primary_email or source.office_email or None,
        bool(source.inactive_flag),
        _updated(source, batch),
    )


def custom_field(source: wire.UserDefinedField, batch: Batch) -> records.CustomField:
    return records.CustomField(
        source.id,
        source.caption,
        source.field_type_identifier,
        source.entry_type_identifier,
        source.screen_id,
        _updated(source, batch),
    )


def company(source: wire.Company, batch: Batch) -> records.Company:
    return records.Company(
        id=source.id,
        identifier=source.identifier,
        name=source.name,
        status=_name(source.status),
        phone=source.phone_number or None,
        website=source.website or None,
        address_line1=source.address_line1 or None,
        address_line2=source.address_line2 or None,
        city=source.city or None,
        state=source.state or None,
        zip=source.zip or None,
        country=_name(source.country),
        deleted=bool(source.deleted_flag),
        updated_at=_updated(source, batch),
    )


def contact(source: wire.Contact, batch: Batch) -> records.Contact:
    return records.Contact(
        id=source.id,
        company_id=_parent(source.company, Entity.COMPANIES, batch),
        first_name=source.first_name or None,
        last_name=source.last_name or None,
        title=source.title or None,
        email=_reach(source, "Email"),
        phone=_reach(source, "Phone") or source.default_phone_nbr or None,
        inactive=bool(source.inactive_flag),
        updated_at=_updated(source, batch),
    )


def ticket(source: wire.Ticket, batch: Batch) -> records.Ticket:
    if assigned := tuple(_assigned(source)):
        batch.resources[source.id] = assigned
    return records.Ticket(
        id=source.id,
        summary=source.summary or "",
        board_id=_parent(source.board, Entity.BOARDS, batch),
        status_id=_parent(source.status, Entity.STATUSES, batch),
        type_id=_parent(source.type, Entity.TYPES, batch),
        priority_id=_parent(source.priority, Entity.PRIORITIES, batch),
        company_id=_parent(source.company, Entity.COMPANIES, batch),
        contact_id=_parent(source.contact, Entity.CONTACTS, batch),
        owner_id=_parent(source.owner, Entity.MEMBERS, batch),
        severity=source.severity or None,
        impact=source.impact or None,
        source=_name(source.source),
        closed=bool(source.closed_flag),
        parent_id=source.parent_ticket_id or None,
        budget_hours=source.budget_hours,
        actual_hours=source.actual_hours,
        required_at=batch.stamp(source.required_date, "requiredDate"),
        closed_at=batch.stamp(source.closed_date, "closedDate"),
        entered_at=batch.stamp(source.info.date_entered, "_info.dateEntered") if source.info else None,
        updated_at=_updated(source, batch),
        custom_fields=_values(source.custom_fields) if source.custom_fields else None,
    )


def _updated(source: wire.Wire, batch: Batch) -> datetime | None:
    return batch.stamp(source.info.last_updated, "_info.lastUpdated") if source.info else None


def _name(ref: wire.Ref | None) -> str | None:
    return ref.name or None if ref else None


def _parent(ref: wire.Ref | None, entity: Entity, batch: Batch) -> int | None:
    if ref is None or not ref.id:
        return None
    batch.names[entity, ref.id] = ref.name or ref.identifier or ""
    return ref.id


def _reach(source: wire.Contact, kind: str) -> str | None:
    items = [
        item for item in source.communication_items or () if item.communication_type == kind and item.value
    ]
    items.sort(key=lambda item: not item.default_flag)
    return items[0].value if items else None


def _assigned(source: wire.Ticket) -> Iterator[str]:
    listed = source.resources.split(",") if source.resources else []
    if source.owner and source.owner.identifier:
        listed.append(source.owner.identifier)
    seen = set()
    for identifier in map(str.strip, listed):
        if identifier and identifier.casefold() not in seen:
            seen.add(identifier.casefold())
            yield identifier


def _values(fields: list[wire.CustomFieldValue]) -> bytes | None:
    values = {each.caption: each.value for each in fields if each.caption and not _is_empty(each.value)}
    try:
        return _encode(values) if values else None
    except (OverflowError, RecursionError) as error:
        raise RecordError(f"a value cannot be stored: {error}", field="customFields") from error


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())
