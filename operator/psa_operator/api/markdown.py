"""What the pages in docs/ that are made from the code consist of."""

import re
from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, a line for each row."""
    lines = (" | ".join(row) for row in (columns, ["---"] * len(columns), *rows))
    return "\n".join(f"| {line} |" for line in lines)


def with_section(page: str, name: str, text: str, *, of: object) -> str:
    """The page with `text` between its marks of that name. Raises ValueError if `of` lacks them."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    marks = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not marks.search(page):
        raise ValueError(f"{of} has no marks for {name}")
    return marks.sub(lambda _: f"{begin}\n{text}\n{end}", page)
