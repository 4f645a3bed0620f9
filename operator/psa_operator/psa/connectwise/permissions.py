"""Which areas of ConnectWise our API member may read, each tried with the smallest question there is."""

from collections.abc import Collection, Mapping

from psa_operator.errors import PermissionDeniedError, TransientError
from psa_operator.psa.connectwise.areas import AREAS, Area
from psa_operator.psa.connectwise.connection import INFO, INFO_RIGHT, Connection
from psa_operator.psa.connectwise.wire import Info
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Identified
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Access, Permission
from psa_operator.sync.tasks import concurrently


class _Row(Identified, rename={"info": "_info"}):
    info: Info | None = None


async def probe(connection: Connection, left_out: Collection[Entity] = ()) -> list[Permission]:
    """Try system info and every list. Raises what is wrong with the account as a whole."""
    info, _ = await _try(connection, "systemInfo", INFO, INFO_RIGHT)
    first: dict[str, int] = {}
    tried = {Entity.BOARDS: await _try_parent(connection, Entity.BOARDS, "board", first)}
    tried[Entity.TICKETS] = await _try_parent(connection, Entity.TICKETS, "ticket", first)
    others = [entity for entity in AREAS if entity not in tried and entity not in left_out]
    tried |= zip(
        others, await concurrently(_try_list(connection, each, first) for each in others), strict=True
    )
    return [info, *(tried[entity] for entity in AREAS if entity in tried)]


async def try_area(connection: Connection, name: str, area: Area) -> Permission:
    """Try one more list."""
    permission, _ = await _try(connection, name, area.path, area.right)
    return permission


async def _try_parent(connection: Connection, entity: Entity, name: str, first: dict[str, int]) -> Permission:
    permission, found = await _try(connection, entity, AREAS[entity].path, AREAS[entity].right)
    if found is not None:
        first[name] = found
    return permission


async def _try_list(connection: Connection, entity: Entity, first: Mapping[str, int]) -> Permission:
    area = AREAS[entity]
    try:
        path = area.path.format(**first)
    except KeyError as error:
        return Permission(entity, Access.UNKNOWN, f"no {error.args[0]} could be read to try it on")
    permission, _ = await _try(connection, entity, path, area.right)
    return permission


async def _try(connection: Connection, name: str, path: str, right: str) -> tuple[Permission, int | None]:
    """Permission, and the id of the first record if there is one."""
    query: dict[str, str | int] = {} if path == INFO else {"pageSize": 1, "fields": "id,_info"}
    try:
        rows = await connection.get(path, _rows if query else _nothing, right=right, query=query)
    except PermissionDeniedError as error:
        return Permission(name, Access.DENIED, str(error)), None
    except TransientError as error:
        return Permission(name, Access.UNKNOWN, str(error)), None
    if any(row.info is None or row.info.last_updated is None for row in rows):
        missing = (
            "its records come without _info.lastUpdated, so that changes cannot be noticed: check the role"
        )
        return Permission(name, Access.GRANTED, missing), rows[0].id
    return Permission(name, Access.GRANTED), rows[0].id if rows else None


def _rows(answer: Answer) -> list[_Row]:
    return answer.decode(list[_Row])


def _nothing(_: Answer) -> list[_Row]:
    return []
