"""How a long list is cut into intervals."""

from hypothesis import given
from hypothesis import strategies as st

from psa_operator.sync.walk import cut


def test_a_short_list_is_read_in_one_piece() -> None:
    (segment,) = cut(count=500, largest=90_000, concurrency=8)

    assert (segment.after, segment.upto) == (0, None)


@given(st.integers(0, 10**6), st.integers(0, 10**7), st.integers(1, 64))
def test_intervals_cover_every_id_once_and_the_last_has_no_end(
    count: int, largest: int, concurrency: int
) -> None:
    segments = cut(count, largest, concurrency)

    assert segments[0].after == 0
    assert segments[-1].upto is None
    assert [each.upto for each in segments[:-1]] == [each.after for each in segments[1:]]
    assert len(segments) <= 2 * concurrency
