"""The vendor's REST API: who may ask what, and the answer."""

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

import msgspec

from psa_operator.simulator.connectwise import conditions, fields, writes
from psa_operator.simulator.connectwise.answers import (
    Answer,
    Ask,
    VendorError,
    bad_argument,
    forbidden,
    no_endpoint,
    not_found,
    rendered,
)
from psa_operator.simulator.connectwise.disturbed import garble, hides, instead
from psa_operator.simulator.connectwise.msp import Msp
from psa_operator.simulator.connectwise.order import ordered
from psa_operator.simulator.connectwise.paging import Page, link_header, page_of
from psa_operator.simulator.connectwise.schema import SCHEMAS
from psa_operator.simulator.connectwise.settings import Settings
from psa_operator.simulator.faults import Effects
from psa_operator.simulator.shelf import Row, whole

_ENTITIES: Final = {
    tuple(schema.path.split("/")): entity for entity, schema in SCHEMAS.items() if "{" not in schema.path
}
_PARAMETERS: Final = frozenset(
    {
        "conditions",
        "childConditions",
        "customFieldConditions",
        "orderBy",
        "fields",
        "page",
        "pageSize",
        "pageId",
    }
)
_ROUTER: Final = "v4_6_release/"


@dataclass(frozen=True)
class _List:
    """One list: an entity, and the board it belongs to, if any."""

    entity: str
    board: int | None = None


