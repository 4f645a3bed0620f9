"""The ticket and company settings of a PSAIntegration: what is in scope."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, WithJsonSchema

from psa_operator.api.model import Model, rule, rules, storable

Name = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=storable())]
Names = Annotated[
    tuple[Name, ...], Field(max_length=200, json_schema_extra={"x-kubernetes-list-type": "set"})
]


# `format.datetime()` lets years and offsets through that are no times to us.
_MOMENT = (
    "^(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?"
    "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)

Moment = Annotated[
    AwareDatetime,
    # A string to the API server: a refused `format: date-time` does not say what to write.
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": 40,
            **rules(
                rule(
                    f"self.matches('{_MOMENT}') && !format.datetime().validate(self).hasValue()",
                    "write a time with its zone, like 2026-01-31T00:00:00Z",
                )
            ),
        }
    ),
]


class Boards(
    Model,
    json_schema_extra=rules(
        rule(
            "!has(self.include) || !has(self.exclude) || !self.include.exists(board, board in self.exclude)",
            "a board cannot be both included and excluded: keep it in one of the lists",
        )
    ),
):
    """Which service boards are in scope. Default: all."""

    include: Names = Field(
        (),
        description='Boards whose tickets are synchronized, by name or by id in quotes (for example "12"). '
        "Default: all.",
    )
    exclude: Names = Field(
        (),
        description='Boards whose tickets are left out, by name or by id in quotes (for example "12"). '
        "Default: none.",
    )


class DateField(StrEnum):
    LAST_UPDATED = "lastUpdated"
    DATE_ENTERED = "dateEntered"


class DateRange(
    Model,
    json_schema_extra=rules(
        rule(
            # What is no time at all has been told so by its own field.
            "!has(self.from) || !has(self.to)"
            " || [self.from, self.to].exists(each, format.datetime().validate(each).hasValue())"
            " || timestamp(self.from) < timestamp(self.to)",
            "from must be before to: exchange the two",
            field=".from",
        ),
        rule(
            "!has(self.lookbackDays) || (!has(self.from) && !has(self.to))",
            "lookbackDays counts back from now and excludes from and to: keep either",
            field=".lookbackDays",
        ),
        rule(
            "has(self.from) || has(self.to) || has(self.lookbackDays)",
            "give from, to or lookbackDays, or leave dateRange out to have tickets of any time",
        ),
    ),
):
    """Tickets of which time are in scope."""

    field: DateField = Field(
        DateField.LAST_UPDATED,
        description="The date that counts: lastUpdated, or dateEntered (when the ticket was created). "
        "Default: lastUpdated.",
    )
    from_: Moment | None = Field(
        None,
        alias="from",
        description="From this time on (inclusive), for example 2026-01-01T00:00:00Z. Default: no limit.",
    )
    to: Moment | None = Field(
        None, description="Before this time (exclusive), for example 2026-07-01T00:00:00Z. Default: no limit."
    )
    lookback_days: int | None = Field(
        None,
        ge=1,
        le=36500,
        description="Only the last so many days, counted from each run. Default: no limit.",
    )


class CustomFields(
    Model,
    json_schema_extra=rules(
        rule(
            "[has(self.all) && self.all, has(self.names)].filter(each, each).size() == 1",
            "write either all: true, or names: with the captions of the fields that you want ([] for none)",
        )
    ),
):
    """Which custom fields tickets have. Default: all."""

    all: bool | None = Field(None, description="All custom fields that have a value.")
    names: Names | None = Field(
        None, description="Only these custom fields, by caption; an empty list for none."
    )


class Notes(StrEnum):
    NONE = "None"
    REUSE_UNCHANGED = "ReuseUnchanged"
    REFETCH = "Refetch"


class Tickets(Model):
    """Which tickets are in scope, and what of them.

    A change needs a Full Clear and Resync to reach older tickets.
    """

    boards: Boards = Field(Boards(), description="Which service boards are in scope. Default: all.")
    excluded_statuses: Names = Field(
        (),
        description="Tickets in these statuses are left out, by status name or by id in quotes. Default: "
        "none.",
    )
    date_range: DateRange | None = Field(
        None, description="Tickets of which time are in scope. Default: of any time."
    )
    include_closed: bool = Field(
        default=True, description="Whether closed tickets are synchronized as well. Default: true."
    )
    notes: Notes = Field(
        Notes.REFETCH,
        description="How a Full Clear and Resync reads notes, which the PSA gives only a ticket at a time: "
        "Refetch reads those of all tickets; ReuseUnchanged keeps the stored notes of tickets that did not "
        "change, reads a tenth of these and a sample again, and all of them if one differs; None reads and "
        "keeps no notes. A Quick Sync reads those of changed tickets, and removes none. Default: Refetch.",
    )
    time_entries: bool = Field(
        default=True,
        description="Whether time entries are synchronized as well. The API member needs the right to read "
        "them. Default: true.",
    )
    project_tickets: bool = Field(
        default=False,
        description="Whether tickets of projects are synchronized as well, with project and phase. The API "
        "member needs the right to read them. Default: false.",
    )
    custom_fields: CustomFields | None = Field(
        None, description="Which custom fields tickets have. Default: all that have a value."
    )


class Companies(Model):
    """Companies whose tickets are left out.

    The companies themselves and their contacts are synchronized all the same.
    """

    exclude_inactive: bool = Field(
        default=False,
        description="Whether the tickets of inactive companies are left out: those with a company status "
        "that is inactive in the PSA, and those deleted there. Default: false.",
    )
    excluded_types: Names = Field(
        (),
        description='Tickets of companies that have one of these types, such as "Vendor", are left out; by '
        "name or by id in quotes. Default: none.",
    )
    excluded_statuses: Names = Field(
        (),
        description="Tickets of companies in one of these company statuses are left out, by name or by id in "
        "quotes. Default: none.",
    )


_FOUND = rule(
    r"self.all(name, name.size() > 0 && name.size() <= 100 && !name.contains('\x00'))",
    "write the name that the PSA has, 1 to 100 characters, before each colon",
)
_APART = rule(
    "self.all(one, !self.exists(other, other != one && self[other] == self[one]))",
    "two custom fields cannot have one name, under which one value would hide the other: write another name "
    "for one of them",
)

# A schema says nothing of the names of a map's fields.
Renaming = Annotated[dict[Name, Name], Field(max_length=200, json_schema_extra=rules(_FOUND))]
Captions = Annotated[dict[Name, Name], Field(max_length=200, json_schema_extra=rules(_FOUND, _APART))]


class Mappings(Model):
    """What the portal calls things of the PSA. Names are found whether written in capitals or not."""

    statuses: Renaming = Field(
        {},
        description="Statuses: the PSA's name, or id in quotes, to the portal's value. Those left out are "
        "counted and named in the condition MappingComplete. A change comes with the next run. Default: as "
        "in the PSA.",
    )
    priorities: Renaming = Field(
        {},
        description="Priorities: the PSA's name, or id in quotes, to the portal's value. Those left out are "
        "counted and named in the condition MappingComplete. A change comes with the next run. Default: as "
        "in the PSA.",
    )
    fields: Captions = Field(
        {},
        description="Custom fields: the PSA's caption to the portal's name. Where another field has that "
        "name, the PSA's caption stays, with a warning in each run. A change needs a Full Clear and Resync "
        "to reach older tickets. Default: as in the PSA.",
    )
