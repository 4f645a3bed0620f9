"""Which names custom fields come under: the user's, unless one value would hide another."""

import json

import pytest

from psa_operator.sync.entities import Entity
from psa_operator.sync.mapping import Mapper
from psa_operator.sync.ports import Page
from psa_operator.sync.records import CustomField, Ticket
from psa_operator.sync.spec import CustomFields, Mappings


@pytest.mark.parametrize(
    ("renamed", "defined", "values", "expected"),
    [
        ({"Old": "Points"}, "", {"Old": 3}, {"Points": 3}),
        ({"Old": "Points"}, "", {"Old": 3, "Points": 5}, {"Old": 3, "Points": 5}),
        ({"Old": "Points"}, "Old Points", {"Old": 3}, {"Old": 3}),
        ({"a": "b", "b": "a"}, "a b", {"a": 1, "b": 2}, {"b": 1, "a": 2}),
        ({"a": "b", "b": "c"}, "a b c", {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ({"a": "x", "b": "x"}, "a b", {"a": 1}, {"a": 1}),
        ({"vip": "VIP"}, "VIP", {"VIP": 1}, {"VIP": 1}),
        ({"a": "x"}, "a VIP vip", {"VIP": 1}, {"VIP": 1}),
    ],
    ids=str,
)
def test_no_value_hides_another_and_a_field_has_one_name_in_all_tickets(
    renamed: dict[str, str], defined: str, values: dict[str, int], expected: dict[str, int]
) -> None:
    fields = CustomFields(renamed=tuple(renamed.items()))
    mapper = Mapper(Mappings(), fields, [CustomField(1, each) for each in defined.split()])

    page = mapper.mapped(Page(Entity.TICKETS, [Ticket(1, "", custom_fields=json.dumps(values).encode())]))

    [ticket] = page.records
    assert isinstance(ticket, Ticket)
    assert json.loads(ticket.custom_fields or b"{}") == expected
