"""Several questions in one request: each part has an answer and a status of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from psa_operator.simulator.connectwise.answers import Answer, Ask, VendorError, bad_argument, rendered
from psa_operator.simulator.connectwise.disturbed import refusal
from psa_operator.simulator.connectwise.settings import Settings
from psa_operator.simulator.faults import Fault

_FILTERS: Final = ("conditions", "childConditions", "customFieldConditions", "orderBy")
_PATH: Final = "system/bundles"
Run = Callable[[Ask], Answer]


def answer(ask: Ask, settings: Settings, faults: Sequence[Fault], run: Run) -> Answer:
    """The parts' answers in the order of the parts; `run` answers a part as if it came alone."""
    parts = _parts(ask.body)
    if len(parts) > settings.bundle_limit:
        raise bad_argument(f"A bundle may not hold more than {settings.bundle_limit} requests.")
    if settings.bundle_times_out_above is not None and len(parts) > settings.bundle_times_out_above:
        raise refusal(500)
    results = [
        _result(part, ask, settings.bundle_types, _struck(part, place, faults), run)
        for place, part in enumerate(parts)
    ]
    whole = all(result["success"] for result in results)
    return rendered({"results": results}, 200 if whole else settings.bundle_mixed_status)


def size(ask: Ask) -> int | None:
    """How many requests came in one; None for what is no bundle."""
    if not ask.path.removesuffix("/count").endswith(_PATH):
        return None
    try:
        return len(_parts(ask.body))
    except VendorError:
        return None


def _parts(body: bytes) -> list[Any]:
    try:
        given = _lowered(msgspec.json.decode(body))
    except msgspec.DecodeError as error:
        raise bad_argument(f"The request body is not valid JSON: {error}") from error
    requests = given.get("requests") if isinstance(given, dict) else None
    if not isinstance(requests, list):
        raise bad_argument("The request body must hold an array of requests.")
    return requests


def _lowered(value: Any) -> Any:
    """With names that begin small: the vendor's own examples write them either way."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _lowered(below) for name, below in value.items()}
    return [_lowered(each) for each in value] if isinstance(value, list) else value


def _struck(part: Any, place: int, faults: Sequence[Fault]) -> Fault | None:
    """The fault that is meant for this part, or for the first one where it names none."""
    wanted = part.get("apiRequest") if isinstance(part, dict) else None
    ids = [wanted.get("parentId"), wanted.get("id")] if isinstance(wanted, dict) else []
    return next((each for each in faults if _meant(each, ids, place)), None)


def _meant(fault: Fault, ids: list[Any], place: int) -> bool:
    return any(number in fault.ids for number in ids) if fault.ids else place == 0


def _result(part: Any, ask: Ask, types: Mapping[str, str], fault: Fault | None, run: Run) -> dict[str, Any]:
    named = part if isinstance(part, dict) else {}
    result = {name: named.get(name) for name in ("sequenceNumber", "resourceType", "version")}
    try:
        if fault is not None:
            raise refusal(fault.status or 500)
        body = run(_question(named, ask, types)).body
    except VendorError as error:
        words = {"code": error.code, "message": error.message, "errors": error.errors}
        failed = {"entities": [], "count": 0, "success": False, "statusCode": error.status}
        return result | failed | {"error": words}
    done = {"success": True, "statusCode": 200, "error": None}
    if ask.path.endswith("/count"):
        return result | {"entities": [], **msgspec.json.decode(body)} | done
    entities = body if body.startswith(b"[") else b"[" + body + b"]"
    return result | {"entities": msgspec.Raw(entities), "count": _length(entities)} | done


def _question(part: Mapping[str, Any], ask: Ask, types: Mapping[str, str]) -> Ask:
    """The request that a part stands for."""
    kind, wanted = part.get("resourceType"), part.get("apiRequest")
    paths = {name.lower(): path for name, path in types.items()}
    if not isinstance(kind, str) or kind.lower() not in paths:
        raise bad_argument(f"{kind} is not a recognized resource type.")
    if not isinstance(wanted, dict) or wanted.get("entity"):
        raise bad_argument("Only requests that read are supported by this server.")
    path = paths[kind.lower()]
    if "{parentId}" in path and not isinstance(wanted.get("parentId"), int):
        raise bad_argument(f"{kind} needs a parentId.")
    number = wanted.get("id") or 0
    if not isinstance(number, int):
        raise bad_argument("id must be a number.")
    path = path.replace("{parentId}", str(wanted.get("parentId"))) + (f"/{number}" if number else "")
    before, _, after = ask.path.partition(_PATH)
    return replace(ask, method="GET", path=before + path + after, query=_query(wanted), body=b"")


def _query(wanted: Mapping[str, Any]) -> dict[str, str]:
    filters, page = wanted.get("filters") or {}, wanted.get("page") or {}
    if not isinstance(filters, dict) or not isinstance(page, dict):
        raise bad_argument("filters and page must be objects.")
    given = {name: filters.get(name) for name in _FILTERS} | {"fields": wanted.get("fields")}
    given |= {name: page.get(name) for name in ("page", "pageSize")}
    return {name: str(value) for name, value in given.items() if value}


def _length(entities: bytes) -> int:
    """How many there are; none can be told where a fault has spoilt them."""
    try:
        return len(msgspec.json.decode(entities, type=list[msgspec.Raw]))
    except msgspec.DecodeError:
        return 0
