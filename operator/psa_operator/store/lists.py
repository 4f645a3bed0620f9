"""What the lists hold that settings can name, and what became of what they held before."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.tables import TABLES
from psa_operator.sync.entities import Entity

NAMES = {
    Entity.BOARDS: "name",
    Entity.STATUSES: "name",
    Entity.PRIORITIES: "name",
    Entity.CUSTOM_FIELDS: "caption",
    Entity.COMPANY_STATUSES: "name",
    Entity.COMPANY_TYPES: "name",
}
"""The lists that settings name, and the column that has the name; a trigger notes what becomes of it."""

_NAMES = sql.SQL("SELECT psa_id, {name} FROM {table} WHERE integration_id = %s")
_CHANGES = """
SELECT DISTINCT ON (entity, lower(name), change = 'retyped') entity, name, change, became, changed_at
  FROM list_change WHERE integration_id = %s
 ORDER BY entity, lower(name), change = 'retyped', id DESC
"""


class ListChange(Struct, frozen=True):
    """What was called `name` was renamed, removed or retyped; `became` is its new name or type."""

    entity: Entity
    name: str
    change: str
    became: str | None
    time: datetime


async def names(connection: Connection, integration: int) -> Mapping[Entity, Mapping[int, str]]:
    """The names in use, by entity and id."""
    found = {}
    for entity, column in NAMES.items():
        query = _NAMES.format(name=sql.Identifier(column), table=sql.Identifier(TABLES[entity].name))
        found[entity] = {
            psa_id: name async for psa_id, name in await connection.execute(query, (integration,))
        }
    return found


async def changes(connection: Connection, integration: int) -> list[ListChange]:
    """The last change of each former name, and of the type of each custom field."""
    rows = await connection.execute(_CHANGES, (integration,))
    return [ListChange(Entity(entity), *rest) async for entity, *rest in rows]
