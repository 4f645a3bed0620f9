"""Several coroutines at once, where the first failure ends them all and is raised as itself."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from typing import Any, TypeVar, overload

S = TypeVar("S")
T = TypeVar("T")


@overload
async def concurrently(works: tuple[Coroutine[Any, Any, S], Coroutine[Any, Any, T]]) -> tuple[S, T]: ...
@overload
async def concurrently(works: Iterable[Coroutine[Any, Any, T]]) -> tuple[T, ...]: ...
async def concurrently(works: Iterable[Coroutine[Any, Any, Any]]) -> Any:
    """What each returns, in order; the first failure is raised, plain, after the others were stopped."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as failures:
        raise _first(failures) from None
    return tuple(task.result() for task in tasks)


async def flowing(questions: Iterator[Coroutine[Any, Any, T]], at_once: int) -> AsyncGenerator[T]:
    """Answers as they come, with so many questions on their way; the next is taken when one is answered."""
    asked: set[asyncio.Task[T]] = set()
    try:
        while True:
            while len(asked) < at_once and (question := next(questions, None)) is not None:
                asked.add(asyncio.create_task(question))
            if not asked:
                return
            answered, asked = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            while answered:
                yield answered.pop().result()
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure
