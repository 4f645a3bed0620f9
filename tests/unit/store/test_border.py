"""What PostgreSQL says becomes an error that tells what to do: wait, or mend something."""

import psycopg
import pytest
from psycopg import errors

from psa_operator.errors import (
    ConfigurationError,
    LiveRowsLockedError,
    PermissionDeniedError,
    PsaOperatorError,
    StalledError,
    UnavailableError,
)
from psa_operator.store.border import translated

AT = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


def translation(error: Exception) -> PsaOperatorError:
    with pytest.raises(PsaOperatorError) as caught, translated():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (errors.LockNotAvailable("canceling"), LiveRowsLockedError, "LiveRowsLocked"),
        (errors.DeadlockDetected("deadlock"), LiveRowsLockedError, "LiveRowsLocked"),
        (errors.InsufficientPrivilege("permission denied"), PermissionDeniedError, "PermissionDenied"),
        (errors.UndefinedTable("no run"), ConfigurationError, "NotMigrated"),
        (errors.UndefinedColumn("no since"), ConfigurationError, "NotMigrated"),
        (errors.ForeignKeyViolation("violates"), StalledError, "ConstraintViolated"),
        (errors.RaiseException("no tickets on Sunday"), StalledError, "DatabaseRefused"),
        (errors.InvalidTextRepresentation("bad"), StalledError, "DatabaseRefused"),
        (errors.DiskFull("no space"), UnavailableError, "DatabaseExhausted"),
        (errors.TooManyConnections("too many"), UnavailableError, "DatabaseExhausted"),
        (errors.AdminShutdown("terminating"), UnavailableError, "DatabaseUnreachable"),
        (errors.CrashShutdown("crash"), UnavailableError, "DatabaseUnreachable"),
        (errors.CannotConnectNow("starting up"), UnavailableError, "DatabaseUnreachable"),
        (errors.QueryCanceled("statement timeout"), UnavailableError, "DatabaseUnreachable"),
        (errors.ReadOnlySqlTransaction("read-only"), UnavailableError, "DatabaseReadOnly"),
        (psycopg.OperationalError("the connection is lost"), UnavailableError, "DatabaseUnreachable"),
        (psycopg.InterfaceError("the connection is closed"), UnavailableError, "DatabaseUnreachable"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_error_has_its_place(error: Exception, kind: type[PsaOperatorError], reason: str) -> None:
    found = translation(error)

    assert type(found) is kind
    assert found.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        "FATAL:  the database system is starting up",
        "FATAL:  sorry, too many clients already",
        "Connection refused",
    ],
)
def test_a_connection_that_may_come_about_later_is_tried_again(text: str) -> None:
    assert isinstance(translation(psycopg.OperationalError(AT + text)), UnavailableError)


def test_a_certificate_that_is_not_trusted_must_be_mended() -> None:
    found = translation(psycopg.OperationalError(AT + "SSL error: certificate verify failed"))

    assert isinstance(found, ConfigurationError)
    assert found.reason == "DatabaseTlsFailed"
