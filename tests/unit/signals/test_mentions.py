"""One pattern for many texts finds what a search for each would."""

from hypothesis import given
from hypothesis import strategies as st

from headwater.signals.mentions import mentions_any

SHORT = st.text("ab.+", min_size=1, max_size=4)


@given(st.lists(SHORT, max_size=6), st.text("ab.+", max_size=12))
def test_a_pattern_is_found_exactly_if_one_of_the_texts_is(texts: list[str], message: str) -> None:
    assert (mentions_any(texts).search(message) is not None) is any(text in message for text in texts)
