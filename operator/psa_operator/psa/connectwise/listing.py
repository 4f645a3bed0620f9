"""ConnectWise's lists, walked forward by id, to an end that the server itself declares."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from msgspec import Struct

from psa_operator.psa.connectwise.connection import Connection
from psa_operator.psa.http import Answer
from psa_operator.psa.records import Rows

R = TypeVar("R", bound=Rows[Any])
_FORWARD_ONLY = {"pagination-type": "forward-only"}
_LINK = re.compile(r'<([^>]*)>[^<]*?rel="?next\b', re.IGNORECASE)
_OF_ONE = re.compile(r"/(boards|tickets)/[0-9]+/")
_PAGE_ID = re.compile(r"[?&]pageId=(\d+)", re.IGNORECASE)


class Listing(Struct, frozen=True):
    """Which list, which of its records (`conditions`, and ids beyond `after`), which parts of them."""

    path: str
    right: str
    fields: str
    conditions: str = ""
    after: int = 0
    page_size: int = 1000


async def pages(connection: Connection, listing: Listing, read: Callable[[Answer], R]) -> AsyncIterator[R]:
    """Walk to the end. Raises NotFoundError for the list of a board or ticket that does not exist."""
    after, more = listing.after, True
    while more:
        page, after, more = await _page(connection, listing, after, read)
        if page.rows:
            yield page
        del page  # Memory: it must not wait here for the next one.


async def _page(
    connection: Connection, listing: Listing, after: int, read: Callable[[Answer], R]
) -> tuple[R, int, bool]:
    def take(answer: Answer) -> tuple[R, int, bool]:
        page = read(answer)
        size = len(page.rows)
        link = _LINK.search(answer.headers.get("link", ""))
        reached = _advance(page, after, link[1] if link else "", answer)
        # A full page without a next one may mean a proxy that drops headers: ask on.
        return page, reached, bool(link) or size >= listing.page_size

    query: dict[str, str | int] = {"pageSize": listing.page_size, "fields": listing.fields}
    query |= {"conditions": listing.conditions} if listing.conditions else {}
    query |= {"pageId": after} if after else {}
    return await connection.get(
        listing.path,
        take,
        right=listing.right,
        names_record=_OF_ONE.search(listing.path) is not None,
        query=query,
        headers=_FORWARD_ONLY,
    )


def _advance(page: Rows[Any], after: int, following: str, answer: Answer) -> int:
    """Put the page in order and drop what came before; returns the id up to which all was read."""
    ids = list(page.rows)
    if ids != sorted(ids):
        if following:
            raise answer.garbled("its records are not in the order of their ids")
        page.rows = dict(sorted(page.rows.items()))
    if ids and min(ids) <= after:
        page.rows = {each: row for each, row in page.rows.items() if each > after}
    if page.rows:
        return max(page.rows)
    page_id = _PAGE_ID.search(following)
    reached = int(page_id[1]) if page_id else 0
    if ids or (following and reached <= after):
        raise answer.garbled("it repeats records that came before")
    return max(after, reached)
