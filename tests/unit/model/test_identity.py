"""Tokens and hashes: the same everywhere, and no two texts share a token."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from headwater.model.identity import (
    NO_TRACE,
    body_digest,
    digest,
    is_hashed_token,
    is_safe_token,
    observation_hash,
    sha256_hex,
    subject_token,
    text_hash,
    trace_token,
)

TEXTS = st.text(max_size=200)


@given(TEXTS)
def test_any_text_gives_a_safe_token(text: str) -> None:
    assert is_safe_token(subject_token(text))
    assert is_safe_token(trace_token(text))


@given(TEXTS, TEXTS)
def test_two_texts_never_share_a_token(one: str, other: str) -> None:
    assert (subject_token(one) == subject_token(other)) == (one == other)


@given(st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True))
def test_a_safe_text_is_its_own_token_unless_it_looks_hashed(text: str) -> None:
    assert (subject_token(text) == text) != is_hashed_token(text)


def test_a_token_made_by_hashing_is_hashed_again_when_it_is_a_text() -> None:
    hashed = subject_token("a.b")
    assert is_hashed_token(hashed)
    assert subject_token(hashed) != hashed


def test_no_trace_is_none_and_a_trace_called_none_is_not() -> None:
    assert trace_token(None) == trace_token("") == NO_TRACE
    assert is_hashed_token(trace_token("none"))


def test_the_parts_of_a_hash_are_kept_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert observation_hash("ab", "c", b"") != observation_hash("a", "bc", b"")
    assert observation_hash("a", "b", b"1") != observation_hash("a", "b", b"2")


def test_a_lone_surrogate_is_hashed_too() -> None:
    assert is_hashed_token(subject_token("\ud800"))
    assert text_hash("\ud800") != text_hash("\ud801")


def test_hashes_do_not_change_with_the_process() -> None:
    program = "from headwater.model.identity import *; print(digest('a', 'b'), text_hash('a'), observation_hash('a', 'b', b'c'))"

    def answer(seed: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout.strip()

    expected = f"{digest('a', 'b')} {text_hash('a')} {observation_hash('a', 'b', b'c')}"
    assert (answer("0"), answer("1")) == (expected, expected)


def test_well_known_digests() -> None:
    assert sha256_hex(b"a").startswith("ca978112")
    assert len(body_digest(b"a")) == 8
