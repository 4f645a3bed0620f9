"""The names under which the cluster knows our resources."""

GROUP = "psa.msportal.ai"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
CATEGORY = "psa"

SCHEDULE = "TicketResyncSchedule"
"""The kind that makes runs."""

SCHEDULE_LABEL = f"{GROUP}/schedule"
"""On a TicketResync: the name of the schedule that made it."""

SCHEDULED_AT_ANNOTATION = f"{GROUP}/scheduled-at"
"""On a TicketResync that a schedule made: the time for which it was made, jitter not counted."""

PROBE_ANNOTATION = f"{GROUP}/probe"
"""On a PSAIntegration: a token; a new one asks the operator to look at the PSA and the database now."""

QUICK_SYNC_ANNOTATION = f"{GROUP}/quick-sync"
"""On a PSAIntegration: a token; a new one starts a Quick Sync."""

HOLD_ANNOTATION = f"{GROUP}/hold-until"
"""On a PSAIntegration: a time until which no Full run starts."""

WATCHED_LABEL = f"{GROUP}/watched"
"""On a Secret, with the value `true`: the operator notices a change of it at once."""

FINALIZER = f"{GROUP}/rows"
"""On a PSAIntegration with deletionPolicy: Delete: its rows have to go before it does."""
