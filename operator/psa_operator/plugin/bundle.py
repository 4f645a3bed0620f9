"""`kubectl psa bundle`: what support needs to see, in one archive, and no Secret is even asked for."""

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from psa_operator.errors import ConfigurationError, PsaOperatorError
from psa_operator.plugin.apiserver import (
    DEPLOYMENTS,
    EVENTS,
    INTEGRATIONS,
    PODS,
    RUNS,
    ApiServer,
    Body,
    Resource,
)
from psa_operator.plugin.pods import LABELS, log_of, operator_pods
from psa_operator.plugin.redact import clean, redacted_text

_KINDS = frozenset({"PSAIntegration", "TicketResync"})

Part = tuple[str, str]
"""Where it lies in the archive, and what it says."""


class Bundle:
    """The parts that could be read, and a sentence for each that could not."""

    def __init__(self, server: ApiServer, namespace: str | None, operator_namespace: str | None) -> None:
        self._server = server
        self._namespace = namespace
        self._operator_namespace = operator_namespace
        self.failures: list[PsaOperatorError] = []
        self.problems: list[str] = []

    def parts(self, now: datetime) -> list[Part]:
        """Everything, each part by itself: what one may not read keeps nobody from the rest."""
        about = {"made": now.isoformat(timespec="seconds"), "plugin": version("psa-operator")}
        gathered = [
            *self._tried(self._objects(INTEGRATIONS)),
            *self._tried(self._objects(RUNS)),
            *self._tried(self._events()),
            *self._tried(self._deployments()),
            *self._tried(self._pods()),
        ]
        if not gathered and self.failures:
            raise self.failures[0]
        return [
            ("about.json", json.dumps({**about, "server": self._server.host}, indent=2)),
            *gathered,
            ("problems.txt", "".join(f"{each}\n" for each in self.problems)),
        ]

    def _tried(self, parts: Iterable[Part]) -> Iterator[Part]:
        try:
            yield from parts
        except PsaOperatorError as error:
            self.failures.append(error)
            self.problems.append(redacted_text(str(error)))

    def _objects(self, resource: Resource) -> Iterator[Part]:
        for body in self._server.listed(resource, self._namespace):
            metadata = body["metadata"]
            yield f"{metadata['namespace']}/{resource.plural}/{metadata['name']}.yaml", _as_yaml(clean(body))

    def _events(self) -> Iterator[Part]:
        found: dict[str, list[Body]] = {}
        for each in self._server.listed(EVENTS, self._namespace):
            if each["involvedObject"].get("kind") in _KINDS:
                found.setdefault(each["metadata"]["namespace"], []).append(clean(each))
        for namespace, events in found.items():
            yield f"{namespace}/events.yaml", _as_yaml(events)

    def _deployments(self) -> Iterator[Part]:
        for body in self._server.listed(DEPLOYMENTS, self._operator_namespace, LABELS):
            metadata = body["metadata"]
            yield (
                f"operator/{metadata['namespace']}/deployment-{metadata['name']}.yaml",
                _as_yaml(clean(body)),
            )

    def _pods(self) -> Iterator[Part]:
        for pod in operator_pods(self._server, self._operator_namespace):
            metadata = pod["metadata"]
            place = f"operator/{metadata['namespace']}/{PODS.plural}/{metadata['name']}"
            yield f"{place}.yaml", _as_yaml(clean(pod))
            yield from self._tried(self._log(f"{place}.log", pod))

    def _log(self, place: str, pod: Body) -> Iterator[Part]:
        yield place, redacted_text(log_of(self._server, pod))


def pack(file: Path, parts: Iterable[Part], now: datetime) -> None:
    """Write the archive so that only its owner can read it. Raises ConfigurationError."""
    try:
        file.touch(mode=0o600)
        with tarfile.open(file, "w:gz") as archive:
            for name, text in parts:
                content = text.encode()
                entry = tarfile.TarInfo(f"psa-bundle/{name}")
                entry.size, entry.mtime, entry.mode = len(content), int(now.timestamp()), 0o600
                archive.addfile(entry, io.BytesIO(content))
    except OSError as error:
        raise ConfigurationError(
            f"The archive {file} cannot be written ({error.strerror}): name another file with -o"
        ) from None


def _as_yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
