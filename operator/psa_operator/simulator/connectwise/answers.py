"""What goes in and out of the dialect: a question, an answer, and the vendor's way to say no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Ask:
    """One HTTP request, read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    origin: str = ""
    url_length: int = 0


@dataclass(frozen=True)
class Answer:
    """One HTTP response, rendered."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON


class VendorError(Exception):
    """An error in the vendor's shape."""

    def __init__(
        self, status: int, code: str, message: str, errors: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def answer(self, headers: dict[str, str] | None = None) -> Answer:
        body = {"code": self.code, "message": self.message, "errors": self.errors}
        return Answer(self.status, msgspec.json.encode(body), headers or {})


def bad_condition(message: str) -> VendorError:
    return VendorError(400, "ApiFindCondition", message)


def bad_argument(message: str) -> VendorError:
    return VendorError(400, "ConnectWiseApi", message)


def invalid(resource: str, *problems: tuple[str, str, str]) -> VendorError:
    """A record that was refused; each problem is (code, field, message)."""
    errors = [
        {"code": code, "message": message, "resource": resource, "field": name}
        for code, name, message in problems
    ]
    return VendorError(400, "InvalidObject", f"{resource} object is invalid", errors)


def forbidden() -> VendorError:
    return VendorError(403, "Forbidden", "You do not have security permission to perform this action.")


def not_found(message: str) -> VendorError:
    return VendorError(404, "NotFound", message)


def no_endpoint() -> VendorError:
    return VendorError(404, "ConnectWiseApi", "The endpoint does not exist.")


def rendered(value: Any, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(value))
