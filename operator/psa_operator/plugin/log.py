"""`kubectl psa logs`: what the operator's log says of a run or an integration, now or on and on."""

import json

from psa_operator.errors import PsaOperatorError
from psa_operator.plugin.apiserver import NotFoundError
from psa_operator.plugin.console import remark, say
from psa_operator.plugin.pods import About, Line, Subject, as_text, in_order, log_of, operator_pods
from psa_operator.plugin.resources import Resources
from psa_operator.plugin.tail import Tails, follow_log


class Log:
    """What is wanted of the log, and how it is written."""

    def __init__(
        self, resources: Resources, operator_namespace: str | None, name: str | None, *, as_json: bool
    ) -> None:
        self._resources = resources
        self._operator_namespace = operator_namespace
        self._name = name
        self._as_json = as_json
        self._subject = self._found(name) if name else None
        self._about = About(self._subject)
        self._shown = 0

    def show(self, since_seconds: int | None) -> None:
        """What there is now; a pod whose log cannot be had keeps nobody from that of the others."""
        server, texts, problems = self._resources.server, [], []
        pods = operator_pods(server, self._operator_namespace)
        for pod in pods:
            try:
                texts.append(log_of(server, pod, since_seconds))
            except PsaOperatorError as error:
                problems.append(error)
        for line in in_order(texts):
            self._line(line)
        if problems and not texts:
            raise problems[0]
        for each in problems:
            remark(f"The log of one pod is missing: {each}")
        if not self._shown:
            about = f" about {self._name}" if self._name else ""
            remark(f"The log of {', '.join(each['metadata']['name'] for each in pods)} has nothing{about}")

    def follow(self, since_seconds: int | None) -> None:
        """What there is and what comes, of all pods."""
        tails = Tails(self._resources.server, self._operator_namespace)
        follow_log(tails, since_seconds, show=self._line, over=self._over, remark=remark)

    def _line(self, line: Line) -> None:
        if self._about(line):
            self._shown += 1
            say(json.dumps(line, ensure_ascii=False) if self._as_json else as_text(line))

    def _found(self, name: str) -> Subject:
        """A run or else an integration; what is there no more is found by its name alone."""
        namespace = self._resources.namespace
        try:
            return Subject(namespace, name, self._resources.run(name).metadata.uid)
        except NotFoundError:
            pass
        try:
            return Subject(namespace, name, self._resources.integration(name).metadata.uid, integration=True)
        except NotFoundError:
            remark(
                f'There is no TicketResync or PSAIntegration "{name}" in namespace "{namespace}": '
                "lines are found by the name alone"
            )
            return Subject(namespace, name)

    def _over(self) -> bool:
        """Whether nothing more can come about the subject."""
        subject = self._subject
        if subject is None or not subject.uid:
            return subject is not None
        try:
            if subject.integration:
                return self._resources.integration(subject.name).metadata.uid != subject.uid
            run = self._resources.run(subject.name)
        except NotFoundError:
            remark(f"{subject.name} was deleted")
            return True
        return run.metadata.uid != subject.uid or bool(run.status.phase and run.status.phase.finished)
