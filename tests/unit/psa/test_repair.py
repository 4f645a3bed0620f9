"""Characters that no database takes are found whatever their disguise."""

import json

from hypothesis import given
from hypothesis import strategies as st

from psa_operator.psa.repair import escape_what_json_refuses, without_nul


def test_an_escaped_nul_is_taken_out() -> None:
    assert without_nul(rb'"a\u0000b"') == b'"ab"'


def test_an_escaped_backslash_before_u0000_is_text() -> None:
    assert without_nul(rb'"\\u0000"') == rb'"\\u0000"'


def test_a_nul_after_an_escaped_backslash_is_taken_out() -> None:
    assert without_nul(rb'"\\\u0000"') == rb'"\\"'


def test_half_a_pair_becomes_a_nul_and_a_whole_pair_stays() -> None:
    assert escape_what_json_refuses(rb'"\ud83d \ud83d\ude00 \ude00"') == rb'"\u0000 \ud83d\ude00 \u0000"'


def test_a_bare_nul_and_an_encoded_surrogate_become_nuls() -> None:
    assert escape_what_json_refuses(b'"a\x00b\xed\xa0\x80"') == rb'"a\u0000b\u0000"'


@given(st.text())
def test_text_loses_its_nul_characters_and_nothing_else(text: str) -> None:
    assert json.loads(without_nul(json.dumps(text).encode())) == text.replace("\x00", "")


@given(st.text(st.characters(codec=None)))
def test_whatever_text_comes_can_be_encoded_afterwards(text: str) -> None:
    repaired = json.loads(without_nul(escape_what_json_refuses(json.dumps(text).encode())))

    assert "\x00" not in repaired
    repaired.encode()
