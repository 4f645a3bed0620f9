"""The border to PostgreSQL: its errors become ours here, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import psycopg_pool
from psycopg import errors

from psa_operator.errors import (
    ConfigurationError,
    LiveRowsLockedError,
    PermissionDeniedError,
    PsaOperatorError,
    StalledError,
    TransientError,
    UnavailableError,
)

_LOCKED = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)
_CONNECTING: tuple[tuple[str, str, str], ...] = (
    ("password authentication failed", "DatabaseAuthenticationFailed", "check user and password"),
    ("no pg_hba.conf entry", "DatabaseAuthenticationFailed", "pg_hba.conf does not let this user in"),
    ("no password supplied", "DatabaseAuthenticationFailed", "the DSN lacks the password"),
    ("is not permitted to log in", "DatabaseAuthenticationFailed", "grant the role LOGIN"),
    ("role", "DatabaseAuthenticationFailed", "check the user"),
    ("database", "DatabaseNotFound", "create it, or correct dbname"),
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what psycopg raises into errors that say what to do."""
    try:
        yield
    except (psycopg.Error, psycopg_pool.PoolTimeout, psycopg_pool.PoolClosed) as error:
        raise _translate(error) from error


def _translate(error: Exception) -> PsaOperatorError:
    message = _first_line(error)
    if isinstance(error, _LOCKED):
        return LiveRowsLockedError(f"Somebody else holds rows that must be written: {message}")
    if isinstance(error, errors.InsufficientPrivilege):
        advice = "grant it to the DSN's role"
        return PermissionDeniedError(f"The database refused: {message}; {advice}", area="database")
    if isinstance(error, errors.UndefinedTable):
        return ConfigurationError(
            f"The database lacks our tables ({message}); run psa-operator migrate", reason="NotMigrated"
        )
    if isinstance(error, errors.IntegrityError):
        detail = error.diag.message_detail or ""
        return StalledError(f"The database refused a row: {message}. {detail}", reason="ConstraintViolated")
    if isinstance(error, psycopg.DataError | errors.RaiseException):
        return StalledError(f"The database refused a value: {message}", reason="DatabaseRefused")
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return connecting(error)
    if isinstance(error, psycopg.ProgrammingError | psycopg.NotSupportedError):
        return StalledError(f"The database refused a statement: {message}", reason="DatabaseRefused")
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return UnavailableError("The database is read-only: a standby answers", reason="DatabaseReadOnly")
    return _temporary(error, message)


def _temporary(error: Exception, message: str) -> TransientError:
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith("53"):
        return UnavailableError(f"The database is out of resources: {message}", reason="DatabaseExhausted")
    return UnavailableError(f"The database does not answer: {message}", reason="DatabaseUnreachable")


def connecting(error: psycopg.OperationalError) -> PsaOperatorError:
    """Say why no connection came about; libpq gives only text, in the server's language."""
    message = _first_line(error)
    refused = message.rpartition("FATAL:")[2].strip() if "FATAL:" in message else ""
    for words, reason, advice in _CONNECTING:
        if refused.startswith(words) or (len(words.split()) > 1 and words in message):
            return ConfigurationError(f"The database refused: {refused or message}; {advice}", reason=reason)
    return UnavailableError(f"The database cannot be reached: {message}", reason="DatabaseUnreachable")


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
