"""The operator's pods and their log, as far as the user may read them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from psa_operator.errors import PermissionDeniedError, PsaOperatorError
from psa_operator.plugin.apiserver import POD_LOGS, PODS, ApiServer, Body, NotFoundError

LABELS = {"labelSelector": "app.kubernetes.io/name=psa-operator"}
"""What the chart writes on everything it makes, whatever the release is called."""

CONTAINER = "operator"

Line = Mapping[str, Any]


class Run(NamedTuple):
    """Whose lines are wanted; without `uid` those of every run of that name."""

    namespace: str
    name: str
    uid: str = ""


def operator_pods(server: ApiServer, namespace: str | None) -> list[Body]:
    """The operator's pods in its namespace, or wherever they are. Raises NotFoundError if there are none."""
    try:
        found = list(server.listed(PODS, namespace, LABELS))
    except PermissionDeniedError as error:
        hint = (
            "To read the operator's log you need to get and list pods, and to get pods/log, in its namespace"
            + ("" if namespace else "; name that one with --operator-namespace")
        )
        raise PermissionDeniedError(f"{error}. {hint}", area=error.area) from None
    if not found:
        where = f'in namespace "{namespace}"' if namespace else "in any namespace"
        raise NotFoundError(
            f"There is no pod of the operator (label app.kubernetes.io/name=psa-operator) {where}: see "
            "whether the chart is installed, and whether its Deployment can make pods"
        )
    return found


def log_of(server: ApiServer, pod: Body, since_seconds: int | None = None) -> str:
    """All that a pod's operator wrote, what it wrote before its container was started again included."""
    statuses = pod.get("status", {}).get("containerStatuses", [])
    again = any(each.get("restartCount") for each in statuses if each.get("name") == CONTAINER)
    before = ""
    if again:
        with suppress(PsaOperatorError):  # it may have been rotated away
            before = _log(server, pod, since_seconds, previous="true")
    return before + _log(server, pod, since_seconds)


def lines_of(texts: Iterable[str], run: Run | None) -> list[Line]:
    """The lines in the order of their time: all, or those about one run."""
    parsed = (line for text in texts for line in _parsed(text))
    return sorted(
        (line for line in parsed if run is None or is_about(line, run)),
        key=lambda line: str(line.get("timestamp")),
    )


def is_about(line: Line, run: Run) -> bool:
    """Whether a line names the run: by uid, as namespace/name, or by name where nothing contradicts."""
    words = {each for each in line.values() if isinstance(each, str)}
    if run.uid in words - {""} or f"{run.namespace}/{run.name}" in words:
        return True
    of_another = bool(run.uid) and line.get("uid", run.uid) != run.uid
    elsewhere = line.get("namespace", run.namespace) != run.namespace
    return run.name in words and not (of_another or elsewhere)


def as_text(line: Line) -> str:
    """For people: when, how bad, what, and the rest by name; a traceback last, as it stands."""
    told = {"timestamp", "level", "event", "logger", "exception"}
    rest = " ".join(f"{key}={_word(value)}" for key, value in line.items() if key not in told)
    level = str(line.get("level", "")).upper()
    text = f"{line.get('timestamp', '')} {level:<7} {line.get('event', '')} {rest}".rstrip()
    return f"{text}\n{line['exception']}" if line.get("exception") else text


def _word(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text, ensure_ascii=False) if " " in text and isinstance(value, str) else text


def _log(server: ApiServer, pod: Body, since_seconds: int | None, **query: str | int) -> str:
    if since_seconds is not None:
        query["sinceSeconds"] = since_seconds
    metadata = pod["metadata"]
    asked = {"container": CONTAINER, **query}
    return server.send("get", POD_LOGS, metadata["name"], namespace=metadata["namespace"], query=asked).text


def _parsed(text: str) -> Iterator[Line]:
    """The lines that are JSON objects; what a crash wrote past the log is kept as the text that it is."""
    for each in text.splitlines():
        try:
            found = json.loads(each)
        except ValueError:
            found = None
        if isinstance(found, dict):
            yield found
        elif each.strip():
            yield {"event": each}
