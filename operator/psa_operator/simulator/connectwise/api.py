"""The vendor's REST API: who may ask what, and the answer."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

import msgspec

from psa_operator.simulator.connectwise import bundles, places, writes
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
from psa_operator.simulator.connectwise.disturbed import instead, local_stamps
from psa_operator.simulator.connectwise.lists import Listed, Lists
from psa_operator.simulator.connectwise.msp import Msp
from psa_operator.simulator.connectwise.settings import Settings
from psa_operator.simulator.faults import Effects

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


class ConnectWise:
    """Answers as the vendor's server does for one account."""

    def __init__(self, msp: Msp, settings: Settings) -> None:
        self.msp, self.settings = msp, settings
        self._lists = Lists()

    def answer(self, ask: Ask, effects: Effects) -> Answer:
        """The whole response to one request, faults of content included."""
        self.msp.settle()
        try:
            answer = self._disturbed(ask, effects)
        except VendorError as refusal:
            answer = refusal.answer()
        headers = {
            "Date": self.msp.clock.http_date(),
            "Cache-Control": "no-cache",
            "api-current-version": "2025.8",
            "x-cw-request-id": str(uuid4()),
            "x-server-name": "SIM1",
        }
        body = (
            local_stamps(answer.body, self.settings.stamp_zone) if self.settings.stamp_zone else answer.body
        )
        return replace(answer, headers=headers | answer.headers, body=body)

    def _disturbed(self, ask: Ask, effects: Effects) -> Answer:
        fault = effects.instead
        if fault is None:
            return self._answer(ask, effects)
        if fault.kind == "no-effect":
            return self._answer(replace(ask, method="GET"), effects)
        if fault.done:
            self._answer(ask, effects)
        return instead(fault, self.msp.clock)

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
        self._permit(path)

    def _permit(self, path: str) -> None:
        """Refuse what lies in an area that the role lacks; `*` in an area stands for any one id."""
        for area in self.settings.denied:
            pattern = re.escape(area.strip("/")).replace(r"\*", "[^/]+")
            if re.match(f"{pattern}/", f"{path}/"):
                raise forbidden()

    def _route(self, ask: Ask, parts: list[str], effects: Effects) -> Answer:
        if parts == ["system", "info"]:
            return self._allowed(ask, GET=lambda: rendered(self._system_info()))
        if parts[:2] == ["system", "bundles"] and parts[2:] in ([], ["count"]) and self.settings.bundles:
            return self._allowed(ask, POST=lambda: self._bundle(ask, effects))
        unknown = ask.query.keys() - _PARAMETERS
        if unknown:
            raise bad_argument(f"{min(unknown)} is not a recognized parameter.")
        if parts[-1] == "allNotes" and not self.settings.all_notes:
            raise no_endpoint()
        listed, rest = places.find(self.msp, parts, effects.hidden)
        if not rest:
            return self._allowed(ask, **self._on_list(ask, listed, effects))
        if rest == ["count"]:
            return self._allowed(ask, GET=lambda: self._lists.count(ask, listed, effects))
        if len(rest) == 1 and rest[0].isascii() and rest[0].isdigit():
            return self._allowed(ask, **self._on_one(ask, listed, int(rest[0]), effects))
        raise no_endpoint()

    def _bundle(self, ask: Ask, effects: Effects) -> Answer:
        def run(part: Ask) -> Answer:
            path = part.path.partition("/apis/3.0/")[2]
            self._permit(path)
            return self._route(part, path.split("/"), effects)

        return bundles.answer(ask, self.settings, effects.parts, run)

    def _on_list(self, ask: Ask, listed: Listed, effects: Effects) -> dict[str, Callable[[], Answer]]:
        handlers = {"GET": lambda: self._lists.page(ask, listed, effects, self.settings.page_size_cap)}
        if listed.entity in writes.RULES:
            handlers["POST"] = lambda: rendered(
                writes.create(self.msp, listed.entity, ask.body, listed.ticket), 201
            )
        return handlers

    def _on_one(
        self, ask: Ask, listed: Listed, number: int, effects: Effects
    ) -> dict[str, Callable[[], Answer]]:
        handlers = {"GET": lambda: self._lists.detail(ask, listed, number, effects)}
        if listed.entity in writes.RULES:
            handlers["PATCH"] = lambda: self._patch(ask, listed, number)
            handlers["DELETE"] = lambda: self._delete(listed, number)
        return handlers

    def _patch(self, ask: Ask, listed: Listed, number: int) -> Answer:
        self._known(listed, number)
        return rendered(writes.patch(self.msp, listed.entity, number, ask.body))

    def _delete(self, listed: Listed, number: int) -> Answer:
        self._known(listed, number)
        writes.delete(self.msp, listed.entity, number)
        return Answer(204, b"")

    def _known(self, listed: Listed, number: int) -> None:
        """A note can be written to under its own ticket only."""
        if listed.shelf.true(number) is None:
            raise not_found(f"{listed.schema.singular} {number} not found")

    def _allowed(self, ask: Ask, **handlers: Callable[[], Answer]) -> Answer:
        if ask.method not in handlers:
            message = f"The requested resource does not support http method '{ask.method}'."
            raise VendorError(405, "ConnectWiseApi", message)
        return handlers[ask.method]()

    def _system_info(self) -> dict[str, Any]:
        return {
            "version": f"{self.settings.codebase.rstrip('/').replace('_', '.')}.12345",
            "isCloud": True,
            "serverTimeZone": self.settings.server_time_zone,
            "licenseBits": [],
            "cloudRegion": "NA",
            "maxWorkFlowRecordsAllowed": 500,
        }


def settings_from(body: bytes, now: Settings) -> Settings:
    """The settings with the given ones changed; unknown names are refused."""
    changed = msgspec.to_builtins(now) | msgspec.json.decode(body, type=dict[str, Any])
    return msgspec.convert(changed, Settings)
