"""What users may write as a DSN: nothing that names local files, nothing that changes our session."""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from psa_operator.errors import ConfigurationError

_ALLOWED = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PORT = "5432"
_PEM = "-----BEGIN CERTIFICATE-----"


def connection_parameters(dsn: str) -> dict[str, Any]:
    """Check a DSN and give libpq's parameters. Raises ConfigurationError that never shows the DSN."""
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        # What libpq says of a DSN that it cannot read quotes a part of it, which may be the password.
        raise _invalid("it is neither a postgresql:// URL nor key=value pairs") from None
    for key in given:
        if key not in _ALLOWED:
            raise _invalid(f'"{key}" is not accepted; write only {", ".join(_ALLOWED)}')
    for key in ("host", "dbname", "user"):
        if not given.get(key):
            raise _invalid(f'"{key}" is missing')
    _check_values(given)
    if certificate := given.get("sslrootcert"):
        given["sslrootcert"] = _as_file(str(certificate))
    return given


def hosts(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The hosts of a DSN that was checked, each with its port, in the order in which libpq tries them."""
    names, ports = str(given["host"]).split(","), str(given.get("port", "")).split(",")
    if len(ports) not in {1, len(names)}:
        raise _invalid(f"it has {len(names)} hosts and {len(ports)} ports")
    if len(ports) == 1:
        ports *= len(names)
    return [(name, port or _PORT) for name, port in zip(names, ports, strict=True)]


def _check_values(given: dict[str, Any]) -> None:
    # Not repeated either: in a URL whose password is not percent-encoded these hold a piece of it.
    if "@" in str(given["host"]) or not re.fullmatch(r"[0-9,]*", str(given.get("port", ""))):
        raise _invalid("host or port cannot be read; a URL needs @ : and / in its password %-encoded")
    if not all(str(given["host"]).split(",")):
        raise _invalid('one of the hosts in "host" is empty')
    if given.get("sslmode", _SSL_MODES[0]) not in _SSL_MODES:
        raise _invalid(f'"sslmode" must be one of {", ".join(_SSL_MODES)}')


def _as_file(certificate: str) -> str:
    """Keep a CA certificate where libpq can read it; the same content is the same file."""
    if not certificate.lstrip().startswith(_PEM):
        raise _invalid('"sslrootcert" must be the content of the CA certificate, not the name of a file')
    digest = hashlib.sha256(certificate.encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"psa-operator-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{digest}.pem"
    path.write_text(certificate)
    return str(path)


def _invalid(why: str) -> ConfigurationError:
    return ConfigurationError(f"The database's DSN cannot be used: {why}", reason="InvalidDsn")
