"""Short ways to ask a Source."""

from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import EVERYTHING, Page, Query
from psa_operator.sync.records import Technician


def numbers(page: Page) -> list[int]:
    """The ids of the records that fit."""
    return [record.id for record in page.records if not isinstance(record, Technician)]


async def walked(client: ConnectWise, entity: Entity, query: Query = EVERYTHING) -> list[int]:
    """The ids of all records that a walk brings."""
    return [each async for page in client.walk(entity, query) for each in numbers(page)]


async def listed(client: ConnectWise, entity: Entity, query: Query = EVERYTHING) -> list[int]:
    """The ids that the list names."""
    return [each async for some in client.ids(entity, query) for each in some]
