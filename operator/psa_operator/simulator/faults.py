"""What goes wrong on purpose: which requests a fault strikes, and what it does to them."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

import msgspec

Instead = Literal["status", "html", "empty-body", "unauthorized", "forbidden", "no-effect"]
Transfer = Literal["truncated", "wrong-length", "drip", "reset"]
Content = Literal["empty-list", "repeat", "hide", "garble"]


class Fault(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """One kind of trouble for the requests whose `path?query` the pattern is found in.

    A fault of kind part strikes within a bundle, the requests for the parents or records in `ids`.
    It passes over the first `after` of them, then strikes `count` times (None: always), each with
    `probability`. What comes instead of the answer comes instead of the effect as well, unless the request
    is `done` all the same; a fault of kind no-effect answers a PATCH and changes nothing.
    """

    kind: Literal["latency", "part"] | Instead | Transfer | Content
    path: str = ""
    method: str | None = None
    after: int = 0
    count: int | None = None
    probability: float = 1.0
    status: int | None = None
    retry_after: int | None = None
    http_date: bool = False
    done: bool = False
    seconds: float = 0.0
    ids: list[int] = msgspec.field(default_factory=list)
    board: int | None = None
    counts: bool = True
    details: bool = False
    record: dict[str, Any] = msgspec.field(default_factory=dict)
    raw: str | None = None
    delta: int = 100
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"{self.path} is not a regular expression: {error}") from error
        if self.kind == "status" and self.status is None:
            raise ValueError("a fault of kind status needs a status")

    def strikes(self, method: str, target: str, rng: Random) -> bool:
        """Whether this request is struck; counts it."""
        if (self.method and self.method != method) or not re.search(self.path, target):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.count is not None and self.hits >= self.count):
            return False
        struck = self.probability >= 1 or rng.random() < self.probability
        self.hits += struck
        return struck


@dataclass
class Effects:
    """All that befalls one request."""

    wait: float = 0.0
    instead: Fault | None = None
    transfer: Fault | None = None
    hidden: list[Fault] = field(default_factory=list)
    garbled: list[Fault] = field(default_factory=list)
    parts: list[Fault] = field(default_factory=list)
    empty: bool = False
    repeated: bool = False


class Faults:
    """The faults that are on."""

    def __init__(self, seed: int) -> None:
        self.active: list[Fault] = []
        self._rng = Random(seed)

    def strike(self, method: str, target: str) -> Effects:
        """What befalls this request."""
        effects = Effects()
        for fault in self.active:
            if not fault.strikes(method, target, self._rng):
                continue
            match fault.kind:
                case "latency":
                    effects.wait += fault.seconds
                case "hide":
                    effects.hidden.append(fault)
                case "garble":
                    effects.garbled.append(fault)
                case "part":
                    effects.parts.append(fault)
                case "empty-list":
                    effects.empty = True
                case "repeat":
                    effects.repeated = True
                case "truncated" | "wrong-length" | "drip" | "reset":
                    effects.transfer = effects.transfer or fault
                case _:
                    effects.instead = effects.instead or fault
        return effects
