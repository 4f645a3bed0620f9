"""Pages of a list: by number with next and last, or forward only by id."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from psa_operator.simulator.connectwise.answers import Ask, bad_argument

_DEFAULT_SIZE = 25


@dataclass(frozen=True)
class Page:
    """The ids of one page, and the queries of the pages that its Link header names."""

    ids: Sequence[int]
    links: dict[str, dict[str, str]]


def page_of(ask: Ask, ids: Sequence[int], cap: int) -> Page:
    """The part of `ids` that the question asks for."""
    size = min(_whole(ask, "pageSize", _DEFAULT_SIZE), cap)
    mode = ask.headers.get("pagination-type", "navigable").lower()
    if mode == "forward-only":
        return _forward(ask, ids, size)
    if mode != "navigable":
        raise bad_argument(f"{mode} is not a pagination type.")
    if "pageId" in ask.query:
        raise bad_argument("pageId needs the header pagination-type: forward-only.")
    return _numbered(ask, ids, size)


def link_header(ask: Ask, page: Page) -> dict[str, str]:
    """The Link header; a doubled slash and lower-case escapes are how the vendor writes it."""
    if not page.links:
        return {}
    path = ask.path.replace("/apis/", "//apis/", 1)
    links = [
        f'<{ask.origin}{path}?{_query({**ask.query, **changed})}>; rel="{name}"'
        for name, changed in page.links.items()
    ]
    return {"Link": ", ".join(links)}


def _forward(ask: Ask, ids: Sequence[int], size: int) -> Page:
    if "orderBy" in ask.query:
        raise bad_argument("orderBy cannot be used with forward-only pagination.")
    start = bisect_right(ids, _whole(ask, "pageId", 0, least=0))
    some = ids[start : start + size]
    if start + size >= len(ids):
        return Page(some, {})
    return Page(some, {"next": {"pageId": str(some[-1]), "pageSize": str(size)}})


def _numbered(ask: Ask, ids: Sequence[int], size: int) -> Page:
    number = _whole(ask, "page", 1)
    last = max(1, -(-len(ids) // size))
    links: dict[str, dict[str, str]] = {}
    if number < last:
        links = {"next": {"page": str(number + 1)}, "last": {"page": str(last)}}
    if number > 1:
        links |= {"prev": {"page": str(number - 1)}, "first": {"page": "1"}}
    some = ids[(number - 1) * size : number * size]
    return Page(some, {name: query | {"pageSize": str(size)} for name, query in links.items()})


def _query(values: dict[str, str]) -> str:
    return "&".join(f"{name}={_lower_escapes(quote(value, safe=''))}" for name, value in values.items())


def _lower_escapes(text: str) -> str:
    head, *rest = text.split("%")
    return head + "".join(f"%{part[:2].lower()}{part[2:]}" for part in rest)


def _whole(ask: Ask, name: str, default: int, least: int = 1) -> int:
    text = ask.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise bad_argument(f"{text} is not a valid {name}.")
    return int(text)
