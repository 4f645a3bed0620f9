"""Two-way sync: whether what the portal writes into the database goes to the PSA."""

from enum import StrEnum

from pydantic import Field

from psa_operator.api.model import Model, storable


class ConflictPolicy(StrEnum):
    HOLD = "Hold"
    PSA_WINS = "PSAWins"


class WriteBack(Model):
    """Whether changes that the portal makes in the database are sent to the PSA."""

    enabled: bool = Field(
        default=False,
        description="true: local changes are recorded, shown to readers, and sent to the PSA by the next "
        "run. A local change is an UPDATE of the table ticket in the columns summary, status_id, type_id, "
        "priority_id, contact_id, owner_id (ids are the PSA's), severity, impact, budget_hours or "
        "required_at, and a row inserted into outbox_note or outbox_time_entry. What is changed by hand "
        "besides is damage, which a Full run repairs. false: nothing is recorded or sent, and all of it is "
        "damage. Default: false.",
    )
    conflict_policy: ConflictPolicy = Field(
        ConflictPolicy.HOLD,
        description="Where the PSA changed the same field after the portal had read it: Hold sends nothing, "
        "keeps showing the portal's value, and waits until somebody decides in the table local_change; "
        "PSAWins shows the PSA's value and keeps the portal's in the table local_change, as refused. "
        "Default: Hold.",
    )
    database_role: str | None = Field(
        None,
        min_length=1,
        max_length=63,
        json_schema_extra=storable(),
        description="Only what sessions of this PostgreSQL role and its members change is a local change; "
        "what others change is damage. Default: whoever changes it.",
    )


class LocalChanges(StrEnum):
    PUSH = "Push"
    ABORT = "Abort"
    DISCARD = "Discard"
