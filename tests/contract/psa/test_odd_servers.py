"""Servers that are no ConnectWise, or hide behind something that is none."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from psa_operator.devcluster.certificates import Authority
from psa_operator.errors import ConfigurationError, UnavailableError
from psa_operator.psa.connectwise.client import ConnectWise
from psa_operator.sync.entities import Entity
from tests.contract.psa.asking import listed, numbers
from tests.contract.psa.conftest import Open

COMPANY = b'{"CompanyName":"Acme","Codebase":"v1/","CompanyID":"harbor"}'
Reply = Callable[[str], tuple[str, bytes]]


@asynccontextmanager
async def serving(reply: Reply, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that says of each target what the test wants; yields its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        head, body = ("200 OK", COMPANY) if "companyinfo" in target else reply(target)
        writer.write(
            f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    scheme, port = "https" if context else "http", server.sockets[0].getsockname()[1]
    async with server:
        yield f"{scheme}://127.0.0.1:{port}"


def redirecting(where: str) -> Reply:
    return lambda _: (f"302 Found\r\nLocation: {where}", b"")


async def test_a_redirect_to_another_host_is_named_and_not_followed(open_psa: Open) -> None:
    async with serving(redirecting("https://elsewhere.example/x")) as url:
        client = await open_psa(url=url)

        with pytest.raises(
            ConfigurationError, match=r"redirects to https://elsewhere\.example, which is not"
        ):
            await client.server()


async def test_a_redirect_within_the_host_may_pass(open_psa: Open) -> None:
    async with serving(redirecting("/maintenance?token=secret")) as url:
        client = await open_psa(url=url)

        with pytest.raises(UnavailableError, match="redirects to /maintenance instead") as caught:
            await client.server()

    assert "secret" not in str(caught.value)


async def test_a_server_without_a_clock_is_not_trusted(open_psa: Open) -> None:
    async with serving(lambda _: ("200 OK", b'{"version":"1"}')) as url:
        client = await open_psa(url=url)

        with pytest.raises(UnavailableError, match="no Date header"):
            await client.now()


def pages_of_two(target: str) -> tuple[str, bytes]:
    after = int(target.partition("pageId=")[2] or 0)
    rows = ",".join(f'{{"id":{each}}}' for each in range(after + 1, min(after + 3, 7)))
    return "200 OK", f"[{rows}]".encode()


async def test_a_full_page_is_not_the_end_although_the_link_header_is_lost(open_psa: Open) -> None:
    async with serving(pages_of_two) as url:
        client = ConnectWise((await open_psa(url=url))._connection, UTC, page_size=2)

        assert await listed(client, Entity.TICKETS) == [1, 2, 3, 4, 5, 6]


async def test_a_list_in_disorder_is_put_in_order_if_it_is_whole(open_psa: Open) -> None:
    async with serving(lambda _: ("200 OK", b'[{"id":9},{"id":3},{"id":9}]')) as url:
        client = await open_psa(url=url)

        assert await listed(client, Entity.PRIORITIES) == [3, 9]


async def test_a_page_in_disorder_with_more_to_come_is_not_trusted(open_psa: Open) -> None:
    link = 'Link: <http://x//apis/3.0/service/tickets?pageId=3&pageSize=2>; rel="next"'
    async with serving(lambda _: (f"200 OK\r\n{link}", b'[{"id":9},{"id":3}]')) as url:
        client = await open_psa(url=url)

        with pytest.raises(UnavailableError, match="not in the order of their ids"):
            await listed(client, Entity.TICKETS)


async def test_an_empty_page_with_more_to_come_is_not_the_end(open_psa: Open) -> None:
    def reply(target: str) -> tuple[str, bytes]:
        if "pageId=5" in target:
            return "200 OK", b'[{"id":6}]'
        return '200 OK\r\nLink: <http://x/?pageId=5>; rel="next"', b"[]"

    async with serving(reply) as url:
        assert await listed(await open_psa(url=url), Entity.TICKETS) == [6]


def notes(*ids: int) -> list[dict[str, int]]:
    return [{"id": each, "ticketId": 8} for each in ids]


def bundles_of(*parts: dict[str, Any]) -> Reply:
    """A server with notes 1 to 3 of a ticket that is asked for alone; its first bundle has one part."""
    results = [{"sequenceNumber": number, "success": True} | part for number, part in enumerate(parts, 1)]
    bundles = iter([results[:1], results])

    def reply(target: str) -> tuple[str, bytes]:
        found = {"results": next(bundles)} if "bundles" in target else notes(1, 2, 3)
        return "200 OK", json.dumps(found).encode()

    return reply


@pytest.mark.parametrize(
    "part",
    [{"entities": notes(1), "count": 3}, {}, {"entities": None}],
    ids=["fewer than counted", "no list", "null"],
)
async def test_a_part_of_a_bundle_that_lacks_notes_is_asked_for_alone(
    open_psa: Open, part: dict[str, Any]
) -> None:
    async with serving(bundles_of({"entities": notes(4), "count": 1}, part)) as url:
        client = await open_psa(url=url)

        [page] = [each async for each in client.of_tickets(Entity.NOTES, [7, 8])]

    assert sorted(page.whole_for) == [7, 8]
    assert sorted(numbers(page)) == [1, 2, 3, 4]


def self_signed(folder: Path) -> ssl.SSLContext:
    pair = Authority.new("nobody", datetime.now(UTC)).server("psa", ["127.0.0.1"], datetime.now(UTC))
    (folder / "both.pem").write_bytes(pair.key + pair.certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


async def test_a_certificate_that_nobody_signed_is_named(open_psa: Open, tmp_path: Path) -> None:
    async with serving(lambda _: ("200 OK", b"{}"), self_signed(tmp_path)) as url:
        client = await open_psa(url=url)

        with pytest.raises(ConfigurationError, match=r"TLS certificate of .* is not trusted: ") as caught:
            await client.server()

    assert caught.value.reason == "TLSFailed"
