"""The plain script that a good developer writes in an afternoon: what the worker is compared with.

It reads page after page over one kept-alive connection, asks for just the fields it needs, checks them with
pydantic, and upserts each page with `executemany`, which psycopg pipelines. It commits once at the end. It
proves nothing, deletes nothing, cannot be resumed, and shows no progress. One JSON document on standard
input says what to read and where to write.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

import httpx
import psycopg
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

PAGE = 1000


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Ref(Camel):
    id: int | None = None
    name: str | None = None
    identifier: str | None = None


class Info(Camel):
    last_updated: datetime | None = None
    date_entered: datetime | None = None


class Record(Camel):
    """One record; `row` are the columns of its table after integration_id."""

    table: ClassVar[str]
    path: ClassVar[str]
    fields: ClassVar[str]

    id: int
    info: Info = Info()

    model_config = ConfigDict(
        alias_generator=lambda name: "_info" if name == "info" else to_camel(name), populate_by_name=True
    )

    def row(self) -> dict[str, Any]:
        raise NotImplementedError

    def common(self) -> dict[str, Any]:
        return {"psa_id": self.id, "updated_at": self.info.last_updated}


class Board(Record):
    table, path = "board", "service/boards"
    fields = "id,name,inactiveFlag,projectFlag,_info"

    name: str
    inactive_flag: bool = False
    project_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "name": self.name, "inactive": self.inactive_flag, "project": self.project_flag,
        }  # fmt: skip


class Status(Record):
    table, path = "status", "service/boards/{}/statuses"
    fields = "id,name,board/id,sortOrder,closedStatus,inactive,_info"

    name: str
    board: Ref = Ref()
    sort_order: int | None = None
    closed_status: bool = False
    inactive: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "board_id": self.board.id, "name": self.name, "sort_order": self.sort_order,
            "closed": self.closed_status, "inactive": self.inactive,
        }  # fmt: skip


class Type(Record):
    table, path = "ticket_type", "service/boards/{}/types"
    fields = "id,name,board/id,category,inactiveFlag,_info"

    name: str
    board: Ref = Ref()
    category: str | None = None
    inactive_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "board_id": self.board.id, "name": self.name, "category": self.category,
            "inactive": self.inactive_flag,
        }  # fmt: skip


class Subtype(Record):
    table, path = "ticket_subtype", "service/boards/{}/subtypes"
    fields = "id,name,board/id,inactiveFlag,_info"

    name: str
    board: Ref = Ref()
    inactive_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "board_id": self.board.id, "name": self.name, "inactive": self.inactive_flag,
        }  # fmt: skip


class Item(Subtype):
    table, path = "ticket_item", "service/boards/{}/items"


class Source(Record):
    table, path = "ticket_source", "service/sources"
    fields = "id,name,_info"

    name: str

    def row(self) -> dict[str, Any]:
        return self.common() | {"name": self.name}


class CompanyType(Source):
    table, path = "company_type", "company/companies/types"


class Location(Record):
    table, path = "service_location", "service/locations"
    fields = "id,name,where,_info"

    name: str
    where: str | None = None

    def row(self) -> dict[str, Any]:
        return self.common() | {"name": self.name, "place": self.where}


class CompanyStatus(Record):
    table, path = "company_status", "company/companies/statuses"
    fields = "id,name,inactiveFlag,_info"

    name: str
    inactive_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {"name": self.name, "inactive": self.inactive_flag}


class Priority(Record):
    table, path = "priority", "service/priorities"
    fields = "id,name,color,sortOrder,_info"

    name: str
    color: str | None = None
    sort_order: int | None = None

    def row(self) -> dict[str, Any]:
        return self.common() | {"name": self.name, "color": self.color, "sort_order": self.sort_order}


class Member(Record):
    table, path = "member", "system/members"
    fields = "id,identifier,firstName,lastName,primaryEmail,officeEmail,inactiveFlag,_info"

    identifier: str
    first_name: str | None = None
    last_name: str | None = None
    primary_email: str | None = None
    office_email: str | None = None
    inactive_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "identifier": self.identifier,
            "name": " ".join(filter(None, (self.first_name, self.last_name))) or self.identifier,
            "email": self.primary_email or self.office_email or None, "inactive": self.inactive_flag,
        }  # fmt: skip


class CustomField(Record):
    table, path = "custom_field", "system/userDefinedFields"
    fields = "id,caption,fieldTypeIdentifier,entryTypeIdentifier,screenId,_info"

    caption: str
    field_type_identifier: str | None = None
    entry_type_identifier: str | None = None
    screen_id: str | None = None

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "caption": self.caption, "field_type": self.field_type_identifier,
            "entry_type": self.entry_type_identifier, "screen": self.screen_id,
        }  # fmt: skip


class Company(Record):
    table, path = "company", "company/companies"
    fields = (
        "id,identifier,name,status/id,status/name,phoneNumber,website,addressLine1,addressLine2,city,state,"
        "zip,country/name,deletedFlag,types,_info"
    )

    identifier: str | None = None
    name: str
    status: Ref | None = None
    phone_number: str | None = None
    website: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: Ref | None = None
    deleted_flag: bool = False
    types: list[Ref] | None = None

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "identifier": self.identifier, "name": self.name,
            "status": self.status.name if self.status else None,
            "status_id": self.status.id if self.status else None,
            "type_ids": None if self.types is None else sorted(each.id for each in self.types if each.id),
            "phone": self.phone_number or None, "website": self.website or None,
            "address_line1": self.address_line1 or None, "address_line2": self.address_line2 or None,
            "city": self.city or None, "state": self.state or None, "zip": self.zip or None,
            "country": self.country.name if self.country else None, "deleted": self.deleted_flag,
        }  # fmt: skip


class Communication(Camel):
    value: str | None = None
    communication_type: str | None = None
    default_flag: bool = False


class Contact(Record):
    table, path = "contact", "company/contacts"
    fields = "id,firstName,lastName,company/id,title,defaultPhoneNbr,communicationItems,inactiveFlag,_info"

    first_name: str | None = None
    last_name: str | None = None
    company: Ref | None = None
    title: str | None = None
    default_phone_nbr: str | None = None
    communication_items: list[Communication] = []
    inactive_flag: bool = False

    def row(self) -> dict[str, Any]:
        return self.common() | {
            "company_id": self.company.id if self.company else None,
            "first_name": self.first_name or None, "last_name": self.last_name or None,
            "title": self.title or None, "email": self.reach("Email"),
            "phone": self.reach("Phone") or self.default_phone_nbr or None, "inactive": self.inactive_flag,
        }  # fmt: skip

    def reach(self, kind: str) -> str | None:
        items = [each for each in self.communication_items if each.communication_type == kind and each.value]
        return max(items, key=lambda each: each.default_flag).value if items else None


class CustomValue(Camel):
    caption: str
    value: Any = None


class Ticket(Record):
    table, path = "ticket", "service/tickets"
    fields = (
        "id,summary,board/id,status/id,type/id,priority/id,company/id,contact/id,owner/id,owner/identifier,"
        "subType/id,item/id,serviceLocation/id,source/id,source/name,severity,impact,closedFlag,closedDate,parentTicketId,budgetHours,actualHours,"
        "requiredDate,resources,customFields,_info"
    )

    summary: str
    board: Ref | None = None
    status: Ref | None = None
    type: Ref | None = None
    priority: Ref | None = None
    company: Ref | None = None
    contact: Ref | None = None
    owner: Ref | None = None
    source: Ref | None = None
    sub_type: Ref | None = None
    item: Ref | None = None
    service_location: Ref | None = None
    severity: str | None = None
    impact: str | None = None
    closed_flag: bool = False
    closed_date: datetime | None = None
    parent_ticket_id: int | None = None
    budget_hours: float | None = None
    actual_hours: float | None = None
    required_date: datetime | None = None
    resources: str | None = None
    custom_fields: list[CustomValue] = []

    def row(self) -> dict[str, Any]:
        custom = {each.caption: each.value for each in self.custom_fields if each.value not in (None, "")}
        return self.common() | {
            "summary": self.summary, "board_id": self.board and self.board.id,
            "status_id": self.status and self.status.id, "type_id": self.type and self.type.id,
            "priority_id": self.priority and self.priority.id, "company_id": self.company and self.company.id,
            "contact_id": self.contact and self.contact.id, "owner_id": self.owner and self.owner.id,
            "severity": self.severity, "impact": self.impact, "source": self.source and self.source.name,
            "source_id": self.source and self.source.id, "subtype_id": self.sub_type and self.sub_type.id,
            "item_id": self.item and self.item.id,
            "location_id": self.service_location and self.service_location.id,
            "closed": self.closed_flag, "parent_id": self.parent_ticket_id or None,
            "budget_hours": self.budget_hours, "actual_hours": self.actual_hours,
            "required_at": self.required_date, "closed_at": self.closed_date,
            "entered_at": self.info.date_entered, "custom_fields": Jsonb(custom) if custom else None,
        }  # fmt: skip

    def assigned(self) -> set[str]:
        names = {name.strip() for name in (self.resources or "").split(",")}
        return (names | {self.owner.identifier or "" if self.owner else ""}) - {""}


REFERENCE: tuple[type[Record], ...] = (
    Board, Status, Type, Subtype, Item, Source, Location, Priority, Member, CustomField, CompanyStatus,
    CompanyType,
)  # fmt: skip


class Script:
    """One run: the connections to both sides, and the integration that the rows belong to."""

    def __init__(self, psa: httpx.Client, database: "psycopg.Connection[Any]", integration: str) -> None:
        self.psa, self.database = psa, database
        query = "SELECT id FROM integration WHERE key = %s"
        self.integration: Any = (database.execute(query, (integration,)).fetchone() or (None,))[0]
        self.run: Any = (database.execute("SELECT gen_random_uuid()").fetchone() or (None,))[0]

    def sync(self) -> None:
        members: dict[str, int] = {}
        boards: list[int] = []
        for kind in REFERENCE:
            for records in self.pages(kind, boards):
                self.upsert(kind, records)
                boards += [each.id for each in records if isinstance(each, Board)]
                members |= {each.identifier: each.id for each in records if isinstance(each, Member)}
        for kind in (Company, Contact):
            for records in self.pages(kind, boards):
                self.upsert(kind, records)
        for records in self.pages(Ticket, boards):
            self.upsert(Ticket, records)
            self.assign([each for each in records if isinstance(each, Ticket)], members)
        self.database.commit()

    def pages(self, kind: type[Record], boards: list[int]) -> Iterator[list[Record]]:
        adapter = TypeAdapter(list[kind])  # type: ignore[valid-type]
        for path in [kind.path.format(board) for board in boards] if "{}" in kind.path else [kind.path]:
            number, full = 1, True
            while full:
                asked: dict[str, str | int] = {
                    "page": number,
                    "pageSize": PAGE,
                    "orderBy": "id",
                    "fields": kind.fields,
                }
                answer = self.psa.get(path, params=asked).raise_for_status()
                # PostgreSQL stores no NUL characters.
                records = adapter.validate_json(answer.content.replace(b"\\u0000", b""))
                yield records
                number, full = number + 1, len(records) == PAGE

    def upsert(self, kind: type[Record], records: list[Record]) -> None:
        rows = [each.row() | {"integration_id": self.integration, "run": self.run} for each in records]
        if not rows:
            return
        columns = [name for name in rows[0] if name != "run"]
        changed = [name for name in columns if name not in {"integration_id", "psa_id"}]
        statement = (
            f"INSERT INTO {kind.table} ({', '.join(columns)}, changed_by_run, changed_at)"
            f" VALUES ({', '.join(f'%({name})s' for name in columns)}, %(run)s, now())"
            " ON CONFLICT (integration_id, psa_id) DO UPDATE SET changed_by_run = excluded.changed_by_run,"
            f" changed_at = now(), {', '.join(f'{name} = excluded.{name}' for name in changed)}"
        )
        self.database.cursor().executemany(statement.encode(), rows)

    def assign(self, tickets: list[Ticket], members: dict[str, int]) -> None:
        pairs = [
            (self.integration, each.id, members[name], self.run)
            for each in tickets
            for name in each.assigned()
            if name in members
        ]
        self.database.execute(
            "DELETE FROM ticket_technician WHERE integration_id = %s AND ticket_id = ANY(%s)",
            (self.integration, [each.id for each in tickets]),
        )
        self.database.cursor().executemany(
            "INSERT INTO ticket_technician (integration_id, ticket_id, member_id, changed_by_run, changed_at)"
            " VALUES (%s, %s, %s, %s, now())",
            pairs,
        )


def main() -> None:
    given = json.load(sys.stdin)
    psa = httpx.Client(
        base_url=f"{given['url']}/v4_6_release/apis/3.0/", timeout=60, trust_env=False,
        auth=(f"{given['companyId']}+{given['publicKey']}", given["privateKey"]),
        headers={"clientId": given["clientId"]},
    )  # fmt: skip
    with psa, psycopg.connect(given["dsn"], options="-c search_path=psa -c timezone=UTC") as database:
        Script(psa, database, given["integration"]).sync()


if __name__ == "__main__":
    main()
