"""What the settings name is held against the PSA's lists, with what became of it and what to do."""

from datetime import timedelta
from typing import Any

import pytest

from psa_operator.controller.named import judge
from psa_operator.errors import ConfigurationError, UnavailableError
from psa_operator.store.facts import Facts, LastRun
from psa_operator.store.lists import ListChange
from psa_operator.sync.entities import Entity
from tests.unit.controller.objects import NOW, integration

NAMES = {
    Entity.BOARDS: {1: "Help Desk"},
    Entity.STATUSES: {10: "New", 11: "On hold"},
    Entity.PRIORITIES: {20: "High"},
    Entity.CUSTOM_FIELDS: {30: "Asset tag"},
    Entity.COMPANY_STATUSES: {40: "Active"},
    Entity.COMPANY_TYPES: {50: "Vendor"},
}
CHANGES = (
    ListChange(Entity.STATUSES, "Waiting", "renamed", "On hold", NOW),
    ListChange(Entity.CUSTOM_FIELDS, "Site code", "removed", None, NOW),
)
RETYPED = ListChange(Entity.CUSTOM_FIELDS, "Asset tag", "retyped", "Number", NOW)


TAGGED = {"customFields": {"names": ["Asset tag"]}}
BEFORE, AFTER = timedelta(hours=-1), timedelta(hours=1)


def facts(*changes: ListChange, full: timedelta = AFTER) -> Facts:
    last = LastRun("tenant/full", NOW + full)
    return Facts(names=NAMES, list_changes=[*CHANGES, *changes], last_full=last)


def said(found: Facts, **spec: Any) -> tuple[str, str, str]:
    return judge(integration(**spec), found, None)


def test_names_in_any_case_and_ids_that_the_psa_has_are_fine() -> None:
    spec = {
        "tickets": {"boards": {"include": ["help desk"]}, "excludedStatuses": ["10"]},
        "companies": {"excludedTypes": ["Vendor"]},
        "mappings": {"priorities": {"high": "Urgent"}, "fields": {"Asset tag": "tag"}},
    }

    assert said(facts(), **spec)[:2] == ("True", "AllKnown")


@pytest.mark.parametrize(
    ("spec", "reason", "words"),
    [
        (
            {"tickets": {"excludedStatuses": ["Waiting"]}},
            "Renamed",
            'spec.tickets.excludedStatuses names "Waiting", which the PSA calls "On hold" since',
        ),
        ({"mappings": {"statuses": {"waiting": "x"}}}, "Renamed", "Its tickets show the PSA's name"),
        (
            {"tickets": {"customFields": {"names": ["Site code"]}}},
            "Removed",
            "has no more since 2026-03-02. Tickets come without it: take it out",
        ),
        ({"mappings": {"fields": {"Site code": "x"}}}, "Removed", "It renames nothing"),
        ({"tickets": {"boards": {"exclude": ["Spam"]}}}, "UnknownName", "No run starts until"),
        ({"companies": {"excludedStatuses": ["Gone"]}}, "UnknownName", 'names "Gone"'),
    ],
)
def test_a_name_that_is_gone_says_what_became_of_it_and_what_that_means(
    spec: dict[str, Any], reason: str, words: str
) -> None:
    status, why, message = said(facts(), **spec)

    assert (status, why) == ("False", reason)
    assert words in message


def test_another_type_of_a_custom_field_is_told_until_a_full_run() -> None:
    status, reason, message = said(facts(RETYPED, full=BEFORE), tickets=TAGGED)

    assert (status, reason) == ("False", "Retyped")
    assert 'The custom field "Asset tag" is of type Number since' in message
    assert "make a Full run" in message
    assert said(facts(RETYPED, full=AFTER), tickets=TAGGED)[:2] == ("True", "AllKnown")


@pytest.mark.parametrize(
    ("change", "reason", "words"),
    [
        (CHANGES[1], "Removed", 'The custom field "Site code" is no more since 2026-03-02'),
        (
            ListChange(Entity.CUSTOM_FIELDS, "Site code", "renamed", "Asset tag", NOW),
            "Renamed",
            'The custom field "Site code" is called "Asset tag" since 2026-03-02',
        ),
    ],
)
def test_a_custom_field_that_went_is_told_until_a_full_run_where_tickets_have_all(
    change: ListChange, reason: str, words: str
) -> None:
    def found(full: timedelta) -> Facts:
        return Facts(names=NAMES, list_changes=[change], last_full=LastRun("tenant/full", NOW + full))

    status, why, message = said(found(BEFORE))

    assert (status, why) == ("False", reason)
    assert f"{words}: tickets that did not change since then still have it" in message
    assert "Make a Full run" in message
    assert said(found(AFTER))[:2] == ("True", "AllKnown")
    assert said(found(BEFORE), tickets=TAGGED)[:2] == ("True", "AllKnown")


def test_a_field_that_tickets_do_not_have_may_change_its_type() -> None:
    assert said(facts(RETYPED, full=BEFORE), tickets={"customFields": {"names": []}})[:2] == (
        "True",
        "AllKnown",
    )


def test_before_the_first_run_nothing_is_known() -> None:
    assert judge(integration(), Facts(), None)[:2] == ("Unknown", "NotRead")


def test_a_name_that_stops_the_probe_is_said_to_have_changed_since_the_last_run() -> None:
    asked = integration(tickets={"boards": {"include": ["Help Desk"]}})
    error = ConfigurationError('spec.tickets.boards.include names "Help Desk"', reason="UnknownBoard")

    status, reason, message = judge(asked, facts(), error)

    assert (status, reason) == ("False", "UnknownBoard")
    assert "The last run still found all" in message
    assert judge(asked, facts(), UnavailableError("down"))[:2] == ("True", "AllKnown")


def test_many_findings_are_cut_short() -> None:
    names = {f"x{number}": "y" for number in range(9)}

    assert said(facts(), mappings={"statuses": names})[2].endswith("There are 4 more")
