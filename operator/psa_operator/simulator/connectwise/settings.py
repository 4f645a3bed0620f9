"""What the control endpoint can set: who answers, who may ask, how fast, how stale."""

import msgspec

# Which resource type of a bundle stands for which path; the vendor's list of them is not public.
_BUNDLE_TYPES = {
    "ticket": "service/tickets",
    "ticketNote": "service/tickets/{parentId}/notes",
    "projectTicket": "project/tickets",
    "projectTicketNote": "project/tickets/{parentId}/notes",
    "timeEntry": "time/entries",
    "company": "company/companies",
    "contact": "company/contacts",
    "member": "system/members",
}


class Settings(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The present state of the simulated account."""

    login: str = "harbor"
    company_id: str = "harbor"
    company_name: str = "Harbor IT Services"
    codebase: str = "v2025_1/"
    public_key: str = "Qx7tPublicKeyOfTests"
    private_key: str = "Zk3wPrivateKeyOfTests"
    client_id: str = "5b0e7d1c-3f7a-4a53-9d0e-2c6f1f2f8a10"
    server_time_zone: str = "Eastern Standard Time"
    denied: list[str] = msgspec.field(default_factory=list)
    page_size_cap: int = 1000
    longest_url: int = 10_000
    latency: float = 0.0
    visibility_delay: float = 0.0
    clock_skew: float = 0.0
    stamp_zone: str = ""  # stamps are in this zone and do not say so; the vendor's say that they are UTC
    change_rate: float = 0.0
    notes_touch_tickets: bool = True  # no vendor promises it, most servers seem to do it
    time_entries_touch_tickets: bool = True
    all_notes: bool = True  # old servers lack it
    bundles: bool = True  # not all servers know them
    bundle_limit: int = 100
    bundle_latency: float = 0.0  # seconds for each request in a bundle
    bundle_times_out_above: int | None = None
    bundle_mixed_status: int = 207  # of a bundle in which some part failed
    bundle_types: dict[str, str] = msgspec.field(default_factory=lambda: dict(_BUNDLE_TYPES))

    def wait_for(self, parts: int) -> float:
        """How long an answer takes, with so many requests in a bundle."""
        return self.latency + self.bundle_latency * parts
