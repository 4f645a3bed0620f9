"""The line that a run leaves behind."""

from datetime import UTC, datetime

from psa_operator.controller.receipt import receipt
from psa_operator.sync.outcome import Counts, LocalOutcome, Report
from psa_operator.sync.spec import Mode


def test_who_is_assigned_counts_as_part_of_the_ticket() -> None:
    report = Report(counts={"tickets": Counts(fetched=9, updated=2), "technicians": Counts(deleted=3)})

    assert receipt(report, dry_run=False) == "9 tickets; 0 rows created, 2 changed, 0 deleted"


def test_time_entries_that_are_left_out_are_no_tickets() -> None:
    report = Report(skipped={"closed": 4, "companyExcluded": 3, "ticketOutOfScope": 5})

    assert "7 tickets and 5 time entries left out" in receipt(report, dry_run=False)


def test_a_dry_run_speaks_of_what_would_be() -> None:
    report = Report(counts={"tickets": Counts(fetched=9, created=1, deleted=1)})

    assert receipt(report, dry_run=True) == (
        "9 tickets; 1 rows would be created, 0 would be changed, 1 would be deleted"
    )


def test_a_resync_of_the_settings_speaks_of_no_ticket() -> None:
    counts = {"boards": Counts(fetched=3, updated=1), "customFields": Counts(fetched=2)}
    report = Report(effective_mode=Mode.REFERENCE_DATA, counts=counts, resync_required=None)

    assert receipt(report, dry_run=False) == (
        "3 boards, 2 custom fields compared; 0 rows created, 1 changed, 0 deleted"
    )


def test_a_prune_says_what_is_here_and_what_went() -> None:
    counts = {"tickets": Counts(fetched=9, deleted=1), "companies": Counts(fetched=2)}
    report = Report(effective_mode=Mode.PRUNE, counts=counts | {"technicians": Counts(deleted=2)})

    assert receipt(report, dry_run=False) == (
        "2 companies, 9 tickets are here and in the PSA; 1 rows deleted"
    )


def test_what_may_not_be_read_is_named_and_not_counted() -> None:
    counts = {"tickets": Counts(fetched=9), "timeEntries": Counts()}
    report = Report(effective_mode=Mode.PRUNE, counts=counts, denied=["timeEntries"], warnings=1)

    assert receipt(report, dry_run=False) == (
        "9 tickets are here and in the PSA; 0 rows deleted; time entries left as they are, for the PSA's "
        "role may not read them; 1 warnings"
    )


def test_a_run_that_can_be_undone_says_until_when() -> None:
    until = datetime(2026, 11, 30, 9, tzinfo=UTC)

    assert receipt(Report(rollback_until=until), dry_run=False).endswith(
        "undo until Mon 2026-11-30 09:00 UTC"
    )


def test_a_rollback_says_what_returned_and_what_it_kept() -> None:
    counts = {"tickets": Counts(fetched=9, created=2, updated=3, deleted=1, kept_newer=4)}
    report = Report(effective_mode=Mode.ROLLBACK, counts=counts)

    assert receipt(report, dry_run=False) == (
        "2 rows returned, 3 restored, 1 deleted; 4 rows that were changed since are kept"
    )
    assert receipt(report, dry_run=True) == (
        "2 rows would be returned, 3 would be restored, 1 would be deleted; "
        "4 rows that were changed since are kept"
    )


def test_a_run_of_some_kinds_speaks_of_these() -> None:
    counts = {"companies": Counts(fetched=2, updated=1)}
    report = Report(effective_mode=Mode.FULL, counts=counts, notices=["Limited to companies"])

    assert receipt(report, dry_run=False) == (
        "2 companies compared; 0 rows created, 1 changed, 0 deleted. Limited to companies"
    )


def test_it_says_what_became_of_local_changes() -> None:
    told = {
        LocalOutcome(sent=2): "2 local changes sent",
        LocalOutcome(sent=1200, held=1, unsent=1): "1,200 local changes sent, 1 held",
        LocalOutcome(refused=1, unsent=3): "1 local changes refused, 3 unsent",
        LocalOutcome(discarded=4): "4 local changes discarded",
        LocalOutcome(): "",
    }

    for outcome, words in told.items():
        receipted = receipt(Report(local=outcome), dry_run=False)
        assert receipted == "; ".join(
            part for part in ("0 tickets; 0 rows created, 0 changed, 0 deleted", words) if part
        )
