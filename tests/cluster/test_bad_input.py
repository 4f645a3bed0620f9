"""Whatever the API server takes, the operator says what it makes of it, and comes to rest."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, cycle

import pytest
from hypothesis import strategies as st

from psa_operator.api.crd import RESOURCES, Resource
from psa_operator.api.group import HOLD_ANNOTATION, PROBE_ANNOTATION, QUICK_SYNC_ANNOTATION, SCHEDULE
from psa_operator.devcluster.cluster import Cluster
from tests.cluster.administrator import Administrator, Manifest, Refusal, administrator
from tests.cluster.api.user import merged
from tests.cluster.bad_input import SMALLEST, TEXTS, drawn, manifest, specs
from tests.cluster.process import OperatorProcess
from tests.cluster.tenant import Tenant
from tests.cluster.traps import HOLDS
from tests.simulator_process import SimulatorProcess, start_simulator

INTEGRATIONS = RESOURCES[0]
SCHEDULES = next(each for each in RESOURCES if each.kind == SCHEDULE)

QUIET = 8.0
"""Seconds without a write after which we say that it has come to rest."""

SURPRISES = frozenset({"reconcile.failed", "object.unreadable"})
"""What the log says of accidents that nobody has thought of."""

ANNOTATIONS = st.fixed_dictionaries(
    {}, optional={HOLD_ANNOTATION: HOLDS, PROBE_ANNOTATION: TEXTS, QUICK_SYNC_ANNOTATION: TEXTS}
)


class Crowd:
    """Objects that the API server took, whatever they say."""

    def __init__(self, admin: Administrator, tenant: Tenant) -> None:
        self._admin = admin
        self._provider = tenant.integration()["spec"]["provider"]
        self._numbers = count()

    def add(self, resource: Resource, number: int) -> None:
        """Offer so many, runs of what is there; those that are refused leave nothing."""
        targets = cycle([each["metadata"]["name"] for each in self._admin.objects(INTEGRATIONS)])
        for spec in drawn(specs(resource), number):
            body = manifest(resource.kind, f"generated-{next(self._numbers)}", self._at_home(spec))
            if spec.get("integrationRef") == {"name": "acme"}:
                body["spec"]["integrationRef"] = {"name": next(targets)}
            with suppress(Refusal):
                self._admin.create(resource, body)

    def change(self, resource: Resource, number: int) -> None:
        """Offer as many changes to those that are there."""
        names = [each["metadata"]["name"] for each in self._admin.objects(resource)]
        changes = st.fixed_dictionaries(
            {"spec": specs(resource).map(self._at_home)},
            optional={"metadata": st.fixed_dictionaries({"annotations": ANNOTATIONS})},
        )
        for name, change in zip(names, drawn(changes, number), strict=False):
            with suppress(Refusal):
                self._admin.change(resource, name, change)

    def suspend(self) -> None:
        """Let no schedule make runs any more: some would every minute, and nothing would ever rest."""
        for each in self._admin.objects(SCHEDULES):
            self._admin.change(SCHEDULES, each["metadata"]["name"], {"spec": {"suspend": True}})

    def objects(self) -> list[Manifest]:
        return [each for resource in RESOURCES for each in self._admin.objects(resource)]

    def _at_home(self, spec: Manifest) -> Manifest:
        """The same spec, with the PSA that there is where it names the one that there is not."""
        nowhere = spec.get("provider") == SMALLEST["PSAIntegration"]["provider"]
        return merged(spec, {"provider": self._provider}) if nowhere else spec


def versions(objects: list[Manifest]) -> dict[str, str]:
    return {each["metadata"]["uid"]: each["metadata"]["resourceVersion"] for each in objects}


def mute(one: Manifest) -> bool:
    """Whether nothing is said about the object as it stands, or something without a reason or a word."""
    status, generation = one.get("status", {}), one["metadata"]["generation"]
    conditions = status.get("conditions", [])
    said = conditions and all(each["reason"] and each.get("message") for each in conditions)
    return not said or conditions[0]["observedGeneration"] != generation


def unseen(one: Manifest) -> bool:
    """Whether the operator has not said yet what it found."""
    return mute(one) or one["status"]["conditions"][0]["reason"] == "Probing"


async def seen(crowd: Crowd, within: float) -> None:
    """Wait until everything was looked at as it stands."""
    async with asyncio.timeout(within):
        while True:
            objects = await asyncio.to_thread(crowd.objects)
            if not any(unseen(each) for each in objects):
                return
            await asyncio.sleep(1)


async def rested(crowd: Crowd, within: float) -> list[Manifest]:
    """Wait until everything was looked at and nothing is written any more."""
    async with asyncio.timeout(within):
        before: list[Manifest] = []
        while True:
            after = await asyncio.to_thread(crowd.objects)
            if versions(before) == versions(after) and not any(unseen(each) for each in after):
                return after
            before = after
            await asyncio.sleep(QUIET)


@pytest.fixture
def psa() -> Iterator[SimulatorProcess]:
    """A PSA that is quickly read."""
    with start_simulator(tickets=12, seed=7) as simulator:
        yield simulator


@pytest.fixture
def crowd(control_plane: Cluster, tenant: Tenant) -> Iterator[Crowd]:
    with administrator(control_plane, tenant.namespace) as admin:
        yield Crowd(admin, tenant)


@pytest.mark.parametrize(
    ("number", "within"), [(15, 240), pytest.param(300, 7200, marks=pytest.mark.soak)], ids=["short", "soak"]
)
async def test_whatever_is_taken_gets_a_word_and_comes_to_rest(
    operator: OperatorProcess, tenant: Tenant, crowd: Crowd, number: int, within: float
) -> None:
    await tenant.connect()
    for offer in (crowd.add, crowd.change):
        for resource in RESOURCES:
            await asyncio.to_thread(offer, resource, number)
    await seen(crowd, within)
    await asyncio.to_thread(crowd.suspend)
    objects = await rested(crowd, within)

    assert operator.daemon.alive
    assert not [line for line in operator.log() if line["event"] in SURPRISES or "exception" in line]
    assert not [each for each in objects if mute(each)]
