"""Every benchmark runs, at a size at which its numbers mean nothing."""

import pytest

from benchmarks import explain, full, memory, notes, portals, quick, reaction, scale


@pytest.mark.parametrize("benchmark", [full, memory, quick, notes, explain, portals, reaction, scale])
async def test_it_runs(benchmark: object) -> None:
    section = await benchmark.measure(tiny=True)  # type: ignore[attr-defined]

    assert section.rows
    assert section.as_markdown().startswith("## ")
