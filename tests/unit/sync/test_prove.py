"""Records that a list lacks are asked for several at once, and nobody goes on asking in vain."""

import asyncio
from typing import cast

import pytest

from psa_operator.errors import UnavailableError
from psa_operator.sync.entities import Entity
from psa_operator.sync.ports import Source
from psa_operator.sync.prove import gone


class Failing:
    """A PSA that has no answer for one record, and is slow with the others."""

    asking = 0

    async def is_gone(self, _: Entity, record_id: int) -> bool:
        if record_id == 1:
            raise UnavailableError("The PSA does not answer")
        self.asking += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.asking -= 1
        return True


async def test_the_first_failure_ends_the_other_questions() -> None:
    psa = Failing()

    with pytest.raises(UnavailableError):
        await gone(cast("Source", psa), Entity.TICKETS, [2, 3, 1])

    assert psa.asking == 0
