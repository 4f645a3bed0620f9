"""The frozen spec of a run."""

from psa_operator.sync.spec import Account, Database, TicketScope, config_hash


def test_the_config_hash_tells_another_scope_or_time_zone() -> None:
    plain = config_hash(TicketScope(), "UTC")

    assert plain == config_hash(TicketScope(), "UTC")
    assert plain != config_hash(TicketScope(include_boards=("Help Desk",)), "UTC")
    assert plain != config_hash(TicketScope(), "Europe/Berlin")


def test_no_secret_is_in_the_text_of_a_spec() -> None:
    text = repr(Account("ConnectWise", {"url": "https://x"}, {"privateKey": "s3cret"}))
    text += repr(Database("postgresql://u:s3cret@h/d"))

    assert "s3cret" not in text
