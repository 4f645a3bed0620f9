"""What keeps a run from doing harm: how much it may delete, and what it checks first."""

from pydantic import Field

from psa_operator.api.model import Model, TicketId


class DeletionGuard(Model):
    """A run that would delete more than this changes nothing until somebody has approved the number."""

    max_count: int = Field(
        500,
        ge=0,
        le=10_000_000,
        description="Rows of each kind of record (tickets, companies, contacts ...) at most. Default: 500.",
    )
    max_percent: int = Field(
        5,
        ge=0,
        le=100,
        description="Percent of the live rows in scope of each kind of record at most. Whether all tickets, "
        "companies or boards are to go is asked whatever stands here; whether a board or company may be left "
        "without a ticket is not at 100. Default: 5.",
    )


class WriteProbe(Model):
    """A ticket on which writing to the PSA may be tried."""

    ticket_id: TicketId = Field(
        description="Number of the ticket in the PSA. Take one that nobody minds: each Full Clear and Resync "
        "changes its summary and changes it back, which the PSA may tell people about.",
    )


class Verification(Model):
    """How a Full Clear and Resync checks what it has read before anything is changed."""

    newest: int = Field(
        20,
        ge=0,
        le=1000,
        description="So many of the tickets changed last must be among those read. 0: no check. Default: 20.",
    )
    sample: int = Field(
        50,
        ge=0,
        le=1000,
        description="So many tickets, chosen at random, are read twice and compared field by field. 0: not "
        "checked. Default: 50.",
    )
    max_quarantined_percent: int = Field(
        1,
        ge=0,
        le=100,
        description="Percent of the records of a kind that may not fit and be set aside; more fail the run, "
        "and nothing is changed. Up to 10 of a kind always pass. Default: 1.",
    )
    write_probe: WriteProbe | None = Field(
        None,
        description="Try two-way sync on a ticket: its summary is changed in the PSA, must come back, and is "
        "changed back. A probe that fails is a warning. Needs writeBack. Default: not tried.",
    )
