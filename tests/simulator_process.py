"""The simulated PSA as a process of its own, for any test: start it, change its world, break its answers."""

import json
import ssl
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

# Loading the certificate store for each client costs more than most tests.
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True)
class Account:
    """What the first line of the simulator says."""

    url: str
    companyId: str  # noqa: N815 - the line's own names
    clientId: str  # noqa: N815
    publicKey: str  # noqa: N815
    privateKey: str  # noqa: N815
    controlUrl: str  # noqa: N815


class SimulatorProcess:
    """A running simulator; close it, or use it in a `with`."""

    def __init__(self, process: subprocess.Popen[str], account: Account) -> None:
        self.process, self.account, self.url = process, account, account.url
        self.credentials = {
            "companyId": account.companyId,
            "clientId": account.clientId,
            "publicKey": account.publicKey,
            "privateKey": account.privateKey,
        }
        self._control = httpx.Client(
            base_url=f"{account.controlUrl}/", timeout=120, trust_env=False, verify=_NO_TLS
        )

    def client(self, **headers: str) -> httpx.Client:
        """A plain HTTP client with the account's keys, relative to the API's root."""
        return httpx.Client(
            base_url=f"{self.url}/v4_6_release/apis/3.0/",
            timeout=60,
            trust_env=False,
            verify=_NO_TLS,
            auth=(f"{self.account.companyId}+{self.account.publicKey}", self.account.privateKey),
            headers={"clientId": self.account.clientId, **headers},
        )

    def get(self, path: str, headers: dict[str, str] | None = None, /, **query: Any) -> httpx.Response:
        """One GET of an API path such as `service/tickets`, with the account's keys."""
        with self.client(**headers or {}) as client:
            return client.get(path, params=query)

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """One request that may change something, with the account's keys."""
        with self.client() as client:
            return client.request(method, path, json=body)

    def state(self, entity: str = "tickets", fields: str | None = None) -> list[dict[str, Any]]:
        """All records of an entity as they truly are, by id, shown in lists or not."""
        query = {"entity": entity} | ({"fields": fields} if fields else {})
        found: list[dict[str, Any]] = self._do("GET", "state", params=query)[entity]
        return found

    def ids(self, entity: str = "tickets") -> list[int]:
        return [record["id"] for record in self.state(entity, "id")]

    def change(self, *ids: int, entity: str = "tickets", **values: Any) -> None:
        """Set fields of records (`board={"id": 12}` for a reference) and stamp them now; no fields: touch."""
        self._do("POST", "change", json={"entity": entity, "ids": ids, "set": values})

    def create(self, count: int = 1, *, entity: str = "tickets", **values: Any) -> list[int]:
        """New records; their ids."""
        made = self._do("POST", "create", json={"entity": entity, "set": values, "count": count})
        return [record["id"] for record in made]

    def delete(self, *ids: int, entity: str = "tickets") -> None:
        self._do("POST", "delete", json={"entity": entity, "ids": ids})

    def convert(self, *ids: int) -> None:
        """Make service tickets project tickets, and project tickets service tickets."""
        self._do("POST", "convert", json={"ids": ids})

    def live(self, changes: int) -> None:
        """Let so many random changes, creations and deletions happen at once."""
        self._do("POST", "live", json={"count": changes})

    def set(self, **settings: Any) -> None:
        """Change settings, by the names of `settings()`: `changeRate=5`, `denied=["system/members"]`."""
        self._do("POST", "settings", json=settings)

    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self._do("GET", "settings")
        return found

    def fault(self, kind: str, path: str = "", **details: Any) -> None:
        """Add a fault for requests whose `path?query` contains a match of the regular expression `path`."""
        self._do("POST", "faults", json=[{"kind": kind, "path": path, **details}])

    def faults(self) -> list[dict[str, Any]]:
        """The faults that are on, with how often each struck (`hits`)."""
        found: list[dict[str, Any]] = self._do("GET", "faults")
        return found

    def clear_faults(self) -> None:
        self._do("DELETE", "faults")

    def requests(self) -> dict[str, Any]:
        """`total`, `byPath`, `byStatus`, `peakConcurrency`, `running`, `log`."""
        found: dict[str, Any] = self._do("GET", "requests")
        return found

    def clear_requests(self) -> None:
        self._do("DELETE", "requests")

    def reset(self) -> None:
        """World, settings, faults and counters as at the start."""
        self._do("POST", "reset")

    def close(self) -> int:
        """Stop it; its exit code."""
        self._control.close()
        self.process.terminate()
        try:
            return self.process.wait(10)
        finally:
            self.process.kill()
            if self.process.stdout:
                self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, method: str, path: str, **arguments: Any) -> Any:
        response = self._control.request(method, path, **arguments)
        if response.is_error:
            raise ValueError(response.text)
        return response.json()


def start_simulator(
    tickets: int = 300, seed: int = 1, visibility_delay: float = 0.0, **options: float
) -> SimulatorProcess:
    """Start a simulator on a free port; further options are those of its command line, with underscores."""
    arguments = {"tickets": tickets, "seed": seed, "visibility_delay": visibility_delay, **options}
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in arguments.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "psa_operator.simulator", "connectwise", *flags],
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None:
        raise RuntimeError("the simulator has no standard output")
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"the simulator ended with {process.wait()}")
    return SimulatorProcess(process, Account(**json.loads(line)))
