"""The frozen spec of a run."""

import pytest

from psa_operator.sync.spec import (
    Account,
    CompanyFilter,
    CustomFields,
    Database,
    Notes,
    TicketScope,
    changed,
    config_hash,
)

PLAIN = config_hash(TicketScope(), "UTC")


def test_the_config_hash_tells_another_scope_or_time_zone() -> None:
    plain = config_hash(TicketScope(), "UTC")

    assert plain == config_hash(TicketScope(), "UTC")
    assert plain != config_hash(TicketScope(include_boards=("Help Desk",)), "UTC")
    assert plain != config_hash(TicketScope(), "Europe/Berlin")


@pytest.mark.parametrize(
    ("scope", "time_zone", "classes"),
    [
        (TicketScope(), "UTC", ()),
        (TicketScope(notes=Notes.REUSE_UNCHANGED), "UTC", ()),
        (TicketScope(include_boards=("Help Desk",)), "UTC", ("ScopeChanged",)),
        (TicketScope(companies=CompanyFilter(exclude_inactive=True)), "UTC", ("ScopeChanged",)),
        (TicketScope(custom_fields=CustomFields(wanted=("VIP",))), "UTC", ("CustomFieldsChanged",)),
        (TicketScope(custom_fields=CustomFields(renamed=(("VIP", "vip"),))), "UTC", ("MappingChanged",)),
        (TicketScope(), "Europe/Berlin", ("TimeZoneChanged",)),
        (TicketScope(include_closed=False), "Europe/Berlin", ("ScopeChanged", "TimeZoneChanged")),
    ],
)
def test_what_was_changed_is_told_by_class(
    scope: TicketScope, time_zone: str, classes: tuple[str, ...]
) -> None:
    assert changed(PLAIN, config_hash(scope, time_zone)) == classes


def test_settings_that_were_changed_and_changed_back_are_not_those_of_before() -> None:
    assert changed(f"{PLAIN}*", PLAIN) == ("ScopeChanged",)


def test_another_release_is_told_from_other_settings() -> None:
    assert changed("0123456789ab", PLAIN) == ("ReleaseChanged",)
    assert changed(PLAIN.rpartition("-")[0] + "-1", PLAIN) == ("ReleaseChanged",)


def test_no_secret_is_in_the_text_of_a_spec() -> None:
    text = repr(Account("ConnectWise", {"url": "https://x"}, {"privateKey": "s3cret"}))
    text += repr(Database("postgresql://u:s3cret@h/d"))

    assert "s3cret" not in text
