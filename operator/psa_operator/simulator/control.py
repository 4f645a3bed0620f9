"""The control endpoint: what tests and the demo do to the simulated world, and read from it."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from psa_operator.simulator.connectwise import fields
from psa_operator.simulator.connectwise.answers import VendorError
from psa_operator.simulator.connectwise.models import SCHEMAS
from psa_operator.simulator.faults import Fault
from psa_operator.simulator.world import World


class _Write(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Records to change, create or delete."""

    entity: str = "tickets"
    ids: list[int] = msgspec.field(default_factory=list)
    set: dict[str, Any] = msgspec.field(default_factory=dict)
    count: int = 1


class Control:
    """Handlers under `/_control`; errors in what was asked are a 400 with the reason."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        actions: dict[tuple[str, str], Callable[[bytes, dict[str, str]], Any]] = {
            ("GET", "state"): self._state,
            ("POST", "change"): self._change,
            ("POST", "create"): self._create,
            ("POST", "delete"): self._delete,
            ("POST", "convert"): self._convert,
            ("POST", "live"): self._live,
            ("GET", "settings"): lambda _body, _query: self._world.settings,
            ("POST", "settings"): lambda body, _query: self._world.set(body),
            ("GET", "faults"): lambda _body, _query: self._world.faults.active,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): lambda _body, _query: self._world.faults.active.clear(),
            ("GET", "requests"): lambda _body, _query: self._world.traffic.report(),
            ("DELETE", "requests"): lambda _body, _query: self._world.traffic.reset(),
            ("POST", "reset"): lambda _body, _query: self._world.reset(),
        }
        return [
            web.route(method, f"/_control/{name}", _handler(do)) for (method, name), do in actions.items()
        ]

    def _state(self, _body: bytes, query: dict[str, str]) -> dict[str, Any]:
        """All records as they truly are, by entity; `entity` and `fields` narrow it."""
        entities = [query["entity"]] if "entity" in query else list(SCHEMAS)
        state: dict[str, Any] = {}
        for entity in entities:
            rows = self._world.msp.keeper(entity).true_rows()
            tree = fields.parse(query["fields"], SCHEMAS[entity]) if "fields" in query else None
            encode = fields.encoder(tree)
            state[entity] = [msgspec.Raw(encode(row)) for row in rows]
        return state

    def _change(self, body: bytes, _query: dict[str, str]) -> list[Any]:
        wanted = msgspec.json.decode(body, type=_Write)
        return [self._world.msp.change(wanted.entity, number, wanted.set) for number in wanted.ids]

    def _create(self, body: bytes, _query: dict[str, str]) -> list[Any]:
        wanted = msgspec.json.decode(body, type=_Write)
        return [self._world.msp.create(wanted.entity, wanted.set) for _ in range(wanted.count)]

    def _delete(self, body: bytes, _query: dict[str, str]) -> None:
        wanted = msgspec.json.decode(body, type=_Write)
        for number in wanted.ids:
            self._world.msp.delete(wanted.entity, number)

    def _convert(self, body: bytes, _query: dict[str, str]) -> list[Any]:
        """Make service tickets project tickets, and project tickets service tickets."""
        return [self._world.msp.convert(number) for number in msgspec.json.decode(body, type=_Write).ids]

    def _live(self, body: bytes, _query: dict[str, str]) -> None:
        """Let so many changes happen at once."""
        for _ in range(msgspec.json.decode(body, type=_Write).count):
            self._world.happen()

    def _add_faults(self, body: bytes, _query: dict[str, str]) -> list[Fault]:
        self._world.faults.active += msgspec.json.decode(body, type=list[Fault])
        return self._world.faults.active


def _handler(do: Callable[[bytes, dict[str, str]], Any]) -> Any:
    async def handle(request: web.Request) -> web.Response:
        try:
            value = do(await request.read(), dict(request.query))
        except (msgspec.MsgspecError, VendorError, KeyError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.Response(body=msgspec.json.encode(value), content_type="application/json")

    return handle
