"""Parents that records refer to: what they are called, which are missing, and stubs for them."""

from collections.abc import Mapping

from psycopg import sql

from psa_operator.store.connection import Connection
from psa_operator.store.staging import Staging
from psa_operator.store.tables import CHILDREN, TABLES, TICKET, Table, identifiers
from psa_operator.sync.entities import OF_A_TICKET, Entity
from psa_operator.sync.ports import Page
from psa_operator.sync.records import Technician

_NAME = """
INSERT INTO parent_name (run, entity, psa_id, name)
SELECT %s, %s, psa_id, name FROM unnest(%s::bigint[], %s::text[]) AS new (psa_id, name)
ON CONFLICT DO NOTHING
"""
_NAMES = "SELECT psa_id, name FROM parent_name WHERE run = %s AND entity = %s AND psa_id = ANY (%s)"

_REFERRED = sql.SQL("SELECT {column} FROM {rows} AS child WHERE origin IS DISTINCT FROM 'live'")
_REFERRED_BY_TICKET = sql.SQL("""
SELECT {column} FROM {rows} AS child
 WHERE origin IS DISTINCT FROM 'live'
   AND (out_of_scope IS NULL
        OR ({hidden} AND EXISTS (SELECT FROM ticket
                         WHERE ticket.integration_id = %(integration)s AND ticket.psa_id = child.psa_id)))
""")
# More than will be live, but not those of tickets that nobody has.
_REFERRED_OF_TICKETS = sql.SQL("""
SELECT {column} FROM {rows} AS child
 WHERE EXISTS (SELECT FROM {tickets} AS ticket
                WHERE ticket.psa_id = child.ticket_id AND ticket.out_of_scope IS NULL)
    OR EXISTS (SELECT FROM ticket
                WHERE ticket.integration_id = %(integration)s AND ticket.psa_id = child.ticket_id)
""")
_MISSING = sql.SQL("""
SELECT DISTINCT referred.id
  FROM ({referred}) AS referred (id)
 WHERE referred.id IS NOT NULL
   AND NOT EXISTS (SELECT FROM {staged} AS parent WHERE parent.psa_id = referred.id)
   AND NOT EXISTS (SELECT FROM {live} AS parent
                    WHERE parent.integration_id = %(integration)s AND parent.psa_id = referred.id
                      AND ({changes} OR EXISTS (SELECT FROM refused
                                                 WHERE refused.run = %(run)s AND refused.entity = %(entity)s
                                                   AND refused.psa_id = parent.psa_id)))
""")
_CARRY = sql.SQL("""
INSERT INTO {table} (run, {columns}, origin)
SELECT %(run)s, {columns}, 'live' FROM {live} AS live
 WHERE integration_id = %(integration)s AND psa_id = ANY (%(ids)s)
ON CONFLICT DO NOTHING
""")
_STUB = sql.SQL("""
INSERT INTO {table} (run, psa_id, {filled}, origin)
SELECT %(run)s, new.psa_id, {values}, 'stub'
  FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS new (psa_id, name)
ON CONFLICT DO NOTHING
""")
_MEMBERS = sql.SQL("""
SELECT lower(identifier), psa_id FROM member WHERE {changes} AND integration_id = %s
UNION ALL
SELECT lower(identifier), psa_id FROM {rows} AS staged
""")

_SHAPES = {Entity.TICKETS: _REFERRED_BY_TICKET} | dict.fromkeys(OF_A_TICKET, _REFERRED_OF_TICKETS)

_STUB_NAMES = {
    Entity.MEMBERS: ("identifier", "name"),
    Entity.CONTACTS: ("first_name",),
}
"""Which columns carry the name, where it is not `name`."""


