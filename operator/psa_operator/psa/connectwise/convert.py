"""ConnectWise's records, one by one, as ours."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from psa_operator.psa.connectwise import wire
from psa_operator.psa.records import Batch
from psa_operator.sync import records

_encode = msgspec.json.Encoder().encode


def board(source: wire.Board, batch: Batch) -> records.Board:
    return records.Board(
        source.id, source.name, bool(source.inactive_flag), bool(source.project_flag), _updated(source, batch)
    )


def status(source: wire.Status, batch: Batch) -> records.Status:
    return records.Status(
        source.id,
        _parent(source.board, batch.parents.boards),
        source.name,
        source.sort_order,
        bool(source.closed_status),
        bool(source.inactive),
        _updated(source, batch),
    )


def ticket_type(source: wire.Type, batch: Batch) -> records.TicketType:
    return records.TicketType(
        source.id,
        _parent(source.board, batch.parents.boards),
        source.name,
        source.category,
        bool(source.inactive_flag),
        _updated(source, batch),
    )


def subtype(source: wire.OfBoard, batch: Batch) -> records.Subtype:
    board = _parent(source.board, batch.parents.boards)
    return records.Subtype(source.id, board, source.name, bool(source.inactive_flag), _updated(source, batch))


def item(source: wire.OfBoard, batch: Batch) -> records.Item:
    board = _parent(source.board, batch.parents.boards)
    return records.Item(source.id, board, source.name, bool(source.inactive_flag), _updated(source, batch))


def ticket_source(source: wire.Source, batch: Batch) -> records.Source:
    return records.Source(source.id, source.name, _updated(source, batch))


def location(source: wire.Location, batch: Batch) -> records.Location:
    return records.Location(source.id, source.name, source.where or None, _updated(source, batch))


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


def company_status(source: wire.CompanyStatus, batch: Batch) -> records.CompanyStatus:
    return records.CompanyStatus(source.id, source.name, bool(source.inactive_flag), _updated(source, batch))


def company_type(source: wire.CompanyType, batch: Batch) -> records.CompanyType:
    return records.CompanyType(source.id, source.name, _updated(source, batch))


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
        status_id=_parent(source.status, batch.parents.company_statuses),
        type_ids=None if source.types is None else sorted(each.id for each in source.types if each.id),
    )


def contact(source: wire.Contact, batch: Batch) -> records.Contact:
    return records.Contact(
        id=source.id,
        company_id=_parent(source.company, batch.parents.companies),
        first_name=source.first_name or None,
        last_name=source.last_name or None,
        title=source.title or None,
        email=_reach(source, "Email"),
        phone=_reach(source, "Phone") or source.default_phone_nbr or None,
        inactive=bool(source.inactive_flag),
        updated_at=_updated(source, batch),
    )


def ticket(source: wire.Ticket, batch: Batch) -> records.Ticket:
    if assigned := _assigned(source):
        batch.resources[source.id] = assigned
    return records.Ticket(
        id=source.id,
        summary=source.summary or "",
        board_id=_parent(source.board, batch.parents.boards),
        status_id=_parent(source.status, batch.parents.statuses),
        type_id=_parent(source.type, batch.parents.types),
        priority_id=_parent(source.priority, batch.parents.priorities),
        company_id=_parent(source.company, batch.parents.companies),
        contact_id=_parent(source.contact, batch.parents.contacts),
        owner_id=_parent(source.owner, batch.parents.members),
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
        subtype_id=_parent(source.sub_type, batch.parents.subtypes),
        item_id=_parent(source.item, batch.parents.items),
        source_id=_parent(source.source, batch.parents.sources),
        location_id=_parent(source.service_location, batch.parents.locations),
    )


def project_ticket(source: wire.Ticket, batch: Batch) -> records.Ticket:
    project, phase = _name(source.project), _name(source.phase)
    return replace(ticket(source, batch), project=True, project_name=project, phase=phase)


def note(source: wire.Note, batch: Batch) -> records.Note:
    return records.Note(
        id=source.id,
        ticket_id=source.ticket_id,
        text=source.text or "",
        discussion=bool(source.detail_description_flag),
        internal=bool(source.internal_analysis_flag),
        resolution=bool(source.resolution_flag),
        member_id=_parent(source.member, batch.parents.members),
        contact_id=_parent(source.contact, batch.parents.contacts),
        author=source.created_by or None,
        created_at=batch.stamp(source.date_created, "dateCreated"),
        updated_at=_updated(source, batch),
    )


def time_entry(source: wire.TimeEntry, batch: Batch) -> records.TimeEntry:
    return records.TimeEntry(
        id=source.id,
        ticket_id=source.charge_to_id,
        member_id=_parent(source.member, batch.parents.members),
        work_type=_name(source.work_type),
        work_role=_name(source.work_role),
        started_at=batch.stamp(source.time_start, "timeStart"),
        ended_at=batch.stamp(source.time_end, "timeEnd"),
        hours=source.actual_hours,
        billable=source.billable_option or None,
        status=source.status or None,
        notes=source.notes or None,
        internal_notes=source.internal_notes or None,
        entered_by=source.entered_by or None,
        entered_at=batch.stamp(source.date_entered, "dateEntered"),
        updated_at=_updated(source, batch),
    )


def _updated(source: wire.Wire, batch: Batch) -> datetime | None:
    return batch.stamp(source.info.last_updated, "_info.lastUpdated") if source.info else None


def _name(ref: wire.Ref | None) -> str | None:
    return ref.name or None if ref else None


def _parent(ref: wire.Ref | None, names: dict[int, str]) -> int | None:
    if ref is None or not ref.id:
        return None
    names[ref.id] = ref.name or ref.identifier or ""
    return ref.id


def _reach(source: wire.Contact, kind: str) -> str | None:
    items = [
        item for item in source.communication_items or () if item.communication_type == kind and item.value
    ]
    items.sort(key=lambda item: not item.default_flag)
    return items[0].value if items else None


def _assigned(source: wire.Ticket) -> tuple[str, ...]:
    owner = source.owner.identifier if source.owner else None
    if not source.resources or source.resources == owner:
        return (owner,) if owner else ()
    listed = [*(part.strip() for part in source.resources.split(",")), owner or ""]
    return tuple({each.casefold(): each for each in listed if each}.values())


def _values(fields: list[wire.CustomFieldValue]) -> bytes | None:
    # 0 and False are values; None, "" and [] are not.
    values = {
        each.caption: value for each in fields if ((value := each.value) or value == 0) and each.caption
    }
    return _encode(values) if values else None
