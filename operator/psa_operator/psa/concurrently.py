"""Several questions at once, and the first failure as itself."""

from asyncio import FIRST_COMPLETED, Task, TaskGroup, create_task, gather, wait
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


async def concurrently(questions: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Answers in the order of the questions; the first failure ends the others."""
    try:
        async with TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return [task.result() for task in tasks]


async def flowing(questions: Iterator[Coroutine[Any, Any, T]], at_once: int) -> AsyncGenerator[T]:
    """Answers as they come, with so many questions on their way; the next is taken when one is answered."""
    asked: set[Task[T]] = set()
    try:
        while True:
            while len(asked) < at_once and (question := next(questions, None)) is not None:
                asked.add(create_task(question))
            if not asked:
                return
            answered, asked = await wait(asked, return_when=FIRST_COMPLETED)
            while answered:
                yield answered.pop().result()
    finally:
        for task in asked:
            task.cancel()
        await gather(*asked, return_exceptions=True)
