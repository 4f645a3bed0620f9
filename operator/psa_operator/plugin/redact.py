"""Takes out of a support archive what could be a secret: rather too much than too little."""

import re
from collections.abc import Mapping
from typing import Any

from psa_operator.api.group import GROUP

REDACTED = "[redacted]"

_TELLING = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|private[-_]?key|public[-_]?key|client[-_]?id"
    r"|access[-_]?key|authorization|cookie|dsn|signature)"
)
_NAME = re.compile(rf"(?i)(?:{_TELLING}|credentials?)$")
_PATTERNS = (
    # A PEM block, whatever it holds.
    (re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL), REDACTED),
    # scheme://user:password@host
    (re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://)[^\s/@\"']+@", re.IGNORECASE), rf"\g<head>{REDACTED}@"),
    (re.compile(r"\b(?P<head>Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\g<head> {REDACTED}"),
    # A JSON web token.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), REDACTED),
    # Where Slack and others keep the secret in the path.
    (re.compile(r"(?P<head>https?://hooks\.[^\s/]+)/[^\s\"']+", re.IGNORECASE), rf"\g<head>/{REDACTED}"),
    # password=..., "clientId": "..."
    (
        re.compile(
            rf"(?P<head>\b[\w-]*{_TELLING}[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s,;&\"'}}]+)",
            re.IGNORECASE,
        ),
        rf"\g<head>{REDACTED}",
    ),
)


def redacted_text(text: str) -> str:
    """Text in which what looks like a secret is replaced."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redacted(value: Any) -> Any:
    """The same for a value of JSON; what is under a name like `password` goes whatever it looks like."""
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, list):
        return [redacted(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if _NAME.search(str(value.get("name", ""))) and isinstance(value.get("value"), str):
        return {**value, "value": REDACTED}  # an environment variable
    return {
        key: REDACTED if isinstance(each, str) and _NAME.search(key) else redacted(each)
        for key, each in value.items()
    }


def clean(body: Mapping[str, Any]) -> dict[str, Any]:
    """An object as it may be passed on: without annotations of others, which may repeat all of it."""
    metadata = {key: each for key, each in body.get("metadata", {}).items() if key != "managedFields"}
    own = {key: each for key, each in metadata.pop("annotations", {}).items() if key.startswith(f"{GROUP}/")}
    if own:
        metadata["annotations"] = own
    cleaned: dict[str, Any] = redacted({**body, "metadata": metadata})
    return cleaned
