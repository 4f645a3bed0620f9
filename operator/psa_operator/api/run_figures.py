"""The figures in a TicketResync's status: what is to do, how far it is, what was done."""

from typing import Annotated

from pydantic import Field

from psa_operator.api.model import Count, Message, Model, Seconds, Word, first


class Progress(Model):
    """How far the run is."""

    percent: int | None = Field(
        None, ge=0, le=100, description="How much is done, in percent; never goes back, 100 only at success."
    )
    entity: Word | None = Field(
        None, description="The kind of record that is being read, for example tickets."
    )
    processed: Count | None = Field(None, description="Records of this kind read so far.")
    total: Count | None = Field(None, description="Records of this kind to read, as far as is known.")
    rate_per_second: float | None = Field(None, ge=0, description="Records read per second, lately.")
    eta_seconds: Count | None = Field(
        None, description="Seconds that the run will probably take from now on."
    )
    waiting_for: Message | None = Field(
        None, description="What the run waits for, such as the PSA's rate limit or its turn."
    )


class Waited(Model):
    """What the run spent its time on: tells a slow PSA from a slow database."""

    psa_seconds: Seconds = Field(
        0, description="Seconds spent waiting for the PSA; requests that wait at the same time are added up."
    )
    database_seconds: Seconds = Field(0, description="Seconds spent waiting for the database.")


class Counts(Model):
    """What became of the records of one kind; fetched = created + updated + unchanged + quarantined."""

    fetched: Count = Field(
        0, description="Different records read from the PSA; by a Rollback, rows as they were before."
    )
    created: Count = Field(0, description="Rows that were not there before.")
    updated: Count = Field(0, description="Rows that were changed.")
    unchanged: Count = Field(0, description="Rows that were already right and were not written.")
    deleted: Count = Field(
        0, description="Rows removed: the PSA no longer has them, or they are out of scope."
    )
    quarantined: Count = Field(0, description="Records that did not fit and were set aside; old rows stay.")
    repaired: Count = Field(
        0, description="Records with characters that no database can hold (NUL), which were taken out."
    )
    kept_newer: Count = Field(
        0, description="Rows that a Rollback left as they are, because they were changed since."
    )


class Plan(Model):
    """What the run is going to do, counted before it does it."""

    rows: dict[str, Count] = Field({}, max_length=20, description="Records to read, by kind.")
    pages: Count = Field(
        0, description="Pages of the long lists: companies, contacts, tickets, time entries."
    )
    requests: Count | None = Field(None, description="Requests to the PSA.")
    estimated_seconds: Count | None = Field(
        None, description="Seconds that they take at the rate that spec.limits allows."
    )
    budget_percent: Count = Field(
        0, description="Their share, in percent, of the requests that spec.limits allows in an hour."
    )
    local_changes: Count = Field(0, description="Local changes that the PSA did not have when the run began.")


Ids = Annotated[tuple[Word, ...], Field(max_length=20), first(20)]


class Diff(Model):
    """What a run would change in one kind of record."""

    created: Count = Field(0, description="Rows that would be created.")
    updated: Count = Field(0, description="Rows that would be changed.")
    deleted: Count = Field(0, description="Rows that would be removed.")
    unguarded: Count = Field(
        0,
        description="Those of them that need no approval: tickets that are out of scope now, as after a "
        "change of the scope, and what belongs to a ticket that goes.",
    )
    created_ids: Ids = Field((), description="The first of those that would be created (10 at most).")
    updated_ids: Ids = Field((), description="The first of those that would be changed (10 at most).")
    deleted_ids: Ids = Field((), description="The first of those that would be removed (10 at most).")


class LocalChangesDone(Model):
    """What a run did with local changes: what the portal changed and the PSA did not have."""

    sent: Count = Field(0, description="Those that the PSA has now, read back from it.")
    refused: Count = Field(
        0, description="Those that the PSA does not take, or that it has won over; they are not sent again."
    )
    held: Count = Field(
        0, description="Those of a field that the PSA changed as well: they wait until somebody decides."
    )
    unsent: Count = Field(
        0, description="Those that the PSA still lacks, held ones included; the next run tries again."
    )
    discarded: Count = Field(0, description="Those given up, because of localChanges: Discard.")
