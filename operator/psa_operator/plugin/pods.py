"""The operator's pods and their log, as far as the user may read them."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from psa_operator.errors import PermissionDeniedError, PsaOperatorError
from psa_operator.plugin.apiserver import POD_LOGS, PODS, ApiServer, Body, NotFoundError, Query

LABELS = {"labelSelector": "app.kubernetes.io/name=psa-operator"}
"""What the chart writes on everything it makes, whatever the release is called."""

CONTAINER = "operator"

Line = Mapping[str, Any]


class Subject(NamedTuple):
    """A run or an integration whose lines are wanted; without `uid` whatever is called so."""

    namespace: str
    name: str
    uid: str = ""
    integration: bool = False


def operator_pods(server: ApiServer, namespace: str | None) -> list[Body]:
    """The operator's pods in its namespace, or wherever they are. Raises NotFoundError if there are none."""
    try:
        found = list(server.listed(PODS, namespace, LABELS))
    except PermissionDeniedError as error:
        if error.area == "login":
            raise
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


def since_query(seconds: int | None) -> Query:
    return {} if seconds is None else {"sinceSeconds": seconds}


def log_of(server: ApiServer, pod: Body, since_seconds: int | None = None) -> str:
    """All that a pod's operator wrote, what it wrote before its container was started again included."""
    since = since_query(since_seconds)
    return log_before(server, pod, since) + _log(server, pod, since)


def log_before(server: ApiServer, pod: Body, since: Query) -> str:
    """What the container wrote that ran before this one; nothing if there was none."""
    statuses = pod.get("status", {}).get("containerStatuses", [])
    if any(each.get("restartCount") for each in statuses if each.get("name") == CONTAINER):
        with suppress(PsaOperatorError):  # it may have been rotated away
            # A crash may have cut its last line short.
            return f"{_log(server, pod, {**since, 'previous': 'true'})}\n"
    return ""


def in_order(texts: Iterable[str]) -> list[Line]:
    """The lines of several logs in the order of their time."""
    parsed = (parse(each) for text in texts for each in text.splitlines() if each.strip())
    return sorted(parsed, key=lambda line: str(line.get("timestamp")))


class About:
    """Whether a line is wanted: all are, or those about the subject, and about what was said to be of it.

    A worker's lines have the uid of their run only; whose run it is the lines before have said.
    """

    def __init__(self, subject: Subject | None) -> None:
        self._subject = subject
        self._uids: set[str] = set()

    def __call__(self, line: Line) -> bool:
        if self._subject is None:
            return True
        found = is_about(line, self._subject) or not self._uids.isdisjoint(_words(line))
        if found and (uid := line.get("uid")):
            self._uids.add(str(uid))
        return found


def is_about(line: Line, subject: Subject) -> bool:
    """Whether a line names the subject: by uid, as namespace/name, or by name where nothing contradicts.

    Of a run it may be another one that had the name before.
    """
    told = line if subject.integration else {key: line[key] for key in line if key != "integration"}
    words, place = _words(told), f"{subject.namespace}/{subject.name}"
    of_another = bool(subject.uid) and line.get("uid", subject.uid) != subject.uid
    if of_another and line.get("run") == place and not subject.integration:
        return False
    if subject.uid in words - {""} or place in words:
        return True
    elsewhere = line.get("namespace", subject.namespace) != subject.namespace
    return subject.name in words and not (of_another or elsewhere)


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


def parse(text: str) -> Line:
    """A line that is a JSON object; what a crash wrote past the log is kept as the text that it is."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"event": text}


def _words(line: Line) -> set[str]:
    return {each for each in line.values() if isinstance(each, str)}


def _log(server: ApiServer, pod: Body, query: Query) -> str:
    metadata = pod["metadata"]
    name, namespace = metadata["name"], metadata["namespace"]
    return server.send(
        "get", POD_LOGS, name, namespace=namespace, query={"container": CONTAINER, **query}
    ).text