class Names:
    """Writes the name of each parent once, and none of those that were themselves staged."""

    def __init__(self) -> None:
        self._known: dict[Entity, set[int]] = {entity: set() for entity in Entity}

    async def write(self, connection: Connection, run: int, page: Page) -> None:
        """Remember names that are new. `know` follows once the transaction is committed."""
        for entity, names in page.names.items():
            # In order, or two loaders could wait for each other.
            fresh = sorted(names.keys() - self._known[entity])
            if fresh:
                values = (run, entity, fresh, [names[each] for each in fresh])
                await connection.execute(_NAME, values)

    def know(self, page: Page) -> None:
        """Note the names and the parents of a page that was committed."""
        for entity, names in page.names.items():
            self._known[entity].update(names)
        if CHILDREN[page.entity] and page.entity is not Entity.TICKETS:
            ids = (record.id for record in page.records if not isinstance(record, Technician))
            self._known[page.entity].update(ids)


async def missing(connection: Connection, staging: Staging, integration: int) -> dict[Entity, dict[int, str]]:
    """Parents that staged rows refer to and that would not be live, with their names."""
    found: dict[Entity, dict[int, str]] = {}
    for entity in Entity:
        if entity is Entity.TICKETS or not CHILDREN[entity]:
            continue
        values = {"integration": integration, "run": staging.run, "entity": entity}
        rows = await connection.execute(_missing(staging, TABLES[entity]), values)
        ids = sorted([psa_id async for (psa_id,) in rows])
        if ids:
            known = await connection.execute(_NAMES, (staging.run, entity, ids))
            names = {psa_id: name async for psa_id, name in known}
            found[entity] = {psa_id: names.get(psa_id, "") for psa_id in ids}
    return found


def _missing(staging: Staging, parent: Table) -> sql.Composed:
    changes = sql.Literal(not staging.whole(parent.entity))
    hidden = sql.Literal(not staging.exact(Entity.TICKETS))
    referred = []
    for child, column in CHILDREN[parent.entity]:
        if child.entity is Entity.TECHNICIANS:
            value: sql.Composable = sql.SQL("unnest(technicians::bigint[])")
            shape, name = _REFERRED_BY_TICKET, "ticket"
        else:
            value, name = sql.Identifier(column), child.name
            shape = _SHAPES.get(child.entity, _REFERRED)
        tickets = staging.rows(TICKET.name)
        referred.append(shape.format(column=value, rows=staging.rows(name), hidden=hidden, tickets=tickets))
    return _MISSING.format(
        referred=sql.SQL(" UNION ").join(referred),
        staged=staging.rows(parent.name),
        live=sql.Identifier(parent.name),
        changes=changes,
    )


async def add_stubs(
    connection: Connection, staging: Staging, integration: int, entity: Entity, names: Mapping[int, str]
) -> None:
    """Stage parents that the PSA does not give: a copy of the live row, else id and name."""
    table = TABLES[entity]
    values = {
        "run": staging.run,
        "integration": integration,
        "ids": list(names),
        "names": [name or f"#{psa_id}" for psa_id, name in names.items()],
    }
    target, live = staging.table(table.name), sql.Identifier(table.name)
    carry = _CARRY.format(table=target, columns=identifiers(table.columns), live=live)
    await connection.execute(carry, values)
    await connection.execute(_stub(table, target), values)


def _stub(table: Table, target: sql.Identifier) -> sql.Composed:
    named = _STUB_NAMES.get(table.entity, ("name",))
    kinds = zip(table.columns, table.types, strict=True)
    flags = tuple(column for column, kind in kinds if kind == "bool")
    values = [sql.SQL("new.name")] * len(named) + [sql.SQL("false")] * len(flags)
    filled = identifiers((*named, *flags))
    return _STUB.format(table=target, filled=filled, values=sql.SQL(", ").join(values))


async def members(connection: Connection, staging: Staging, integration: int) -> dict[str, int]:
    """Ids of members by lower-case identifier; a staged one goes before a live one."""
    query = _MEMBERS.format(
        changes=sql.Literal(not staging.whole(Entity.MEMBERS)), rows=staging.rows("member")
    )
    rows = await connection.execute(query, (integration,))
    return {identifier: psa_id async for identifier, psa_id in rows}
