"""Several questions at once, and the first failure as itself."""

from asyncio import TaskGroup
from collections.abc import Coroutine, Iterable
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
