"""Values that have broken programs before, and values of the fields that rules and not types describe."""

from typing import Any

from hypothesis import strategies as st

Values = st.SearchStrategy[Any]


def _mostly(good: str, bad: str, *more: str) -> Values:
    """What passes, so that the rest of an object has its turn as well, and now and then what does not."""
    passes = st.sampled_from(good.split("|"))
    return st.one_of(passes, passes, passes, st.sampled_from([*bad.split("|"), *more]))


ODD = [
    *("", " ", "\t\n", "\x00", "a\x00b", "\u202egnp.exe", "\ufeffbom", "e\u0301", "👩‍👩‍👧‍👦", "\ud800"),
    *("'; DROP TABLE ticket; --", "{{ .Values }}", "${jndi:ldap://a}", "%s%n", "../../etc/passwd", "..", "."),
    *(
        "a/b",
        "null",
        "true",
        "0x10",
        "1e9",
        "NaN",
        "<script>",
        "x" * 64,
        "x" * 254,
        "ß" * 2049,
        "x" * 100_000,
    ),
]
_CRON_FIELD = st.sampled_from(["*", "*/7", "0", "5", "1-5", "0,59", "7", "31", "1/99", "5-1", "60", "L"])

DURATIONS = _mostly(
    "5m|1h30m|0s|00m|72h|168h|999999h999999m999999s",
    "|90|5 m|-5m|1.5h|7d|1s1h|9999999h|٣m|P1D|168h1s|5m\n",
)
CRONS = st.lists(_CRON_FIELD, min_size=5, max_size=5).map(" ".join) | _mostly(
    "@daily|0 0 * * MON-FRI|0 0 1 jan,FEB *|0 0 29 2 */7|0 0 31 2 *|0 0 31 4,6 *|0 0 1 5-1 *",
    "|@reboot|@every 5m|CRON_TZ=UTC @daily|* * * * * *|0 0 L * *|0 0 * * 5#2|\t* * * * *",
)
ZONES = _mostly(
    "UTC|Europe/Berlin|Europe|Europe/Atlantis|posixrules|localtime|Factory|utc|Etc/GMT+12|EST5EDT|GMT+25"
    "|tzdata|leapseconds|America/Argentina/Buenos_Aires|right/UTC",
    "|Europe/../UTC|/etc/passwd|UTC\x00|Europe/Berlin/|zone.tab|(UTC-05:00) Eastern",
    "a" * 65,
)
URLS = _mostly(
    "http://127.0.0.1:1|https://127.0.0.1:1/v4_6_release/|HTTPS://127.0.0.1:1|https://[::1]:1|https://."
    "|https://127.0.0.1:99999|https://127.0.0.1:|https://127.0.0.1:0|https://127.1:1|https://0x7f.1:1"
    "|https://[fe80::1%25lo]:1|https://é.invalid|https://xn--.invalid|https://xn--a.invalid|https://a_b.invalid"
    "|https://a..invalid|https://*.invalid|https://\u202e.invalid|https://256.1.1.1|https://127.0.0.1:1/../..",
    "|https://|//h|https://[::1|https://127.0.0.1:-1|https://a b|https:\\\\127.0.0.1|https://%00|ftp://127.0.0.1"
    "|https://127.0.0.1:1/\x00|https://127.0.0.1:1/%zz|javascript:alert(1)|https://u:p@127.0.0.1"
    "|https://127.0.0.1/?a|https://127.0.0.1/#a",
    "https://" + "a" * 2048,
)
MOMENTS = _mostly(
    "2026-01-31T00:00:00Z|2026-07-01T00:00:00+02:00|1900-01-01T00:00:00+23:59|2999-12-31T23:59:59-23:59"
    "|2026-01-31T00:00:00.123456789Z|2024-02-29T00:00:00Z|2026-01-31T00:00:00-00:00",
    "|1000-01-01T00:00:00+23:59|2026-02-30T00:00:00Z|2026-01-31T24:00:00Z|2026-01-31T23:59:60Z|2026-01-31t00:00:00z|yesterday"
    "|2026-01-31 00:00:00Z|2026-1-1T0:0:0Z|9999-12-31T23:59:59Z|2026-01-31T00:00:00+24:00|2026-01-31",
)
HOLDS = MOMENTS | st.sampled_from([*ODD, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
NAMES = _mostly("acme|keys|a.b-c", "|Acme|-a|a-|a_b|a b|..|.|a/b|a?b|%2e|a\x00b|é", "x" * 253, "x" * 254)
KEYS = _mostly(
    "team|example.com/team|a.b_c-D|0|psa.msportal.ai/schedule",
    "/a|a/|a/b/c|-a|Example.com/team|é",
    *ODD,
)
LABELS = _mostly("|a|a.b_c-D", "-a|a-|a b|é|a/b", *ODD)

RULED: dict[str, Values] = {
    "url": URLS,
    "schedule": CRONS,
    "timeZone": ZONES,
    **dict.fromkeys(["overlap", "maxCoverageAge", "rollbackWindow", "overdueAfter", "duration"], DURATIONS),
    **dict.fromkeys(["from", "to"], MOMENTS),
    **dict.fromkeys(["name", "key"], NAMES),
    "companyId": _mostly("acme|a.b-c_D|..|-", "|a b|é|a/b", "x" * 101),
    "integrationKey": _mostly("acme|a//b|a/../b|0", "|A|a/|a\x00b", "a" * 317, "a" * 318),
    "schema": _mostly("psa|_|select|information_schema", "|pg_x|público|1a", "s" * 57, "s" * 58),
    "labels": st.dictionaries(KEYS, LABELS, max_size=3),
    "annotations": st.dictionaries(KEYS, st.sampled_from(ODD), max_size=3),
}
"""By the name of the field."""
