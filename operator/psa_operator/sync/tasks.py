"""Several coroutines at once, where the first failure ends them all and is raised as itself."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


async def together(*works: Coroutine[object, object, None]) -> None:
    """Run all to the end; raise the first failure, plain, after the others were stopped."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


async def concurrently(questions: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Answers in the order of the questions; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return [task.result() for task in tasks]


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
