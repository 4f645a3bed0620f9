"""`python -m benchmarks [NAME ...]`: measure, print, and write it into docs/performance.md."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import explain, full, memory, notes, portals, quick, reaction, scale
from benchmarks.report import Section, write

BENCHMARKS: dict[str, Callable[[], Awaitable[Section]]] = {
    "full": full.measure,
    "memory": memory.measure,
    "quick": quick.measure,
    "notes": notes.measure,
    "explain": explain.measure,
    "portals": portals.measure,
    "reaction": reaction.measure,
    "scale": scale.measure,
}


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Which: {', '.join(BENCHMARKS)}.")] = None,
) -> None:
    """Run the benchmarks named, or all."""
    console = Console()
    for name in names or BENCHMARKS:
        if name not in BENCHMARKS:
            raise typer.BadParameter(f"{name}: there are {', '.join(BENCHMARKS)}")
        section = asyncio.run(_measured(name))
        section.show(console)
        write(name, section)


async def _measured(name: str) -> Section:
    return await BENCHMARKS[name]()


if __name__ == "__main__":
    typer.run(main)
