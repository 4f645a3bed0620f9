"""The line that a run leaves behind."""

from psa_operator.controller.receipt import receipt
from psa_operator.sync.outcome import Counts, Report


def test_who_is_assigned_counts_as_part_of_the_ticket() -> None:
    report = Report(counts={"tickets": Counts(fetched=9, updated=2), "technicians": Counts(deleted=3)})

    assert receipt(report, dry_run=False) == "9 tickets; 0 rows created, 2 changed, 0 deleted"


def test_a_dry_run_speaks_of_what_would_be() -> None:
    report = Report(counts={"tickets": Counts(fetched=9, created=1, deleted=1)})

    assert receipt(report, dry_run=True) == (
        "9 tickets; 1 rows would be created, 0 would be changed, 1 would be deleted"
    )
