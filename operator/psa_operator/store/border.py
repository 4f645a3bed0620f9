"""The border to PostgreSQL: its errors become ours here, and nowhere else."""

import re
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
_LOGIN = "DatabaseAuthenticationFailed"
_CONNECTING: tuple[tuple[str, str, str], ...] = (
    (r"password authentication failed", _LOGIN, "check user and password"),
    (r"no password supplied", _LOGIN, "the DSN lacks the password"),
    (r"no pg_hba.conf entry", _LOGIN, "let this user in from here in pg_hba.conf, with this sslmode"),
    (r'role ".*" (does not exist|is not permitted)', _LOGIN, "create the role with LOGIN, or correct user"),
    (r'database ".*" does not exist', "DatabaseNotFound", "create it, or correct dbname"),
    (r"permission denied for database", "InsufficientPrivilege", "GRANT CONNECT ON DATABASE to the user"),
    (r"certificate|does not support SSL", "DatabaseTlsFailed", "check sslmode and sslrootcert"),
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
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
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
    text, message = str(error), _first_line(error)
    for pattern, reason, advice in _CONNECTING:
        if re.search(pattern, text):
            return ConfigurationError(f"The database refused: {message}; {advice}", reason=reason)
    return UnavailableError(f"The database cannot be reached: {message}", reason="DatabaseUnreachable")


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rpartition("FATAL:")[2].strip() if lines else type(error).__name__
