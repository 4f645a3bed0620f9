"""The live tables and their staged counterparts, described once, so that every entity takes one path."""

import hashlib
from datetime import datetime
from types import UnionType
from typing import LiteralString, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct
from psycopg import sql

from psa_operator.sync.entities import OF_A_TICKET, PARENTS, Entity
from psa_operator.sync.records import RECORD_TYPE

_PG_TYPE: dict[type, LiteralString] = {
    int: "int8",
    str: "text",
    bool: "bool",
    float: "float8",
    datetime: "timestamptz",
    bytes: "jsonb",
    list: "int8[]",
}


class Table(Struct, frozen=True):
    """One entity in PostgreSQL; `columns` and `types` are in the order of the record's fields."""

    entity: Entity
    code: int
    name: str
    columns: tuple[str, ...]
    types: tuple[LiteralString, ...]

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that make a row differ: all but its id."""
        return (*self.columns[1:], "out_of_scope") if self.entity is Entity.TICKETS else self.columns[1:]

    @property
    def staged_columns(self) -> tuple[str, ...]:
        """What a staged row carries besides `origin`."""
        extra = ("out_of_scope", "technicians") if self.entity is Entity.TICKETS else ()
        return ("run", *self.columns, *extra)

    @property
    def staged_types(self) -> tuple[LiteralString, ...]:
        extra: tuple[LiteralString, ...] = ("text", "text") if self.entity is Entity.TICKETS else ()
        return ("int8", *self.types, *extra)


def _table(code: int, entity: Entity, name: str) -> Table:
    hints = get_type_hints(RECORD_TYPE[entity])
    fields = [field.name for field in msgspec.structs.fields(RECORD_TYPE[entity])]
    columns = tuple("psa_id" if field == "id" else field for field in fields)
    return Table(entity, code, name, columns, tuple(_pg_type(hints[field]) for field in fields))


def _pg_type(hint: type | UnionType) -> LiteralString:
    kinds = [each for each in get_args(hint) or (hint,) if each is not type(None)]
    return _PG_TYPE[get_origin(kinds[0]) or kinds[0]]


_NAMES = {
    Entity.BOARDS: "board",
    Entity.STATUSES: "status",
    Entity.TYPES: "ticket_type",
    Entity.SUBTYPES: "ticket_subtype",
    Entity.ITEMS: "ticket_item",
    Entity.SOURCES: "ticket_source",
    Entity.LOCATIONS: "service_location",
    Entity.PRIORITIES: "priority",
    Entity.MEMBERS: "member",
    Entity.CUSTOM_FIELDS: "custom_field",
    Entity.COMPANY_STATUSES: "company_status",
    Entity.COMPANY_TYPES: "company_type",
    Entity.COMPANIES: "company",
    Entity.CONTACTS: "contact",
    Entity.TICKETS: "ticket",
    Entity.TECHNICIANS: "ticket_technician",
    Entity.NOTES: "note",
    Entity.TIME_ENTRIES: "time_entry",
}

TABLES = {entity: _table(code, entity, _NAMES[entity]) for code, entity in enumerate(Entity)}

STAGED = tuple(table for entity, table in TABLES.items() if entity is not Entity.TECHNICIANS)
"""What is staged, parents first; technicians are staged as a column of their ticket."""

OF_TICKETS = tuple(TABLES[entity] for entity in OF_A_TICKET)
"""What belongs to one ticket, and is live as long as the ticket is."""

TICKET = TABLES[Entity.TICKETS]
TECHNICIAN = TABLES[Entity.TECHNICIANS]

CHILDREN: dict[Entity, tuple[tuple[Table, str], ...]] = {
    parent: tuple(
        (TABLES[child], column)
        for child, columns in PARENTS.items()
        for column, referred in columns.items()
        if referred is parent
    )
    for parent in Entity
}
"""Which columns of which tables refer to an entity."""

STAGE_VERSION = hashlib.sha256(repr(sorted(TABLES.items())).encode()).hexdigest()[:8]
"""Differs when staged rows of an older release cannot be continued."""


def identifiers(columns: tuple[str, ...], table: str | None = None) -> sql.Composed:
    """Write a list of columns, of one table if named."""
    names = [sql.Identifier(table, column) if table else sql.Identifier(column) for column in columns]
    return sql.SQL(", ").join(names)


def same_row(table: Table, other: str) -> sql.Composed:
    """That the row `live` is the one which `other` names by its `psa_id` and, if it has one, `member_id`."""
    pairs = {"ticket_id": "psa_id", "member_id": "member_id"} if table is TECHNICIAN else {"psa_id": "psa_id"}
    return sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier("live", column), sql.Identifier(other, named))
        for column, named in pairs.items()
    )


def described(table: Table) -> sql.Composed:
    """The columns of a JSON document of staged rows, with their types."""
    columns = zip(table.staged_columns[1:], table.staged_types[1:], strict=True)
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(pg_type)) for column, pg_type in columns
    )
