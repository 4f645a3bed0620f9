"""`kubectl psa logs -f`: what all pods of the operator write, as they write it, whichever come and go."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread

from psa_operator.errors import PsaOperatorError, UnavailableError
from psa_operator.plugin.apiserver import POD_LOGS, ApiServer, Body, NotFoundError, Query, RefusedError
from psa_operator.plugin.pods import CONTAINER, Line, in_order, log_before, operator_pods, parse, since_query
from psa_operator.plugin.watching import Patience

_LOOK = 2.0
"""Seconds between two looks at which pods there are, and for the last lines about what is over."""

_AGAIN = 1.0
"""Seconds until a log that ended is asked for again."""

Moment = tuple[datetime, str]


class Tail:
    """The log of one pod, read on from the last line: a connection that breaks repeats and loses none."""

    def __init__(self, server: ApiServer, pod: Body, since_seconds: int | None = None) -> None:
        self._server = server
        self._pod = pod
        self._since = since_query(since_seconds)
        self._last: Moment | None = None

    def so_far(self) -> str:
        """What is there now, what was written before a restart included."""
        lines: list[str] = []
        with suppress(NotFoundError, RefusedError, UnavailableError):  # what is missing comes when it goes on
            lines.extend(self._new(self._read()))
        return log_before(self._server, self._pod, self._since) + "\n".join(lines)

    def goes_on(self) -> Iterator[str]:
        """What comes, until there is no such pod; a container that is started again goes on where it was."""
        while True:
            with suppress(RefusedError, UnavailableError):
                try:
                    yield from self._new(self._read(follow="true"))
                except NotFoundError:
                    return
            time.sleep(_AGAIN)

    def _read(self, **query: str) -> Iterator[str]:
        since: Query = self._since
        if self._last is not None:
            since = {"sinceTime": f"{self._last[0].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        name, namespace = self._pod["metadata"]["name"], self._pod["metadata"]["namespace"]
        asked = {"container": CONTAINER, **since, **query, "timestamps": "true"}
        return self._server.lines(POD_LOGS, name, namespace=namespace, query=asked)

    def _new(self, stamped: Iterable[str]) -> Iterator[str]:
        """The lines after the last one, without the kubelet's stamp: it counts from a whole second only."""
        for each in stamped:
            stamp, _, text = each.partition(" ")
            try:
                moment = (datetime.fromisoformat(stamp), stamp)
            except ValueError:  # a word of the kubelet itself
                continue
            if self._last is None or moment > self._last:
                self._last = moment
                yield text


class Tails:
    """The logs of all pods, each read by a thread of its own: every one may be silent for long."""

    def __init__(self, server: ApiServer, namespace: str | None) -> None:
        self._server = server
        self._namespace = namespace
        self._known: set[str] = set()
        self._arrived: SimpleQueue[str | PsaOperatorError] = SimpleQueue()

    def begin(self, since_seconds: int | None) -> list[Line]:
        """Start with the pods that are there, of which there must be some; returns what they wrote so far."""
        tails = [Tail(self._server, pod, since_seconds) for pod in self._new_pods()]
        lines = in_order([tail.so_far() for tail in tails])
        self._start(tails)
        return lines

    def look(self) -> None:
        """Take in the pods that are new. Raises NotFoundError if there is none at all."""
        self._start([Tail(self._server, pod) for pod in self._new_pods()])

    def arrived(self, seconds: float) -> Iterator[Line]:
        """The lines that come within this time. Raises what keeps a log from being read."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with suppress(Empty):
                found = self._arrived.get(timeout=left)
                if isinstance(found, PsaOperatorError):
                    raise found
                if found.strip():
                    yield parse(found)

    def _new_pods(self) -> list[Body]:
        pods = [
            each
            for each in operator_pods(self._server, self._namespace)
            if each["metadata"]["uid"] not in self._known
        ]
        self._known |= {each["metadata"]["uid"] for each in pods}
        return pods

    def _start(self, tails: Iterable[Tail]) -> None:
        for tail in tails:
            Thread(target=self._pass_on, args=(tail,), daemon=True).start()

    def _pass_on(self, tail: Tail) -> None:
        try:
            for line in tail.goes_on():
                self._arrived.put(line)
        except PsaOperatorError as error:
            self._arrived.put(error)


def follow_log(
    tails: Tails,
    since_seconds: int | None,
    *,
    show: Callable[[Line], None],
    over: Callable[[], bool],
    remark: Callable[[str], None],
) -> None:
    """Show lines until what they are about is over, and a moment longer for what is said of its end."""
    for line in tails.begin(since_seconds):
        show(line)
    patience, deserted, ended = Patience(), False, False
    while not ended:
        with patience:
            ended = over()
            try:
                tails.look()
                deserted = False
            except NotFoundError as error:
                if not deserted:
                    remark(f"{error}. Waiting for one")
                deserted = True
        for line in tails.arrived(_LOOK):
            show(line)
