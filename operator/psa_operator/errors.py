"""Errors, sorted by what the caller should do about them.

* PsaOperatorError
  + StalledError            wait for a person: retrying cannot help
    - ConfigurationError        the spec, the Secret or the database is wrong
    - AuthenticationError       the PSA refused the credentials
    - PermissionDeniedError     a role lacks a right; names the area
    - IdentityChangedError      another company answers behind the same URL
    - VerificationError         what was read cannot be trusted; nothing was changed
    - RollbackError             the run cannot be undone; nothing was changed
    - PendingLocalChangesError  unsent changes of the portal forbid the run; nothing was read
  + TransientError          try again, after `retry_after`
    - RateLimitedError
    - UnavailableError
    - StageLostError            PostgreSQL emptied the staged rows; read again
    - LiveRowsLockedError       somebody else holds rows that must be written
  + GuardError              more would be deleted than the guard allows: wait for an approval
  + FencedError             another attempt has taken over, or the run has ended: stop at once, write nothing
  + CancelledError          the user asked this run to stop
  + ShutdownError           the process must end: the stage is kept, the next attempt goes on
  + RecordError             this one record does not fit: quarantine it, go on
  + WriteRefusedError       the PSA does not take this one change: do not send it again, go on

`reason` is the CamelCase word that users read in conditions and events.
"""


class PsaOperatorError(Exception):
    """Anything that this program says about its own work; the message is for the user."""

    reason = "InternalError"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason or type(self).reason


class StalledError(PsaOperatorError):
    """A person must act; retrying cannot help."""

    reason = "Stalled"


class ConfigurationError(StalledError):
    """The spec, the Secret or the database is not what it has to be."""

    reason = "InvalidConfiguration"


class AuthenticationError(StalledError):
    """The PSA refused the credentials."""

    reason = "AuthenticationFailed"


class PermissionDeniedError(StalledError):
    """A role lacks a right; `area` names what could not be read or written."""

    reason = "PermissionDenied"

    def __init__(self, message: str, *, area: str, reason: str | None = None) -> None:
        super().__init__(message, reason=reason)
        self.area = area


class IdentityChangedError(StalledError):
    """Another company answers behind the same URL, so nothing may be mixed."""

    reason = "IntegrationIdentityChanged"


class VerificationError(StalledError):
    """What was read cannot be trusted; live data was not changed."""

    reason = "VerificationFailed"


class RollbackError(StalledError):
    """The run that was to be undone cannot be; live data was not changed."""

    reason = "CannotRollBack"


class PendingLocalChangesError(StalledError):
    """Unsent changes of the portal forbid the run; nothing was read or changed."""

    reason = "PendingLocalChanges"


class TransientError(PsaOperatorError):
    """Worth another try; `retry_after` is in seconds, if the other side named it."""

    reason = "TemporaryFailure"

    def __init__(self, message: str, *, reason: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, reason=reason)
        self.retry_after = retry_after


class RateLimitedError(TransientError):
    """The PSA asked us to slow down."""

    reason = "RateLimited"


class UnavailableError(TransientError):
    """The PSA or the database did not answer, or answered nonsense."""

    reason = "Unavailable"


class StageLostError(TransientError):
    """PostgreSQL emptied the staged rows, so they must be read again."""

    reason = "StageLost"


class LiveRowsLockedError(TransientError):
    """Somebody else holds rows that this run must write."""

    reason = "LiveRowsLocked"


class GuardError(PsaOperatorError):
    """A run would delete more than the deletion guard allows; `deletions` is what has to be approved."""

    reason = "DeletionGuard"

    def __init__(self, message: str, *, deletions: int) -> None:
        super().__init__(message)
        self.deletions = deletions


class FencedError(PsaOperatorError):
    """Another attempt has taken this run over, or it has ended."""

    reason = "Fenced"


class CancelledError(PsaOperatorError):
    """The user asked this run to stop."""

    reason = "Cancelled"


class ShutdownError(PsaOperatorError):
    """The process was asked to end; what is staged is kept."""

    reason = "Shutdown"


class RecordError(PsaOperatorError):
    """One record does not fit; `field` says where."""

    reason = "InvalidRecord"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class WriteRefusedError(PsaOperatorError):
    """The PSA does not take one change of one record, in its words; sending it again cannot help."""

    reason = "WriteRefused"
