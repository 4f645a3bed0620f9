"""Characters that PostgreSQL cannot store, or that are no text at all, taken out of JSON."""

import re

NUL = b"\\u0000"
"""As JSON writes it; an escaped backslash before `u0000` looks alike, and is not one."""

_ESCAPE = re.compile(
    rb"(?P<keep>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"  # a whole pair
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\x00|\xed[\xa0-\xbf][\x80-\xbf])"
    rb"|(?P<nul>\\u0000)"
    rb"|\\."
)


def escape_what_json_refuses(page: bytes) -> bytes:
    """Turn lone surrogates and bare NUL characters into escaped NULs, to be found and counted later."""
    return _ESCAPE.sub(lambda escape: NUL if escape["lone"] else escape[0], page)


def without_nul(record: bytes) -> bytes:
    """Take escaped NULs out of a record; one that has none is returned itself."""
    if NUL not in record:
        return record
    repaired = _ESCAPE.sub(lambda escape: b"" if escape["nul"] else escape[0], record)
    return record if repaired == record else repaired
