"""Which areas of ConnectWise our API member may read, each tried with the smallest question there is."""

from psa_operator.errors import PermissionDeniedError, TransientError
from psa_operator.psa.concurrently import concurrently
from psa_operator.psa.connectwise.areas import AREAS
from psa_operator.psa.connectwise.connection import INFO, INFO_RIGHT, Connection
from psa_operator.psa.connectwise.wire import Info
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Identified
from psa_operator.sync.ports import Access, Permission
from psa_operator.sync.records import Entity


class _Row(Identified, rename={"info": "_info"}):
    info: Info | None = None


async def probe(connection: Connection) -> list[Permission]:
    """Try system info and every list. Raises what is wrong with the account as a whole."""
    info, _ = await _try(connection, "systemInfo", INFO, INFO_RIGHT)
    boards, first = await _try_list(connection, Entity.BOARDS, None)
    others = [entity for entity in AREAS if entity is not Entity.BOARDS]
    tried = await concurrently(_try_list(connection, entity, first) for entity in others)
    return [info, boards, *(permission for permission, _ in tried)]


async def _try_list(
    connection: Connection, entity: Entity, board: int | None
) -> tuple[Permission, int | None]:
    area = AREAS[entity]
    if area.per_board and board is None:
        return Permission(entity, Access.UNKNOWN, "no board could be read to try it on"), None
    return await _try(connection, entity, area.path.format(board=board), area.right)


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
