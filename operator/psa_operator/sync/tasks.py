"""Several coroutines at once, where the first failure ends them all and is raised as itself."""

import asyncio
from collections.abc import Coroutine


async def together(*works: Coroutine[object, object, None]) -> None:
    """Run all to the end; raise the first failure, plain, after the others were stopped."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure
