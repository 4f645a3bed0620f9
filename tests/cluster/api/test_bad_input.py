"""Whatever is written, the API server says what is wrong with it, or the operator can read it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from hypothesis import HealthCheck, given, settings

from psa_operator.api.crd import RESOURCES, Resource
from psa_operator.api.schedule import TicketResyncSchedule
from psa_operator.controller.clock import Cron
from psa_operator.controller.schedule import Slot, body_of
from psa_operator.devcluster.cluster import Cluster
from psa_operator.errors import ConfigurationError
from tests.cluster.administrator import Administrator, Manifest, Refusal, administrator
from tests.cluster.bad_input import SMALLEST, manifest, read, specs, worse_specs
from tests.cluster.traps import CRONS, ZONES

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_, RESYNCS, SCHEDULES = RESOURCES
KINDS = pytest.mark.parametrize("resource", RESOURCES, ids=[each.kind for each in RESOURCES])
INSCRUTABLE = ("should match", "no such key", "cost", "failed rule")
"""What the API server says where a rule has no message, fails itself, or is a bare pattern."""


def examples(short: int, soak: int) -> pytest.MarkDecorator:
    cases = [short, pytest.param(soak, marks=pytest.mark.soak)]
    return pytest.mark.parametrize("number", cases, ids=["short", "soak"])


def checked(number: int) -> settings:
    return settings(max_examples=number, suppress_health_check=list(HealthCheck))


def explained(refusal: Refusal) -> None:
    """It is the user's fault, names the field, and is meant for people."""
    assert refusal.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}, refusal.body
    message = json.loads(refusal.body or "")["message"]
    assert "spec" in message
    assert not [words for words in INSCRUTABLE if words in message], message


@pytest.fixture
def admin(installed: Cluster) -> Iterator[Administrator]:
    with administrator(installed, "default") as admin:
        yield admin


@KINDS
@examples(120, 3000)
def test_what_is_created_is_refused_by_name_or_can_be_read(
    admin: Administrator, resource: Resource, number: int
) -> None:
    @checked(number)
    @given(worse_specs(resource))
    def holds(spec: Manifest) -> None:
        try:
            read(admin.create(resource, manifest(resource.kind, "new", spec), tried=True))
        except Refusal as refusal:
            explained(refusal)

    holds()


@pytest.fixture
def there(admin: Administrator, resource: Resource) -> Iterator[str]:
    """The name of an object."""
    admin.create(resource, manifest(resource.kind, "there", SMALLEST[resource.kind]))
    yield "there"
    admin.delete(resource, "there")


@KINDS
@examples(40, 1000)
def test_what_is_changed_is_refused_by_name_or_can_be_read(
    admin: Administrator, resource: Resource, there: str, number: int
) -> None:
    @checked(number)
    @given(worse_specs(resource))
    def holds(spec: Manifest) -> None:
        try:
            read(admin.change(resource, there, {"spec": spec}, tried=True))
        except Refusal as refusal:
            explained(refusal)

    holds()


@examples(80, 1000)
def test_what_a_schedule_asks_for_is_a_run_that_can_be_made(admin: Administrator, number: int) -> None:
    @checked(number)
    @given(specs(SCHEDULES))
    def holds(spec: Manifest) -> None:
        with suppress(Refusal):
            schedule = read(admin.create(SCHEDULES, manifest(SCHEDULES.kind, "new", spec), tried=True))
            assert isinstance(schedule, TicketResyncSchedule)
            runs.append(body_of(schedule, Slot("new-1", NOW, NOW)))

    runs: list[Manifest] = []
    holds()
    for run in runs:
        admin.create(RESYNCS, run, tried=True)


@given(CRONS, ZONES)
def test_a_schedule_that_can_be_read_comes(schedule: str, zone: str) -> None:
    with suppress(ConfigurationError):
        cron = Cron(schedule, zone)
        assert cron.at_or_before(NOW) <= NOW < cron.after(NOW)