class ConnectWise:
    """Answers as the vendor's server does for one account."""

    def __init__(self, msp: Msp, settings: Settings) -> None:
        self.msp, self.settings = msp, settings
        self._last_pages: dict[str, Page] = {}

    def answer(self, ask: Ask, effects: Effects) -> Answer:
        """The whole response to one request, faults of content included."""
        self.msp.settle()
        try:
            fault = effects.instead
            answer = instead(fault, self.msp.clock) if fault else self._answer(ask, effects)
        except VendorError as refusal:
            answer = refusal.answer()
        headers = {
            "Date": self.msp.clock.http_date(),
            "Cache-Control": "no-cache",
            "api-current-version": "2025.8",
            "x-cw-request-id": str(uuid4()),
            "x-server-name": "SIM1",
        }
        return replace(answer, headers=headers | answer.headers)

    def _answer(self, ask: Ask, effects: Effects) -> Answer:
        path = re.sub(r"//+", "/", ask.path)
        login = re.fullmatch(r"/login/companyinfo/([^/]+)", path)
        if login:
            return rendered(self._company_info(unquote(login.group(1))))
        for prefix in (f"/{_ROUTER}apis/3.0/", f"/{self.settings.codebase}apis/3.0/"):
            if path.startswith(prefix):
                self._authorize(ask, path.removeprefix(prefix))
                if ask.url_length > self.settings.longest_url:
                    raise VendorError(414, "ConnectWiseApi", "The request URL is too long.")
                return self._route(replace(ask, path=path), path.removeprefix(prefix).split("/"), effects)
        raise no_endpoint()

    def _company_info(self, company: str) -> dict[str, Any] | None:
        now = self.settings
        if company.lower() != now.login.lower():
            return None
        version = now.codebase.rstrip("/").replace("_", ".")
        return {
            "CompanyName": now.company_name,
            "Codebase": now.codebase,
            "VersionCode": version,
            "VersionNumber": f"{version}.12345",
            "CompanyID": now.company_id,
            "IsCloud": True,
        }

    def _authorize(self, ask: Ask, path: str) -> None:
        now = self.settings
        if not ask.headers.get("clientId"):
            raise VendorError(403, "ConnectWiseApi", "A valid clientId header is required.")
        expected = f"{now.login}+{now.public_key}:{now.private_key}"
        scheme, _, given = ask.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic" or given != base64.b64encode(expected.encode()).decode():
            raise VendorError(401, "ConnectWiseApi", "UserNotAuthenticated")
        for area in now.denied:
            if f"{path}/".startswith(f"{area.strip('/')}/"):
                raise forbidden()

    def _route(self, ask: Ask, parts: list[str], effects: Effects) -> Answer:
        if parts == ["system", "info"]:
            return self._allowed(ask, GET=lambda: rendered(self._system_info()))
        unknown = ask.query.keys() - _PARAMETERS
        if unknown:
            raise bad_argument(f"{min(unknown)} is not a recognized parameter.")
        listed, rest = self._list_of(parts)
        if not rest:
            if listed.entity == "tickets":
                return self._allowed(
                    ask,
                    GET=lambda: self._page(ask, listed, effects),
                    POST=lambda: rendered(writes.create(self.msp, ask.body), 201),
                )
            return self._allowed(ask, GET=lambda: self._page(ask, listed, effects))
        if rest == ["count"]:
            return self._allowed(ask, GET=lambda: self._count(ask, listed, effects))
        if len(rest) == 1 and rest[0].isascii() and rest[0].isdigit():
            return self._one(ask, listed, int(rest[0]), effects)
        raise no_endpoint()

    def _list_of(self, parts: list[str]) -> tuple[_List, list[str]]:
        match parts:
            case ["service", "boards", number, "statuses" | "types" as entity, *rest] if number.isdigit():
                board = int(number)
                if self.msp.shelves["boards"].true(board) is None:
                    raise not_found(f"Board {board} not found")
                return _List(entity, board), rest
        if tuple(parts[:2]) not in _ENTITIES:
            raise no_endpoint()
        return _List(_ENTITIES[tuple(parts[:2])]), parts[2:]

    def _allowed(self, ask: Ask, **handlers: Callable[[], Answer]) -> Answer:
        if ask.method not in handlers:
            message = f"The requested resource does not support http method '{ask.method}'."
            raise VendorError(405, "ConnectWiseApi", message)
        return handlers[ask.method]()

    def _system_info(self) -> dict[str, Any]:
        return {
            "version": f"{self.settings.codebase.rstrip('/').replace('_', '.')}.12345",
            "isCloud": True,
            "serverTimeZone": "Eastern Standard Time",
            "licenseBits": [],
            "cloudRegion": "NA",
            "maxWorkFlowRecordsAllowed": 500,
        }

    def _matching(self, ask: Ask, listed: _List, hidden: list[Any]) -> list[int]:
        """The ids that the question means, in order of id."""
        for name in ("childConditions", "customFieldConditions"):
            if ask.query.get(name):
                raise bad_argument(f"{name} is not supported by this server.")
        shelf, text = self.msp.shelves[listed.entity], ask.query.get("conditions", "").strip()
        if not text and listed.board is None and not hidden:
            return shelf.ids
        where = conditions.parse(text, SCHEMAS[listed.entity]) if text else conditions.Where(lambda _: True)
        spared = hides(listed.entity, hidden)

        def test(row: Row) -> bool:
            mine = listed.board is None or whole(row)["board"]["id"] == listed.board
            return mine and not spared(row) and where.test(row)

        hiding = [(fault.ids, fault.board) for fault in hidden]
        return shelf.select(f"{listed.board} {hiding} {text}", test, where.bounds)

    def _page(self, ask: Ask, listed: _List, effects: Effects) -> Answer:
        ids: Sequence[int] = self._matching(ask, listed, effects.hidden)
        ids = (
            []
            if effects.empty
            else ordered(
                ids, ask.query.get("orderBy"), self.msp.shelves[listed.entity].shown, SCHEMAS[listed.entity]
            )
        )
        page = page_of(ask, ids, self.settings.page_size_cap)
        if effects.repeated:
            page = self._last_pages.get(ask.path, page)
        self._last_pages[ask.path] = page
        form = ask.query.get("fields", "")
        tree = fields.parse(form, SCHEMAS[listed.entity]) if form else None
        parts = self.msp.shelves[listed.entity].render(page.ids, form, fields.encoder(tree))
        parts = garble(page.ids, parts, effects.garbled)
        return Answer(200, b"[" + b",".join(parts) + b"]", link_header(ask, page))

    def _count(self, ask: Ask, listed: _List, effects: Effects) -> Answer:
        ids = self._matching(ask, listed, [fault for fault in effects.hidden if fault.counts])
        return rendered({"count": 0 if effects.empty else len(ids)})

    def _one(self, ask: Ask, listed: _List, number: int, effects: Effects) -> Answer:
        if listed.entity == "tickets":
            return self._allowed(
                ask,
                GET=lambda: self._detail(ask, listed, number, effects),
                PATCH=lambda: rendered(writes.patch(self.msp, number, ask.body)),
                DELETE=lambda: self._delete(number),
            )
        return self._allowed(ask, GET=lambda: self._detail(ask, listed, number, effects))

    def _detail(self, ask: Ask, listed: _List, number: int, effects: Effects) -> Answer:
        schema = SCHEMAS[listed.entity]
        row = self.msp.shelves[listed.entity].true(number)
        spared = hides(listed.entity, [fault for fault in effects.hidden if fault.details])
        if row is None or spared(row) or (listed.board and whole(row)["board"]["id"] != listed.board):
            raise not_found(f"{schema.singular} {number} not found")
        form = ask.query.get("fields", "")
        body = fields.encoder(fields.parse(form, schema) if form else None)(row)
        return Answer(200, garble([number], [body], effects.garbled)[0])

    def _delete(self, number: int) -> Answer:
        try:
            self.msp.delete("tickets", number)
        except KeyError:
            raise not_found(f"Ticket {number} not found") from None
        return Answer(204, b"")


def settings_from(body: bytes, now: Settings) -> Settings:
    """The settings with the given ones changed; unknown names are refused."""
    changed = msgspec.to_builtins(now) | msgspec.json.decode(body, type=dict[str, Any])
    return msgspec.convert(changed, Settings)
